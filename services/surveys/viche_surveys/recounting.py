"""Counting answers one by one, each night; where the tallies differ they are mended, and never in silence."""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.metrics import count_differences
from viche_chassis.periodic import every
from viche_surveys import definitions
from viche_surveys.domain.plan import Plan, plan
from viche_surveys.domain.tallying import Cell, Tally, moves
from viche_surveys.store import locks, recounts, tallies
from viche_surveys.store import surveys as store
from viche_surveys.store.recounts import Difference, RawResponse

log = logging.getLogger("viche.surveys")

LOOK_EVERY_S = 60.0
HOUR = 3
PAGE = 1_000
STATEMENT_TIMEOUT_S = 600
Tallies = dict[tallies.Key, Tally]


@dataclass(frozen=True, slots=True)
class Recount:
    """Answers to a survey, counted one by one, and where the tallies differ.

    Attributes:
        at: when this was so.
        is_mended: whether the tallies are right now.
    """

    survey_id: UUID
    responses: int
    differences: tuple[Difference, ...]
    at: datetime
    is_mended: bool


class Recounting:
    """Recounts at three in the morning the surveys that were answered since their last recount.

    Args:
        zone: of the days that answers are counted by.
    """

    def __init__(self, pool: Pool, zone: str) -> None:
        self._pool = pool
        self._zone = zone

    async def run(self) -> None:
        """Runs until cancelled."""
        count_differences.add(0)  # from zero on, so that the first one is seen as a rise
        await every(LOOK_EVERY_S, self.recount_due, "recount")

    async def recount_due(self) -> None:
        """Recounts once a night, in one process; a night that was missed is made up for as soon as one runs."""
        async with reading(self._pool) as conn:
            if not await recounts.is_night_due(conn, self._zone, HOUR):
                return
        async with transaction(self._pool) as conn:
            if not await locks.try_hold(conn, locks.RECOUNTS):
                return
            recounted = await self._recount_changed()
            await recounts.end_night(conn, self._zone, HOUR)
        log.info("recount done", extra={"surveys": recounted})

    async def _recount_changed(self) -> int:
        recounted, after = 0, recounts.FIRST
        while True:
            async with reading(self._pool) as conn:
                survey_id = await recounts.next_changed(conn, after)
            if survey_id is None:
                return recounted
            recounted, after = recounted + await self._try(survey_id), survey_id

    async def _try(self, survey_id: UUID) -> bool:
        try:
            await self.one(survey_id, mend=True)
        except Unavailable:
            raise
        except Exception:  # one survey never keeps the others from being counted
            log.exception("a survey cannot be recounted", extra={"survey_id": str(survey_id)})
            return False
        return True

    async def one(self, survey_id: UUID, *, mend: bool = False) -> Recount:
        """Counts the answers to a survey, notes what it has shown, and mends it if asked.

        How often personal questions were answered is left out: that is kept apart from the answers, and is erased.
        Nobody who answers waits: they move answers and tallies alike, so a difference stays right meanwhile.
        """
        async with transaction(self._pool) as conn:
            await recounts.allow_long_statements(conn, STATEMENT_TIMEOUT_S)
            await locks.hold_recount(conn, survey_id)
            responses, differences, at = await self._look(survey_id)
            found = Recount(survey_id, responses, differences, at, mend or not differences)
            if mend and differences:
                await recounts.mend(conn, differences)
            await recounts.add(conn, survey_id, responses, differences, at, is_mended=found.is_mended)
        if differences:
            _tell(found)
        return found

    async def _look(self, survey_id: UUID) -> tuple[int, tuple[Difference, ...], datetime]:
        """How many answers there are, and where the tallies differ from them, all at one moment."""
        async with transaction(self._pool) as conn:
            at = await recounts.hold_still(conn)
            plans: dict[int, Plan] = {}
            counted, total = await self._count(conn, survey_id, plans)
            published = await tallies.sums(conn, survey_id)
        personal = {name for each in plans.values() for name in each.personal}
        return total, tuple(_differences(counted, published, personal)), at

    async def _count(self, conn: Connection, survey_id: UUID, plans: dict[int, Plan]) -> tuple[Tallies, int]:
        counted, total, after = Tallies(), 0, recounts.FIRST
        while page := await recounts.responses_after(conn, survey_id, after, self._zone, PAGE):
            for version in {each.version for each in page} - plans.keys():
                text = await store.definition(conn, survey_id, version)
                plans[version] = plan(definitions.read(text or ""))
            await asyncio.to_thread(_add, counted, survey_id, plans, page)
            total, after = total + len(page), page[-1].id
        return counted, total


def _add(counted: Tallies, survey_id: UUID, plans: Mapping[int, Plan], page: Sequence[RawResponse]) -> None:
    for response in page:
        partner_id = response.partner_id or tallies.OURS
        whole: Cell = ("", response.day, str(response.version))
        for (question, row, code), number in [(whole, None), *moves(plans[response.version], response.answers)]:
            counted.setdefault((survey_id, question, row, code, partner_id), Tally()).add(number)


def _differences(
    counted: Mapping[tallies.Key, Tally], published: Mapping[tallies.Key, Tally], personal: set[str]
) -> Iterator[Difference]:
    for key in sorted(counted.keys() | published.keys()):
        if key[1] not in personal and counted.get(key) != published.get(key):
            yield Difference(key, counted.get(key), published.get(key))


def _tell(found: Recount) -> None:
    by = sum(max(1, abs(each.added)) for each in found.differences)  # the sum alone may be wrong
    count_differences.add(by)
    log.warning(
        "tallies differ",
        extra={
            "survey_id": str(found.survey_id), "cells": len(found.differences), "by": by, "is_mended": found.is_mended,
        },
    )  # fmt: skip
