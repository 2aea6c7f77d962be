"""Ending background tasks for certain."""

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN_S = 0.5


async def cancel_all(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancels tasks until every one has ended; what they end with stays in them.

    Once is not enough: before Python 3.12 ``asyncio.wait_for`` loses a cancellation that comes in the same turn of
    the loop as its result (https://github.com/python/cpython/issues/86296), and the libraries that we wait in use it.
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=AGAIN_S)
