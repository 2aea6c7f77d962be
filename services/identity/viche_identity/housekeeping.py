"""Deletes what has been kept long enough."""

from viche_chassis import rates
from viche_chassis.db import Pool, transaction
from viche_chassis.periodic import every
from viche_identity.domain.links import LINK_KEPT_DAYS
from viche_identity.store import links, organisations, passkeys, providers, sessions

EVERY_S = 600.0


class Housekeeping:
    """A background task of the service."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(EVERY_S, self.clean, "housekeeping")

    async def clean(self) -> None:
        """Once: addresses of expired links, old links, old sessions, challenges and visits, counters of past hours."""
        async with transaction(self._pool) as conn:
            await links.forget_expired(conn)
            await providers.sweep(conn)
            await providers.sweep_pending(conn)
            await links.sweep(conn, LINK_KEPT_DAYS)
            await sessions.sweep(conn)
            await passkeys.sweep(conn)
            await organisations.sweep(conn)
            await rates.sweep(conn)
