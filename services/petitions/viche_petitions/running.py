"""What happens to petitions: noted, and clocks started and met, in the transaction of the event."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis.db import Connection
from viche_chassis.ids import new_id
from viche_petitions.domain.steps import STEPS
from viche_petitions.store import deadlines as store
from viche_petitions.store import happenings
from viche_sdk.types import Event, Happening, Terms

ONCE = (*STEPS, Event.ANSWERED)
"""What happens once, so that a clock which begins after it has nothing to wait for: an answer may come early."""


async def happened(
    conn: Connection,
    petition_id: UUID,
    terms: Terms,
    event: Happening,
    at: datetime,
    zone: ZoneInfo,
    officer: bytes | None = None,
    detail: str = "",
) -> None:
    """Notes an event, meets the clocks that it ends, and starts those that it starts.

    A clock that waits for the opening is met by a rejection too: it says by when somebody has to decide.

    Args:
        at: when it happened; aware.
        zone: of the authority.
        officer: who said so, under the pseudonym of the scope "authors"; None for what nobody decided.
        detail: what is to be said of it besides.

    Raises:
        AlreadyRecorded: it is a step that happens once, and was noted before.
    """
    await happenings.add(conn, new_id(), petition_id, str(event), at, officer, detail)
    ending = (event, Event.OPENED) if event is Event.REJECTED else (event,)
    ended = [clock.name for clock in terms.clocks if clock.ends_with in ending]
    if ended:
        await store.meet(conn, petition_id, ended, at)
    started = [clock.deadline(at, zone, terms.calendar) for clock in terms.starting_at(event)]
    if started:
        await store.add(conn, petition_id, started)
        awaited = {clock.name: str(clock.ends_with) for clock in terms.starting_at(event) if clock.ends_with in ONCE}
        await store.meet_past(conn, petition_id, awaited)
