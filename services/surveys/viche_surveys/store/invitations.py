"""Links that were given out, each for one answer."""

from collections.abc import Sequence
from uuid import UUID

from viche_chassis.db import Connection


async def add(conn: Connection, survey_id: UUID, links: Sequence[tuple[UUID, bytes]]) -> None:
    """Adds links by id and hash of the secret."""
    await conn.execute(
        "INSERT INTO invitations (id, survey_id, secret_hash) SELECT id, %(survey_id)s, secret_hash"
        " FROM unnest(%(ids)s::uuid[], %(hashes)s::bytea[]) AS item (id, secret_hash)",
        {"survey_id": survey_id, "ids": [id for id, _ in links], "hashes": [digest for _, digest in links]},
    )


async def find(conn: Connection, survey_id: UUID, secret_hash: bytes) -> tuple[UUID, bool] | None:
    """The id of a link, and whether somebody has answered with it; None where there is no such link."""
    cursor = await conn.execute(
        "SELECT id, is_used FROM invitations WHERE secret_hash = %(hash)s AND survey_id = %(survey_id)s",
        {"hash": secret_hash, "survey_id": survey_id},
    )
    row = await cursor.fetchone()
    return (row[0], row[1]) if row else None


async def use(conn: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Uses links; those that are used already are passed over.

    Returns:
        those that were not used before.
    """
    cursor = await conn.execute(
        # in the order of the key, so that two batches wait for each other and never both
        "UPDATE invitations SET is_used = true FROM (SELECT id FROM invitations WHERE id = ANY(%(ids)s)"
        " ORDER BY id FOR UPDATE) AS held WHERE invitations.id = held.id AND NOT invitations.is_used"
        " RETURNING invitations.id",
        {"ids": list(ids)},
    )
    return {row[0] for row in await cursor.fetchall()}


async def counts(conn: Connection, survey_id: UUID) -> tuple[int, int]:
    """How many there are, and how many are used."""
    cursor = await conn.execute(
        "SELECT count(*) AS made, count(*) FILTER (WHERE is_used) AS used FROM invitations"
        " WHERE survey_id = %(survey_id)s",
        {"survey_id": survey_id},
    )
    row = await cursor.fetchone()
    assert row is not None  # an aggregate has one row
    return row[0], row[1]
