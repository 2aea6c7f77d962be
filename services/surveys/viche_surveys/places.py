"""Places of quotas that a draft has, from the page that decides it until it is sent or left."""

from collections.abc import Collection
from uuid import UUID

from viche_chassis.db import Connection, Pool, transaction
from viche_surveys.domain.judging import Judged
from viche_surveys.domain.quotas import full, quotas_of
from viche_surveys.live import Live
from viche_surveys.store import quotas

MINUTES = 60
"""How long a place is kept for somebody who does not go on."""
MOST_AT_ONCE = 100


class Places:
    """The places of one draft, in a transaction."""

    def __init__(self, conn: Connection, live: Live, draft_id: UUID) -> None:
        self._conn = conn
        self._live = live
        self._draft_id = draft_id

    async def settle(self, judged: Judged, language: str) -> None:
        """Reserves the places that the answers need, and gives back those that they do not need any more.

        Raises:
            QuotaFull: there is none left.
        """
        if not self._live.plan.definition.quotas:
            return
        wanted = {each.name: each for each in quotas_of(self._live.plan, judged.shown)}
        had = (await quotas.reserved(self._conn, [self._draft_id])).get(self._draft_id, set())
        if not wanted and not had:
            return
        left = await quotas.hold(self._conn, {(self._live.id, name) for name in {*wanted, *had}})
        kept = (await quotas.reserved(self._conn, [self._draft_id])).get(self._draft_id, set())
        for name in wanted.keys() - kept:
            if left.get((self._live.id, name), 0) < 1:
                raise full(self._live.plan, wanted[name], language)
        await self._move(wanted.keys() - kept, kept - wanted.keys())
        await quotas.reserve(self._conn, self._live.id, self._draft_id, wanted, MINUTES)

    async def _move(self, taken: Collection[str], given: Collection[str]) -> None:
        places = dict.fromkeys(taken, 1) | dict.fromkeys(given, -1)
        if places:
            await quotas.take(self._conn, {(self._live.id, name): places[name] for name in sorted(places)})
        if given:
            await quotas.release(self._conn, [self._draft_id], given)


async def give_back_ended(pool: Pool) -> int:
    """Gives back places whose time is over; returns in how many quotas."""
    async with transaction(pool) as conn:
        ended = await quotas.ended(conn, MOST_AT_ONCE)
        if ended:
            await quotas.hold(conn, ended)
    return len(ended)
