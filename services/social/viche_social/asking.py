"""Platforms are asked how posts do: for figures of each post by itself, and for counts of polls.

Posting comes first: a connector that has something to send is not asked anything, and calls are taken from the same
rates. A figure that a platform does not give any more is missing alone, with its reason; all others go on.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.periodic import every
from viche_sdk.connectors.types import (
    AuthExpired,
    Capability,
    ConnectorError,
    ConnectorSpec,
    Metric,
    NotFound,
    Operation,
    PollResults,
    QuotaOrBudget,
    RateLimited,
    Transient,
)
from viche_social.calling import Calls
from viche_social.connecting import expired
from viche_social.domain.deliveries import LONGEST_CALL
from viche_social.domain.rhythm import RHYTHM, Asked, pause_after
from viche_social.rates import meters
from viche_social.store import askings, channels, permits, post_figures
from viche_social.store.askings import Asking, Lane
from viche_social.store.channels import Channel
from viche_social.store.post_figures import PollCounts

log = logging.getLogger("viche.social")

LOOK_EVERY_S = 60.0
AT_ONCE = 4
"""Calls at a time, of all connectors together."""
PER_LOOK = 10
"""Posts of one channel in one look."""
PAUSE_WHEN_LIMITED = timedelta(minutes=5)
NOT_TOLD = "not_told"
"""The reason of a figure that the platform gave before and leaves out now."""
_NEEDED = {Asked.FIGURES: Capability.METRICS_POST, Asked.POLL: Capability.POLL_RESULTS}
_OPERATIONS = {Asked.FIGURES: Operation.METRICS, Asked.POLL: Operation.POLL_RESULTS}


class PostAsking:
    """Asks about posts that are there. Several processes may: claims keep them apart.

    Args:
        pool: of the database.
        calls: of connectors.
    """

    def __init__(self, pool: Pool, calls: Calls) -> None:
        self._pool = pool
        self._calls = calls
        self._places = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(LOOK_EVERY_S, self.look, "asking how posts do")

    async def look(self) -> None:
        """Asks what is due, and waits for the answers."""
        async with transaction(self._pool) as conn:
            for what, capability in _NEEDED.items():
                able = [name for name, spec in self._calls.specs.items() if spec.can(capability)]
                await askings.begin(conn, what, able, RHYTHM[-1][0])
        async with reading(self._pool) as conn:
            lanes = await askings.lanes(conn)
        await asyncio.gather(*(self._lane(lane) for lane in lanes))

    async def _lane(self, lane: Lane) -> None:
        spec = self._calls.specs.get(lane.connector)
        if spec is None:
            return
        async with self._places:
            for asking in await self._claimed(lane, spec):
                await self._ask(asking)

    async def _claimed(self, lane: Lane, spec: ConnectorSpec) -> Sequence[Asking]:
        """What may be asked now within the rates."""
        async with transaction(self._pool) as conn:
            claimed = await askings.claim(conn, lane, PER_LOOK, PER_LOOK * LONGEST_CALL)
            if not claimed:
                return ()
            rates = meters(spec, _OPERATIONS[lane.what], lane.channel_id)
            granted = await permits.take(conn, rates, len(claimed))
            for each in claimed[granted.number :]:
                await askings.release(conn, each)
            return claimed[: granted.number]

    async def _ask(self, asking: Asking) -> None:
        async with reading(self._pool) as conn:
            channel = await channels.get(conn, asking.channel_id)
        assert channel is not None  # a foreign key
        try:
            if asking.what == Asked.POLL:
                found: PollResults | Sequence[Metric] = await self._calls.call(
                    channel, Operation.POLL_RESULTS, asking.ref
                )
            else:
                found = await self._calls.call(channel, Operation.METRICS, (asking.ref,))
        except ConnectorError as error:
            await self._failed(asking, channel, error)
            return
        except Unavailable:
            raise
        except Exception as fault:  # of one account, such as secrets that cannot be opened: the others are asked
            log.exception("a platform was not asked how a post does", extra={"delivery_id": str(asking.delivery_id)})
            await self._failed(asking, channel, Transient(f"{type(fault).__name__} inside the social service"))
            return
        async with transaction(self._pool) as conn:
            pause = pause_after(asking.published_at, datetime.now(UTC))
            if isinstance(found, PollResults):
                await post_figures.put_poll(conn, asking.delivery_id, _counts(found))
                pause = None if found.is_closed else pause
            else:
                await _keep(conn, asking, found)
            await askings.answered(conn, asking, pause)
            await channels.worked(conn, channel.id)

    async def _failed(self, asking: Asking, channel: Channel, error: ConnectorError) -> None:
        """Nothing is known; a post that is gone is not asked about again."""
        pause = pause_after(asking.published_at, datetime.now(UTC), asking.failures + 1)
        async with transaction(self._pool) as conn:
            is_gone = isinstance(error, NotFound)
            await askings.failed(conn, asking, type(error).__name__, None if is_gone else pause)
            match error:
                case AuthExpired():
                    await expired(conn, channel.id, error.detail)
                case RateLimited() if error.scope == "app":
                    await channels.be_quiet_all(conn, channel.connector, _quiet(error))
                case RateLimited() | QuotaOrBudget():
                    await channels.be_quiet(conn, channel.id, _quiet(error))
                case _:
                    pass


def _quiet(error: RateLimited | QuotaOrBudget) -> timedelta:
    """How long the platform wants quiet."""
    return PAUSE_WHEN_LIMITED if error.retry_after_s is None else timedelta(seconds=min(error.retry_after_s, 86_400.0))


async def _keep(conn: Connection, asking: Asking, found: Sequence[Metric]) -> None:
    """Keeps what was given, and what was not; of what a connector says of other posts nothing."""
    own = [each for each in found if each.ref == asking.ref]
    given = {each.name.value: each.value for each in own if each.value is not None and each.value >= 0}
    reasons = {each.name.value: each.reason or NOT_TOLD for each in own if each.name.value not in given}
    for name in sorted(await post_figures.names(conn, asking.delivery_id) - given.keys() - reasons.keys()):
        reasons[name] = NOT_TOLD
    await post_figures.put(conn, asking.delivery_id, given)
    await post_figures.put_gaps(conn, asking.delivery_id, reasons)


def _counts(found: PollResults) -> PollCounts:
    return PollCounts([(each.text, each.votes) for each in found.options], found.voters, found.is_closed)
