"""Signatures on sheets of paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.errors import UniqueViolation

from viche_chassis.db import Connection
from viche_petitions.domain.errors import ReferenceTaken
from viche_petitions.domain.integrity import PAPER, Sheets
from viche_petitions.store.carrying import OFFICERS_SHARD

_LISTED = 500
_SIGN = """
WITH item AS (
    SELECT unnest(%(ids)s::uuid[]) AS id
), signed AS (
    INSERT INTO signatures (id, petition_id, channel, territory_code, assurance, created_at, paper_batch_id)
    SELECT id, %(petition_id)s, %(channel)s, %(territory_code)s, %(channel)s, now(), %(batch_id)s FROM item
), validated AS (
    INSERT INTO signature_transitions (signature_id, step, state, at) SELECT id, 0, 'validated', now() FROM item
), tallied AS (
    INSERT INTO tallies AS known (petition_id, territory_code, channel, shard, count)
    SELECT %(petition_id)s, %(territory_code)s, %(channel)s, %(shard)s, count(*) FROM item
    ON CONFLICT (petition_id, territory_code, channel, shard) DO UPDATE SET count = known.count + excluded.count
), timed AS (
    INSERT INTO count_minutes AS known (petition_id, minute, shard, count)
    SELECT %(petition_id)s, date_trunc('minute', now()), %(shard)s, count(*) FROM item
    ON CONFLICT (petition_id, minute, shard) DO UPDATE SET count = known.count + excluded.count
)
SELECT now() AS at
"""


@dataclass(frozen=True, slots=True)
class PaperBatch:
    """Sheets as they were entered; ``counting`` of their signatures count now."""

    id: UUID
    petition_id: UUID
    reference: str
    signatures: int
    territory_code: str
    received_on: date
    note: str
    created_at: datetime
    counting: int


async def insert(
    conn: Connection, id: UUID, petition_id: UUID, sheets: Sheets, received_on: date, officer: bytes
) -> None:
    """Stores sheets.

    Raises:
        ReferenceTaken: their register number is known for this petition.
    """
    try:
        await conn.execute(
            "INSERT INTO paper_batches"
            " (id, petition_id, reference, signatures, territory_code, received_on, note, officer) VALUES (%(id)s,"
            " %(petition_id)s, %(reference)s, %(signatures)s, %(territory_code)s, %(received_on)s, %(note)s,"
            " %(officer)s)",
            {
                "id": id, "petition_id": petition_id, "reference": sheets.reference, "signatures": sheets.signatures,
                "territory_code": sheets.territory_code, "received_on": received_on, "note": sheets.note,
                "officer": officer,
            },
        )  # fmt: skip
    except UniqueViolation as error:
        if error.diag.constraint_name != "paper_batches_reference":
            raise
        raise ReferenceTaken(reference=sheets.reference) from error


async def sign(
    conn: Connection, batch_id: UUID, petition_id: UUID, territory_code: str, ids: Sequence[UUID]
) -> datetime:
    """Writes the signatures of sheets, and moves tally and minute.

    Returns:
        when they were counted.
    """
    cursor = await conn.execute(
        _SIGN,
        {
            "ids": list(ids), "petition_id": petition_id, "batch_id": batch_id, "territory_code": territory_code,
            "channel": PAPER, "shard": OFFICERS_SHARD,
        },
    )  # fmt: skip
    row = await cursor.fetchone()
    assert row is not None  # a bare SELECT has one row
    return row[0]


async def list_(conn: Connection, petition_id: UUID, id: UUID | None = None) -> list[PaperBatch]:
    """Sheets of a petition, the latest first, or those with that id alone."""
    cursor = await conn.execute(
        "SELECT b.id, b.petition_id, b.reference, b.signatures, b.territory_code, b.received_on, b.note, b.created_at,"
        " (SELECT count(*) FROM signatures s WHERE s.paper_batch_id = b.id AND 'validated' = (SELECT t.state"
        " FROM signature_transitions t WHERE t.signature_id = s.id ORDER BY t.step DESC LIMIT 1))"
        " FROM paper_batches b WHERE b.petition_id = %(petition_id)s AND (%(id)s::uuid IS NULL OR b.id = %(id)s)"
        " ORDER BY b.created_at DESC, b.id DESC LIMIT %(limit)s",
        {"petition_id": petition_id, "id": id, "limit": _LISTED},
    )
    return [PaperBatch(*row) for row in await cursor.fetchall()]
