"""Answers go out: each is claimed, then called, then moved, by the rules of deliveries.

Looking for an answer that may have appeared is what reading the inbox does: one that comes back is there. Where it does
not come back, a person decides.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_sdk.connectors.types import (
    Author,
    ConnectorError,
    ConnectorSpec,
    Idempotency,
    InboxItem,
    InboxKind,
    NotFound,
    Operation,
    OutcomeUnknown,
)
from viche_social.calling import Calls
from viche_social.domain.deliveries import LONGEST_CALL, DeliveryState, Done, Outcome, Task, after, after_crash
from viche_social.domain.inbox import USUAL_TARGET
from viche_social.holding import tell
from viche_social.people import People, Written
from viche_social.rates import meters
from viche_social.sending import LEASE
from viche_social.store import channels, items, permits, questions, replies, threads
from viche_social.store.channels import Channel
from viche_social.store.items import Item
from viche_social.store.questions import NewQuestion
from viche_social.store.replies import Claim, Reply

log = logging.getLogger("viche.social")

AT_ONCE = 8
"""Answers of one connector at a time."""
LOOK_EVERY_S = 5.0


class Replier:
    """Sends answers that are due, until cancelled. Several processes may: claims keep them apart.

    Args:
        pool: of the database.
        calls: of connectors.
        people: opens what is answered.
    """

    def __init__(self, pool: Pool, calls: Calls, people: People) -> None:
        self._pool = pool
        self._calls = calls
        self._people = people
        self._due = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._busy: Counter[str] = Counter()

    def hurry(self) -> None:
        """Something is due now."""
        self._due.set()

    async def run(self) -> None:
        """Runs until cancelled; what is being sent then is finished by whoever looks next."""
        try:
            while True:
                self._due.clear()
                with suppress(Unavailable):
                    await self.look()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._due.wait(), LOOK_EVERY_S)
        finally:
            for task in self._running:
                task.cancel()

    async def look(self) -> None:
        """Starts as many calls as rates and connectors let through."""
        async with transaction(self._pool) as conn:
            await replies.unblock(conn)
            await replies.cancel_disconnected(conn)
        async with reading(self._pool) as conn:
            due = await replies.due(conn)
        for channel_id, connector, number in due:
            spec = self._calls.specs.get(connector)
            if spec is not None:
                await self._start(channel_id, spec, min(number, AT_ONCE - self._busy[connector]))

    async def finish(self) -> None:
        """Waits until no call is under way."""
        while self._running:
            await asyncio.wait(self._running)

    async def _start(self, channel_id: UUID, spec: ConnectorSpec, room: int) -> None:
        if room <= 0:
            return
        async with transaction(self._pool) as conn:
            granted = await permits.take(conn, meters(spec, Operation.REPLY, channel_id), room)
            claims = await replies.claim(conn, channel_id, granted.number, LEASE) if granted.number else []
        for claim in claims:
            self._busy[spec.name] += 1
            task = asyncio.create_task(self._send(claim, spec))
            self._running.add(task)
            task.add_done_callback(self._ended(spec.name))

    def _ended(self, connector: str) -> Callable[[asyncio.Task[None]], None]:
        def ended(task: asyncio.Task[None]) -> None:
            self._running.discard(task)
            self._busy[connector] -= 1
            if not task.cancelled() and (fault := task.exception()):
                log.error("an answer was not moved", exc_info=fault)

        return ended

    async def _send(self, claim: Claim, spec: ConnectorSpec) -> None:
        reply = claim.reply
        async with reading(self._pool) as conn:
            channel = await channels.get(conn, reply.channel_id)
            item = (await items.by_ids(conn, [reply.item_id]))[reply.item_id]
            content = (await items.newest(conn, [reply.item_id])).get(reply.item_id)
            thread = await threads.get(conn, reply.thread_id)
            now = await threads.now(conn)
        assert channel is not None  # a foreign key
        assert thread is not None  # another
        done = Done(Task.PUBLISH, reply.tries, _idempotency(spec, reply, now))
        if claim.was_claimed:
            await self._move(reply, done, None, channel)
            return
        if content is None:
            await self._move(reply, done, NotFound("what it answers was forgotten"), channel)
            return
        if reply.error == OutcomeUnknown.__name__ and done.idempotency is not Idempotency.NATIVE:
            await self._move(reply, done, OutcomeUnknown("the platform has forgotten its key by now"), channel)
            return
        written = self._people.open(content.sealed, item.id, content.version)
        outcome = await self._outcome(reply, channel, as_given(item, written, thread.platform_thread))
        await self._move(reply, done, outcome, channel)

    async def _outcome(self, reply: Reply, channel: Channel, item: InboxItem) -> Outcome:
        try:
            return await self._calls.call(channel, Operation.REPLY, item, reply.body, str(reply.id))
        except ConnectorError as error:
            return error
        except Exception as fault:  # of this service, not of the platform: nothing is known of the call
            log.exception("a call was not made as it should", extra={"reply_id": str(reply.id)})
            return OutcomeUnknown(f"{type(fault).__name__} inside the social service")

    async def _move(self, reply: Reply, done: Done, outcome: Outcome, channel: Channel) -> None:
        """Takes the step; no outcome is that of a process that ended before it had one."""
        step = after_crash(done) if outcome is None else after(done, outcome)
        async with transaction(self._pool) as conn:
            if await replies.move(conn, reply, step) and step.state is DeliveryState.PUBLISHED:
                await answered(conn, reply)
            if outcome is not None:
                await tell(conn, channel, step)


def _idempotency(spec: ConnectorSpec, reply: Reply, now: datetime) -> Idempotency:
    """Answers cannot be looked for as posts can; and a platform may forget keys."""
    lasts = spec.key_lasts_s is None or now < reply.created_at + timedelta(seconds=spec.key_lasts_s) - LONGEST_CALL
    return Idempotency.NATIVE if spec.idempotency is Idempotency.NATIVE and lasts else Idempotency.NONE


async def answered(conn: Connection, reply: Reply) -> None:
    """An answer has appeared: what it was written for does not wait any more; what came after it does."""
    (thread,) = await threads.hold_all(conn, [reply.thread_id])
    if not await threads.answered(conn, thread.id, reply.created_at):
        return
    await questions.answer(conn, [(thread.id, await threads.now(conn))])
    newer = await threads.received_after(conn, thread.id, reply.created_at)
    if newer is not None:
        await threads.wait(conn, thread.id, newer, USUAL_TARGET)
        await questions.insert(conn, thread.authority_id, [NewQuestion(thread.id, newer, None)])


def as_given(item: Item, written: Written, platform_thread: str) -> InboxItem:
    """An item as its platform gave it."""
    return InboxItem(
        id=item.platform_id, kind=InboxKind(item.kind), thread=platform_thread, text=written.text,
        author=Author(written.author.id, written.author.name, written.author.handle, written.author.url),
        written_at=item.written_at, on=item.on_ref, answers=item.answers, url=written.url, is_own=item.is_own,
        is_deleted=item.deleted_at is not None,
    )  # fmt: skip
