"""Editions of posts: what each said, and the one that is being written."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import namedtuple_row

from viche_chassis.db import Connection
from viche_social.domain.editions import EditionState
from viche_social.domain.post_documents import from_json, to_json
from viche_social.domain.posts import Content
from viche_social.store.posts import Post

_COLUMNS = (
    "id, post_id, number, state, content, what, version, written_by, approved_by, returned_because, changed_at, out_at"
)


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition; `number` is None while it is not out."""

    id: UUID
    post_id: UUID
    number: int | None
    state: EditionState
    content: Content
    what: str
    version: int
    written_by: bytes | None
    approved_by: bytes | None
    returned_because: str
    changed_at: datetime
    out_at: datetime | None


async def insert(conn: Connection, id: UUID, post_id: UUID, content: Content, what: str, person: bytes | None) -> None:
    """Adds one that is being written."""
    await conn.execute(
        "INSERT INTO editions (id, post_id, state, content, what, written_by)"
        " VALUES (%(id)s, %(post_id)s, 'draft', %(content)s, %(what)s, %(person)s)",
        {"id": id, "post_id": post_id, "content": _document(content), "what": what, "person": person},
    )


async def insert_first(conn: Connection, id: UUID, post: Post) -> None:
    """Writes down what a post said that went out, once."""
    await conn.execute(
        "INSERT INTO editions (id, post_id, number, state, content, written_by, approved_by, out_at)"
        " SELECT %(id)s, %(post_id)s, 1, 'out', %(content)s, %(written_by)s, %(approved_by)s, %(out_at)s"
        " WHERE NOT EXISTS (SELECT 1 FROM editions WHERE post_id = %(post_id)s AND number = 1)",
        {
            "id": id,
            "post_id": post.id,
            "content": _document(post.content),
            "written_by": post.written_by,
            "approved_by": post.approved_by,
            "out_at": post.out_at,
        },
    )


async def change(conn: Connection, id: UUID, content: Content, what: str, person: bytes | None) -> None:
    """Puts other words in its place: a new version, which is a draft."""
    await conn.execute(
        "UPDATE editions SET content = %(content)s, what = %(what)s, written_by = %(person)s, state = 'draft',"
        " version = version + 1, changed_at = clock_timestamp() WHERE id = %(id)s",
        {"id": id, "content": _document(content), "what": what, "person": person},
    )


async def set_state(conn: Connection, id: UUID, state: EditionState, returned_because: str = "") -> None:
    """Moves one on that is not out."""
    await conn.execute(
        "UPDATE editions SET state = %(state)s, returned_because = %(returned_because)s,"
        " changed_at = clock_timestamp() WHERE id = %(id)s",
        {"id": id, "state": state, "returned_because": returned_because},
    )


async def put_out(conn: Connection, id: UUID, number: int, approved_by: bytes | None) -> None:
    """Makes one the latest."""
    await conn.execute(
        "UPDATE editions SET state = 'out', number = %(number)s, approved_by = %(approved_by)s,"
        " out_at = clock_timestamp(), changed_at = clock_timestamp() WHERE id = %(id)s",
        {"id": id, "number": number, "approved_by": approved_by},
    )


async def drop_open(conn: Connection, post_id: UUID) -> None:
    """Ends the one that is being written."""
    await conn.execute(
        "UPDATE editions SET state = 'dropped', changed_at = clock_timestamp()"
        " WHERE post_id = %(post_id)s AND state IN ('draft', 'submitted', 'returned')",
        {"post_id": post_id},
    )


async def open_one(conn: Connection, post_id: UUID) -> Edition | None:
    """The one that is being written; whoever holds the post holds it, too."""
    cursor = conn.cursor(row_factory=namedtuple_row)
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM editions WHERE post_id = %(post_id)s"  # noqa: S608 (ours)
        " AND state IN ('draft', 'submitted', 'returned')",
        {"post_id": post_id},
    )
    row = await cursor.fetchone()
    return _edition(row) if row else None


async def out(conn: Connection, post_ids: Sequence[UUID]) -> list[Edition]:
    """Those that are or were out, the oldest first; none of a post that was never corrected."""
    cursor = conn.cursor(row_factory=namedtuple_row)
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM editions WHERE post_id = ANY(%(post_ids)s) AND state = 'out'"  # noqa: S608 (ours)
        " ORDER BY post_id, number",
        {"post_ids": list(post_ids)},
    )
    return [_edition(row) for row in await cursor.fetchall()]


async def content_of(conn: Connection, post: Post, number: int) -> Content:
    """What a post said with an edition."""
    if number == post.edition:
        return post.content
    found = [each for each in await out(conn, [post.id]) if each.number == number]
    return replace(found[0].content, publish_at=post.content.publish_at, corrects_id=post.content.corrects_id)


def _document(content: Content) -> str:
    return json.dumps(to_json(content))


def _edition(row: Any) -> Edition:
    return Edition(
        id=row.id, post_id=row.post_id, number=row.number, state=EditionState(row.state),
        content=from_json(row.content), what=row.what, version=row.version, written_by=row.written_by,
        approved_by=row.approved_by, returned_because=row.returned_because, changed_at=row.changed_at,
        out_at=row.out_at,
    )  # fmt: skip
