"""Answers one by one, to be counted anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from viche_chassis.db import Connection

FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class RawResponse:
    """An answer without its personal part; `day` is that on which it was given or accepted, in the region's zone."""

    id: UUID
    version: int
    answers: Mapping[str, object]
    partner_id: UUID | None
    day: str


async def hold_still(conn: Connection) -> None:
    """Lets the transaction see one state of the database, whatever is under way; to be called first in it."""
    await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


async def responses_after(
    conn: Connection, survey_id: UUID, after: UUID, zone: str, limit: int
) -> list[RawResponse]:  # fmt: skip
    """Answers to a survey after one of them, in the order of their ids."""
    cursor = await conn.execute(
        "SELECT id, version, answers, partner_id,"
        " to_char(coalesce(given_at, accepted_at) AT TIME ZONE %(zone)s, 'YYYY-MM-DD')"
        " FROM responses WHERE survey_id = %(survey_id)s AND id > %(after)s ORDER BY id LIMIT %(limit)s",
        {"survey_id": survey_id, "after": after, "zone": zone, "limit": limit},
    )
    return [RawResponse(*row) for row in await cursor.fetchall()]
