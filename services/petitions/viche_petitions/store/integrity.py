"""Decisions to take signatures out of the count, and how they are carried out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_petitions.domain.integrity import Kind, Progress, SignatureFilter
from viche_petitions.domain.sides import Side, side_of
from viche_petitions.store.sides import TABLES

OFFICERS_SHARD = 100
"""Shard of what officers and recounts move, so that nobody who signs waits for it."""

LONG_STATEMENT = "25s"
_LISTED = 500
_SAMPLE = 5

_MEANT = sql.SQL(
    "{signatures} s WHERE s.petition_id = %(petition_id)s AND s.created_at < %(cutoff_at)s"
    " AND s.created_at >= (SELECT p.created_at FROM petitions p WHERE p.id = %(petition_id)s)"
    " AND (%(channel)s = '' OR s.channel = %(channel)s)"
    " AND (%(territories)s::text[] IS NULL OR s.territory_code = ANY(%(territories)s))"
    " AND (%(since)s::timestamptz IS NULL OR s.created_at >= %(since)s)"
    " AND (%(until)s::timestamptz IS NULL OR s.created_at < %(until)s)"
    " AND (%(signature_ids)s::uuid[] IS NULL OR s.id = ANY(%(signature_ids)s)){on_paper}{traced}"
    " AND 'validated' = (SELECT t.state FROM signature_transitions t WHERE t.signature_id = s.id"
    " ORDER BY t.step DESC LIMIT 1)"
)
_ON_PAPER = sql.SQL(" AND s.paper_batch_id = %(paper_batch_id)s")
_TRACED = sql.SQL(
    " AND s.id IN (SELECT signature_id FROM signature_traces WHERE petition_id = %(petition_id)s"
    " AND at < %(cutoff_at)s AND (%(network)s = '' OR network = %(network)s)"
    " AND (%(mail_domain)s = '' OR mail_domain = %(mail_domain)s))"
)
_PATHS = sql.SQL(
    "SELECT code, count(*) FROM {} JOIN residences r USING (territory_code) CROSS JOIN unnest(r.path) AS code"
    " GROUP BY code"
)
_COLUMNS = (
    "i.id, i.petition_id, i.kind, i.reason, i.note, i.filter, i.signatures, i.undoes, i.created_at, p.state,"
    " p.place, p.moved, p.ended_at, (SELECT u.id FROM invalidations u WHERE u.undoes = i.id) AS undone_by"
    " FROM invalidations i JOIN invalidation_progress p ON p.invalidation_id = i.id"
)

_MOVE = sql.SQL("""
WITH item AS MATERIALIZED (
    SELECT place, signature_id FROM invalidation_items
    WHERE invalidation_id = %(items_of)s AND place > %(after)s AND place <= %(until)s ORDER BY place LIMIT %(limit)s
), last AS (
    SELECT item.signature_id, t.step FROM item CROSS JOIN LATERAL (
        SELECT step, state, reason FROM signature_transitions known WHERE known.signature_id = item.signature_id
        ORDER BY step DESC LIMIT 1
    ) AS t WHERE t.state = %(from)s AND t.reason = coalesce(%(from_reason)s, t.reason)
), moved AS (
    INSERT INTO signature_transitions (signature_id, step, state, at, reason)
    SELECT signature_id, step + 1, %(into)s, now(), %(reason)s FROM last ORDER BY signature_id
    ON CONFLICT DO NOTHING RETURNING signature_id
), changed AS (
    SELECT s.id, s.petition_id, s.territory_code, s.channel FROM moved JOIN {signatures} s ON s.id = moved.signature_id
), tallied AS (
    INSERT INTO {tallies} AS known (petition_id, territory_code, channel, shard, count)
    SELECT petition_id, territory_code, channel, %(shard)s, %(sign)s * count(*)
    FROM changed GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (petition_id, territory_code, channel, shard) DO UPDATE SET count = known.count + excluded.count
), timed AS (
    INSERT INTO {minutes} AS known (petition_id, minute, shard, count)
    SELECT petition_id, date_trunc('minute', now()), %(shard)s, %(sign)s * count(*) FROM changed GROUP BY 1
    ON CONFLICT (petition_id, minute, shard) DO UPDATE SET count = known.count + excluded.count
)
SELECT ARRAY(SELECT id FROM changed ORDER BY id) AS changed, (SELECT max(place) FROM item) AS place, now() AS at
""")
MOVE = {side: tables.in_(_MOVE) for side, tables in TABLES.items()}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a filter means: how many, by channel and territory, most first, and times of some of them."""

    channels: tuple[tuple[str, int], ...]
    territories: tuple[tuple[str, int], ...]
    sample: tuple[datetime, ...]

    @property
    def signatures(self) -> int:
        """How many in all."""
        return sum(count for _, count in self.channels)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision to be stored."""

    id: UUID
    petition_id: UUID
    kind: Kind
    reason: str
    note: Mapping[str, str]
    which: SignatureFilter
    officer: bytes


@dataclass(frozen=True, slots=True)
class Invalidation:
    """A decision and how far it is carried out: ``place`` items are worked off, ``moved`` have changed by it."""

    id: UUID
    petition_id: UUID
    kind: Kind
    reason: str
    note: Mapping[str, str]
    which: SignatureFilter
    signatures: int
    undoes: UUID | None
    created_at: datetime
    state: Progress
    place: int
    moved: int
    ended_at: datetime | None
    undone_by: UUID | None


@dataclass(frozen=True, slots=True)
class Job:
    """A decision that a worker has claimed; ``place`` is that of the last item that was worked off."""

    id: UUID
    petition_id: UUID
    kind: Kind
    undoes: UUID | None
    place: int
    last_place: int
    side: Side


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of some items: the signatures that changed, the place of the last item, and when."""

    signature_ids: list[UUID]
    place: int
    at: datetime


async def allow_long_statements(conn: Connection, most: str = LONG_STATEMENT) -> None:
    """Lets the statements of this transaction take long: those that read a petition's signatures one by one."""
    await conn.execute("SELECT set_config('statement_timeout', %(most)s, true)", {"most": most})


async def cutoff(conn: Connection) -> datetime:
    """A time before which no signature is counted any more.

    A signature bears the time at which its transaction began, so it is the time at which the oldest of those that are
    under way began. Signatures of this service are all written under one role of the database.
    """
    cursor = await conn.execute(
        "SELECT least(now(), min(xact_start)) FROM pg_stat_activity WHERE datname = current_database()"
        " AND usename = current_user AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    row = await cursor.fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


async def preview(conn: Connection, petition_id: UUID, which: SignatureFilter, cutoff_at: datetime) -> Preview:
    """What a filter means."""
    query = sql.SQL(
        "SELECT s.channel, s.territory_code, count(*), (array_agg(s.created_at))[1:%(sample)s] FROM {} GROUP BY 1, 2"
    ).format(_meant(which))
    cursor = await conn.execute(query, _values(petition_id, which, cutoff_at))
    rows = await cursor.fetchall()
    sample = sorted(at for row in rows for at in row[3])
    return Preview(
        _summed((row[0], row[2]) for row in rows),
        _summed((row[1], row[2]) for row in rows),
        tuple(sample[:: max(1, len(sample) // _SAMPLE)][:_SAMPLE]),
    )


async def by_path(conn: Connection, petition_id: UUID, which: SignatureFilter, cutoff_at: datetime) -> dict[str, int]:
    """What a filter means by territory, each with all below it."""
    cursor = await conn.execute(_PATHS.format(_meant_as_table(which)), _values(petition_id, which, cutoff_at))
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def add(conn: Connection, decision: Decision, cutoff_at: datetime) -> int:
    """Stores a decision with the signatures that it means.

    Returns:
        how many there are; with 0 nothing is stored.
    """
    query = sql.SQL(
        "INSERT INTO invalidation_items (invalidation_id, place, signature_id)"
        " SELECT %(id)s, row_number() OVER (ORDER BY s.id), s.id FROM {}"
    ).format(_meant(decision.which))
    values = _values(decision.petition_id, decision.which, cutoff_at)
    cursor = await conn.execute(query, {"id": decision.id, **values})
    if cursor.rowcount:
        await _add(conn, decision, cutoff_at, cursor.rowcount, None)
    return cursor.rowcount


async def add_undo(conn: Connection, decision: Decision, undone: Invalidation) -> None:
    """Stores the decision to put back what ``undone`` has taken out."""
    await _add(conn, decision, undone.created_at, undone.moved, undone.id)


async def get(conn: Connection, id: UUID) -> Invalidation | None:
    """A decision; its progress is locked until the end of the transaction."""
    await conn.execute("SELECT 1 FROM invalidation_progress WHERE invalidation_id = %(id)s FOR UPDATE", {"id": id})
    query = sql.SQL("SELECT {} WHERE i.id = %(id)s").format(sql.SQL(_COLUMNS))
    row = await (await conn.execute(query, {"id": id})).fetchone()
    return _read(row) if row else None


async def list_(conn: Connection, petition_id: UUID) -> list[Invalidation]:
    """Decisions about a petition, the latest first."""
    query = sql.SQL(
        "SELECT {} WHERE i.petition_id = %(id)s ORDER BY i.created_at DESC, i.id DESC LIMIT %(limit)s"
    ).format(sql.SQL(_COLUMNS))
    cursor = await conn.execute(query, {"id": petition_id, "limit": _LISTED})
    return [_read(row) for row in await cursor.fetchall()]


async def cancel(conn: Connection, id: UUID) -> bool:
    """Stops a decision from being carried out; False when it has ended."""
    return await _end(conn, id, Progress.CANCELLED)


async def finish(conn: Connection, id: UUID) -> bool:
    """Notes that a decision is carried out; False when it has ended."""
    return await _end(conn, id, Progress.DONE)


async def claim(conn: Connection) -> Job | None:
    """The decision that has waited longest, locked for this transaction; those that other workers hold are left."""
    cursor = await conn.execute(
        "SELECT i.id, i.petition_id, i.kind, i.undoes, p.place,"
        " coalesce((SELECT u.place FROM invalidation_progress u WHERE u.invalidation_id = i.undoes),"
        " i.signatures)::integer, i.filter ? 'is_against'"
        " FROM invalidation_progress p JOIN invalidations i ON i.id = p.invalidation_id WHERE p.state = 'running'"
        " ORDER BY p.updated_at LIMIT 1 FOR UPDATE OF p SKIP LOCKED"
    )
    row = await cursor.fetchone()
    return Job(row[0], row[1], Kind(row[2]), row[3], row[4], row[5], side_of(row[6])) if row else None


async def move(conn: Connection, job: Job, limit: int) -> Moved | None:
    """Takes the next signatures of a decision out of the count, or puts them back; None when none is left.

    A signature that another decision has taken is passed over, so that each counts once, whatever runs at once.
    """
    undoing = job.undoes is not None
    cursor = await conn.execute(
        MOVE[job.side],
        {
            "items_of": job.undoes or job.id, "after": job.place, "until": job.last_place, "limit": limit,
            "from": job.kind if undoing else "validated", "from_reason": str(job.undoes) if undoing else None,
            "into": "validated" if undoing else job.kind, "reason": str(job.id), "shard": OFFICERS_SHARD,
            "sign": 1 if undoing else -1,
        },
    )  # fmt: skip
    row = await cursor.fetchone()
    assert row is not None  # a bare SELECT has one row
    if row[1] is None:
        return None
    await conn.execute(
        "UPDATE invalidation_progress SET place = %(place)s, moved = moved + %(moved)s, updated_at = clock_timestamp()"
        " WHERE invalidation_id = %(id)s",
        {"id": job.id, "place": row[1], "moved": len(row[0])},
    )
    return Moved(row[0], row[1], row[2])


async def put_off(conn: Connection, id: UUID) -> None:
    """Lets other decisions go first, after a failure."""
    await conn.execute(
        "UPDATE invalidation_progress SET updated_at = clock_timestamp() WHERE invalidation_id = %(id)s", {"id": id}
    )


async def _add(conn: Connection, decision: Decision, cutoff_at: datetime, signatures: int, undoes: UUID | None) -> None:
    await conn.execute(
        "WITH decided AS (INSERT INTO invalidations"
        " (id, petition_id, kind, reason, note, filter, cutoff_at, signatures, undoes, officer)"
        " VALUES (%(id)s, %(petition_id)s, %(kind)s, %(reason)s, %(note)s, %(filter)s, %(cutoff_at)s, %(signatures)s,"
        " %(undoes)s, %(officer)s) RETURNING id)"
        " INSERT INTO invalidation_progress (invalidation_id) SELECT id FROM decided",
        {
            "id": decision.id, "petition_id": decision.petition_id, "kind": decision.kind, "reason": decision.reason,
            "note": Jsonb(dict(decision.note)), "filter": Jsonb(decision.which.content()), "cutoff_at": cutoff_at,
            "signatures": signatures, "undoes": undoes, "officer": decision.officer,
        },
    )  # fmt: skip


async def _end(conn: Connection, id: UUID, state: Progress) -> bool:
    cursor = await conn.execute(
        "UPDATE invalidation_progress SET state = %(state)s, ended_at = clock_timestamp(),"
        " updated_at = clock_timestamp() WHERE invalidation_id = %(id)s AND state = 'running'",
        {"id": id, "state": state},
    )
    return cursor.rowcount == 1


def _meant(which: SignatureFilter) -> sql.Composed:
    return _MEANT.format(
        signatures=TABLES[which.side].signatures,
        on_paper=_ON_PAPER if which.paper_batch_id else sql.SQL(""),
        traced=_TRACED if which.network or which.mail_domain else sql.SQL(""),
    )


def _meant_as_table(which: SignatureFilter) -> sql.Composed:
    return sql.SQL("(SELECT s.territory_code FROM {}) AS meant").format(_meant(which))


def _values(petition_id: UUID, which: SignatureFilter, cutoff_at: datetime) -> dict[str, Any]:
    return {
        "petition_id": petition_id, "cutoff_at": cutoff_at, "channel": which.channel,
        "territories": list(which.territory_codes) if which.territory_codes else None, "since": which.since,
        "until": which.until, "paper_batch_id": which.paper_batch_id,
        "signature_ids": list(which.signature_ids) if which.signature_ids else None, "network": which.network,
        "mail_domain": which.mail_domain, "sample": _SAMPLE,
    }  # fmt: skip


def _summed(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for name, count in pairs:
        sums[name] = sums.get(name, 0) + count
    return tuple(sorted(sums.items(), key=lambda each: (-each[1], each[0])))


def _read(row: Any) -> Invalidation:
    return Invalidation(
        id=row.id, petition_id=row.petition_id, kind=Kind(row.kind), reason=row.reason, note=row.note,
        which=SignatureFilter.read(row.filter), signatures=row.signatures, undoes=row.undoes,
        created_at=row.created_at, state=Progress(row.state), place=row.place, moved=row.moved,
        ended_at=row.ended_at, undone_by=row.undone_by,
    )  # fmt: skip
