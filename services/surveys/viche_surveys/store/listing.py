"""Lists of surveys, page by page."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_surveys.domain.survey import State, Survey
from viche_surveys.store.rows import COLUMNS, SOURCE, survey

After = tuple[datetime, UUID]
"""The last survey of the page before: the instant that the list is ordered by, and the id."""
NEVER = datetime.max.replace(tzinfo=UTC)
"""Stands for the end of a survey that has none."""


async def of_office(
    conn: Connection, authorities: Sequence[UUID], state: State | None, after: After | None, limit: int
) -> list[Survey]:
    """Surveys of authorities, those that changed last first."""
    query = sql.SQL(
        "SELECT {} FROM {} WHERE s.authority_id = ANY(%(authorities)s)"
        " AND (%(state)s::text IS NULL OR s.state = %(state)s)"
        " AND (%(at)s::timestamptz IS NULL OR (s.updated_at, s.id) < (%(at)s::timestamptz, %(id)s::uuid))"
        " ORDER BY s.updated_at DESC, s.id DESC LIMIT %(limit)s"
    ).format(COLUMNS, SOURCE)
    wanted = {"authorities": list(authorities), "state": state.value if state else None, "limit": limit}
    return await _surveys(conn, query, wanted | _place(after))


async def open_(conn: Connection, authorities: Sequence[UUID], after: After | None, limit: int) -> list[Survey]:
    """Listed surveys that are open, those that close soonest first; ``authorities`` empty means all."""
    query = sql.SQL(
        "SELECT {} FROM {} WHERE s.state = 'open' AND s.is_listed"
        " AND (%(authorities)s::uuid[] = '{{}}' OR s.authority_id = ANY(%(authorities)s))"
        " AND (%(at)s::timestamptz IS NULL"
        " OR (coalesce(s.closes_at, 'infinity'), s.id) > (%(at)s::timestamptz, %(id)s::uuid))"
        " ORDER BY coalesce(s.closes_at, 'infinity'), s.id LIMIT %(limit)s"
    ).format(COLUMNS, SOURCE)
    return await _surveys(conn, query, {"authorities": list(authorities), "limit": limit, **_place(after)})


async def closed(conn: Connection, authorities: Sequence[UUID], after: After | None, limit: int) -> list[Survey]:
    """Listed surveys that are closed, the latest first; ``authorities`` empty means all."""
    query = sql.SQL(
        "SELECT {} FROM {} WHERE s.state = 'closed' AND s.is_listed"
        " AND (%(authorities)s::uuid[] = '{{}}' OR s.authority_id = ANY(%(authorities)s))"
        " AND (%(at)s::timestamptz IS NULL OR (s.closed_at, s.id) < (%(at)s::timestamptz, %(id)s::uuid))"
        " ORDER BY s.closed_at DESC, s.id DESC LIMIT %(limit)s"
    ).format(COLUMNS, SOURCE)
    return await _surveys(conn, query, {"authorities": list(authorities), "limit": limit, **_place(after)})


async def _surveys(conn: Connection, query: sql.Composed, values: dict[str, Any]) -> list[Survey]:
    return [survey(row) for row in await (await conn.execute(query, values)).fetchall()]


def _place(after: After | None) -> dict[str, object]:
    """psycopg writes no infinity, so the end that a survey does not have is written by hand."""
    at, id = after or (None, None)
    return {"at": "infinity" if at == NEVER else at, "id": id}
