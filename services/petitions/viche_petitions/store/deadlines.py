"""The terms that run for petitions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_sdk.types import Deadline


async def add(conn: Connection, petition_id: UUID, deadlines: Sequence[Deadline]) -> None:
    """Notes deadlines; a clock that runs already goes on as it was."""
    await conn.execute(
        "INSERT INTO deadlines (petition_id, clock, event, started_at, ends_at, body)"
        " SELECT %(id)s, clock, event, started_at, ends_at, body FROM unnest(%(clocks)s::text[], %(events)s::text[],"
        " %(started)s::timestamptz[], %(ends)s::timestamptz[], %(bodies)s::jsonb[])"
        " AS new (clock, event, started_at, ends_at, body) ON CONFLICT (petition_id, clock) DO NOTHING",
        {
            "id": petition_id,
            "clocks": [each.clock for each in deadlines],
            "events": [str(each.event) for each in deadlines],
            "started": [each.started_at for each in deadlines],
            "ends": [each.ends_at for each in deadlines],
            "bodies": [each.to_json() for each in deadlines],
        },
    )


async def meet(conn: Connection, petition_id: UUID, clocks: Sequence[str], at: datetime) -> None:
    """Notes when the event happened that clocks wait for; the first time counts."""
    await conn.execute(
        "UPDATE deadlines SET met_at = %(at)s"
        " WHERE petition_id = %(id)s AND clock = ANY(%(clocks)s) AND met_at IS NULL",
        {"id": petition_id, "clocks": list(clocks), "at": at},
    )
