"""Answers that were collected elsewhere."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection

_INSERT = """
WITH item AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(request_ids)s::uuid[], %(answers)s::text[], %(given)s::timestamptz[],
        %(private)s::bytea[]) AS item (id, request_id, answers, given_at, private)
), written AS (
    INSERT INTO responses (survey_id, id, request_id, body_hash, version, answers, language, channel, source, given_at)
    SELECT %(survey_id)s, id, request_id, %(body_hash)s, %(version)s, answers::jsonb, %(language)s, 'import',
        %(source)s, given_at FROM item ORDER BY request_id
    ON CONFLICT DO NOTHING RETURNING id
), private AS (
    INSERT INTO response_private (survey_id, response_id, answers)
    SELECT %(survey_id)s, id, private FROM item JOIN written USING (id) WHERE private IS NOT NULL
)
SELECT id FROM written
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Where answers come from, and what they answer."""

    survey_id: UUID
    version: int
    language: str
    source: str


@dataclass(frozen=True, slots=True)
class Imported:
    """An answer to be written; ``request_id`` is made from its source and its id there."""

    id: UUID
    request_id: UUID
    answers: str
    private: bytes | None
    given_at: datetime | None


async def insert(conn: Connection, batch: Batch, items: Sequence[Imported]) -> set[UUID]:
    """Writes answers; those that came over before are passed over. Returns the ids of those that were written."""
    cursor = await conn.execute(
        _INSERT,
        {
            "survey_id": batch.survey_id, "version": batch.version, "language": batch.language, "source": batch.source,
            "body_hash": hashlib.sha256(batch.source.encode()).digest(),
            "ids": [each.id for each in items], "request_ids": [each.request_id for each in items],
            "answers": [each.answers for each in items], "given": [each.given_at for each in items],
            "private": [each.private for each in items],
        },
    )  # fmt: skip
    return {row[0] for row in await cursor.fetchall()}


async def known(conn: Connection, survey_id: UUID, request_ids: Sequence[UUID]) -> set[UUID]:
    """Those that came over before."""
    cursor = await conn.execute(
        "SELECT request_id FROM responses WHERE survey_id = %(survey_id)s AND request_id = ANY(%(ids)s)",
        {"survey_id": survey_id, "ids": list(request_ids)},
    )
    return {row[0] for row in await cursor.fetchall()}
