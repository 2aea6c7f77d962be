"""Counting answers one by one, and holding the tallies against that."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from viche_chassis.db import Connection, Pool, transaction
from viche_surveys import definitions
from viche_surveys.domain.plan import Plan, plan
from viche_surveys.domain.tallying import Cell, Tally, moves
from viche_surveys.store import recounts, tallies
from viche_surveys.store import surveys as store
from viche_surveys.store.recounts import RawResponse

log = logging.getLogger("viche.surveys")

PAGE = 1_000
Tallies = dict[tallies.Key, Tally]


@dataclass(frozen=True, slots=True)
class Difference:
    """A tally that is not what the answers add up to; None where there is none."""

    key: tallies.Key
    counted: Tally | None
    published: Tally | None


@dataclass(frozen=True, slots=True)
class Recount:
    """Answers to a survey, counted one by one, and where the tallies differ."""

    survey_id: UUID
    responses: int
    differences: tuple[Difference, ...]


class Recounting:
    """Recounts surveys.

    Args:
        zone: of the days that answers are counted by.
    """

    def __init__(self, pool: Pool, zone: str) -> None:
        self._pool = pool
        self._zone = zone

    async def one(self, survey_id: UUID) -> Recount:
        """Counts the answers to a survey.

        How often personal questions were answered is left out: that is kept apart from the answers, and is erased.
        """
        async with transaction(self._pool) as conn:
            await recounts.hold_still(conn)
            plans: dict[int, Plan] = {}
            counted, total = await self._count(conn, survey_id, plans)
            published = await tallies.sums(conn, survey_id)
        personal = {name for each in plans.values() for name in each.personal}
        found = Recount(survey_id, total, tuple(_differences(counted, published, personal)))
        if found.differences:
            log.warning("tallies differ", extra={"survey_id": str(survey_id), "cells": len(found.differences)})
        return found

    async def _count(self, conn: Connection, survey_id: UUID, plans: dict[int, Plan]) -> tuple[Tallies, int]:
        counted, total, after = Tallies(), 0, recounts.FIRST
        while page := await recounts.responses_after(conn, survey_id, after, self._zone, PAGE):
            for each in page:
                if each.version not in plans:
                    text = await store.definition(conn, survey_id, each.version)
                    plans[each.version] = plan(definitions.read(text or ""))
                _add(counted, survey_id, plans[each.version], each)
            total, after = total + len(page), page[-1].id
        return counted, total


def _add(counted: Tallies, survey_id: UUID, asked: Plan, response: RawResponse) -> None:
    partner_id = response.partner_id or tallies.OURS
    whole: tuple[Cell, Decimal | None] = (("", response.day, str(response.version)), None)
    for (question, row, code), number in [whole, *moves(asked, response.answers)]:
        counted.setdefault((survey_id, question, row, code, partner_id), Tally()).add(number)


def _differences(
    counted: Mapping[tallies.Key, Tally], published: Mapping[tallies.Key, Tally], personal: set[str]
) -> Iterator[Difference]:
    for key in sorted(counted.keys() | published.keys()):
        if key[1] not in personal and counted.get(key) != published.get(key):
            yield Difference(key, counted.get(key), published.get(key))
