"""Pauses, and what they stop now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_petitions.domain.pauses import Pause, PauseOver, Stop, Wish
from viche_petitions.store.violations import told

_STOP = (
    "(SELECT jsonb_build_object('until', x.until_at, 'reason', x.reason) FROM pauses x"
    " WHERE x.{} AND p.authority_id = ANY(x.authorities) AND p.id <> ALL(x.excepted)"
    " AND x.from_at <= clock_timestamp() AND x.until_at > clock_timestamp()"
    " AND NOT EXISTS (SELECT 1 FROM pause_ends e WHERE e.pause_id = x.id) ORDER BY x.until_at DESC, x.id LIMIT 1)"
)
SIGNING = sql.SQL(_STOP).format(sql.Identifier("stops_signing"))
"""What stops signing petition ``p`` now; :func:`stop` reads it."""
OPENING = sql.SQL(_STOP).format(sql.Identifier("stops_opening"))
"""The same of its opening."""

HELD = (
    "coalesce((SELECT sum(x.until_at - x.from_at) FROM pauses x JOIN petitions p ON p.authority_id = ANY(x.authorities)"
    " WHERE p.id = %(petition_id)s AND x.stops_signing AND p.id <> ALL(x.excepted) AND x.from_at > now()"
    " AND x.from_at < now() + make_interval(days => %(days)s)"
    " AND NOT EXISTS (SELECT 1 FROM pause_ends e WHERE e.pause_id = x.id)), interval '0')"
)
"""What pauses to come take of the ``days`` that a link of petition ``petition_id`` holds."""

_PAUSE = sql.SQL(
    "SELECT x.id, x.authority_id, x.authorities, x.from_at, x.until_at, x.reason, x.stops_signing, x.stops_opening,"
    " x.excepted, ARRAY(SELECT p.number FROM petitions p WHERE p.id = ANY(x.excepted) ORDER BY p.number), x.decided_at,"
    " e.ended_at, e.ended_at IS NULL AND x.from_at <= clock_timestamp() AND x.until_at > clock_timestamp()"
    " FROM pauses x LEFT JOIN pause_ends e ON e.pause_id = x.id"
)
_STOPPED = sql.SQL("p.authority_id = ANY(%(authorities)s) AND p.id <> ALL(%(excepted)s) AND NOT p.is_archived")
_TERMS = sql.SQL(
    "FROM deadlines d JOIN petitions p ON p.id = d.petition_id WHERE {} AND d.met_at IS NULL"
    " AND d.ends_at > greatest(%(from_at)s::timestamptz, clock_timestamp()) AND d.body->>'extended_by' IS NULL"
    " AND (%(until_at)s::timestamptz IS NULL OR d.started_at < %(until_at)s) AND p.state <> 'draft'"
    " AND NOT EXISTS (SELECT 1 FROM deadline_extensions x"
    " WHERE x.petition_id = d.petition_id AND x.clock = d.clock AND x.started_at = d.started_at)"
).format(_STOPPED)


def stop(stored: dict[str, Any] | None) -> Stop | None:
    """What :data:`SIGNING` or :data:`OPENING` gave."""
    return Stop(datetime.fromisoformat(stored["until"]), stored["reason"]) if stored else None


async def opening(conn: Connection, petition_id: UUID) -> Stop | None:
    """What keeps a petition from being opened now."""
    return await _stop(conn, OPENING, petition_id)


async def signing(conn: Connection, petition_id: UUID) -> Stop | None:
    """What keeps people from signing or supporting a petition now."""
    return await _stop(conn, SIGNING, petition_id)


async def ids_of(conn: Connection, numbers: Sequence[int]) -> dict[int, UUID]:
    """Ids of petitions that were opened here, by their numbers."""
    cursor = await conn.execute(
        "SELECT number, id FROM petitions WHERE number = ANY(%(numbers)s) AND NOT is_archived",
        {"numbers": list(numbers)},
    )
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def insert(
    conn: Connection, id: UUID, wish: Wish, excepted: Sequence[UUID], officer: bytes | None, at: datetime
) -> None:
    """Decides a pause; one that should have begun before begins now."""
    await conn.execute(
        "INSERT INTO pauses (id, authority_id, authorities, from_at, until_at, reason, stops_signing, stops_opening,"
        " excepted, officer, decided_at) VALUES (%(id)s, %(authority_id)s, %(authorities)s, %(from_at)s, %(until_at)s,"
        " %(reason)s, %(signing)s, %(opening)s, %(excepted)s, %(officer)s, %(at)s)",
        {
            "id": id, "authority_id": wish.authority_id, "authorities": list(wish.authorities),
            "from_at": max(at, wish.from_at or at), "until_at": wish.until_at, "reason": Jsonb(dict(wish.reason)),
            "signing": wish.stops_signing, "opening": wish.stops_opening, "excepted": list(excepted),
            "officer": officer, "at": at,
        },
    )  # fmt: skip


async def keep_links(conn: Connection, pause_id: UUID) -> None:
    """Lets links of signatures by e-mail that wait hold longer by what the pause takes of their time."""
    await conn.execute(
        "WITH stopped AS (SELECT l.signature_id, l.expires_at + (x.until_at - x.from_at) AS expires_at"
        " FROM pauses x JOIN petitions p ON p.authority_id = ANY(x.authorities) AND p.id <> ALL(x.excepted)"
        " JOIN email_links l ON l.petition_id = p.id JOIN pending_contacts w USING (signature_id)"
        " WHERE x.id = %(id)s AND x.stops_signing AND l.expires_at > x.from_at),"
        " kept AS (UPDATE pending_contacts c SET expires_at = s.expires_at FROM stopped s"
        " WHERE c.signature_id = s.signature_id)"
        " UPDATE email_links l SET expires_at = s.expires_at FROM stopped s WHERE l.signature_id = s.signature_id",
        {"id": pause_id},
    )


async def end(conn: Connection, pause_id: UUID, officer: bytes | None, at: datetime) -> None:
    """Ends a pause. Raises PauseOver where somebody did before."""
    with told({"pause_ends_once": PauseOver}):
        await conn.execute(
            "INSERT INTO pause_ends (pause_id, officer, ended_at) VALUES (%(id)s, %(officer)s, %(at)s)",
            {"id": pause_id, "officer": officer, "at": at},
        )


async def get(conn: Connection, pause_id: UUID) -> Pause | None:
    """A pause."""
    query = sql.SQL("{} WHERE x.id = %(id)s").format(_PAUSE)
    row = await (await conn.execute(query, {"id": pause_id})).fetchone()
    return _pause(row) if row else None


async def list_(conn: Connection, authorities: Sequence[UUID] | None, *, with_past: bool, limit: int) -> list[Pause]:
    """Pauses that hold for one of some authorities (None for all), the latest decided first."""
    query = sql.SQL(
        "{} WHERE (%(all)s OR x.authorities && %(authorities)s)"
        " AND (%(with_past)s OR (e.ended_at IS NULL AND x.until_at > clock_timestamp()))"
        " ORDER BY x.decided_at DESC, x.id DESC LIMIT %(limit)s"
    ).format(_PAUSE)
    cursor = await conn.execute(
        query,
        {
            "all": authorities is None, "authorities": list(authorities or ()), "with_past": with_past,
            "limit": limit,
        },
    )  # fmt: skip
    return [_pause(row) for row in await cursor.fetchall()]


async def count_stopped(conn: Connection, authorities: Sequence[UUID], excepted: Sequence[UUID]) -> tuple[int, int]:
    """How many petitions collect, and how many wait to be opened."""
    query = sql.SQL(
        "SELECT count(*) FILTER (WHERE p.state IN ('open', 'threshold_reached')) AS collecting,"
        " count(*) FILTER (WHERE p.state = 'submitted') AS waiting FROM petitions p WHERE {}"
    ).format(_STOPPED)
    cursor = await conn.execute(query, {"authorities": list(authorities), "excepted": list(excepted)})
    row = await cursor.fetchone()
    assert row is not None  # an aggregate has one row
    return row[0], row[1]


async def count_terms(
    conn: Connection, authorities: Sequence[UUID], excepted: Sequence[UUID], from_at: datetime
) -> int:
    """How many terms run that a pause from then on could prolong."""
    query = sql.SQL("SELECT count(*) {}").format(_TERMS)
    values = {
        "authorities": list(authorities), "excepted": list(excepted), "from_at": from_at, "until_at": None,
    }  # fmt: skip
    row = await (await conn.execute(query, values)).fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


async def with_terms(conn: Connection, pause: Pause) -> list[UUID]:
    """Petitions that have terms which a pause could still prolong, in the order of their ids."""
    query = sql.SQL("SELECT DISTINCT p.id {} ORDER BY p.id").format(_TERMS)
    cursor = await conn.execute(query, _of(pause))
    return [row[0] for row in await cursor.fetchall()]


async def terms_of(conn: Connection, pause: Pause, petition_id: UUID) -> list[str]:
    """Names of the clocks of a petition that a pause could still prolong."""
    query = sql.SQL("SELECT d.clock {} AND p.id = %(id)s ORDER BY d.clock").format(_TERMS)
    cursor = await conn.execute(query, {**_of(pause), "id": petition_id})
    return [row[0] for row in await cursor.fetchall()]


async def _stop(conn: Connection, expression: sql.Composed, petition_id: UUID) -> Stop | None:
    query = sql.SQL("SELECT {} FROM petitions p WHERE p.id = %(id)s").format(expression)
    row = await (await conn.execute(query, {"id": petition_id})).fetchone()
    return stop(row[0]) if row else None


def _of(pause: Pause) -> dict[str, object]:
    return {
        "authorities": list(pause.authorities), "excepted": list(pause.excepted), "from_at": pause.from_at,
        "until_at": pause.until_at,
    }  # fmt: skip


def _pause(row: Any) -> Pause:
    return Pause(
        row[0], row[1], tuple(row[2]), row[3], row[4], row[5], row[6], row[7], tuple(row[8]), tuple(row[9]), *row[10:]
    )
