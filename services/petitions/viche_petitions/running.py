"""The clocks of petitions: started and met in the transaction of the event."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis.db import Connection
from viche_petitions.store import deadlines as store
from viche_sdk.types import Happening, Terms


async def happened(
    conn: Connection, petition_id: UUID, terms: Terms, event: Happening, at: datetime, zone: ZoneInfo
) -> None:
    """Meets the clocks that an event ends, and starts those that it starts.

    Args:
        at: when it happened; aware.
        zone: of the authority.
    """
    ended = [clock.name for clock in terms.clocks if clock.ends_with == event]
    if ended:
        await store.meet(conn, petition_id, ended, at)
    started = [clock.deadline(at, zone, terms.calendar) for clock in terms.starting_at(event)]
    if started:
        await store.add(conn, petition_id, started)
