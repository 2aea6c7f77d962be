"""Surveys as those who answer need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from viche_chassis.db import Connection
from viche_surveys.store import locks

_IS_OPEN = "state = 'open' AND (closes_at IS NULL OR clock_timestamp() < closes_at)"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a survey stands, by the database's clock; `day` is that of the transaction in the region's zone."""

    edition: int
    is_open: bool
    day: str


async def edition(conn: Connection, number: int) -> int:
    """The edition of the survey with that number; 0 where there is none."""
    cursor = await conn.execute("SELECT edition FROM surveys WHERE number = %(number)s", {"number": number})
    row = await cursor.fetchone()
    return row[0] if row else 0


async def number(conn: Connection, survey_id: UUID) -> int | None:
    """The public number of a survey; None where there is none."""
    cursor = await conn.execute("SELECT number FROM surveys WHERE id = %(id)s", {"id": survey_id})
    row = await cursor.fetchone()
    return row[0] if row else None


async def is_open(conn: Connection, survey_id: UUID) -> bool:
    """Whether a survey takes answers now."""
    cursor = await conn.execute(f"SELECT {_IS_OPEN} FROM surveys WHERE id = %(id)s", {"id": survey_id})  # noqa: S608 (ours)
    row = await cursor.fetchone()
    return bool(row and row[0])


async def standing(conn: Connection, survey_ids: Sequence[UUID], zone: str) -> dict[UUID, Standing]:
    """How surveys stand, and will until the transaction has ended. Unknown ones are left out.

    The lock comes in a statement before, because a statement sees what was committed when it began.
    """
    async with conn.pipeline():
        await locks.share_surveys(conn, survey_ids)
        cursor = await conn.execute(
            f"SELECT id, edition, {_IS_OPEN} AS is_open, to_char(now() AT TIME ZONE %(zone)s, 'YYYY-MM-DD') AS day"  # noqa: S608 (ours)
            " FROM surveys WHERE id = ANY(%(ids)s)",
            {"ids": list(survey_ids), "zone": zone},
        )
        rows = await cursor.fetchall()
    return {row[0]: Standing(row[1], bool(row[2]), row[3]) for row in rows}
