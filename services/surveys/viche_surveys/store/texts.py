"""Texts that were answered, for those who may read them."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from viche_chassis.db import Connection


class TextAnswer(NamedTuple):
    """A text, and the answer that it is of."""

    response_id: UUID
    text: str
    submitted_at: datetime


async def page(
    conn: Connection, survey_id: UUID, question: str, before: UUID | None, limit: int
) -> list[TextAnswer]:  # fmt: skip
    """Texts of a question, the latest first; ids are in the order of time (UUIDv7)."""
    cursor = await conn.execute(
        "SELECT id, answers->>%(question)s AS text, coalesce(given_at, accepted_at) FROM responses"
        " WHERE survey_id = %(survey_id)s AND (%(before)s::uuid IS NULL OR id < %(before)s)"
        " AND jsonb_typeof(answers->%(question)s) = 'string' ORDER BY id DESC LIMIT %(limit)s",
        {"survey_id": survey_id, "question": question, "before": before, "limit": limit},
    )
    return [TextAnswer(*row) for row in await cursor.fetchall()]
