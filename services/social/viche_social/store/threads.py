"""Conversations: as a queue, and one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from viche_chassis.db import Connection

_COLUMNS = (
    "t.id, t.number, t.channel_id, t.authority_id, t.kind, t.platform_thread, t.post_id, t.state, t.closed_because,"
    " t.first_item, t.last_item, t.items, t.last_at, t.waiting_since, t.due_at, t.assignee, t.language, t.topic,"
    " t.tone, t.proposed"
)


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation."""

    id: UUID
    number: int
    channel_id: UUID
    authority_id: UUID
    kind: str
    platform_thread: str
    post_id: UUID | None
    state: str
    closed_because: str
    first_item: UUID
    last_item: UUID
    items: int
    last_at: datetime
    waiting_since: datetime | None
    due_at: datetime | None
    assignee: bytes | None
    language: str
    topic: str
    tone: str
    proposed: Sequence[str]


@dataclass(frozen=True, slots=True)
class NewThread:
    """One to be kept; it stands as its last state says."""

    id: UUID
    kind: str
    platform_thread: str
    on_ref: str
    first_item: UUID
    language: str
    topic: str
    tone: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a conversation: how much was written, and where it stands."""

    id: UUID
    state: str
    closed_because: str
    waiting_since: datetime | None
    due_at: datetime | None
    added: int
    last_at: datetime
    last_item: UUID | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations; what is empty or None filters nothing."""

    authorities: Sequence[UUID]
    channel_id: UUID | None = None
    state: str = ""
    kind: str = ""
    assignee: bytes | None = None
    unassigned: bool = False
    overdue: bool = False
    query: str = ""


@dataclass(frozen=True, slots=True)
class After:
    """The last conversation of the page before: whether it waited, its time, its id."""

    rank: int
    at: float
    id: UUID


async def insert(
    conn: Connection, channel_id: UUID, authority_id: UUID, new: Sequence[NewThread], now: datetime
) -> None:
    """Adds conversations; they wait for :func:`move`."""
    await conn.execute(
        "INSERT INTO threads (id, channel_id, authority_id, kind, platform_thread, post_id, state, first_item,"
        " last_item, last_at, language, topic, tone, proposed)"
        " SELECT n.id, %(channel)s, %(authority)s, n.kind, n.platform_thread,"
        " (SELECT d.post_id FROM deliveries d WHERE d.channel_id = %(channel)s AND d.ref = n.on_ref AND n.on_ref <> ''"
        " LIMIT 1), 'answered', n.first_item, n.first_item, %(now)s, n.language, n.topic, n.tone,"
        " array_remove(ARRAY[CASE WHEN n.language <> '' THEN 'language' END, CASE WHEN n.topic <> '' THEN 'topic' END,"
        " CASE WHEN n.tone <> '' THEN 'tone' END], NULL)"
        " FROM unnest(%(id)s::uuid[], %(kind)s::text[], %(platform_thread)s::text[], %(on_ref)s::text[],"
        " %(first_item)s::uuid[], %(language)s::text[], %(topic)s::text[], %(tone)s::text[])"
        " WITH ORDINALITY AS n (id, kind, platform_thread, on_ref, first_item, language, topic, tone, place)"
        " ORDER BY n.place",
        {**_columns(new, NewThread), "channel": channel_id, "authority": authority_id, "now": now},
    )


async def hold_all(conn: Connection, ids: Sequence[UUID]) -> list[Thread]:
    """Conversations, which nobody else changes until the transaction ends."""
    cursor = conn.cursor(row_factory=class_row(Thread))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM threads t WHERE t.id = ANY(%(ids)s) ORDER BY t.id FOR UPDATE",  # noqa: S608 (ours)
        {"ids": list(ids)},
    )
    return await cursor.fetchall()


async def move(conn: Connection, moved: Sequence[Moved]) -> None:
    """Puts conversations where they are now."""
    await conn.execute(
        "UPDATE threads t SET state = n.state, closed_because = n.closed_because, waiting_since = n.waiting_since,"
        " due_at = n.due_at, items = t.items + n.added, last_at = greatest(t.last_at, n.last_at),"
        " last_item = coalesce(n.last_item, t.last_item)"
        " FROM unnest(%(id)s::uuid[], %(state)s::text[], %(closed_because)s::text[], %(waiting_since)s::timestamptz[],"
        " %(due_at)s::timestamptz[], %(added)s::integer[], %(last_at)s::timestamptz[], %(last_item)s::uuid[])"
        " AS n (id, state, closed_because, waiting_since, due_at, added, last_at, last_item) WHERE t.id = n.id",
        _columns(moved, Moved),
    )


async def nothing_waits(conn: Connection, ids: Sequence[UUID]) -> list[UUID]:
    """Those of waiting conversations in which all that waited was taken away."""
    cursor = await conn.execute(
        "SELECT t.id FROM threads t WHERE t.id = ANY(%(ids)s) AND t.state = 'waiting'"
        " AND NOT EXISTS (SELECT FROM items i WHERE i.thread_id = t.id AND NOT i.is_own"
        " AND i.deleted_at IS NULL AND i.written_at >= t.waiting_since)"
        " ORDER BY t.id FOR UPDATE",
        {"ids": list(ids)},
    )
    return [row[0] for row in await cursor.fetchall()]


async def close(conn: Connection, ids: Sequence[UUID], because: str) -> None:
    """Conversations need no answer any more."""
    await conn.execute(
        "UPDATE threads SET state = 'closed', closed_because = %(because)s, waiting_since = NULL, due_at = NULL"
        " WHERE id = ANY(%(ids)s)",
        {"ids": list(ids), "because": because},
    )


async def answered(conn: Connection, id: UUID, at: datetime) -> bool:
    """An answer has appeared: what was written before it waits no more.

    Returns:
        whether the conversation waited for it.
    """
    cursor = await conn.execute(
        "UPDATE threads SET state = 'answered', closed_because = '', waiting_since = NULL, due_at = NULL,"
        " last_at = greatest(last_at, %(at)s) WHERE id = %(id)s AND (waiting_since IS NULL OR waiting_since <= %(at)s)",
        {"id": id, "at": at},
    )
    return cursor.rowcount == 1


async def wait(conn: Connection, id: UUID, since: datetime, target: timedelta) -> None:
    """A conversation waits for an answer.

    Args:
        conn: in a transaction.
        id: of the conversation.
        since: when people wrote.
        target: within which time authorities answer that have not said.
    """
    await conn.execute(
        "UPDATE threads t SET state = 'waiting', closed_because = '', waiting_since = %(since)s, due_at ="
        " greatest(%(since)s, c.connected_at) + coalesce((SELECT a.target FROM answer_targets a"
        " WHERE a.authority_id = t.authority_id), %(target)s) FROM channels c"
        " WHERE t.id = %(id)s AND c.id = t.channel_id",
        {"id": id, "since": since, "target": target},
    )


async def received_after(conn: Connection, id: UUID, at: datetime) -> datetime | None:
    """When people wrote the first thing of a conversation that came after an instant; None where nothing did."""
    cursor = await conn.execute(
        "SELECT min(least(written_at, received_at)) FROM items WHERE thread_id = %(id)s AND NOT is_own"
        " AND deleted_at IS NULL AND received_at > %(at)s",
        {"id": id, "at": at},
    )
    (row,) = await cursor.fetchall()
    return row[0]


async def get(conn: Connection, id: UUID) -> Thread | None:
    """One conversation."""
    cursor = conn.cursor(row_factory=class_row(Thread))
    await cursor.execute(f"SELECT {_COLUMNS} FROM threads t WHERE t.id = %(id)s", {"id": id})  # noqa: S608 (ours)
    return await cursor.fetchone()


_FILTER = (
    "t.authority_id = ANY(%(authorities)s) AND (%(channel_id)s::uuid IS NULL OR t.channel_id = %(channel_id)s)"
    " AND (%(state)s = '' OR t.state = %(state)s) AND (%(kind)s = '' OR t.kind = %(kind)s)"
    " AND (%(assignee)s::bytea IS NULL OR t.assignee = %(assignee)s)"
    " AND (NOT %(unassigned)s OR t.assignee IS NULL)"
    " AND (NOT %(overdue)s OR t.due_at < clock_timestamp())"
    " AND (%(query)s = '' OR t.id IN (SELECT i.thread_id FROM items i WHERE i.searchable @@ %(query)s::tsquery))"
)
_RANK = "CASE WHEN t.state = 'waiting' THEN 0 ELSE 1 END"
_AT = "extract(epoch FROM coalesce(t.due_at, t.last_at))::float8 * CASE WHEN t.state = 'waiting' THEN 1 ELSE -1 END"


async def listed(conn: Connection, wanted: Wanted, after: After | None, limit: int) -> list[Thread]:
    """Conversations: those that wait first, by when an answer is due, then the latest."""
    cursor = conn.cursor(row_factory=class_row(Thread))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM threads t WHERE {_FILTER} AND (%(after_id)s::uuid IS NULL"  # noqa: S608 (ours)
        f" OR ({_RANK}, {_AT}, t.id) > (%(after_rank)s, %(after_at)s, %(after_id)s))"
        f" ORDER BY {_RANK}, {_AT}, t.id LIMIT %(limit)s",
        {
            **{name: getattr(wanted, name) for name in Wanted.__dataclass_fields__},
            "authorities": list(wanted.authorities),
            "after_id": after.id if after else None,
            "after_rank": after.rank if after else 0,
            "after_at": after.at if after else 0.0,
            "limit": limit,
        },
    )
    return await cursor.fetchall()


def place(thread: Thread) -> After:
    """Where a conversation stands in the list."""
    if thread.due_at is not None:
        return After(0, thread.due_at.timestamp(), thread.id)
    return After(1, -thread.last_at.timestamp(), thread.id)


async def waiting(conn: Connection, authorities: Sequence[UUID]) -> tuple[int, int]:
    """How many wait for an answer, and how many of these are overdue."""
    cursor = await conn.execute(
        "SELECT count(*) AS waiting, count(*) FILTER (WHERE due_at < clock_timestamp()) AS overdue FROM threads"
        " WHERE authority_id = ANY(%(authorities)s) AND state = 'waiting'",
        {"authorities": list(authorities)},
    )
    (row,) = await cursor.fetchall()
    return row[0], row[1]


class Waiting(NamedTuple):
    """How many conversations of an authority wait, for one officer or (None) for anybody."""

    authority_id: UUID
    assignee: bytes | None
    waiting: int
    overdue: int


async def summary(conn: Connection) -> list[Waiting]:
    """What waits for an answer in the whole instance."""
    cursor = await conn.execute(
        "SELECT authority_id, assignee, count(*) AS waiting, count(*) FILTER (WHERE due_at < clock_timestamp())"
        " AS overdue FROM threads WHERE state = 'waiting' GROUP BY authority_id, assignee"
        " ORDER BY authority_id, assignee"
    )
    return [Waiting(*row) for row in await cursor.fetchall()]


async def assign(conn: Connection, id: UUID, person: bytes | None) -> None:
    """Says who is on a conversation."""
    await conn.execute("UPDATE threads SET assignee = %(person)s WHERE id = %(id)s", {"id": id, "person": person})


async def now(conn: Connection) -> datetime:
    """The database's clock."""
    cursor = await conn.execute("SELECT clock_timestamp()")
    (row,) = await cursor.fetchall()
    return row[0]


def _columns(rows: Sequence[Any], kind: type) -> dict[str, list[Any]]:
    return {name: [getattr(row, name) for row in rows] for name in kind.__dataclass_fields__}
