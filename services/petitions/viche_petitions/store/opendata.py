"""Public petitions as data, all of them in the order of their numbers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.petition import Petition, State
from viche_petitions.store import filters
from viche_petitions.store.filters import Filter
from viche_petitions.store.rows import ALONE, SOURCE, petition

COUNT = sql.SQL(
    "CASE WHEN p.is_archived OR p.opened_at IS NOT NULL THEN"
    " coalesce(p.stated_count, (SELECT sum(t.count) FROM tallies t WHERE t.petition_id = p.id), 0) ELSE 0 END::bigint"
)
"""Sponsors of a petition that was rejected never count."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A petition without its texts and terms. A hidden title is empty."""

    id: UUID
    number: int
    title: str
    state: State
    source_state: str
    is_archived: bool
    signature_count: int
    created_at: datetime | None
    opened_at: datetime | None
    closes_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SigningDays:
    """Signatures of a petition by day; only days that have some.

    ``named`` is its id where its rules publish the names of signers.
    """

    number: int
    title: str
    named: UUID | None
    days: tuple[tuple[date, int], ...]


async def version(conn: Connection, which: Filter) -> tuple[int, datetime | None]:
    """How many petitions there are, and when one of them changed last, counts included."""
    query = sql.SQL("SELECT count(*), max(greatest(p.updated_at, l.changed_at)) FROM {} WHERE {}").format(
        SOURCE, filters.of_rows(which)
    )
    row = await (await conn.execute(query, filters.values(which))).fetchone()
    assert row is not None  # an aggregate has one row
    return row[0], row[1]


async def whole(conn: Connection, which: Filter, after: int, limit: int) -> list[Petition]:
    """Petitions with a higher number than ``after``."""
    query = sql.SQL(
        "SELECT {columns} FROM {source} WHERE {where} AND p.number > %(after)s ORDER BY p.number LIMIT %(limit)s"
    ).format(columns=ALONE, source=SOURCE, where=filters.of_rows(which))
    cursor = await conn.execute(query, {"after": after, "limit": limit, **filters.values(which)})
    return [petition(row) for row in await cursor.fetchall()]


async def entries(conn: Connection, which: Filter, after: int, limit: int) -> list[Entry]:
    """The same without texts and terms."""
    query = sql.SQL(
        "SELECT p.id, p.number, CASE WHEN p.text_hidden THEN '' ELSE p.title END AS title, p.state,"
        " p.source_state, p.is_archived, {count} AS signature_count,"
        " p.created_at, p.opened_at, p.closes_at, greatest(p.updated_at, l.changed_at) AS updated_at FROM {source}"
        " WHERE {where} AND p.number > %(after)s ORDER BY p.number LIMIT %(limit)s"
    ).format(count=COUNT, source=SOURCE, where=filters.of_rows(which))
    cursor = await conn.execute(query, {"after": after, "limit": limit, **filters.values(which)})
    return [_entry(row) for row in await cursor.fetchall()]


async def signing_days(conn: Connection, which: Filter, after: int, limit: int, zone: str) -> list[SigningDays]:
    """Petitions with a higher number than ``after``, with their signatures by day of ``zone``."""
    query = sql.SQL(
        "SELECT page.number, page.title, page.named,"
        " ARRAY_AGG(d.day ORDER BY d.day) FILTER (WHERE d.day IS NOT NULL) AS days,"
        " ARRAY_AGG(d.signatures ORDER BY d.day) FILTER (WHERE d.day IS NOT NULL) AS signatures"
        " FROM (SELECT p.id, p.number, CASE WHEN p.text_hidden THEN '' ELSE p.title END AS title,"
        " CASE WHEN p.terms ->> 'signers_shown' = 'names' THEN p.id END AS named,"
        " EXISTS (SELECT 1 FROM invalidations i WHERE i.petition_id = p.id) AS is_thinned,"
        " p.opened_at IS NOT NULL AS is_opened"
        " FROM petitions p WHERE {where} AND p.number > %(after)s ORDER BY p.number LIMIT %(limit)s) AS page"
        " LEFT JOIN LATERAL (SELECT day, sum(signatures)::bigint AS signatures FROM ("
        " SELECT (m.minute AT TIME ZONE %(zone)s)::date AS day, m.count AS signatures FROM count_minutes m"
        " WHERE m.petition_id = page.id AND NOT page.is_thinned"
        " UNION ALL"
        # what was taken out must leave the day on which it was signed
        " SELECT (s.created_at AT TIME ZONE %(zone)s)::date, 1 FROM signatures s"
        " WHERE s.petition_id = page.id AND page.is_thinned AND (SELECT t.state FROM signature_transitions t"
        " WHERE t.signature_id = s.id ORDER BY t.step DESC LIMIT 1) = 'validated'"
        ") AS signed GROUP BY day) AS d ON page.is_opened"
        " GROUP BY page.number, page.title, page.named ORDER BY page.number"
    ).format(where=filters.of_rows(which))
    cursor = await conn.execute(query, {"after": after, "limit": limit, "zone": zone, **filters.values(which)})
    return [
        SigningDays(number, title, named, tuple(zip(days or (), signatures or (), strict=True)))
        for number, title, named, days, signatures in await cursor.fetchall()
    ]


def _entry(row: Any) -> Entry:
    return Entry(
        id=row.id, number=row.number, title=row.title, state=State(row.state), source_state=row.source_state,
        is_archived=row.is_archived, signature_count=row.signature_count, created_at=row.created_at,
        opened_at=row.opened_at, closes_at=row.closes_at, updated_at=row.updated_at,
    )  # fmt: skip
