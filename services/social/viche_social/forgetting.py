"""Conversations are forgotten once they have been over for long, and what people took away once it has been away for
a while. Counts, times and topics stay: they are what reports are made of.
"""

from collections.abc import Sequence
from datetime import timedelta

from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.periodic import every
from viche_social.people import People
from viche_social.store import items, retention, thread_history
from viche_social.store.retention import Kept

EVERY_S = 6 * 3_600.0
AT_ONCE = 200
TAKEN_AWAY_KEPT = timedelta(days=30)
"""So long officers can still read what somebody has taken away: a threat is to be reported, and the rest is theirs."""


class Forgetting:
    """Looks some times a day. Several processes may: what one holds the others leave to it.

    Args:
        pool: of the database.
        people: names what is forgotten, so that it does not come back when it is read again.
        months: how long conversations are kept after the last thing that happened in them.
    """

    def __init__(self, pool: Pool, people: People, months: int) -> None:
        self._pool = pool
        self._people = people
        self._months = months

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(EVERY_S, self.look, "forgetting conversations")

    async def look(self) -> None:
        """Forgets all that is due, in parts."""
        while await self._forget_threads() == AT_ONCE:
            pass
        while await self._forget_taken_away() == AT_ONCE:
            pass

    async def _forget_threads(self) -> int:
        async with transaction(self._pool) as conn:
            ids = await retention.over(conn, self._months, AT_ONCE)
            if ids:
                await self._erase(conn, await retention.of_threads(conn, ids))
                await retention.forget_answers(conn, ids)
                await retention.forget_notes(conn, ids)
                await thread_history.note(conn, ids, "erased")
        return len(ids)

    async def _forget_taken_away(self) -> int:
        async with transaction(self._pool) as conn:
            found = await retention.taken_away(conn, TAKEN_AWAY_KEPT, AT_ONCE)
            if found:
                await self._erase(conn, found)
        return len(found)

    async def _erase(self, conn: Connection, kept: Sequence[Kept]) -> None:
        await items.erase(conn, {each.id: self._people.erased_id(each.channel_id, each.platform_id) for each in kept})
