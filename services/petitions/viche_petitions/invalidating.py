"""Taking signatures out of the count: looked at first, decided once, carried out in the background."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from google.protobuf.message import Message

from viche_chassis import outbox
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.ids import new_id
from viche_petitions import counting, events
from viche_petitions.domain.errors import (
    AlreadyUndone,
    InvalidationEnded,
    InvalidationNotFound,
    InvalidationRunning,
    NothingToUndo,
    PreviewStale,
)
from viche_petitions.domain.integrity import (
    Kind,
    Progress,
    SignatureFilter,
    check_decision,
    check_filter,
    fallen_thresholds,
)
from viche_petitions.domain.petition import Petition
from viche_petitions.domain.sides import Side
from viche_petitions.domain.signing import asks_for_minima
from viche_petitions.store import carrying, counts, meant
from viche_petitions.store import integrity as store
from viche_petitions.store.carrying import Job
from viche_petitions.store.integrity import Decision, Invalidation
from viche_petitions.store.meant import Preview

log = logging.getLogger("viche.petitions")

BATCH = 1_000
LOOK_EVERY_S = 1.0
REST = 1.0
"""Pause after a batch as a part of the time that it took, so that half of the time is left to those who sign."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a preview shows: what a filter means, the thresholds that would fall, and until when it counts."""

    preview: Preview
    falling: list[str]
    cutoff_at: datetime


async def look(conn: Connection, petition: Petition, which: SignatureFilter) -> Shown:
    """What taking signatures out of the count would do.

    Raises:
        InvalidFields: the filter means nothing, or everything.
    """
    check_filter(which)
    await meant.allow_long_statements(conn)
    cutoff_at = await meant.cutoff(conn)
    found = await meant.preview(conn, petition.id, which, cutoff_at)
    if which.side is Side.AGAINST or petition.terms is None or not petition.reached:
        return Shown(found, [], cutoff_at)
    left = dict(petition.by_territory)
    if asks_for_minima(petition.terms):
        for code, count in (await meant.by_path(conn, petition.id, which, cutoff_at)).items():
            left[code] = left.get(code, 0) - count
    remaining = petition.signature_count - found.signatures
    return Shown(found, fallen_thresholds(petition.terms, remaining, left, petition.reached), cutoff_at)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer decides after a preview, with the time and the number that it showed."""

    which: SignatureFilter
    kind: Kind
    reason: str
    note: Mapping[str, str]
    cutoff_at: datetime
    signatures: int


async def decide(conn: Connection, petition_id: UUID, wish: Wish, officer: bytes) -> Invalidation:
    """Stores the decision with the signatures that it means; the background carries it out.

    Raises:
        InvalidFields: filter, reason or note cannot be taken.
        PreviewStale: they are not as many as the officer has seen.
    """
    check_filter(wish.which)
    check_decision(wish.reason, wish.note)
    await meant.allow_long_statements(conn)
    decision = Decision(new_id(), petition_id, wish.kind, wish.reason, wish.note, wish.which, officer)
    cutoff_at = min(wish.cutoff_at, await meant.cutoff(conn))
    found = await store.add(conn, decision, cutoff_at)
    if found != wish.signatures or not found:
        raise PreviewStale(signatures=found)
    return await must_get(conn, decision.id)


async def stop(conn: Connection, id: UUID) -> Invalidation:
    """Stops carrying a decision out; what was removed stays so. One that puts signatures back is always carried out.

    Raises:
        InvalidationNotFound, InvalidationEnded: there is nothing to stop.
    """
    found = await must_get(conn, id)
    if found.undoes or not await carrying.cancel(conn, id):
        raise InvalidationEnded()
    return await must_get(conn, id)


async def undo(conn: Connection, id: UUID, officer: bytes) -> Invalidation:
    """Decides to put back what a decision has taken out.

    Raises:
        InvalidationNotFound: there is no such decision.
        InvalidationRunning, AlreadyUndone, NothingToUndo: it cannot be taken back (now).
    """
    found = await must_get(conn, id)
    if found.state is Progress.RUNNING:
        raise InvalidationRunning()
    if found.undone_by:
        raise AlreadyUndone()
    if found.undoes or not found.moved:
        raise NothingToUndo()
    decision = Decision(new_id(), found.petition_id, found.kind, found.reason, found.note, found.which, officer)
    await store.add_undo(conn, decision, found)
    return await must_get(conn, decision.id)


async def must_get(conn: Connection, id: UUID) -> Invalidation:
    """The decision with that id, whose progress stays as it is until the end of the transaction.

    Raises:
        InvalidationNotFound: there is none.
    """
    found = await store.get(conn, id)
    if found is None:
        raise InvalidationNotFound()
    return found


class Invalidating:
    """Carries decisions out, batch by batch, each in a transaction of its own.

    A batch moves the states of signatures, the tallies and the minute, its event and the place up to which the decision
    is carried out, or nothing of it; so a worker that is killed has lost nothing, and another goes on. Replicas take
    turns. It moves a shard that nobody who signs touches, and no row of theirs, so that neither waits for the other.

    Args:
        wake: called after a commit that left something in the outbox.
    """

    def __init__(self, pool: Pool, zone: ZoneInfo, wake: Callable[[], None]) -> None:
        self._pool = pool
        self._zone = zone
        self._wake = wake
        self._decided = asyncio.Event()

    def decided(self) -> None:
        """Says that there is something to carry out."""
        self._decided.set()

    async def run(self) -> None:
        """Runs until cancelled; while the database is down decisions wait."""
        while True:
            began_s = time.monotonic()
            try:
                worked = await self.work()
            except Unavailable:
                log.warning("invalidating waits")
                worked = False
            if worked:
                await asyncio.sleep(REST * (time.monotonic() - began_s))
            else:
                await self._rest()

    async def work(self) -> bool:
        """Carries out one batch of the decision that has waited longest.

        Returns:
            False when there is none.
        """
        job: Job | None = None
        try:
            async with transaction(self._pool) as conn:
                job = await carrying.claim(conn)
                if job is None:
                    return False
                moved = await carrying.move(conn, job, BATCH)
                if moved is not None and moved.signature_ids and job.side is Side.FOR:
                    await outbox.add(conn, _event(job, moved))
            await self._settle(job, is_done=moved is None)
        except Unavailable:
            raise
        except Exception:  # one decision never keeps the others from being carried out
            log.exception("invalidation failed", extra={"invalidation_id": str(job.id) if job else ""})
            if job is None:
                return False
            await self._put_off(job)
        return True

    async def _settle(self, job: Job, *, is_done: bool) -> None:
        async with transaction(self._pool) as conn:
            if job.side is Side.FOR:
                await counting.settle(conn, job.petition_id, self._zone)
            else:
                await counts.touch_listed(conn, [job.petition_id])
            if is_done:
                await carrying.finish(conn, job.id)
        self._wake()

    async def _put_off(self, job: Job) -> None:
        async with transaction(self._pool) as conn:
            await carrying.put_off(conn, job.id)
        await asyncio.sleep(LOOK_EVERY_S)

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._decided.wait(), LOOK_EVERY_S)
        except TimeoutError:
            return
        self._decided.clear()


def _event(job: Job, moved: carrying.Moved) -> Message:
    if job.undoes:
        return events.signatures_accepted(job.petition_id, moved.signature_ids, moved.at)
    return events.signatures_invalidated(job.petition_id, moved.signature_ids)
