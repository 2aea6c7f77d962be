"""Sweeps what has had its time: drafts, places that were kept for them, files that nobody uses, old counters; and who
sent answers that were on their way when they were erased.
"""

from viche_chassis import rates
from viche_chassis.db import Pool, transaction
from viche_chassis.periodic import every
from viche_surveys import consumer, places
from viche_surveys.store import drafts
from viche_surveys.uploads import Uploads

SWEEP_EVERY_S = 60.0
MOST_AT_ONCE = 1_000


class Housekeeping:
    """Sweeps once a minute."""

    def __init__(self, pool: Pool, uploads: Uploads) -> None:
        self._pool = pool
        self._uploads = uploads

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(SWEEP_EVERY_S, self.sweep, "housekeeping")

    async def sweep(self) -> None:
        """Sweeps once."""
        while await places.give_back_ended(self._pool):
            pass
        ended = 1
        while ended:
            async with transaction(self._pool) as conn:
                ended = await drafts.expire(conn, MOST_AT_ONCE)
        await consumer.forget_again(self._pool)
        async with transaction(self._pool) as conn:
            await rates.sweep(conn)
        while await self._uploads.remove_unused():
            pass
