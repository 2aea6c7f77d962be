"""From rows to surveys."""

from typing import Any
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_surveys.domain.survey import Admission, Settings, State, Survey, Visibility, summary_from_json

COLUMNS = sql.SQL(
    "s.id, s.number, s.state, s.authority_id, s.version, s.edition, s.admission, s.assurance, s.territory_code,"
    " s.results, s.k, s.is_listed, s.needs_human_check, s.opens_at, s.closes_at, s.opened_at, s.closed_at,"
    " s.updated_at, v.summary, coalesce(p.responses, 0) AS published"
)
"""Columns that :func:`survey` reads, of :data:`SOURCE`."""

SOURCE = sql.SQL(
    "surveys s JOIN survey_versions v ON v.survey_id = s.id AND v.version = s.version"
    " LEFT JOIN publications p ON p.survey_id = s.id AND p.partner_id = '00000000-0000-0000-0000-000000000000'"
)


def survey(row: Any) -> Survey:
    """A survey from a row of :data:`COLUMNS`."""
    return Survey(
        id=row.id, number=row.number, state=State(row.state), authority_id=row.authority_id, settings=_settings(row),
        version=row.version, edition=row.edition, summary=summary_from_json(row.summary), opened_at=row.opened_at,
        closed_at=row.closed_at, updated_at=row.updated_at, published=row.published,
    )  # fmt: skip


async def get(conn: Connection, survey_id: UUID) -> Survey | None:
    """The survey with that id, whatever its state."""
    query = sql.SQL("SELECT {} FROM {} WHERE s.id = %(id)s").format(COLUMNS, SOURCE)
    row = await (await conn.execute(query, {"id": survey_id})).fetchone()
    return survey(row) if row else None


async def get_by_number(conn: Connection, number: int) -> Survey | None:
    """The survey with that public number."""
    query = sql.SQL("SELECT {} FROM {} WHERE s.number = %(number)s").format(COLUMNS, SOURCE)
    row = await (await conn.execute(query, {"number": number})).fetchone()
    return survey(row) if row else None


def _settings(row: Any) -> Settings:
    return Settings(
        admission=Admission(row.admission), assurance=row.assurance, territory_code=row.territory_code,
        opens_at=row.opens_at, closes_at=row.closes_at, results=Visibility(row.results), k=row.k,
        is_listed=row.is_listed, needs_human_check=row.needs_human_check,
    )  # fmt: skip
