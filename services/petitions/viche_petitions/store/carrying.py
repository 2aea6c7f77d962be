"""How decisions to take signatures out of the count are carried out, some signatures at a time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.integrity import Kind, Progress
from viche_petitions.domain.sides import Side, side_of
from viche_petitions.store.sides import TABLES

OFFICERS_SHARD = 100
"""Shard of what officers and recounts move, so that nobody who signs waits for it."""

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


async def _end(conn: Connection, id: UUID, state: Progress) -> bool:
    cursor = await conn.execute(
        "UPDATE invalidation_progress SET state = %(state)s, ended_at = clock_timestamp(),"
        " updated_at = clock_timestamp() WHERE invalidation_id = %(id)s AND state = 'running'",
        {"id": id, "state": state},
    )
    return cursor.rowcount == 1
