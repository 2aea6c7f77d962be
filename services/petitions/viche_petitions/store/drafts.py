"""Drafts and their way to opening and closing."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.drafts import Draft
from viche_petitions.domain.petition import Petition
from viche_petitions.store import rejections
from viche_petitions.store.rows import COLUMNS, SOURCE, petition


class DraftCounts(NamedTuple):
    """How many petitions of a person wait to be opened, and how many were begun within a day."""

    unopened: int
    made_today: int


async def count(conn: Connection, author: bytes) -> DraftCounts:
    """Counts the petitions of a person."""
    cursor = await conn.execute(
        "SELECT count(*) FILTER (WHERE state IN ('draft', 'sponsoring', 'submitted')) AS unopened,"
        " count(*) FILTER (WHERE created_at > now() - interval '1 day') AS made_today"
        " FROM petitions WHERE author = %(author)s",
        {"author": author},
    )
    row = await cursor.fetchone()
    assert row is not None  # an aggregate has one row
    return DraftCounts(row[0], row[1])


async def insert(conn: Connection, id: UUID, author: bytes, workflow: str, draft: Draft, searchable: str) -> None:
    """Adds a draft, handed in at once if it says so."""
    await conn.execute(
        "INSERT INTO petitions (id, state, title, background, details, language, authority_id, author, author_name,"
        " workflow, submitted_at, searchable)"
        " VALUES (%(id)s, CASE WHEN %(submit)s THEN 'submitted' ELSE 'draft' END, %(title)s, %(background)s,"
        " %(details)s, %(language)s, %(authority_id)s, %(author)s, %(author_name)s, %(workflow)s,"
        " CASE WHEN %(submit)s THEN now() END, %(searchable)s::tsvector)",
        {"id": id, "author": author, "workflow": workflow, "searchable": searchable, **_texts(draft)},
    )


async def update(conn: Connection, id: UUID, version: int, draft: Draft, searchable: str) -> bool:
    """Replaces the texts of a draft.

    Returns:
        False when it is no draft of that version any more.
    """
    cursor = await conn.execute(
        "UPDATE petitions SET state = CASE WHEN %(submit)s THEN 'submitted' ELSE 'draft' END, title = %(title)s,"
        " background = %(background)s, details = %(details)s, language = %(language)s,"
        " authority_id = %(authority_id)s, author_name = %(author_name)s, version = version + 1, updated_at = now(),"
        " submitted_at = CASE WHEN %(submit)s THEN now() END, searchable = %(searchable)s::tsvector"
        " WHERE id = %(id)s AND state = 'draft' AND version = %(version)s",
        {"id": id, "version": version, "searchable": searchable, **_texts(draft)},
    )
    return cursor.rowcount == 1


async def put_terms(conn: Connection, id: UUID, terms: str) -> None:
    """Fixes the terms of what was handed in, for the time being."""
    await conn.execute(
        "UPDATE petitions SET terms = %(terms)s::jsonb WHERE id = %(id)s AND number IS NULL",
        {"id": id, "terms": terms},
    )


async def next_number(conn: Connection) -> int:
    """The public number after the highest, imported ones included; to be called holding ``locks.NUMBERS``."""
    cursor = await conn.execute("SELECT coalesce(max(number), 0) + 1 FROM petitions")
    row = await cursor.fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


async def now(conn: Connection) -> datetime:
    """The database's clock."""
    row = await (await conn.execute("SELECT clock_timestamp()")).fetchone()
    assert row is not None  # a bare SELECT has one row
    return row[0]


async def open_(conn: Connection, id: UUID, number: int, terms: str, opened_at: datetime, closes_at: datetime) -> bool:
    """Opens a petition that was handed in; False when it was not."""
    cursor = await conn.execute(
        "UPDATE petitions SET state = 'open', number = %(number)s, terms = %(terms)s::jsonb,"
        " opened_at = %(opened_at)s, closes_at = %(closes_at)s, updated_at = %(opened_at)s, text_hidden = false"
        " WHERE id = %(id)s AND state = 'submitted'",
        {"id": id, "number": number, "terms": terms, "opened_at": opened_at, "closes_at": closes_at},
    )
    return cursor.rowcount == 1


async def close(conn: Connection, id: UUID) -> datetime | None:
    """Closes a petition that collects. To be called holding the petition.

    Returns:
        when; None when it does not collect.
    """
    cursor = await conn.execute(
        "UPDATE petitions SET state = 'closed', closed_at = clock.now, closes_at = least(closes_at, clock.now),"
        " updated_at = clock.now FROM (SELECT clock_timestamp() AS now) AS clock"
        " WHERE id = %(id)s AND state IN ('open', 'threshold_reached') AND NOT is_archived RETURNING closed_at",
        {"id": id},
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def list_of_author(conn: Connection, author: bytes, limit: int = 200) -> list[Petition]:
    """Petitions of a person with their last rejections, most recently changed first."""
    query = sql.SQL(
        "SELECT {}, {} AS last_rejection FROM {} WHERE p.author = %(author)s"
        " ORDER BY p.updated_at DESC, p.id DESC LIMIT %(limit)s"
    ).format(COLUMNS, rejections.LAST, SOURCE)
    cursor = await conn.execute(query, {"author": author, "limit": limit})
    return [petition(row) for row in await cursor.fetchall()]


async def list_submitted(
    conn: Connection, authorities: list[UUID], after: tuple[datetime, UUID] | None, limit: int
) -> list[tuple[Petition, datetime]]:
    """What waits to be opened by authorities, oldest first, with the instant it was handed in."""
    query = sql.SQL(
        "SELECT {} FROM {} WHERE p.state = 'submitted' AND p.authority_id = ANY(%(authorities)s)"
        " AND (%(after_at)s::timestamptz IS NULL OR (p.submitted_at, p.id) > (%(after_at)s, %(after_id)s::uuid))"
        " ORDER BY p.submitted_at, p.id LIMIT %(limit)s"
    ).format(COLUMNS, SOURCE)
    after_at, after_id = after or (None, None)
    cursor = await conn.execute(
        query, {"authorities": authorities, "after_at": after_at, "after_id": after_id, "limit": limit}
    )
    return [(petition(row), row.submitted_at) for row in await cursor.fetchall()]  # pyright: ignore[reportAttributeAccessIssue] (rows are named tuples)


async def count_submitted(conn: Connection, authorities: list[UUID]) -> int:
    """How many petitions wait to be opened by authorities."""
    cursor = await conn.execute(
        "SELECT count(*) FROM petitions WHERE state = 'submitted' AND authority_id = ANY(%(authorities)s)",
        {"authorities": authorities},
    )
    row = await cursor.fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


def _texts(draft: Draft) -> dict[str, object]:
    return {
        "submit": draft.is_submitted, "title": draft.title, "background": draft.background, "details": draft.details,
        "language": draft.language, "authority_id": draft.authority_id, "author_name": draft.author_name,
    }  # fmt: skip
