"""Who has answered, where a survey is answered once per person."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class NewRespondent:
    """Somebody who answers."""

    survey_id: UUID
    respondent: bytes
    response_id: UUID
    erased_by: bytes


async def add(conn: Connection, people: Sequence[NewRespondent]) -> set[UUID]:
    """Notes who answers; those who have answered are passed over.

    Returns:
        ids of the answers of those who had not.
    """
    cursor = await conn.execute(
        # in the order of the key, so that two batches wait for each other and never both
        "INSERT INTO respondents (survey_id, respondent, response_id, erased_by)"
        " SELECT * FROM unnest(%(surveys)s::uuid[], %(respondents)s::bytea[], %(responses)s::uuid[],"
        " %(erased_by)s::bytea[]) AS item (survey_id, respondent, response_id, erased_by)"
        " ORDER BY survey_id, respondent ON CONFLICT DO NOTHING RETURNING response_id",
        {
            "surveys": [each.survey_id for each in people],
            "respondents": [each.respondent for each in people],
            "responses": [each.response_id for each in people],
            "erased_by": [each.erased_by for each in people],
        },
    )
    return {row[0] for row in await cursor.fetchall()}


async def has_answered(conn: Connection, survey_id: UUID, respondent: bytes) -> bool:
    """Whether a person has answered a survey."""
    cursor = await conn.execute(
        "SELECT 1 FROM respondents WHERE survey_id = %(survey_id)s AND respondent = %(respondent)s",
        {"survey_id": survey_id, "respondent": respondent},
    )
    return await cursor.fetchone() is not None
