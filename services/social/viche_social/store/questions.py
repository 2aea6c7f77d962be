"""When people waited for an answer, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_social.domain.dialogue import Question
from viche_social.domain.inbox import NOT_ASKED


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A wait that began."""

    thread_id: UUID
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Talked:
    """What response times and the dialogue ratio of an authority are made of."""

    questions: Sequence[Question]
    posts: int
    asking_posts: int


async def insert(conn: Connection, authority_id: UUID, new: Sequence[NewQuestion]) -> None:
    """Adds waits of conversations that do not wait already."""
    if not new:
        return
    await conn.execute(
        "INSERT INTO questions (thread_id, authority_id, asked_at, answered_at)"
        " SELECT n.thread_id, %(authority)s, n.asked_at, n.answered_at FROM unnest(%(threads)s::uuid[],"
        " %(asked)s::timestamptz[], %(answered)s::timestamptz[]) AS n (thread_id, asked_at, answered_at)",
        {
            "authority": authority_id,
            "threads": [each.thread_id for each in new],
            "asked": [each.asked_at for each in new],
            "answered": [each.answered_at for each in new],
        },
    )


async def answer(conn: Connection, answered: Sequence[tuple[UUID, datetime]]) -> None:
    """Ends waits of conversations with an answer."""
    if not answered:
        return
    await conn.execute(
        "UPDATE questions q SET answered_at = greatest(q.asked_at, n.at) FROM unnest(%(threads)s::uuid[],"
        " %(at)s::timestamptz[]) AS n (thread_id, at)"
        " WHERE q.thread_id = n.thread_id AND q.answered_at IS NULL AND q.left_because = ''",
        {"threads": [each[0] for each in answered], "at": [each[1] for each in answered]},
    )


async def leave(conn: Connection, threads: Sequence[UUID], because: str) -> None:
    """Ends waits of conversations without an answer."""
    await conn.execute(
        "UPDATE questions SET left_because = %(because)s"
        " WHERE thread_id = ANY(%(threads)s) AND answered_at IS NULL AND left_because = ''",
        {"threads": list(threads), "because": because},
    )


async def resume(conn: Connection, thread_id: UUID) -> datetime | None:
    """The last wait of a conversation goes on, if it was left without an answer.

    Returns:
        since when it waits; None where it was answered, or nobody asked.
    """
    cursor = await conn.execute(
        "UPDATE questions SET left_because = '' WHERE left_because <> '' AND id ="
        " (SELECT max(id) FROM questions WHERE thread_id = %(thread)s) RETURNING asked_at",
        {"thread": thread_id},
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def talked(conn: Connection, since: datetime, until: datetime) -> dict[UUID, Talked]:
    """What was asked of authorities and what they published within a time, by authority.

    Advertising, thanks, and what was taken away again are no questions. A wait that an officer ended without an answer
    is one that was not answered.

    Args:
        conn: to read.
        since: from then on.
        until: before then.
    """
    values = {"since": since, "until": until, "not_asked": list(NOT_ASKED)}
    cursor = await conn.execute(
        "SELECT authority_id, array_agg(asked_at ORDER BY id) AS asked,"
        " array_agg(answered_at ORDER BY id) AS answered FROM questions"
        " WHERE asked_at >= %(since)s AND asked_at < %(until)s AND NOT (left_because = ANY(%(not_asked)s))"
        " GROUP BY authority_id ORDER BY authority_id",
        values,
    )
    asked: dict[UUID, list[Question]] = {
        row[0]: [Question(*pair) for pair in zip(row[1], row[2], strict=True)] for row in await cursor.fetchall()
    }
    cursor = await conn.execute(
        "SELECT authority_id, count(*) AS posts, count(*) FILTER (WHERE content->>'kind' IN ('poll', 'event')"
        " OR jsonb_typeof(content->'poll') = 'object') AS asking FROM posts"
        " WHERE out_at >= %(since)s AND out_at < %(until)s GROUP BY authority_id ORDER BY authority_id",
        values,
    )
    said: dict[UUID, tuple[int, int]] = {row[0]: (row[1], row[2]) for row in await cursor.fetchall()}
    return {id: Talked(asked.get(id, ()), *said.get(id, (0, 0))) for id in sorted({*asked, *said})}
