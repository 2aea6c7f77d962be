"""Work that comes again and again beside the requests."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from viche_chassis.errors import Unavailable

log = logging.getLogger("viche.periodic")


async def every(period_s: float, work: Callable[[], Awaitable[None]], name: str) -> None:
    """Does ``work`` at once and then after each pause, until cancelled.

    Args:
        name: for the log, where the work waits for its next turn because something that it needs is down.
    """
    while True:
        try:
            await work()
        except Unavailable as error:
            log.warning("periodic work waits", extra={"work": name, "what": error.values.get("what", "")})
        await asyncio.sleep(period_s)
