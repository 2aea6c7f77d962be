"""Answers that count. Written in batches; what is accepted was committed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection

_INSERT = """
WITH item AS (
    -- the answers are one JSON text: quoting each for an array would cost more than anything else here
    SELECT * FROM ROWS FROM (unnest(%(survey_ids)s::uuid[], %(ids)s::uuid[], %(request_ids)s::uuid[],
        %(body_hashes)s::bytea[], %(versions)s::integer[], %(languages)s::text[], %(channels)s::text[],
        %(partner_ids)s::uuid[], %(territories)s::text[], %(assurances)s::text[], %(seeds)s::bigint[],
        %(private)s::bytea[]), jsonb_array_elements(%(answers)s::jsonb))
        AS item (survey_id, id, request_id, body_hash, version, language, channel, partner_id,
        territory_code, assurance, seed, private, answers)
), written AS (
    -- in the order of the key, so that two batches wait for each other and never both
    INSERT INTO responses (survey_id, id, request_id, body_hash, version, answers, language, channel, partner_id,
        territory_code, assurance, seed, accepted_at)
    SELECT survey_id, id, request_id, body_hash, version, answers, language, channel, partner_id,
        territory_code, assurance, seed, now()
    FROM item ORDER BY survey_id, request_id
    ON CONFLICT DO NOTHING RETURNING id
), private AS (
    INSERT INTO response_private (survey_id, response_id, answers)
    SELECT survey_id, id, private FROM item JOIN written USING (id) WHERE private IS NOT NULL
)
SELECT id, now() AS at FROM written
"""


@dataclass(frozen=True, slots=True)
class NewResponse:
    """An answer to be written; ``answers`` is a JSON object, ``private`` the sealed one of personal answers."""

    survey_id: UUID
    id: UUID
    request_id: UUID
    body_hash: bytes
    version: int
    answers: str
    private: bytes | None
    language: str
    channel: str
    partner_id: UUID | None
    territory_code: str
    assurance: str
    seed: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """An answer that is there under a request id."""

    survey_id: UUID
    request_id: UUID
    id: UUID
    body_hash: bytes


async def insert(conn: Connection, responses: Sequence[NewResponse]) -> tuple[set[UUID], datetime | None]:
    """Writes answers; those whose request id is known in their survey are passed over.

    They bear the time at which the transaction began, because whether the survey is open was looked at after that: so
    none bears a time after the closing.

    Returns:
        ids of those that were written, and when.
    """
    if not responses:
        return set(), None
    cursor = await conn.execute(
        _INSERT,
        {
            "survey_ids": [each.survey_id for each in responses],
            "ids": [each.id for each in responses],
            "request_ids": [each.request_id for each in responses],
            "body_hashes": [each.body_hash for each in responses],
            "versions": [each.version for each in responses],
            "answers": f"[{','.join(each.answers for each in responses)}]",
            "private": [each.private for each in responses],
            "languages": [each.language for each in responses],
            "channels": [each.channel for each in responses],
            "partner_ids": [each.partner_id for each in responses],
            "territories": [each.territory_code for each in responses],
            "assurances": [each.assurance for each in responses],
            "seeds": [each.seed for each in responses],
        },
    )
    rows = await cursor.fetchall()
    return {row[0] for row in rows}, rows[0][1] if rows else None


async def find(conn: Connection, keys: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Known]:
    """Answers by survey and request id."""
    cursor = await conn.execute(
        "SELECT survey_id, request_id, id, body_hash FROM responses WHERE (survey_id, request_id) IN"
        " (SELECT * FROM unnest(%(surveys)s::uuid[], %(requests)s::uuid[]))",
        {"surveys": [survey for survey, _ in keys], "requests": [request for _, request in keys]},
    )
    return {(row[0], row[1]): Known(row[0], row[1], row[2], row[3]) for row in await cursor.fetchall()}
