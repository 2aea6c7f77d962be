"""What waits in social, for the metrics."""

from datetime import timedelta

from viche_chassis.db import Pool, reading
from viche_chassis.metrics import channels as channels_gauge
from viche_chassis.metrics import deliveries_due, delivery_age, expiring, renewal_age
from viche_chassis.periodic import every
from viche_social.domain.deliveries import Task
from viche_social.store import channel_secrets, channels, deliveries

MEASURE_EVERY_S = 10.0
SOON = timedelta(days=3)


class Measuring:
    """:meth:`run` is a background task."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(MEASURE_EVERY_S, self.measure, "measuring posts")

    async def measure(self) -> None:
        """Puts what is due, and since when, into the metrics."""
        async with reading(self._pool) as conn:
            due = await deliveries.due(conn)
            states = await channels.count_by_state(conn)
            ending = await channels.count_expiring(conn, SOON)
            late_s = await channel_secrets.oldest_renewal_s(conn)
        for task in Task:
            deliveries_due.set(due.numbers.get(task, 0), {"viche.delivery.task": task})
        delivery_age.set(due.oldest_s)
        for state in channels.STATES:
            channels_gauge.set(states.get(state, 0), {"viche.channel.state": state})
        expiring.set(ending)
        renewal_age.set(late_s)
