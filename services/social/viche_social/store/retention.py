"""What is forgotten by itself: conversations that have been over for long, and what people took away themselves."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from viche_chassis.db import Connection


class Kept(NamedTuple):
    """Something that was written and is not forgotten yet."""

    id: UUID
    channel_id: UUID
    platform_id: str


async def over(conn: Connection, months: int, limit: int) -> list[UUID]:
    """Conversations in which nothing waits and nothing has happened for so many months; nobody else gets them until
    the transaction ends."""
    cursor = await conn.execute(
        "SELECT t.id FROM threads t,"
        " LATERAL (SELECT clock_timestamp() - make_interval(months => %(months)s) AS at) AS l"
        " WHERE t.state <> 'waiting' AND t.last_at < l.at"
        " AND EXISTS (SELECT FROM items i WHERE i.thread_id = t.id AND i.erased_at IS NULL)"
        " AND NOT EXISTS (SELECT FROM thread_events e WHERE e.thread_id = t.id AND e.at >= l.at)"
        " AND NOT EXISTS (SELECT FROM replies r WHERE r.thread_id = t.id AND r.task IS NOT NULL)"
        " ORDER BY t.last_at, t.id LIMIT %(limit)s FOR UPDATE OF t SKIP LOCKED",
        {"months": months, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def of_threads(conn: Connection, thread_ids: Sequence[UUID]) -> list[Kept]:
    """All that conversations still hold."""
    cursor = await conn.execute(
        "SELECT id, channel_id, platform_id FROM items WHERE thread_id = ANY(%(ids)s) AND erased_at IS NULL"
        " ORDER BY id FOR UPDATE",
        {"ids": list(thread_ids)},
    )
    return [Kept(*row) for row in await cursor.fetchall()]


async def taken_away(conn: Connection, kept: timedelta, limit: int) -> list[Kept]:
    """What people took away on the platform so long ago; nobody else gets it until the transaction ends."""
    cursor = await conn.execute(
        "SELECT id, channel_id, platform_id FROM items WHERE deleted_at < clock_timestamp() - %(kept)s::interval"
        " AND NOT is_own AND erased_at IS NULL ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED",
        {"kept": kept, "limit": limit},
    )
    return [Kept(*row) for row in await cursor.fetchall()]


async def forget_answers(conn: Connection, thread_ids: Sequence[UUID]) -> None:
    """Answers repeat what was asked: that they were given stays, and when."""
    await conn.execute(
        "UPDATE replies SET body = '', detail = '' WHERE thread_id = ANY(%(ids)s)", {"ids": list(thread_ids)}
    )


async def forget_notes(conn: Connection, thread_ids: Sequence[UUID]) -> None:
    """What officers wrote down is about people, too."""
    await conn.execute(
        "UPDATE thread_events SET note = NULL WHERE thread_id = ANY(%(ids)s) AND note IS NOT NULL",
        {"ids": list(thread_ids)},
    )
