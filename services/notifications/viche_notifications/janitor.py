"""Keeps the queue's age in the metrics and erases what has been kept long enough."""

import asyncio
from datetime import timedelta

from viche_chassis.db import Pool, transaction
from viche_chassis.metrics import queue_age, queue_size
from viche_chassis.periodic import every
from viche_notifications.domain.bounces import REPORTABLE
from viche_notifications.domain.messages import KINDS, Lane
from viche_notifications.store import bounces, campaigns, digests, messages

MEASURE_EVERY_S = 10.0
SWEEP_EVERY_S = 60.0
ROWS_AT_ONCE = 5000
KEEP_INDEXES = max(REPORTABLE, *(kind.cap.window for kind in KINDS.values()))
KEEP_ENDED = timedelta(days=90)
KEEP_UNDELIVERABLE = timedelta(days=365)


class Janitor:
    """:meth:`run` is a background task."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run(self) -> None:
        """Runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(every(MEASURE_EVERY_S, self.measure, "measuring"))
            tasks.create_task(every(SWEEP_EVERY_S, self.sweep, "sweeping"))

    async def measure(self) -> None:
        """Puts what waits in each lane, and for how long, into the metrics."""
        async with transaction(self._pool) as conn:
            waiting = await messages.waiting(conn)
        for lane in Lane:
            number, oldest_s = waiting.get(lane, (0, 0))
            queue_size.set(number, {"viche.message.lane": lane})
            queue_age.set(oldest_s, {"viche.message.lane": lane})

    async def sweep(self) -> None:
        """Erases address indexes that nothing needs any more, old messages and bounces, and what old campaigns said."""
        while True:
            async with transaction(self._pool) as conn:
                erased = await messages.erase_indexes(conn, KEEP_INDEXES, ROWS_AT_ONCE)
                deleted = await messages.delete_old(conn, KEEP_ENDED, ROWS_AT_ONCE)
                forgotten = await campaigns.forget(conn, KEEP_ENDED, ROWS_AT_ONCE)
                bounced = await bounces.delete_old(conn, KEEP_ENDED, ROWS_AT_ONCE)
                past = await digests.delete_old(conn, KEEP_ENDED, ROWS_AT_ONCE)
                tried_anew = await bounces.forget_undeliverable(conn, KEEP_UNDELIVERABLE, ROWS_AT_ONCE)
            if max(erased, deleted, forgotten, bounced, past, tried_anew) < ROWS_AT_ONCE:
                return
