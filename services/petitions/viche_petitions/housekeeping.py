"""What ends by itself: links that nobody followed, counters of past hours."""

from viche_chassis import rates
from viche_chassis.db import Pool, transaction
from viche_chassis.periodic import every
from viche_petitions.store import email_signatures

SWEEP_EVERY_S = 60.0


class Housekeeping:
    """Sweeps once a minute."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

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
            await rates.sweep(conn)
