"""What ends by itself: links that nobody followed, counters of past hours."""

import asyncio
import logging

from viche_chassis import rates
from viche_chassis.db import Pool, transaction
from viche_chassis.errors import Unavailable
from viche_petitions.store import email_signatures

log = logging.getLogger("viche.petitions")

SWEEP_EVERY_S = 60.0


class Housekeeping:
    """Sweeps once a minute."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run(self) -> None:
        """Runs until cancelled."""
        while True:
            try:
                await self.sweep()
            except Unavailable:
                log.warning("housekeeping waits")
            await asyncio.sleep(SWEEP_EVERY_S)

    async def sweep(self) -> None:
        """Sweeps once."""
        ended = 1
        while ended:
            async with transaction(self._pool) as conn:
                ended = await email_signatures.expire(conn)
        async with transaction(self._pool) as conn:
            await email_signatures.forget_links(conn)
            await rates.sweep(conn)
