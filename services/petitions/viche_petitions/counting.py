"""What follows from a count: thresholds, closing, and the order of lists. Once each, whoever looks."""

import asyncio
import logging
import time
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis import outbox
from viche_chassis.bus import OutboxRelay
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.ids import new_id
from viche_chassis.metrics import Work
from viche_petitions import events, running
from viche_petitions.domain.deadlines import last_moment
from viche_petitions.domain.signing import reached_thresholds
from viche_petitions.store import counts, happenings, locks
from viche_petitions.store import drafts as store
from viche_petitions.store.counts import Due
from viche_sdk.types import Event, Reached, Terms

log = logging.getLogger("viche.petitions")

LOOK_EVERY_S = 0.25
LOOK_FOR_THE_END_EVERY_S = 10.0
LOOK_AT_ALL_EVERY_S = 60.0
MOST_AT_ONCE = 200
REVERSED = "threshold_reversed"


class Watcher:
    """Looks at petitions with new signatures four times a second.

    Every ten seconds it looks for those whose term is over, and every minute for counts that moved without being
    said here: by another process, or before this one.

    Args:
        zone: of the authorities, where days begin and end.
    """

    def __init__(self, pool: Pool, relay: OutboxRelay, zone: ZoneInfo) -> None:
        self._pool = pool
        self._relay = relay
        self._zone = zone
        self._moved: set[UUID] = set()
        self._look_for_the_end_at = float("-inf")
        self._look_at_all_at = float("-inf")
        self._turns = Work("counts", LOOK_AT_ALL_EVERY_S)

    def accepted(self, petition_ids: set[UUID]) -> None:
        """Says that petitions have new signatures, in the outbox too."""
        self._moved |= petition_ids
        self._relay.wake()

    async def run(self) -> None:
        """Runs until cancelled; while the database is down nothing is lost, because all are looked at later."""
        with self._turns.watched():
            while True:
                await asyncio.sleep(LOOK_EVERY_S)
                try:
                    await self.look()
                except Unavailable:
                    log.warning("watcher waits")
                    self._look_at_all_at = float("-inf")
                    await asyncio.sleep(1)

    async def look(self) -> None:
        """Looks once."""
        moved, self._moved = sorted(self._moved), set()
        for_the_end, at_all = (time.monotonic() >= at for at in (self._look_for_the_end_at, self._look_at_all_at))
        if for_the_end or at_all:
            async with transaction(self._pool) as conn:
                over = await counts.over(conn) if for_the_end else []
                moved = sorted({*moved, *over, *(await counts.moved(conn) if at_all else ())})
        for start in range(0, len(moved), MOST_AT_ONCE):
            async with transaction(self._pool) as conn:
                due = await counts.due(conn, moved[start : start + MOST_AT_ONCE])
            for each in due:
                await self._settle_or_log(each)
        if for_the_end:
            self._look_for_the_end_at = time.monotonic() + LOOK_FOR_THE_END_EVERY_S
        if at_all:
            self._look_at_all_at = time.monotonic() + LOOK_AT_ALL_EVERY_S
            self._turns.done()

    async def _settle_or_log(self, due: Due) -> None:
        try:
            await self._settle(due)
        except Unavailable:
            raise
        except Exception:  # one petition never keeps the others from closing
            log.exception("petition cannot be looked at", extra={"petition_id": str(due.id)})

    async def _settle(self, due: Due) -> None:
        terms = Terms.from_json(due.terms)
        missing = set(reached_thresholds(terms, due.count, due.by_territory or {})) - set(due.reached)
        if not missing and not due.is_over and due.count == (due.listed or 0):
            if terms.votes_against:  # which no list is ordered by
                async with transaction(self._pool) as conn:
                    await counts.touch_listed(conn, [due.id])
            return
        async with transaction(self._pool) as conn:
            if due.is_over:
                await close(conn, due.id, self._zone)
            elif missing:
                await settle(conn, due.id, self._zone)
            else:
                await counts.put_listed(conn, due.id, due.count)
        self._relay.wake()


async def close(
    conn: Connection, petition_id: UUID, zone: ZoneInfo, officer: bytes | None = None, closing_event: str = ""
) -> bool:
    """Closes a petition that collects, after noting what it has reached.

    Collecting ends when it is closed, or in the last second of its term where that was before.

    Args:
        officer: who closes it before its term; None where the term is over.
        closing_event: the one of its terms that ends it early, if any.

    Returns:
        False when it does not collect.
    """
    await locks.hold_petition(conn, petition_id)  # waits for signatures under way, so that the count is final
    found = await counts.due(conn, [petition_id])
    if not found:
        return False
    terms = Terms.from_json(found[0].terms)
    await settle(conn, petition_id, zone)
    closed_at = await store.close(conn, petition_id)
    if closed_at is None:
        return False
    ended_at = min(closed_at, last_moment(found[0].closes_at))
    for event in (Event.COLLECTION_ENDED, Event.CLOSED):
        await running.happened(conn, petition_id, terms, event, ended_at, zone, officer, closing_event)
    await outbox.add(conn, events.closed(petition_id, found[0].number))
    return True


async def settle(conn: Connection, petition_id: UUID, zone: ZoneInfo) -> None:
    """Holds the thresholds that are noted against the count, with an event for each change, and notes it for lists.

    The count is looked at after the lock: since one may fall under a threshold again, what a watcher saw before is no
    reason to note it any more. Who takes signatures out of the count calls this after the commit.
    """
    await locks.hold_thresholds(conn, petition_id)
    for due in await counts.due(conn, [petition_id], closed=True):
        terms = Terms.from_json(due.terms)
        holding = reached_thresholds(terms, due.count, due.by_territory or {})
        for name in due.reached:
            if name not in holding:
                await _reverse(conn, due, terms, name)
        for name in holding:
            if name not in due.reached:
                await _reach(conn, due, terms, name, zone)
        if due.count != (due.listed or 0):
            await counts.put_listed(conn, due.id, due.count)


async def _reach(conn: Connection, due: Due, terms: Terms, threshold: str, zone: ZoneInfo) -> None:
    """Moves the petition on, starts the clocks and says so; does nothing when somebody else has."""
    reached_at = await counts.add_threshold(conn, due.id, threshold, due.count, by=last_moment(due.closes_at))
    if reached_at is None:
        return
    await counts.mark_threshold_reached(conn, due.id)
    await running.happened(conn, due.id, terms, Reached(threshold), reached_at, zone)
    await outbox.add(conn, events.threshold_reached(due.id, due.number, threshold, due.count))


async def _reverse(conn: Connection, due: Due, terms: Terms, threshold: str) -> None:
    """Takes back what reaching a threshold did: the state, the clocks that it started, and those that it ended."""
    ended = [clock.name for clock in terms.clocks if clock.ends_with == Reached(threshold)]
    if not await counts.reverse_threshold(conn, due.id, new_id(), threshold, due.count, ended):
        return
    await counts.mark_no_threshold_reached(conn, due.id)
    await happenings.add(conn, new_id(), due.id, f"{REVERSED}:{threshold}", await store.now(conn), None)
    await outbox.add(conn, events.threshold_reversed(due.id, due.number, threshold, due.count))
