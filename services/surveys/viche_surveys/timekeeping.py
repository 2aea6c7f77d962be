"""Surveys open and close by themselves, by the database's clock."""

import logging
from collections.abc import Callable

from viche_chassis.db import Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.periodic import every
from viche_surveys import writing
from viche_surveys.store import surveys as store

log = logging.getLogger("viche.surveys")

LOOK_EVERY_S = 1.0
MOST_AT_ONCE = 200


class Timekeeper:
    """Looks once a second for surveys whose time has come. Several processes may: each survey is held while it moves.

    Args:
        wake: called after a commit that left something in the outbox.
    """

    def __init__(self, pool: Pool, wake: Callable[[], None]) -> None:
        self._pool = pool
        self._wake = wake

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(LOOK_EVERY_S, self.look, "timekeeping")

    async def look(self) -> None:
        """Looks once."""
        async with reading(self._pool) as conn:
            due = await store.due(conn, MOST_AT_ONCE)
        for id in due:
            try:
                async with transaction(self._pool) as conn:
                    await writing.keep_time(conn, id)
            except Unavailable:
                raise
            except Exception:  # one survey never keeps the others from closing
                log.exception("survey cannot be moved", extra={"survey_id": str(id)})
        if due:
            self._wake()
