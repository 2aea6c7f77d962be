"""The workers that send: each has a connection of its own, and belongs to one lane.

Every message ends in a named state. A try is committed before it is made, and its outcome counts as unknown until the
server's answer is written down; a worker that dies leaves a lease, and when that has ended the message is tried again.

**The bound on duplicates**: a receiver gets more than one copy only if the server took a mail and its answer was lost,
or the worker died before the answer was written down. Each such try counts as unclear, and after ``domain.MAX_COPIES``
of them the message ends as a technical failure: that many copies at most, all with the same Message-ID.
While the mail server cannot be reached, nothing is claimed, so that an outage costs time and no tries.
"""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from viche_chassis.db import Pool, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.metrics import messages as messages_counter
from viche_chassis.sealing import Unreadable
from viche_chassis.tasks import cancel_all
from viche_chassis.telemetry import later_span
from viche_notifications import bouncing
from viche_notifications.domain.messages import (
    KINDS,
    Decision,
    Kind,
    Lane,
    Outcome,
    State,
    Try,
    after_sending,
    before_sending,
)
from viche_notifications.facts import in_language
from viche_notifications.mail import AddressUnusable, Letter, MailWriter
from viche_notifications.sealing import CONTACT, Contacts
from viche_notifications.smtp import Envelope, Reply, SmtpLine, Unreachable
from viche_notifications.store import messages
from viche_notifications.store.messages import Claimed
from viche_notifications.waking import Bell

log = logging.getLogger("viche.sender")

NOT_TRIED = Reply(Outcome.TEMPORARY, "")


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a worker is.

    Args:
        step_s: for each step of the conversation with the mail server.
        try_s: for all of a try.
        lease_s: how long a message belongs to its worker; longer than a try.
        poll_s: between two looks at an empty queue; a bell shortens it.
        longest_back_off_s: between two tries to reach the server.
        drain_s: for the mail that is on its way when the process ends.
    """

    step_s: float = 20.0
    try_s: float = 60.0
    lease_s: float = 75.0
    poll_s: float = 1.0
    longest_back_off_s: float = 15.0
    drain_s: float = 6.0


@dataclass(frozen=True, slots=True)
class Desk:
    """What all workers share."""

    pool: Pool
    contacts: Contacts
    writer: MailWriter
    pace: Pace


class Worker:
    """Sends the messages of a lane one after the other; :meth:`run` is a background task."""

    def __init__(self, lane: Lane, desk: Desk, line: SmtpLine, bell: Bell) -> None:
        self._lane = lane
        self._desk = desk
        self._pace = desk.pace
        self._line = line
        self._bell = bell
        self._failures = 0

    async def run(self) -> None:
        """Runs until cancelled; the mail that is on its way then is still seen through."""
        try:
            while True:
                await self._round()
        finally:
            await self._line.close()

    async def _round(self) -> None:
        try:
            worked = await self._step()
        except Unreachable as error:
            await self._back_off(str(error))
        except Unavailable:
            await asyncio.sleep(self._pace.poll_s)
        else:
            self._failures = 0
            if not worked:
                await self._line.close_idle()
                await self._bell.wait(self._pace.poll_s)

    async def _step(self) -> bool:
        if not self._line.is_open and not await self._has_due():
            return False
        await self._line.open()
        return await _seen_through(self._send_next(), self._pace.drain_s)

    async def _back_off(self, reason: str) -> None:
        wait_s = min(0.5 * 2**self._failures, self._pace.longest_back_off_s)
        self._failures = min(self._failures + 1, 10)
        log.warning("mail server unreachable", extra={"lane": self._lane, "reason": reason, "wait_s": wait_s})
        await asyncio.sleep(wait_s)

    async def _has_due(self) -> bool:
        async with transaction(self._desk.pool) as conn:
            return await messages.has_due(conn, self._lane)

    async def _send_next(self) -> bool:
        claimed = await self._claim()
        if claimed is None:
            return False
        with later_span("send mail", claimed[0].traceparent, {"viche.message.template": claimed[0].template}) as span:
            span.set_attribute("viche.message.state", await self._try(*claimed))
        return True

    async def _try(self, message: Claimed, attempt: Try) -> State:
        """Sends a message unless something speaks against it; gives the state that it is in then."""
        decision = before_sending(attempt, message.now)
        if decision is not None:
            await self._note(message, decision, NOT_TRIED)
            return decision.state
        answer = await self._hand_over(message)
        if isinstance(answer, State):
            await self._note(message, Decision(answer), NOT_TRIED)
            return answer
        decision = after_sending(attempt, answer.outcome)
        await self._note(message, decision, answer)
        return decision.state

    async def _claim(self) -> tuple[Claimed, Try] | None:
        async with transaction(self._desk.pool) as conn:
            message = await messages.claim(conn, self._lane, timedelta(seconds=self._pace.lease_s))
            if message is None:
                return None
            kind = KINDS[message.template]
            recent = await messages.count_recent(
                conn, message.id, message.address_index, _capped_together(kind), kind.cap.window
            )
        attempt = Try(
            kind, message.attempts, message.unclear, recent, message.is_suppressed, message.expires_at,
            message.is_undeliverable,
        )  # fmt: skip
        return message, attempt

    async def _hand_over(self, message: Claimed) -> Reply | State:
        try:
            envelope = await asyncio.to_thread(self._write, message)
        except AddressUnusable:
            return State.PERMANENT_FAILURE
        except Exception:  # one message that cannot be written must not stop the others
            log.exception("message cannot be written", extra={"id": str(message.id), "template": message.template})
            return State.TECHNICAL_FAILURE
        try:
            async with asyncio.timeout(self._pace.try_s):
                return await self._line.send(envelope)
        except TimeoutError:
            self._line.drop()
            return Reply(Outcome.UNCLEAR, "no answer in time")

    def _write(self, message: Claimed) -> Envelope:
        if message.sealed is None:
            raise Unreadable(CONTACT)
        letter = Letter(
            message_id=message.id,
            kind=message.template,
            language=message.language,
            contact=self._desk.contacts.open(message.id, message.sealed),
            subject=message.subject,
            address_index=message.address_index or b"",
            expires_at=message.expires_at,
            params=in_language(message.params, message.language),
        )
        return self._desk.writer.write(letter, message.now)

    async def _note(self, message: Claimed, decision: Decision, reply: Reply) -> None:
        """Writes the outcome down, for as long as the lease lasts: what is not written down is sent again."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._pace.lease_s - self._pace.try_s
        while True:
            try:
                await self._note_once(message, decision, reply)
                return
            except Unavailable:
                if loop.time() > until:
                    raise
                await asyncio.sleep(self._pace.poll_s)

    async def _note_once(self, message: Claimed, decision: Decision, reply: Reply) -> None:
        is_clear = reply.outcome is not Outcome.UNCLEAR
        async with transaction(self._desk.pool) as conn:
            if decision.state is State.QUEUED:
                await messages.postpone(conn, message, decision.wait, reply.text, is_clear=is_clear)
                return
            ended = await messages.end(conn, message, decision.state, reply.text, is_clear=is_clear)
            if ended and reply.refusal is not None and message.address_index is not None:
                await bouncing.note(conn, message.id, message.address_index, reply.refusal)
        if ended:
            attributes = {"viche.message.state": decision.state, "viche.message.template": message.template}
            messages_counter.add(1, attributes)


def _capped_together(kind: Kind) -> list[str]:
    if not kind.shares_cap:
        return [kind.name]
    return [other.name for other in KINDS.values() if other.shares_cap]


async def _seen_through(work: Coroutine[Any, Any, bool], longest_s: float) -> bool:
    """Does ``work``; when cancelled, lets it come to its end first, for as long as given."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await _wait_out(task, longest_s)
        await cancel_all([task])
        raise


async def _wait_out(task: asyncio.Task[bool], longest_s: float) -> None:
    """Waits for ``task`` however often the one who waits is cancelled."""
    loop = asyncio.get_running_loop()
    until = loop.time() + longest_s
    while not task.done() and (left := until - loop.time()) > 0:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait({task}, timeout=left)
