"""Answers that authorities keep ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from viche_chassis.db import Connection

_COLUMNS = "id, authority_id, language, title, body, changed_at"


@dataclass(frozen=True, slots=True)
class CannedReply:
    """One of them."""

    id: UUID
    authority_id: UUID
    language: str
    title: str
    body: str
    changed_at: datetime


async def of(conn: Connection, authorities: Sequence[UUID], language: str) -> list[CannedReply]:
    """Those of authorities, by language and title; an empty language means any."""
    cursor = conn.cursor(row_factory=class_row(CannedReply))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM canned_replies WHERE authority_id = ANY(%(authorities)s)"  # noqa: S608 (ours)
        " AND (%(language)s = '' OR language = %(language)s) ORDER BY authority_id, language, title, id",
        {"authorities": list(authorities), "language": language},
    )
    return await cursor.fetchall()


async def get(conn: Connection, id: UUID) -> CannedReply | None:
    """One of them."""
    cursor = conn.cursor(row_factory=class_row(CannedReply))
    await cursor.execute(f"SELECT {_COLUMNS} FROM canned_replies WHERE id = %(id)s", {"id": id})  # noqa: S608 (ours)
    return await cursor.fetchone()


async def put(conn: Connection, id: UUID, authority_id: UUID, language: str, title: str, body: str) -> CannedReply:
    """Adds one, or puts it in the place of the one of that id."""
    cursor = conn.cursor(row_factory=class_row(CannedReply))
    await cursor.execute(
        f"INSERT INTO canned_replies ({_COLUMNS}) VALUES (%(id)s, %(authority_id)s, %(language)s, %(title)s, %(body)s,"  # noqa: S608 (ours)
        " clock_timestamp()) ON CONFLICT (id) DO UPDATE SET language = excluded.language, title = excluded.title,"
        f" body = excluded.body, changed_at = excluded.changed_at RETURNING {_COLUMNS}",
        {"id": id, "authority_id": authority_id, "language": language, "title": title, "body": body},
    )
    (row,) = await cursor.fetchall()
    return row


async def delete(conn: Connection, id: UUID) -> None:
    """Throws one away."""
    await conn.execute("DELETE FROM canned_replies WHERE id = %(id)s", {"id": id})
