"""What people wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from viche_chassis.db import Connection
from viche_social.domain.inbox import Known, KnownItem

_COLUMNS = (
    "i.id, i.thread_id, i.channel_id, i.platform_id, i.kind, i.on_ref, i.answers, i.author_key, i.version, i.is_own,"
    " i.is_hidden, i.written_at, i.deleted_at, i.erased_at"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was written, without what it says."""

    id: UUID
    thread_id: UUID
    channel_id: UUID
    platform_id: str
    kind: str
    on_ref: str
    answers: str
    author_key: bytes | None
    version: int
    is_own: bool
    is_hidden: bool
    written_at: datetime
    deleted_at: datetime | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class Content:
    """What an item said, sealed."""

    item_id: UUID
    version: int
    sealed: bytes
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class NewItem:
    """One to be kept."""

    id: UUID
    thread_id: UUID
    platform_id: str
    kind: str
    on_ref: str
    answers: str
    author_key: bytes
    digest: bytes
    searchable: str
    is_own: bool
    written_at: datetime
    sealed: bytes


@dataclass(frozen=True, slots=True)
class NewVersion:
    """Something else that an item says from now on."""

    id: UUID
    digest: bytes
    searchable: str
    sealed: bytes


async def known(
    conn: Connection, channel_id: UUID, ids: Mapping[str, str], refs: Sequence[str], messages: Sequence[str]
) -> Known:
    """What is there of what a page may belong to.

    Args:
        conn: in a transaction that holds the inbox of the channel.
        channel_id: of all.
        ids: of items, by themselves and by what stands for them when they are forgotten.
        refs: of own answers.
        messages: what the platform groups messages by.
    """
    cursor = await conn.execute(
        "SELECT platform_id, id, thread_id, digest, is_own, deleted_at IS NOT NULL AS is_deleted,"
        " erased_at IS NOT NULL AS is_erased FROM items"
        " WHERE channel_id = %(channel)s AND platform_id = ANY(%(ids)s)",
        {"channel": channel_id, "ids": [*ids]},
    )
    items = {ids[row[0]]: KnownItem(*row[1:]) for row in await cursor.fetchall()}
    cursor = await conn.execute(
        "SELECT ref, thread_id FROM replies WHERE channel_id = %(channel)s AND ref = ANY(%(refs)s) AND ref <> ''",
        {"channel": channel_id, "refs": list(refs)},
    )
    replies: dict[str, UUID] = {row[0]: row[1] for row in await cursor.fetchall()}
    cursor = await conn.execute(
        "SELECT platform_thread, id FROM threads WHERE channel_id = %(channel)s AND kind = 'message'"
        " AND platform_thread = ANY(%(messages)s)",
        {"channel": channel_id, "messages": list(messages)},
    )
    return Known(items, replies, {row[0]: row[1] for row in await cursor.fetchall()})


async def insert(conn: Connection, channel_id: UUID, new: Sequence[NewItem]) -> None:
    """Adds items with what they say."""
    if not new:
        return
    values = {**_columns(new, NewItem), "channel": channel_id}
    await conn.execute(
        "INSERT INTO items (id, thread_id, channel_id, platform_id, kind, on_ref, answers, author_key, digest,"
        " searchable, is_own, written_at) SELECT id, thread_id, %(channel)s, platform_id, kind, on_ref, answers,"
        " author_key, digest, searchable::tsvector, is_own, written_at FROM unnest(%(id)s::uuid[],"
        " %(thread_id)s::uuid[], %(platform_id)s::text[], %(kind)s::text[], %(on_ref)s::text[], %(answers)s::text[],"
        " %(author_key)s::bytea[], %(digest)s::bytea[], %(searchable)s::text[], %(is_own)s::boolean[],"
        " %(written_at)s::timestamptz[]) AS n (id, thread_id, platform_id, kind, on_ref, answers, author_key, digest,"
        " searchable, is_own, written_at)",
        values,
    )
    await conn.execute(
        "INSERT INTO item_contents (item_id, version, sealed) SELECT id, 1, sealed"
        " FROM unnest(%(id)s::uuid[], %(sealed)s::bytea[]) AS n (id, sealed)",
        values,
    )


async def edit(conn: Connection, new: Sequence[NewVersion]) -> None:
    """Keeps what items say now beside what they said; each is sealed for the version after the newest."""
    if not new:
        return
    values = _columns(new, NewVersion)
    await conn.execute(
        "WITH n AS (SELECT * FROM unnest(%(id)s::uuid[], %(digest)s::bytea[], %(searchable)s::text[],"
        " %(sealed)s::bytea[]) AS n (id, digest, searchable, sealed)), changed AS ("
        " UPDATE items i SET version = i.version + 1, digest = n.digest, searchable = n.searchable::tsvector FROM n"
        " WHERE i.id = n.id RETURNING i.id, i.version)"
        " INSERT INTO item_contents (item_id, version, sealed) SELECT c.id, c.version, n.sealed"
        " FROM changed c JOIN n ON n.id = c.id",
        values,
    )


async def versions(conn: Connection, ids: Sequence[UUID]) -> dict[UUID, int]:
    """The newest versions of items."""
    cursor = await conn.execute("SELECT id, version FROM items WHERE id = ANY(%(ids)s)", {"ids": list(ids)})
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def delete(conn: Connection, ids: Sequence[UUID]) -> None:
    """Notes that items were taken away on the platform."""
    await conn.execute(
        "UPDATE items SET deleted_at = clock_timestamp() WHERE id = ANY(%(ids)s) AND deleted_at IS NULL",
        {"ids": list(ids)},
    )


async def of_thread(conn: Connection, thread_id: UUID) -> list[Item]:
    """What was written in a conversation, the oldest first; echoes of answers from here left out."""
    cursor = conn.cursor(row_factory=class_row(Item))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM items i WHERE i.thread_id = %(id)s AND NOT EXISTS (SELECT FROM replies r"  # noqa: S608 (ours)
        " WHERE r.channel_id = i.channel_id AND r.ref = i.platform_id AND r.ref <> '') ORDER BY i.written_at, i.id",
        {"id": thread_id},
    )
    return await cursor.fetchall()


async def by_ids(conn: Connection, ids: Sequence[UUID]) -> dict[UUID, Item]:
    """Items by their ids."""
    cursor = conn.cursor(row_factory=class_row(Item))
    await cursor.execute(f"SELECT {_COLUMNS} FROM items i WHERE i.id = ANY(%(ids)s)", {"ids": list(ids)})  # noqa: S608 (ours)
    return {item.id: item for item in await cursor.fetchall()}


async def contents(conn: Connection, ids: Sequence[UUID]) -> list[Content]:
    """All that items said, the oldest first."""
    cursor = conn.cursor(row_factory=class_row(Content))
    await cursor.execute(
        "SELECT item_id, version, sealed, seen_at FROM item_contents WHERE item_id = ANY(%(ids)s)"
        " ORDER BY item_id, version",
        {"ids": list(ids)},
    )
    return await cursor.fetchall()


async def newest(conn: Connection, ids: Sequence[UUID]) -> dict[UUID, Content]:
    """What items say now."""
    cursor = conn.cursor(row_factory=class_row(Content))
    await cursor.execute(
        "SELECT c.item_id, c.version, c.sealed, c.seen_at FROM item_contents c JOIN items i"
        " ON i.id = c.item_id AND i.version = c.version WHERE i.id = ANY(%(ids)s)",
        {"ids": list(ids)},
    )
    return {content.item_id: content for content in await cursor.fetchall()}


async def set_hidden(conn: Connection, id: UUID, *, is_hidden: bool) -> None:
    """Notes that an item is hidden on the platform, or is not."""
    await conn.execute("UPDATE items SET is_hidden = %(hidden)s WHERE id = %(id)s", {"id": id, "hidden": is_hidden})


async def of_author(conn: Connection, channel_id: UUID, author_key: bytes) -> list[Item]:
    """All that one person wrote to a channel; nobody else changes it until the transaction ends."""
    cursor = conn.cursor(row_factory=class_row(Item))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM items i WHERE i.channel_id = %(channel)s AND i.author_key = %(key)s"  # noqa: S608 (ours)
        " ORDER BY i.id FOR UPDATE",
        {"channel": channel_id, "key": author_key},
    )
    return await cursor.fetchall()


async def erase(conn: Connection, names: Mapping[UUID, str]) -> None:
    """Forgets what items said, by whom, and where.

    Args:
        conn: in a transaction.
        names: what stands for the platform's ids from now on, by the items' ids.
    """
    await conn.execute("DELETE FROM item_contents WHERE item_id = ANY(%(ids)s)", {"ids": list(names)})
    await conn.execute(
        "UPDATE items i SET platform_id = n.name, on_ref = '', answers = '', author_key = NULL, digest = '',"
        " searchable = '', erased_at = clock_timestamp() FROM unnest(%(ids)s::uuid[], %(names)s::text[])"
        " AS n (id, name) WHERE i.id = n.id",
        {"ids": list(names), "names": list(names.values())},
    )
    await conn.execute(
        "UPDATE threads t SET platform_thread = t.id::text WHERE t.id IN"
        " (SELECT thread_id FROM items WHERE id = ANY(%(ids)s)) AND NOT EXISTS (SELECT FROM items i"
        " WHERE i.thread_id = t.id AND NOT i.is_own AND i.erased_at IS NULL)",
        {"ids": list(names)},
    )


def _columns(rows: Sequence[Any], kind: type) -> dict[str, list[Any]]:
    return {name: [getattr(row, name) for row in rows] for name in kind.__dataclass_fields__}
