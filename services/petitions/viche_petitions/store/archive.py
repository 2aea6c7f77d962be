"""Numbers of archived petitions, as their sources state them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from viche_chassis.db import Connection
from viche_petitions.domain.imports import StatedCount, StatedTerritory


async def territories(conn: Connection, petition_id: UUID) -> list[StatedTerritory]:
    """Signatures by territory, in the order of the source."""
    cursor = await conn.execute("SELECT stated_territories FROM petitions WHERE id = %(id)s", {"id": petition_id})
    row = await cursor.fetchone()
    return [StatedTerritory(*each) for each in (row[0] if row else None) or ()]


async def counts(conn: Connection, petition_id: UUID) -> list[StatedCount]:
    """The count by the day, in order."""
    cursor = await conn.execute(
        "SELECT day, count FROM stated_counts WHERE petition_id = %(id)s ORDER BY day", {"id": petition_id}
    )
    return [StatedCount(row[0], row[1]) for row in await cursor.fetchall()]


async def counts_of(conn: Connection, petition_ids: Sequence[UUID]) -> dict[tuple[UUID, date], int]:
    """The counts of several petitions, by petition and day."""
    cursor = await conn.execute(
        "SELECT petition_id, day, count FROM stated_counts WHERE petition_id = ANY(%(ids)s) ORDER BY petition_id, day",
        {"ids": list(petition_ids)},
    )
    return {(row[0], row[1]): row[2] for row in await cursor.fetchall()}


async def put_counts(conn: Connection, counts: Sequence[tuple[UUID, StatedCount]]) -> None:
    """Adds days, or replaces the count of those that are there."""
    await conn.execute(
        "INSERT INTO stated_counts (petition_id, day, count)"
        " SELECT * FROM unnest(%(ids)s::uuid[], %(days)s::date[], %(counts)s::bigint[])"
        " ON CONFLICT (petition_id, day) DO UPDATE SET count = excluded.count",
        {
            "ids": [id for id, _ in counts],
            "days": [count.day for _, count in counts],
            "counts": [count.count for _, count in counts],
        },
    )
