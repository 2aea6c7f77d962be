"""How far channels have been read, and what platforms have sent by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from viche_chassis.db import Connection

_READABLE = "c.disconnected_at IS NULL AND c.granted && %(capabilities)s::text[]"


class Reading(NamedTuple):
    """A channel that is this process's own to read for a while, and from where."""

    channel_id: UUID
    cursor: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How the reading of a channel goes."""

    channel_id: UUID
    read_at: datetime | None
    fault: str


async def begin(conn: Connection, capabilities: Sequence[str]) -> None:
    """Gives each channel that can be read a place to begin at."""
    await conn.execute(
        f"INSERT INTO inboxes (channel_id) SELECT c.id FROM channels c WHERE {_READABLE}"  # noqa: S608 (ours)
        " AND NOT EXISTS (SELECT FROM inboxes b WHERE b.channel_id = c.id) ON CONFLICT DO NOTHING",
        {"capabilities": list(capabilities)},
    )


async def claim(
    conn: Connection, connector: str, capabilities: Sequence[str], limit: int, lease: timedelta
) -> list[Reading]:
    """Takes channels that are due, the longest due first.

    Args:
        conn: in a transaction that commits before anything is called.
        connector: whose channels.
        capabilities: of which a channel needs one.
        limit: how many at most.
        lease: after that, others may take them.
    """
    cursor = await conn.execute(
        "WITH due AS (SELECT b.channel_id FROM inboxes b JOIN channels c ON c.id = b.channel_id"  # noqa: S608 (ours)
        f" LEFT JOIN connector_holds h ON h.connector = c.connector WHERE {_READABLE}"
        " AND c.connector = %(connector)s AND c.state NOT IN ('paused', 'expired') AND b.next_at <= clock_timestamp()"
        " AND (b.claimed_until IS NULL OR b.claimed_until < clock_timestamp())"
        " AND (c.not_before IS NULL OR c.not_before <= clock_timestamp())"
        " AND (h.not_before IS NULL OR h.not_before <= clock_timestamp())"
        " ORDER BY b.next_at, b.channel_id LIMIT %(limit)s FOR UPDATE OF b SKIP LOCKED)"
        " UPDATE inboxes b SET claimed_until = clock_timestamp() + %(lease)s FROM due"
        " WHERE b.channel_id = due.channel_id RETURNING b.channel_id, b.cursor",
        {"connector": connector, "capabilities": list(capabilities), "limit": limit, "lease": lease},
    )
    return [Reading(*row) for row in await cursor.fetchall()]


async def hold(conn: Connection, channel_id: UUID) -> str:
    """Lets nobody else take anything in for a channel until the transaction ends.

    Returns:
        the cursor as it is now.
    """
    await conn.execute("INSERT INTO inboxes (channel_id) VALUES (%(id)s) ON CONFLICT DO NOTHING", {"id": channel_id})
    cursor = await conn.execute("SELECT cursor FROM inboxes WHERE channel_id = %(id)s FOR UPDATE", {"id": channel_id})
    (row,) = await cursor.fetchall()
    return row[0]


async def advance(conn: Connection, channel_id: UUID, to: str) -> None:
    """The page was taken: the next one follows it."""
    await conn.execute(
        "UPDATE inboxes SET cursor = %(to)s, read_at = clock_timestamp(), failures = 0, fault = ''"
        " WHERE channel_id = %(id)s",
        {"id": channel_id, "to": to},
    )


async def release(conn: Connection, channel_id: UUID, again_in: timedelta) -> None:
    """Ends a claim."""
    await conn.execute(
        "UPDATE inboxes SET claimed_until = NULL, next_at = clock_timestamp() + %(again_in)s WHERE channel_id = %(id)s",
        {"id": channel_id, "again_in": again_in},
    )


async def fail(
    conn: Connection, channel_id: UUID, fault: str, first: timedelta, longest: timedelta, least: timedelta
) -> None:
    """Ends a claim that gave nothing; each failure doubles the pause, from the first to the longest."""
    await conn.execute(
        "UPDATE inboxes SET claimed_until = NULL, failures = failures + 1, fault = %(fault)s,"
        " next_at = clock_timestamp() + greatest(%(least)s, least(%(longest)s, %(first)s * (2 ^ least(failures, 12))))"
        " WHERE channel_id = %(id)s",
        {"id": channel_id, "fault": fault[:2000], "first": first, "longest": longest, "least": least},
    )


async def is_new_hook(conn: Connection, channel_id: UUID, digest: bytes) -> bool:
    """Notes what a platform sent; False where it came before."""
    cursor = await conn.execute(
        "INSERT INTO hooks_seen (channel_id, digest) VALUES (%(id)s, %(digest)s) ON CONFLICT DO NOTHING",
        {"id": channel_id, "digest": digest},
    )
    return cursor.rowcount == 1


async def forget_hooks(conn: Connection, after: timedelta) -> None:
    """Forgets what was sent long ago: signatures of that age are refused anyway."""
    await conn.execute("DELETE FROM hooks_seen WHERE seen_at < clock_timestamp() - %(after)s", {"after": after})


async def progress(conn: Connection, channels: Sequence[UUID]) -> list[Progress]:
    """How the reading of channels goes."""
    cursor = conn.cursor(row_factory=class_row(Progress))
    await cursor.execute(
        "SELECT channel_id, read_at, fault FROM inboxes WHERE channel_id = ANY(%(ids)s) ORDER BY channel_id",
        {"ids": list(channels)},
    )
    return await cursor.fetchall()


async def target(conn: Connection, authority_id: UUID) -> timedelta | None:
    """Within which time an authority means to answer; None where it has not said."""
    cursor = await conn.execute("SELECT target FROM answer_targets WHERE authority_id = %(id)s", {"id": authority_id})
    row = await cursor.fetchone()
    return row[0] if row else None


async def put_target(conn: Connection, authority_id: UUID, to: timedelta) -> None:
    """Says so; what waits is due by it at once."""
    await conn.execute(
        "INSERT INTO answer_targets (authority_id, target) VALUES (%(id)s, %(to)s)"
        " ON CONFLICT (authority_id) DO UPDATE SET target = excluded.target",
        {"id": authority_id, "to": to},
    )
    await conn.execute(
        "UPDATE threads t SET due_at = greatest(t.waiting_since, c.connected_at) + %(to)s FROM channels c"
        " WHERE c.id = t.channel_id AND t.authority_id = %(id)s AND t.state = 'waiting'",
        {"id": authority_id, "to": to},
    )
