"""Deliveries go out: each is claimed, then called, then moved; never the other way round.

A row is committed as "sending" before its call, so that a process that ends in between leaves doubt, and not a second
copy. Connectors have lanes of their own: one that hangs holds back nobody else.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from time import monotonic
from typing import Any
from uuid import UUID

from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_sdk.connectors.types import (
    Capability,
    ConnectorError,
    ConnectorSpec,
    Operation,
    OutcomeUnknown,
    Pending,
    Ready,
    Transient,
)
from viche_social.calling import Calls
from viche_social.domain.deliveries import (
    LONGEST_CALL,
    DeliveryState,
    Done,
    Outcome,
    Step,
    Task,
    after,
    after_crash,
    after_withdrawal,
    task_now,
)
from viche_social.domain.editions import can_edit
from viche_social.domain.posts import PostState
from viche_social.holding import tell
from viche_social.outgoing import body_of, outgoing
from viche_social.rates import meters
from viche_social.store import channels, corrections, deliveries, permits, posts
from viche_social.store.channels import Channel
from viche_social.store.deliveries import Claim, Delivery, Lane
from viche_social.store.posts import Post

log = logging.getLogger("viche.social")

AT_ONCE = 64
"""Calls of one connector at a time, with those whose time is taken."""
AHEAD_S = 0.5
"""How far ahead times of calls are taken, so that a rate is kept to without a look for each call."""
LEASE = LONGEST_CALL
"""After it, the process that made the claim is taken to have ended."""
LOOK_EVERY_S = 5.0


class Sender:
    """Sends what is due, until cancelled. Several processes may: claims keep them apart.

    Args:
        pool: of the database.
        calls: of connectors.
        wake: called after a commit that left something in the outbox.
    """

    def __init__(self, pool: Pool, calls: Calls, wake: Callable[[], None]) -> None:
        self._pool = pool
        self._calls = calls
        self._wake = wake
        self._due = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._busy: Counter[str] = Counter()
        self._taken: Counter[tuple[UUID, str]] = Counter()
        self._quiet_until: dict[tuple[UUID, str], float] = {}

    def hurry(self) -> None:
        """Something is due now."""
        self._due.set()

    async def run(self) -> None:
        """Runs until cancelled; what is being sent then is finished by whoever looks next."""
        try:
            while True:
                self._due.clear()
                pause_s = LOOK_EVERY_S
                with suppress(Unavailable):
                    await self.look()
                    pause_s = await self._pause_s()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._due.wait(), pause_s)
        finally:
            for task in self._running:
                task.cancel()

    async def look(self) -> None:
        """Starts as many calls as rates and connectors let through."""
        async with reading(self._pool) as conn:
            lanes = await deliveries.lanes(conn)
        for lane in lanes:
            spec = self._calls.specs.get(lane.connector)
            if spec is not None and monotonic() >= self._quiet_until.get((lane.channel_id, lane.task), 0.0):
                await self._start(lane, spec)

    async def finish(self) -> None:
        """Waits until no call is under way."""
        while self._running:
            await asyncio.wait(self._running)

    async def _start(self, lane: Lane, spec: ConnectorSpec) -> None:
        place = (lane.channel_id, lane.task)
        room = min(lane.number - self._taken[place], AT_ONCE - self._busy[lane.connector])
        if room <= 0:
            return
        rates = meters(spec, Operation(lane.task), lane.channel_id)
        async with transaction(self._pool) as conn:
            granted = await permits.take(conn, rates, room, ahead_s=AHEAD_S)
        if granted.number < room:
            self._quiet_until[place] = monotonic() + granted.wait_s
        for delay_s, group in groupby(granted.delays_s):
            number = len(list(group))
            self._busy[lane.connector] += number
            self._taken[place] += number
            self._spawn(self._at_its_time(lane, spec, delay_s, number))

    async def _at_its_time(self, lane: Lane, spec: ConnectorSpec, delay_s: float, number: int) -> None:
        """Claims when the time has come and not before: what is claimed is in doubt once this process ends."""
        claims: list[Claim] = []
        try:
            await asyncio.sleep(delay_s)
            with suppress(Unavailable):
                async with transaction(self._pool) as conn:
                    claims = await deliveries.claim(conn, lane, number, LEASE)
        finally:
            self._taken[lane.channel_id, lane.task] -= number
            self._end(lane.connector, number - len(claims))
        for claim in claims:
            self._spawn(self._deliver(claim, spec), partial(self._end, lane.connector, 1))

    def _end(self, connector: str, number: int) -> None:
        """So many calls of a connector are not under way any more."""
        if number and self._busy[connector] >= AT_ONCE:
            self._due.set()
        self._busy[connector] -= number

    def _spawn(self, work: Coroutine[Any, Any, None], ended: Callable[[], None] | None = None) -> None:
        def done(task: asyncio.Task[None]) -> None:
            self._running.discard(task)
            if ended:
                ended()
            if not task.cancelled() and task.exception():
                log.error("a delivery was not moved", exc_info=task.exception())

        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(done)

    async def _pause_s(self) -> float:
        async with reading(self._pool) as conn:
            due_s = await deliveries.next_due(conn)
        now = monotonic()
        self._quiet_until = {lane: until for lane, until in self._quiet_until.items() if until > now}
        quiet_s = min((until - now for until in self._quiet_until.values()), default=LOOK_EVERY_S)
        if due_s is None:
            return LOOK_EVERY_S
        # what is due and was not started waits for a rate or for a call to end, which wakes this
        return min(LOOK_EVERY_S, quiet_s if due_s <= 0 else max(due_s, 0.01))

    async def _deliver(self, claim: Claim, spec: ConnectorSpec) -> None:
        delivery = claim.delivery
        due = Task(delivery.task or Task.PUBLISH)
        if claim.was_claimed:
            crashed = Done(due, delivery.task_tries, spec.idempotency)
            await self._move(delivery, after_crash(crashed), None)
            return
        task = task_now(due, delivery.doubted_at, spec.key_lasts_s, datetime.now(UTC))
        async with reading(self._pool) as conn:
            channel = await channels.get(conn, delivery.channel_id)
            post = await posts.get(conn, delivery.post_id)
        assert channel is not None  # a foreign key
        assert post is not None  # another
        wanted = _wanted(task, delivery, post, channel, spec)
        if isinstance(wanted, Step):
            await self._move(delivery, wanted, None)
            return
        task = wanted
        done = Done(task, delivery.task_tries if task is due else 0, spec.idempotency)
        sent = _as_sent(delivery, task, post)
        outcome = await self._outcome(sent, channel, spec, done)
        await self._move(delivery, after(done, outcome), channel, sent)

    async def _outcome(self, delivery: Delivery, channel: Channel, spec: ConnectorSpec, done: Done) -> Outcome:
        try:
            return await self._call(delivery, channel, spec, done.task)
        except ConnectorError as error:
            return error
        except Exception as fault:  # of this service, not of the platform: nothing is known of the call
            log.exception("a call was not made as it should", extra={"delivery_id": str(delivery.id)})
            unknown = f"{type(fault).__name__} inside the social service"
            return OutcomeUnknown(unknown) if done.task in _WRITES else Transient(unknown)

    async def _call(self, delivery: Delivery, channel: Channel, spec: ConnectorSpec, task: Task) -> Outcome:
        key = str(delivery.id)
        match task:
            case Task.PUBLISH:
                post = await outgoing(self._pool, delivery, spec)
                return await self._calls.call(channel, Operation.PUBLISH, post, key)
            case Task.CHECK:
                return await self._calls.call(channel, Operation.CHECK, Pending(delivery.token))
            case Task.FINALIZE:
                return await self._calls.call(channel, Operation.FINALIZE, Ready(delivery.token))
            case Task.FIND:
                post = await outgoing(self._pool, delivery, spec)
                return await self._calls.call(channel, Operation.FIND, key, post)
            case Task.EDIT:
                post = await outgoing(self._pool, delivery, spec)
                return await self._calls.call(channel, Operation.EDIT, delivery.ref, post)
            case Task.DELETE:
                return await self._calls.call(channel, Operation.DELETE, delivery.ref)

    async def _move(
        self, delivery: Delivery, step: Step, channel: Channel | None, sent: Delivery | None = None
    ) -> None:
        """Takes the step; `sent` is the delivery with the words that were sent, which are there after success."""
        has_worked = sent is not None and not step.error
        there = deliveries.There(sent.edition, sent.body) if sent is not None and has_worked else None
        async with transaction(self._pool) as conn:
            was_moved = await deliveries.move(conn, delivery, step, there)
            is_behind = was_moved and step.state is DeliveryState.PUBLISHED and not step.task
            has_more = await self._catch_up(conn, sent or delivery) if is_behind else bool(step.task)
            if channel is not None:
                await tell(conn, channel, step)
        if has_more:
            self._due.set()
        self._wake()

    async def _catch_up(self, conn: Connection, delivery: Delivery) -> bool:
        """What happened to the post while this was under way: one that was withdrawn is taken away as soon as it is
        there, one that was corrected is changed. Says whether there is something to be done."""
        post = await posts.get(conn, delivery.post_id)
        spec = self._calls.specs.get(delivery.connector)
        if post is None or spec is None or delivery.task == Task.DELETE:
            return False
        if post.state is PostState.WITHDRAWN and spec.can(Capability.DELETE):
            await deliveries.withdraw(conn, post.id, [delivery.connector])
            return True
        if post.state is PostState.OUT and post.edition > delivery.edition:
            channel = await channels.get(conn, delivery.channel_id)
            if channel is not None and channel.state != "disconnected" and can_edit(spec.capabilities, channel.granted):
                await corrections.edit(conn, [delivery.id])
                return True
        return False


_WRITES = frozenset({Task.PUBLISH, Task.FINALIZE, Task.EDIT})
_STARTS = frozenset({Task.PUBLISH, Task.FINALIZE})


def _as_sent(delivery: Delivery, task: Task, post: Post) -> Delivery:
    """The delivery with the words that are sent: those of the latest edition where they change what is there."""
    if task is not Task.EDIT:
        return delivery
    return replace(delivery, edition=post.edition, body=body_of(post.content, delivery))


def _wanted(task: Task, delivery: Delivery, post: Post, channel: Channel, spec: ConnectorSpec) -> Task | Step:
    """What is called, or the step where nothing is: a post that was withdrawn meanwhile does not go out any more, what
    is withdrawn is not corrected, and at an account that is not connected nothing can be changed or taken away."""
    if task is Task.EDIT and (post.state is not PostState.OUT or delivery.edition >= post.edition):
        return _LEFT_AS_IT_IS
    if post.state is PostState.WITHDRAWN and task in _STARTS:
        can_look = delivery.doubted_at is not None and spec.key_lasts_s is not None
        return Task.FIND if can_look else after_withdrawal(delivery.doubted_at)
    if channel.state == "disconnected" and task in (Task.EDIT, Task.DELETE):
        return _NOT_ASKED
    return task


_LEFT_AS_IT_IS = Step(DeliveryState.PUBLISHED, counts=False)
_NOT_ASKED = Step(
    DeliveryState.PUBLISHED, counts=False, error="AuthExpired", detail="its account is not connected any more"
)
