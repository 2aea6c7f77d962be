"""Work that comes again and again beside the requests."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from viche_chassis.errors import Code, DomainError
from viche_chassis.metrics import Work

log = logging.getLogger("viche.periodic")


async def every(period_s: float, work: Callable[[], Awaitable[None]], name: str) -> None:
    """Does ``work`` at once and then after each pause, until cancelled.

    Args:
        name: for the metrics, and for the log where the work waits for its next turn because something that it needs
            is down.
    """
    turns = Work(name, period_s)
    with turns.watched():
        while True:
            try:
                await work()
                turns.done()
            except DomainError as error:  # what another service says of itself is received as its code alone
                if error.code is not Code.UNAVAILABLE:
                    raise
                log.warning("periodic work waits", extra={"work": name, "what": error.values.get("what", "")})
            await asyncio.sleep(period_s)
