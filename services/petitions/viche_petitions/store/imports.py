"""Petitions taken over from another system."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from viche_chassis.db import Connection
from viche_petitions.domain.imports import ImportRow


@dataclass(frozen=True, slots=True)
class Known:
    """A petition that has one of the addresses or numbers; ``row`` is None for one of our own."""

    id: UUID
    number: int
    row: ImportRow | None


async def find(conn: Connection, rows: Sequence[ImportRow]) -> list[Known]:
    """Petitions with the address or the number of one of the rows."""
    cursor = await conn.execute(
        "SELECT id, number, title, language, source_state, stated_count, created_at, source_url FROM petitions"
        " WHERE source_url = ANY(%(urls)s) OR number = ANY(%(numbers)s)",
        {"urls": [row.source_url for row in rows], "numbers": [row.number for row in rows]},
    )
    return [_known(found) for found in await cursor.fetchall()]


async def insert(conn: Connection, items: Sequence[tuple[UUID, ImportRow, str]]) -> None:
    """Adds rows: each with its new id and its words for search."""
    await conn.execute(
        "INSERT INTO petitions (id, number, state, title, language, created_at, opened_at, updated_at, searchable,"
        " is_archived, source_url, source_state, stated_count)"
        " SELECT id, number, state, title, language, created_at, created_at, created_at, searchable::tsvector, true,"
        " source_url, source_state, count FROM unnest(%(ids)s::uuid[], %(numbers)s::bigint[], %(states)s::text[],"
        " %(titles)s::text[], %(languages)s::text[], %(created)s::timestamptz[], %(searchable)s::text[],"
        " %(urls)s::text[], %(source_states)s::text[], %(counts)s::bigint[]) AS item"
        " (id, number, state, title, language, created_at, searchable, source_url, source_state, count)",
        _arrays(items),
    )


async def update(conn: Connection, items: Sequence[tuple[UUID, ImportRow, str]]) -> None:
    """Brings rows that were taken over before up to date."""
    await conn.execute(
        "UPDATE petitions p SET number = item.number, state = item.state, title = item.title,"
        " language = item.language, created_at = item.created_at, opened_at = item.created_at,"
        " searchable = item.searchable::tsvector, source_state = item.source_state, stated_count = item.count,"
        " updated_at = now()"
        " FROM unnest(%(ids)s::uuid[], %(numbers)s::bigint[], %(states)s::text[],"
        " %(titles)s::text[], %(languages)s::text[], %(created)s::timestamptz[], %(searchable)s::text[],"
        " %(urls)s::text[], %(source_states)s::text[], %(counts)s::bigint[]) AS item"
        " (id, number, state, title, language, created_at, searchable, source_url, source_state, count)"
        " WHERE p.id = item.id AND p.is_archived",
        _arrays(items),
    )


def _arrays(items: Sequence[tuple[UUID, ImportRow, str]]) -> dict[str, list[object]]:
    return {
        "ids": [id for id, _, _ in items],
        "numbers": [row.number for _, row, _ in items],
        "states": [row.state.value for _, row, _ in items],
        "titles": [row.title for _, row, _ in items],
        "languages": [row.language for _, row, _ in items],
        "created": [row.created_at for _, row, _ in items],
        "searchable": [words for _, _, words in items],
        "urls": [row.source_url for _, row, _ in items],
        "source_states": [row.source_state for _, row, _ in items],
        "counts": [row.count for _, row, _ in items],
    }


def _known(found: tuple[object, ...]) -> Known:
    id, number, title, language, source_state, count, created_at, source_url = found
    if source_url is None:
        return Known(id, number, None)  # pyright: ignore[reportArgumentType] (as the table has it)
    row = ImportRow(number, title, language, source_state, count, created_at, source_url)  # pyright: ignore[reportArgumentType]
    return Known(id, number, row)  # pyright: ignore[reportArgumentType]
