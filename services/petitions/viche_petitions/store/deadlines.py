"""The terms that run for petitions."""

from collections.abc import Mapping, Sequence
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


async def reopen(conn: Connection, petition_id: UUID, clocks: Sequence[str]) -> None:
    """Lets clocks run on that were met by what was taken back."""
    await conn.execute(
        "UPDATE deadlines SET met_at = NULL WHERE petition_id = %(id)s AND clock = ANY(%(clocks)s)",
        {"id": petition_id, "clocks": list(clocks)},
    )


async def forget(conn: Connection, petition_id: UUID, clocks: Sequence[str] | None = None) -> None:
    """Deletes deadlines of clocks that start anew, or all of a petition that is a draft again."""
    await conn.execute(
        "DELETE FROM deadlines WHERE petition_id = %(id)s AND (%(clocks)s::text[] IS NULL OR clock = ANY(%(clocks)s))",
        {"id": petition_id, "clocks": None if clocks is None else list(clocks)},
    )


async def meet(conn: Connection, petition_id: UUID, clocks: Sequence[str], at: datetime) -> None:
    """Notes when the event happened that clocks wait for; the first time counts."""
    await conn.execute(
        "UPDATE deadlines SET met_at = %(at)s"
        " WHERE petition_id = %(id)s AND clock = ANY(%(clocks)s) AND met_at IS NULL",
        {"id": petition_id, "clocks": list(clocks), "at": at},
    )


async def meet_past(conn: Connection, petition_id: UUID, awaited: Mapping[str, str]) -> None:
    """Meets clocks whose events happened before the clocks began.

    Args:
        awaited: the event that each clock waits for.
    """
    await conn.execute(
        "UPDATE deadlines SET met_at = past.at"
        " FROM unnest(%(clocks)s::text[], %(events)s::text[]) AS item (clock, event)"
        " JOIN happenings past ON past.petition_id = %(id)s AND past.event = item.event"
        " WHERE deadlines.petition_id = %(id)s AND deadlines.clock = item.clock AND deadlines.met_at IS NULL",
        {"id": petition_id, "clocks": list(awaited), "events": list(awaited.values())},
    )
