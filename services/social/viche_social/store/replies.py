"""Answers: claimed before a call, moved by what it gave, as deliveries are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg.rows import class_row

from viche_chassis.db import Connection
from viche_social.domain.deliveries import DeliveryState, Step, Task

_COLUMNS = (
    "r.id, r.thread_id, r.item_id, r.channel_id, r.connector, r.body, r.written_by, r.state, r.task, r.tries, r.ref,"
    " r.url, r.error, r.detail, r.created_at, r.published_at"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer."""

    id: UUID
    thread_id: UUID
    item_id: UUID
    channel_id: UUID
    connector: str
    body: str
    written_by: bytes | None
    state: str
    task: str | None
    tries: int
    ref: str
    url: str
    error: str
    detail: str
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """An answer that is this process's own for a while; `was_claimed` where another's claim ended unanswered."""

    reply: Reply
    was_claimed: bool


async def insert(
    conn: Connection, id: UUID, thread_id: UUID, item_id: UUID, channel: tuple[UUID, str], body: str,
    written_by: bytes | None,
) -> None:  # fmt: skip
    """Adds an answer, due at once."""
    await conn.execute(
        "INSERT INTO replies (id, thread_id, item_id, channel_id, connector, body, written_by, state, task)"
        " VALUES (%(id)s, %(thread_id)s, %(item_id)s, %(channel_id)s, %(connector)s, %(body)s, %(written_by)s,"
        " 'waiting', 'publish')",
        {
            "id": id, "thread_id": thread_id, "item_id": item_id, "channel_id": channel[0], "connector": channel[1],
            "body": body, "written_by": written_by,
        },
    )  # fmt: skip


async def get(conn: Connection, id: UUID) -> Reply | None:
    """One answer."""
    cursor = conn.cursor(row_factory=class_row(Reply))
    await cursor.execute(f"SELECT {_COLUMNS} FROM replies r WHERE r.id = %(id)s", {"id": id})  # noqa: S608 (ours)
    return await cursor.fetchone()


async def of_thread(conn: Connection, thread_id: UUID) -> list[Reply]:
    """Answers of a conversation, the oldest first."""
    cursor = conn.cursor(row_factory=class_row(Reply))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM replies r WHERE r.thread_id = %(id)s ORDER BY r.id",  # noqa: S608 (ours)
        {"id": thread_id},
    )
    return await cursor.fetchall()


async def due(conn: Connection) -> list[tuple[UUID, str, int]]:
    """Channels with answers that are due: the channel, its connector, and how many."""
    cursor = await conn.execute(
        f"SELECT r.channel_id, r.connector, count(*) FROM replies r {_WITH} WHERE {_DUE}"  # noqa: S608 (ours)
        " GROUP BY r.channel_id, r.connector ORDER BY min(r.next_at), r.channel_id"
    )
    return [(row[0], row[1], row[2]) for row in await cursor.fetchall()]


async def claim(conn: Connection, channel_id: UUID, limit: int, lease: timedelta) -> list[Claim]:
    """Takes answers of a channel, which are "sending" from here on; commit before anything is called."""
    cursor = await conn.execute(
        "WITH due AS (SELECT r.id, r.claimed_until IS NOT NULL AS was_claimed FROM replies r"  # noqa: S608 (ours)
        f" {_WITH} WHERE r.channel_id = %(channel_id)s AND {_DUE}"
        " ORDER BY r.next_at, r.id LIMIT %(limit)s FOR UPDATE OF r SKIP LOCKED)"
        " UPDATE replies r SET claimed_until = clock_timestamp() + %(lease)s, state = 'sending',"
        f" changed_at = clock_timestamp() FROM due WHERE r.id = due.id RETURNING due.was_claimed, {_COLUMNS}",
        {"channel_id": channel_id, "limit": limit, "lease": lease},
    )
    return [Claim(Reply(*row[1:]), row[0]) for row in await cursor.fetchall()]


_WITH = "JOIN channels c ON c.id = r.channel_id LEFT JOIN connector_holds h ON h.connector = r.connector"
_DUE = (
    "r.task IS NOT NULL AND r.state <> 'blocked' AND r.next_at <= clock_timestamp()"
    " AND (r.claimed_until IS NULL OR r.claimed_until < clock_timestamp())"
    " AND c.state NOT IN ('paused', 'expired', 'disconnected')"
    " AND (c.not_before IS NULL OR c.not_before <= clock_timestamp())"
    " AND (h.not_before IS NULL OR h.not_before <= clock_timestamp())"
)


async def move(conn: Connection, reply: Reply, step: Step) -> bool:
    """Takes the step after a call, and ends the claim.

    Returns:
        whether it was still there to be moved: False where somebody settled it meanwhile.
    """
    cursor = await conn.execute(
        "UPDATE replies SET state = %(state)s, task = %(task)s, next_at = clock_timestamp() + %(pause)s,"
        " claimed_until = NULL, tries = tries + %(counted)s, ref = %(ref)s, url = %(url)s,"
        # a doubt stays one, whatever the next call says, until it is decided
        " error = CASE WHEN error = 'OutcomeUnknown' AND %(task)s::text IS NOT NULL THEN error ELSE %(error)s END,"
        " detail = %(detail)s, changed_at = clock_timestamp(), published_at = CASE WHEN %(state)s = 'published'"
        " THEN clock_timestamp() END WHERE id = %(id)s AND task IS NOT NULL",
        {
            "id": reply.id, "state": step.state, "task": step.task, "pause": step.pause, "counted": int(step.counts),
            "ref": step.ref, "url": step.url, "error": step.error, "detail": step.detail[:2000],
        },
    )  # fmt: skip
    return cursor.rowcount == 1


async def settle(conn: Connection, id: UUID, state: DeliveryState, url: str = "", ref: str = "") -> None:
    """Writes down what somebody has found; what waits is tried at once."""
    await conn.execute(
        "UPDATE replies SET state = %(state)s, task = %(task)s, url = %(url)s, ref = %(ref)s, error = '', detail = '',"
        " tries = 0, next_at = clock_timestamp(), claimed_until = NULL, changed_at = clock_timestamp(),"
        " published_at = CASE WHEN %(state)s = 'published' THEN clock_timestamp() END WHERE id = %(id)s",
        {
            "id": id, "state": state, "url": url, "ref": ref,
            "task": Task.PUBLISH if state is DeliveryState.WAITING else None,
        },
    )  # fmt: skip


async def in_doubt(conn: Connection, threads: Sequence[UUID]) -> list[Reply]:
    """Answers of conversations of which nobody can say whether they appeared."""
    cursor = conn.cursor(row_factory=class_row(Reply))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM replies r WHERE r.thread_id = ANY(%(ids)s) AND r.state = 'unknown'"  # noqa: S608 (ours)
        " ORDER BY r.id",
        {"ids": list(threads)},
    )
    return await cursor.fetchall()


async def unblock(conn: Connection) -> None:
    """Lets go on what waited for consents that hold again."""
    await conn.execute(
        "UPDATE replies r SET state = 'waiting', next_at = clock_timestamp(), changed_at = clock_timestamp()"
        " FROM channels c WHERE c.id = r.channel_id AND r.state = 'blocked' AND r.task IS NOT NULL"
        " AND c.state = 'good' AND c.asked_at > r.changed_at"
    )


async def cancel_disconnected(conn: Connection) -> None:
    """Takes back what was to be sent to channels that are disconnected; of what may have appeared a person says so.

    Nobody claims answers of such channels any more: those whose process ended in the middle of a call end here, too.
    """
    await conn.execute(
        "UPDATE replies r SET task = NULL, claimed_until = NULL, changed_at = clock_timestamp(),"
        " state = CASE WHEN r.state = 'sending' OR r.error = 'OutcomeUnknown' THEN 'unknown' ELSE 'cancelled' END,"
        " error = CASE WHEN r.state = 'sending' THEN 'OutcomeUnknown' ELSE r.error END"
        " FROM channels c WHERE c.id = r.channel_id AND c.state = 'disconnected' AND r.task IS NOT NULL"
        " AND r.state IN ('waiting', 'blocked', 'sending')"
        " AND (r.claimed_until IS NULL OR r.claimed_until < clock_timestamp())"
    )
