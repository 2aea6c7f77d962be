"""What ends by itself: links that nobody followed, drafts that officers wrote and nobody touched, addresses of those
invited, files that nobody uses, old counters; and what came of a person who had just been erased.
"""

from viche_chassis import rates
from viche_chassis.db import Pool, transaction
from viche_chassis.objects import ObjectStore
from viche_chassis.periodic import every
from viche_petitions import erasing, files
from viche_petitions.domain.behalf import UNCHANGED_DAYS
from viche_petitions.store import behalf, counts, email_signatures, sponsors, trends

SWEEP_EVERY_S = 60.0


class Housekeeping:
    """Sweeps once a minute.

    Args:
        trace_days: how long it is kept where signatures came from.
        objects: where files are; None where this service is not told.
    """

    def __init__(self, pool: Pool, trace_days: int, objects: ObjectStore | None) -> None:
        self._objects = objects
        self._pool = pool
        self._trace_days = trace_days

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(SWEEP_EVERY_S, self.sweep, "housekeeping")

    async def sweep(self) -> None:
        """Sweeps once."""
        ended = 1
        while ended:
            async with transaction(self._pool) as conn:
                ended = await email_signatures.expire(conn)
        async with transaction(self._pool) as conn:
            await email_signatures.forget_links(conn)
            await sponsors.forget_addresses(conn)
            await behalf.forget(conn, UNCHANGED_DAYS)
            await trends.forget(conn, self._trace_days)
            await counts.sum_up_hours(conn)
            await rates.sweep(conn)
        await erasing.forget_again(self._pool)
        if self._objects is not None:
            while await files.remove_unused(self._pool, self._objects):
                pass
