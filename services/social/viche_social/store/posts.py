"""Posts, their history, their files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, namedtuple_row

from viche_chassis.db import Connection
from viche_social.domain.post_documents import from_json, to_json
from viche_social.domain.posts import Content, PostState

_COLUMNS = (
    "p.id, p.number, p.authority_id, p.content, p.state, p.version, p.publish_at, p.corrects_id, p.written_by,"
    " p.approved_by, p.returned_because, p.withdrawn_because, p.created_at, p.changed_at, p.out_at, p.edition"
)
NEEDS_SOMEBODY = ("refused", "unknown", "by_hand", "blocked")
"""States of deliveries that end by a person's hand."""


@dataclass(frozen=True, slots=True)
class Post:
    """One post."""

    id: UUID
    number: int
    authority_id: UUID
    content: Content
    state: PostState
    version: int
    written_by: bytes | None
    approved_by: bytes | None
    returned_because: str
    withdrawn_because: str
    created_at: datetime
    changed_at: datetime
    out_at: datetime | None
    edition: int


@dataclass(frozen=True, slots=True)
class Media:
    """A file."""

    id: UUID
    authority_id: UUID
    title: str
    kind: str
    type: str
    size_bytes: int
    width: int
    height: int


async def insert(conn: Connection, id: UUID, authority_id: UUID, content: Content, person: bytes | None) -> None:
    """Adds a draft."""
    await conn.execute(
        "INSERT INTO posts (id, authority_id, content, publish_at, corrects_id, written_by) VALUES (%(id)s,"
        " %(authority_id)s, %(content)s, %(publish_at)s, %(corrects_id)s, %(person)s)",
        {"id": id, "authority_id": authority_id, "person": person, **_content(content)},
    )


async def change(conn: Connection, id: UUID, content: Content, person: bytes | None) -> None:
    """Puts another content in its place: a new version, which is a draft."""
    await conn.execute(
        "UPDATE posts SET content = %(content)s, publish_at = %(publish_at)s, corrects_id = %(corrects_id)s,"
        " written_by = %(person)s, state = 'draft', version = version + 1, changed_at = clock_timestamp()"
        " WHERE id = %(id)s",
        {"id": id, "person": person, **_content(content)},
    )


async def set_state(
    conn: Connection,
    id: UUID,
    state: PostState,
    *,
    approved_by: bytes | None = None,
    returned_because: str = "",
    withdrawn_because: str = "",
) -> None:
    """Moves a post on; what is not given is emptied, but for who approved what is out."""
    await conn.execute(
        "UPDATE posts SET state = %(state)s, returned_because = %(returned_because)s,"
        " withdrawn_because = %(withdrawn_because)s, changed_at = clock_timestamp(),"
        " approved_by = CASE WHEN %(state)s IN ('out', 'withdrawn') THEN coalesce(%(approved_by)s, approved_by)"
        " ELSE %(approved_by)s END,"
        " out_at = CASE WHEN %(state)s = 'out' THEN coalesce(out_at, clock_timestamp()) ELSE out_at END"
        " WHERE id = %(id)s",
        {
            "id": id,
            "state": state,
            "approved_by": approved_by,
            "returned_because": returned_because,
            "withdrawn_because": withdrawn_because,
        },
    )


async def set_edition(conn: Connection, id: UUID, content: Content, edition: int) -> None:
    """Puts what a later edition says in the place of what a post says that is out."""
    await conn.execute(
        "UPDATE posts SET content = %(content)s, edition = %(edition)s, changed_at = clock_timestamp()"
        " WHERE id = %(id)s",
        {"id": id, "content": json.dumps(to_json(content)), "edition": edition},
    )


async def take_back(conn: Connection, id: UUID) -> None:
    """Makes a draft of a post again, of which nothing is out: what it says then is its first edition."""
    await conn.execute("DELETE FROM editions WHERE post_id = %(id)s", {"id": id})
    await conn.execute(
        "UPDATE posts SET state = 'draft', approved_by = NULL, out_at = NULL, version = version + 1, edition = 1,"
        " changed_at = clock_timestamp() WHERE id = %(id)s",
        {"id": id},
    )


async def note(conn: Connection, post: Post, what: str, person: bytes | None) -> None:
    """Writes down what was done with a version, and what it said."""
    await conn.execute(
        "INSERT INTO post_history (post_id, version, what, person, content)"
        " VALUES (%(id)s, %(version)s, %(what)s, %(person)s, %(content)s)",
        {
            "id": post.id,
            "version": post.version,
            "what": what,
            "person": person,
            "content": json.dumps(to_json(post.content)),
        },
    )


async def delete(conn: Connection, id: UUID) -> None:
    """Deletes a draft, with what was taken back of it before it was sent."""
    await conn.execute("DELETE FROM deliveries WHERE post_id = %(id)s", {"id": id})
    await conn.execute("DELETE FROM posts WHERE id = %(id)s", {"id": id})


async def get(conn: Connection, id: UUID) -> Post | None:
    """One post."""
    cursor = conn.cursor(row_factory=namedtuple_row)
    await cursor.execute(f"SELECT {_COLUMNS} FROM posts p WHERE p.id = %(id)s", {"id": id})  # noqa: S608 (ours)
    row = await cursor.fetchone()
    return _post(row) if row else None


async def hold(conn: Connection, id: UUID) -> Post | None:
    """One post, which nobody else changes until the transaction ends."""
    cursor = conn.cursor(row_factory=namedtuple_row)
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM posts p WHERE p.id = %(id)s FOR UPDATE",  # noqa: S608 (ours)
        {"id": id},
    )
    row = await cursor.fetchone()
    return _post(row) if row else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts: an empty state means any."""

    authorities: Sequence[UUID]
    state: str = ""
    needs_somebody: bool = False
    since: datetime | None = None
    until: datetime | None = None


async def listed(conn: Connection, wanted: Wanted, after: tuple[datetime, UUID] | None, limit: int) -> list[Post]:
    """Posts of authorities, the latest first by when they went out, will go out, or last changed."""
    cursor = conn.cursor(row_factory=namedtuple_row)
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM posts p, LATERAL (SELECT coalesce(p.out_at, p.publish_at, p.changed_at) AS at) t"  # noqa: S608 (ours)
        " WHERE p.authority_id = ANY(%(authorities)s) AND (%(state)s = '' OR p.state = %(state)s)"
        " AND (%(since)s::timestamptz IS NULL OR t.at >= %(since)s)"
        " AND (%(until)s::timestamptz IS NULL OR t.at < %(until)s)"
        " AND (NOT %(needs_somebody)s OR p.state IN ('submitted', 'returned')"
        " OR EXISTS (SELECT 1 FROM deliveries d WHERE d.post_id = p.id AND (d.state = ANY(%(needy)s)"
        " OR (d.state = 'published' AND d.task IS NULL AND d.error <> '' AND d.edition < p.edition"
        " AND p.state = 'out')))"
        " OR EXISTS (SELECT 1 FROM editions e WHERE e.post_id = p.id AND e.state IN ('submitted', 'returned')))"
        " AND (%(at)s::timestamptz IS NULL OR (t.at, p.id) < (%(at)s, %(id)s))"
        " ORDER BY t.at DESC, p.id DESC LIMIT %(limit)s",
        {
            "authorities": list(wanted.authorities),
            "state": wanted.state,
            "since": wanted.since,
            "until": wanted.until,
            "needs_somebody": wanted.needs_somebody,
            "needy": list(NEEDS_SOMEBODY),
            "at": after and after[0],
            "id": after and after[1],
            "limit": limit,
        },
    )
    return [_post(row) for row in await cursor.fetchall()]


async def public(
    conn: Connection, authorities: Sequence[UUID], number: int, after: tuple[datetime, UUID] | None, limit: int
) -> list[Post]:
    """What has been out, the latest first; withdrawn ones, too. No authorities means all, number 0 any."""
    cursor = conn.cursor(row_factory=namedtuple_row)
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM posts p WHERE p.out_at IS NOT NULL AND p.state IN ('out', 'withdrawn')"  # noqa: S608 (ours)
        " AND (cardinality(%(authorities)s::uuid[]) = 0 OR p.authority_id = ANY(%(authorities)s))"
        " AND (%(number)s = 0 OR p.number = %(number)s)"
        " AND (%(at)s::timestamptz IS NULL OR (p.out_at, p.id) < (%(at)s, %(id)s))"
        " ORDER BY p.out_at DESC, p.id DESC LIMIT %(limit)s",
        {
            "authorities": list(authorities),
            "number": number,
            "at": after and after[0],
            "id": after and after[1],
            "limit": limit,
        },
    )
    return [_post(row) for row in await cursor.fetchall()]


async def numbers(conn: Connection, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Public numbers of posts."""
    cursor = await conn.execute("SELECT id, number FROM posts WHERE id = ANY(%(ids)s)", {"ids": list(ids)})
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def corrections(conn: Connection, ids: Sequence[UUID]) -> dict[UUID, int]:
    """For posts that were corrected: the number of the latest correction that is out."""
    cursor = await conn.execute(
        "SELECT DISTINCT ON (corrects_id) corrects_id, number FROM posts"
        " WHERE corrects_id = ANY(%(ids)s) AND state = 'out' ORDER BY corrects_id, out_at DESC",
        {"ids": list(ids)},
    )
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def scheduled(conn: Connection, limit: int) -> list[UUID]:
    """Posts whose time has come."""
    cursor = await conn.execute(
        "SELECT id FROM posts WHERE state = 'scheduled' AND publish_at <= clock_timestamp()"
        " ORDER BY publish_at LIMIT %(limit)s",
        {"limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def now(conn: Connection) -> datetime:
    """The database's clock."""
    row = await (await conn.execute("SELECT clock_timestamp()")).fetchone()
    assert row is not None  # a bare SELECT has one row
    return row[0]


async def insert_media(conn: Connection, media: Media) -> None:
    """Adds a file whose object is there."""
    await conn.execute(
        "INSERT INTO media (id, authority_id, title, kind, type, size_bytes, width, height) VALUES (%(id)s,"
        " %(authority_id)s, %(title)s, %(kind)s, %(type)s, %(size_bytes)s, %(width)s, %(height)s)",
        {name: getattr(media, name) for name in Media.__dataclass_fields__},
    )


async def media(conn: Connection, ids: Sequence[UUID]) -> Mapping[UUID, Media]:
    """Files by id."""
    cursor = conn.cursor(row_factory=class_row(Media))
    await cursor.execute(
        "SELECT id, authority_id, title, kind, type, size_bytes, width, height FROM media WHERE id = ANY(%(ids)s)",
        {"ids": list(ids)},
    )
    return {each.id: each for each in await cursor.fetchall()}


def _content(content: Content) -> dict[str, Any]:
    return {
        "content": json.dumps(to_json(content)),
        "publish_at": content.publish_at,
        "corrects_id": content.corrects_id,
    }


def _post(row: Any) -> Post:
    content = replace(from_json(row.content), publish_at=row.publish_at, corrects_id=row.corrects_id)
    return Post(
        id=row.id, number=row.number, authority_id=row.authority_id, content=content, state=PostState(row.state),
        version=row.version, written_by=row.written_by, approved_by=row.approved_by,
        returned_because=row.returned_because, withdrawn_because=row.withdrawn_because, created_at=row.created_at,
        changed_at=row.changed_at, out_at=row.out_at, edition=row.edition,
    )  # fmt: skip
