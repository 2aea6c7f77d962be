"""What follows from a count: thresholds, closing, and the order of lists. Once each, whoever looks."""

import asyncio
import logging
import time
from uuid import UUID

from viche_chassis import outbox
from viche_chassis.bus import OutboxRelay
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import Unavailable
from viche_petitions import events
from viche_petitions.domain.signing import reached_thresholds
from viche_petitions.store import counts, locks
from viche_petitions.store import drafts as store
from viche_petitions.store.counts import Due
from viche_sdk.types import Terms

log = logging.getLogger("viche.petitions")

LOOK_EVERY_S = 0.25
LOOK_AT_ALL_EVERY_S = 10.0


class Watcher:
    """Looks at petitions with new signatures four times a second, and at all that collect every ten seconds."""

    def __init__(self, pool: Pool, relay: OutboxRelay) -> None:
        self._pool = pool
        self._relay = relay
        self._moved: set[UUID] = set()
        self._looked_at_all_at = float("-inf")

    def accepted(self, petition_ids: set[UUID]) -> None:
        """Says that petitions have new signatures, in the outbox too."""
        self._moved |= petition_ids
        self._relay.wake()

    async def run(self) -> None:
        """Runs until cancelled; while the database is down nothing is lost, because all are looked at later."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look()
            except Unavailable:
                log.warning("watcher waits")
                self._looked_at_all_at = float("-inf")
                await asyncio.sleep(1)

    async def look(self) -> None:
        """Looks once."""
        moved, self._moved = self._moved, set()
        now = time.monotonic()
        look_at_all = now - self._looked_at_all_at > LOOK_AT_ALL_EVERY_S
        if not moved and not look_at_all:
            return
        async with transaction(self._pool) as conn:
            due = await counts.due(conn, None if look_at_all else sorted(moved))
        for each in due:
            await self._settle_or_log(each)
        if look_at_all:
            self._looked_at_all_at = now

    async def _settle_or_log(self, due: Due) -> None:
        try:
            await self._settle(due)
        except Unavailable:
            raise
        except Exception:  # one petition never keeps the others from closing
            log.exception("petition cannot be looked at", extra={"petition_id": str(due.id)})

    async def _settle(self, due: Due) -> None:
        missing = set(reached_thresholds(Terms.from_json(due.terms), due.count)) - set(due.reached)
        if not missing and not due.is_over and due.count == (due.listed or 0):
            return
        async with transaction(self._pool) as conn:
            if due.is_over:
                await close(conn, due.id)
            else:
                await note(conn, due)
        self._relay.wake()


async def close(conn: Connection, petition_id: UUID) -> bool:
    """Closes a petition that collects, after noting what it has reached.

    Returns:
        False when it does not collect.
    """
    await locks.hold_petition(conn, petition_id)  # waits for signatures under way, so that the count is final
    found = await counts.due(conn, [petition_id])
    if not found:
        return False
    await note(conn, found[0])
    await store.close(conn, petition_id)
    await outbox.add(conn, events.closed(petition_id, found[0].number))
    return True


async def note(conn: Connection, due: Due) -> None:
    """Notes the thresholds that a count has reached, with an event for each that is new, and the count for lists."""
    for name in reached_thresholds(Terms.from_json(due.terms), due.count):
        if name not in due.reached and await counts.add_threshold(conn, due.id, name, due.count):
            await store_reached(conn, due, name)
    if due.count != (due.listed or 0):
        await counts.put_listed(conn, due.id, due.count)


async def store_reached(conn: Connection, due: Due, threshold: str) -> None:
    """Moves the petition on and says so."""
    await counts.mark_threshold_reached(conn, due.id)
    await outbox.add(conn, events.threshold_reached(due.id, due.number, threshold, due.count))
