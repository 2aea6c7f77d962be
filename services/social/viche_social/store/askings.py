"""When platforms are asked next about posts that are there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from viche_chassis.db import Connection
from viche_social.domain.rhythm import Asked

_OPEN = (
    "d.state = 'published' AND d.task IS NULL AND c.state NOT IN ('paused', 'expired', 'disconnected')"
    " AND (c.not_before IS NULL OR c.not_before <= clock_timestamp())"
    " AND (h.not_before IS NULL OR h.not_before <= clock_timestamp())"
)
"""What is there and not about to be changed, at a channel that may be asked."""
_DUE = (
    f"a.next_at <= clock_timestamp() AND (a.claimed_until IS NULL OR a.claimed_until < clock_timestamp()) AND {_OPEN}"
)
_JOINED = (
    "askings a JOIN deliveries d ON d.id = a.delivery_id JOIN channels c ON c.id = d.channel_id"
    " LEFT JOIN connector_holds h ON h.connector = d.connector"
)


class Lane(NamedTuple):
    """What is due at one channel."""

    connector: str
    channel_id: UUID
    what: Asked


@dataclass(frozen=True, slots=True)
class Asking:
    """One post at one channel that is asked about."""

    delivery_id: UUID
    channel_id: UUID
    what: str
    ref: str
    published_at: datetime
    failures: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the asking is."""

    delivery_id: UUID
    what: str
    next_at: datetime | None
    fault: str
    answered_at: datetime | None


async def begin(conn: Connection, what: Asked, connectors: Collection[str], oldest: timedelta) -> None:
    """Lets posts be asked about that have appeared since; for counts of polls those that hold one."""
    await conn.execute(
        "INSERT INTO askings (delivery_id, what, next_at)"
        " SELECT d.id, %(what)s, clock_timestamp() FROM deliveries d JOIN posts p ON p.id = d.post_id"
        " WHERE d.state = 'published' AND d.ref <> '' AND d.connector = ANY(%(connectors)s)"
        " AND d.published_at > clock_timestamp() - %(oldest)s"
        " AND (%(what)s <> 'poll' OR jsonb_typeof(p.content -> 'poll') = 'object')"
        " ON CONFLICT DO NOTHING",
        {"what": what, "connectors": list(connectors), "oldest": oldest},
    )


async def lanes(conn: Connection) -> list[Lane]:
    """What is due now, the longest due first. A connector that has something to send is left to that."""
    cursor = await conn.execute(
        f"SELECT d.connector, d.channel_id, a.what FROM {_JOINED} WHERE {_DUE}"  # noqa: S608 (ours)
        " AND NOT EXISTS (SELECT 1 FROM deliveries o JOIN channels oc ON oc.id = o.channel_id"
        " WHERE o.connector = d.connector AND o.task IS NOT NULL AND oc.state NOT IN ('paused', 'expired')"
        " AND o.state <> 'blocked' AND o.next_at <= clock_timestamp())"
        " AND NOT EXISTS (SELECT 1 FROM replies r JOIN channels rc ON rc.id = r.channel_id"
        " WHERE r.connector = d.connector AND r.task IS NOT NULL AND rc.state NOT IN ('paused', 'expired')"
        " AND r.state <> 'blocked' AND r.next_at <= clock_timestamp())"
        " GROUP BY d.connector, d.channel_id, a.what ORDER BY min(a.next_at), d.channel_id, a.what"
    )
    return [Lane(row[0], row[1], Asked(row[2])) for row in await cursor.fetchall()]


async def claim(conn: Connection, lane: Lane, limit: int, lease: timedelta) -> list[Asking]:
    """Takes what is due at a channel, the longest due first; after `lease`, others may."""
    cursor = conn.cursor(row_factory=class_row(Asking))
    await cursor.execute(
        f"WITH due AS (SELECT a.delivery_id, a.what FROM {_JOINED}"  # noqa: S608 (ours)
        f" WHERE d.channel_id = %(channel_id)s AND a.what = %(what)s AND {_DUE}"
        " ORDER BY a.next_at, a.delivery_id LIMIT %(limit)s FOR UPDATE OF a SKIP LOCKED)"
        " UPDATE askings a SET claimed_until = clock_timestamp() + %(lease)s FROM due, deliveries d"
        " WHERE a.delivery_id = due.delivery_id AND a.what = due.what AND d.id = a.delivery_id"
        " RETURNING a.delivery_id, d.channel_id, a.what, d.ref, d.published_at, a.failures",
        {"channel_id": lane.channel_id, "what": lane.what, "limit": limit, "lease": lease},
    )
    return await cursor.fetchall()


async def release(conn: Connection, asking: Asking) -> None:
    """Leaves it to whoever looks next."""
    await conn.execute(
        "UPDATE askings SET claimed_until = NULL WHERE delivery_id = %(id)s AND what = %(what)s",
        {"id": asking.delivery_id, "what": asking.what},
    )


async def answered(conn: Connection, asking: Asking, pause: timedelta | None) -> None:
    """The platform has answered; no pause means that it is not asked any more."""
    await conn.execute(
        "UPDATE askings SET next_at = now() + %(pause)s, claimed_until = NULL, failures = 0, fault = '',"
        " answered_at = now() WHERE delivery_id = %(id)s AND what = %(what)s",
        {"id": asking.delivery_id, "what": asking.what, "pause": pause},
    )


async def failed(conn: Connection, asking: Asking, fault: str, pause: timedelta | None) -> None:
    """The platform has not answered."""
    await conn.execute(
        "UPDATE askings SET next_at = clock_timestamp() + %(pause)s, claimed_until = NULL, failures = failures + 1,"
        " fault = %(fault)s WHERE delivery_id = %(id)s AND what = %(what)s",
        {"id": asking.delivery_id, "what": asking.what, "fault": fault, "pause": pause},
    )


async def of(conn: Connection, delivery_ids: Sequence[UUID]) -> list[Standing]:
    """How far the asking is about deliveries."""
    cursor = conn.cursor(row_factory=class_row(Standing))
    await cursor.execute(
        "SELECT delivery_id, what, next_at, fault, answered_at FROM askings WHERE delivery_id = ANY(%(ids)s)"
        " ORDER BY delivery_id, what",
        {"ids": list(delivery_ids)},
    )
    return await cursor.fetchall()
