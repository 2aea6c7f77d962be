"""Counting signatures one by one, each night and when asked; what differs is mended, and never in silence."""

import logging
import time
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis.db import Pool, reading, transaction
from viche_chassis.metrics import count_differences
from viche_chassis.periodic import every
from viche_petitions import counting
from viche_petitions.domain.sides import Side
from viche_petitions.store import locks, meant, recounts
from viche_petitions.store.recounts import Recount

log = logging.getLogger("viche.petitions")

LOOK_EVERY_S = 60.0
HOUR = 3
PAGE = 20
PAGE_S = 5.0
MOST = "10min"


class Recounting:
    """Recounts at three in the morning the petitions whose count has moved since their last recount.

    Args:
        zone: of the authorities.
    """

    def __init__(self, pool: Pool, zone: ZoneInfo) -> None:
        self._pool = pool
        self._zone = zone

    async def run(self) -> None:
        """Runs until cancelled."""
        count_differences.add(0)  # from zero on, so that the first one is seen as a rise
        await every(LOOK_EVERY_S, self.recount_due, "recount")

    async def recount_due(self) -> None:
        """Recounts once a night; a night that was missed is made up for as soon as the service runs."""
        async with reading(self._pool) as conn:
            if not await recounts.is_night_due(conn, self._zone.key, HOUR):
                return
        after: UUID | None = None
        while page := await self.next_page(after, mend=True):
            after = page[-1].petition_id
        async with transaction(self._pool) as conn:
            differed = await recounts.rebuild_listed(conn)
            await recounts.end_night(conn, self._zone.key, HOUR)
        log.info("recount done", extra={"listed_differed": differed})

    async def next_page(self, after: UUID | None, *, mend: bool) -> list[Recount]:
        """Recounts some of the petitions whose count has moved, those after an id; empty when there are no more.

        A page ends early when it has taken long, so that whoever waits for it hears of it in time.
        """
        async with reading(self._pool) as conn:
            due = await recounts.changed(conn, after, PAGE)
        ends_s = time.monotonic() + PAGE_S
        page: list[Recount] = []
        while due and (not page or time.monotonic() < ends_s):
            page += await self._recount(due.pop(0), mend=mend)
        return page

    async def one(self, number: int, *, mend: bool) -> list[Recount]:
        """Recounts the petition with a public number, its votes against too; empty where there is none of ours."""
        async with reading(self._pool) as conn:
            petition_id = await recounts.find(conn, number)
        return await self._recount(petition_id, mend=mend) if petition_id else []

    async def _recount(self, petition_id: UUID, *, mend: bool) -> list[Recount]:
        async with reading(self._pool) as conn:
            sides = await recounts.sides(conn, petition_id)
        return [await self._recount_side(petition_id, side, mend=mend) for side in reversed(sides)]

    async def _recount_side(self, petition_id: UUID, side: Side, *, mend: bool) -> Recount:
        """Counts, notes and mends under a lock that keeps other recounts of the petition out, and nobody else."""
        async with transaction(self._pool) as conn:
            await locks.hold_recount(conn, petition_id)
            await meant.allow_long_statements(conn, MOST)
            found = await recounts.count(conn, petition_id, side)
            if mend and not found.is_right:
                await recounts.mend(conn, petition_id, found, side)
            noted = await recounts.add(conn, petition_id, found, side, is_mended=mend or found.is_right)
        if not found.is_right:
            await self._tell(noted)
        return noted

    async def _tell(self, noted: Recount) -> None:
        count_differences.add(abs(noted.counted - noted.published))
        log.warning(
            "count differs",
            extra={
                "petition_id": str(noted.petition_id), "counted": noted.counted, "published": noted.published,
                "in_history": noted.in_history, "is_mended": noted.is_mended, "side": noted.side.value,
            },
        )  # fmt: skip
        if noted.is_mended and noted.side is Side.FOR:
            async with transaction(self._pool) as conn:
                await counting.settle(conn, noted.petition_id, self._zone)
