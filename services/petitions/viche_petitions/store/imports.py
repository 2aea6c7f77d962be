"""Petitions taken over from another system."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.imports import ImportRow, StatedTerritory
from viche_petitions.domain.petition import State

_ITEMS = sql.SQL(
    "unnest(%(id)s::uuid[], %(key)s::text[], %(number)s::bigint[], %(state)s::text[], %(title)s::text[],"
    " %(background)s::text[], %(details)s::text[], %(language)s::text[], %(author_name)s::text[],"
    " %(created_at)s::timestamptz[], %(opened_at)s::timestamptz[], %(closes_at)s::timestamptz[],"
    " %(source_url)s::text[], %(source_name)s::text[], %(source_licence)s::text[], %(source_state)s::text[],"
    " %(count)s::bigint[], %(facts)s::text[], %(territories)s::text[], %(searchable)s::text[]) AS item"
    " (id, key, number, state, title, background, details, language, author_name, created_at, opened_at, closes_at,"
    " source_url, source_name, source_licence, source_state, count, facts, territories, searchable)"
)
_PLAIN = (
    "key", "number", "title", "background", "details", "language", "author_name", "created_at", "opened_at",
    "closes_at", "source_url", "source_name", "source_licence", "source_state", "count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A petition that has one of the keys or numbers; ``row`` is None for one of our own."""

    id: UUID
    number: int
    row: ImportRow | None


async def find(conn: Connection, keys: Sequence[str], numbers: Sequence[int]) -> list[Known]:
    """Petitions with one of the keys or numbers."""
    cursor = await conn.execute(
        "SELECT id, number, state, title, background, details, language, author_name, created_at, opened_at, closes_at,"
        " source_key, coalesce(source_url, '') AS source_url, source_name, source_licence, source_state, stated_count,"
        " source_facts, stated_territories FROM petitions"
        " WHERE source_key = ANY(%(keys)s) OR number = ANY(%(numbers)s) ORDER BY id",
        {"keys": list(keys), "numbers": list(numbers)},
    )
    return [_known(found) for found in await cursor.fetchall()]


async def insert(conn: Connection, items: Iterable[tuple[UUID, ImportRow, str]]) -> None:
    """Adds rows: each with its new id and its words for search."""
    query = sql.SQL(
        "INSERT INTO petitions (id, number, state, title, background, details, language, author_name, created_at,"
        " opened_at, closes_at, updated_at, imported_at, searchable, is_archived, source_key, source_url, source_name,"
        " source_licence, source_state, stated_count, source_facts, stated_territories)"
        " SELECT id, number, state, title, background, details, language, author_name, created_at, opened_at,"
        " closes_at, now(), now(), searchable::tsvector, true, key, nullif(source_url, ''), source_name,"
        " source_licence, source_state, count, facts::jsonb, territories::jsonb FROM {}"
    ).format(_ITEMS)
    await conn.execute(query, _arrays(items))


async def update(conn: Connection, items: Iterable[tuple[UUID, ImportRow, str]]) -> None:
    """Brings rows that were taken over before up to date."""
    query = sql.SQL(
        "UPDATE petitions p SET number = item.number, state = item.state, title = item.title,"
        " background = item.background, details = item.details, language = item.language,"
        " author_name = item.author_name, created_at = item.created_at, opened_at = item.opened_at,"
        " closes_at = item.closes_at, updated_at = now(), searchable = item.searchable::tsvector,"
        " source_url = nullif(item.source_url, ''), source_name = item.source_name,"
        " source_licence = item.source_licence, source_state = item.source_state, stated_count = item.count,"
        " source_facts = item.facts::jsonb, stated_territories = item.territories::jsonb FROM {}"
        " WHERE p.id = item.id AND p.is_archived"
    ).format(_ITEMS)
    await conn.execute(query, _arrays(items))


def _arrays(items: Iterable[tuple[UUID, ImportRow, str]]) -> dict[str, list[object]]:
    ids, rows, words = zip(*items, strict=True)
    return {
        "id": list(ids),
        "searchable": list(words),
        "state": [row.state.value for row in rows],
        "facts": [json.dumps(row.facts) if row.facts is not None else None for row in rows],
        "territories": [json.dumps([astuple(each) for each in row.territories]) for row in rows],
        **{name: [getattr(row, name) for row in rows] for name in _PLAIN},
    }


def _known(found: Any) -> Known:
    if found.source_key is None:
        return Known(found.id, found.number, None)
    row = ImportRow(
        key=found.source_key, number=found.number, title=found.title, language=found.language,
        state=State(found.state), source_state=found.source_state, count=found.stated_count,
        source_url=found.source_url, source_name=found.source_name, source_licence=found.source_licence,
        background=found.background, details=found.details, author_name=found.author_name,
        created_at=found.created_at, opened_at=found.opened_at, closes_at=found.closes_at, facts=found.source_facts,
        territories=tuple(StatedTerritory(*each) for each in found.stated_territories or ()),
    )  # fmt: skip
    return Known(found.id, found.number, row)
