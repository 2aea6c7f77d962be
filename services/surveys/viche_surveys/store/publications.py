"""Numbers that everybody sees."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_surveys.store.tallies import OURS

ALL = OURS
"""In place of a partner: of all answers together."""


class Due(NamedTuple):
    """A survey of which enough answers have come since its numbers were made."""

    survey_id: UUID
    partner_id: UUID
    responses: int


class PartnerTotal(NamedTuple):
    """How many answers a partner has brought to a survey; None where that is not told."""

    survey_id: UUID
    responses: int | None


_DUE = """
WITH counted AS (
    SELECT s.id, s.k, t.partner_id, sum(t.count)::bigint AS responses
    FROM surveys s JOIN tallies t ON t.survey_id = s.id AND t.question = ''
    WHERE s.state = 'open' OR s.closed_at > clock_timestamp() - interval '1 day' OR s.id = %(survey_id)s
    GROUP BY 1, 2, 3
), wanted AS (
    SELECT id, k, %(all)s AS partner_id, sum(responses)::bigint AS responses FROM counted GROUP BY 1, 2
    UNION ALL SELECT id, k, partner_id, responses FROM counted WHERE partner_id <> %(all)s
)
SELECT w.id, w.partner_id, w.responses
FROM wanted w LEFT JOIN publications p ON p.survey_id = w.id AND p.partner_id = w.partner_id
WHERE w.responses >= w.k AND (w.responses - coalesce(p.responses, 0) >= w.k OR (p.body->>'k')::integer < w.k)
ORDER BY 1, 2 LIMIT %(limit)s
"""


async def due(conn: Connection, limit: int, survey_id: UUID | None = None) -> list[Due]:
    """What is to be made anew: of open surveys, of those closed since yesterday, and of the one that is named."""
    cursor = await conn.execute(_DUE, {"all": ALL, "limit": limit, "survey_id": survey_id})
    return [Due(*row) for row in await cursor.fetchall()]


async def put(conn: Connection, due: Due, body: Mapping[str, object]) -> None:
    """Publishes numbers, unless others have been published meanwhile from which this is no step of k (`body`'s)."""
    await conn.execute(
        "INSERT INTO publications AS p (survey_id, partner_id, responses, body)"
        " VALUES (%(survey_id)s, %(partner_id)s, %(responses)s, %(body)s)"
        " ON CONFLICT (survey_id, partner_id) DO UPDATE"
        " SET responses = excluded.responses, body = excluded.body, made_at = clock_timestamp()"
        " WHERE p.responses + (excluded.body->>'k')::integer <= excluded.responses"
        " OR (p.body->>'k')::integer < (excluded.body->>'k')::integer",
        {**due._asdict(), "body": Jsonb(body)},
    )


async def body(conn: Connection, survey_id: UUID) -> object | None:
    """What is published of a survey."""
    cursor = await conn.execute(
        "SELECT body FROM publications WHERE survey_id = %(survey_id)s AND partner_id = %(all)s",
        {"survey_id": survey_id, "all": ALL},
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def of_partner(conn: Connection, partner_id: UUID, limit: int) -> list[PartnerTotal]:
    """What a partner has brought, the surveys that opened last first."""
    cursor = await conn.execute(
        "SELECT s.id, p.responses FROM surveys s"
        " LEFT JOIN publications p ON p.survey_id = s.id AND p.partner_id = %(partner_id)s"
        " WHERE EXISTS (SELECT FROM tallies t WHERE t.survey_id = s.id AND t.question = ''"
        " AND t.partner_id = %(partner_id)s) ORDER BY s.opened_at DESC, s.id DESC LIMIT %(limit)s",
        {"partner_id": partner_id, "limit": limit},
    )
    return [PartnerTotal(*row) for row in await cursor.fetchall()]
