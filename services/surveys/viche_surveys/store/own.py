"""What is kept of a person, found by their pseudonyms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_surveys.domain.survey import State, Visibility


@dataclass(frozen=True, slots=True)
class OwnResponse:
    """An answer; personal ones are sealed, None where there are none."""

    survey_id: UUID
    number: int
    title: Mapping[str, str]
    id: UUID
    accepted_at: datetime
    answers: Mapping[str, object]
    private: bytes | None
    results: Visibility
    state: State


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """An answer that was begun; what is filled in is sealed."""

    survey_id: UUID
    number: int
    title: Mapping[str, str]
    id: UUID
    answers: bytes
    saved_at: datetime
    expires_at: datetime


async def surveys_after(conn: Connection, after: UUID, limit: int) -> list[UUID]:
    """Surveys that people are known in, in their order. Once somebody has answered, who may answer stays."""
    cursor = await conn.execute(
        "SELECT s.id FROM surveys s WHERE s.id > %(after)s AND s.number IS NOT NULL AND (s.admission = 'person'"
        " OR EXISTS (SELECT 1 FROM drafts d WHERE d.survey_id = s.id AND d.respondent IS NOT NULL))"
        " ORDER BY s.id LIMIT %(limit)s",
        {"after": after, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def responses(conn: Connection, people: Sequence[tuple[UUID, bytes]]) -> list[OwnResponse]:
    """Answers of a person, by survey and pseudonym in it, in the order in which they were given."""
    cursor = await conn.execute(
        "SELECT s.id AS survey_id, s.number, v.summary -> 'title' AS title, r.id AS response_id, r.accepted_at,"
        " r.answers, p.answers AS private, s.results, s.state"
        " FROM unnest(%(surveys)s::uuid[], %(respondents)s::bytea[]) AS asked (survey_id, respondent)"
        " JOIN respondents k ON k.survey_id = asked.survey_id AND k.respondent = asked.respondent"
        " JOIN responses r ON r.survey_id = k.survey_id AND r.id = k.response_id"
        " JOIN surveys s ON s.id = r.survey_id"
        " JOIN survey_versions v ON v.survey_id = s.id AND v.version = r.version"
        " LEFT JOIN response_private p ON p.survey_id = r.survey_id AND p.response_id = r.id"
        " ORDER BY r.accepted_at, r.id",
        {"surveys": [survey for survey, _ in people], "respondents": [respondent for _, respondent in people]},
    )
    return [
        OwnResponse(*row, results=Visibility(results), state=State(state))
        for *row, results, state in await cursor.fetchall()
    ]


async def drafts(conn: Connection, people: Sequence[tuple[UUID, bytes]]) -> list[OwnDraft]:
    """What a person has begun in surveys that take answers, the latest of each survey, the latest first."""
    cursor = await conn.execute(
        "SELECT * FROM (SELECT DISTINCT ON (s.id) s.id AS survey_id, s.number, v.summary -> 'title' AS title,"
        " d.id AS draft_id, d.answers, d.saved_at, d.expires_at"
        " FROM unnest(%(surveys)s::uuid[], %(respondents)s::bytea[]) AS asked (survey_id, respondent)"
        " JOIN drafts d ON d.survey_id = asked.survey_id AND d.respondent = asked.respondent AND d.expires_at > now()"
        " JOIN surveys s ON s.id = d.survey_id AND s.state = 'open' AND (s.closes_at IS NULL OR s.closes_at > now())"
        " JOIN survey_versions v ON v.survey_id = s.id AND v.version = s.version"
        " WHERE NOT EXISTS (SELECT 1 FROM respondents k"
        " WHERE k.survey_id = asked.survey_id AND k.respondent = asked.respondent)"
        " ORDER BY s.id, d.saved_at DESC, d.id) AS found ORDER BY saved_at DESC, draft_id",
        {"surveys": [survey for survey, _ in people], "respondents": [respondent for _, respondent in people]},
    )
    return [OwnDraft(*row) for row in await cursor.fetchall()]
