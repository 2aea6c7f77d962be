"""Durable consumers of JetStream: each event in its handler's hands until it has had its effect, or a dead letter."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from google.protobuf.message import DecodeError, Message
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig
from nats.js.errors import NotFoundError

from viche_chassis import metrics
from viche_chassis.bus import PUBLISH_TIMEOUT_S, RETRY_S
from viche_chassis.db import Pool, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.metrics import count_event
from viche_chassis.subjects import stream_name
from viche_chassis.telemetry import consuming_span

log = logging.getLogger("viche.bus")

MAX_TRIES = 3
# pauses between tries of an event that this version does not handle; together they outlast a roll-out
UNKNOWN_PAUSES_S = (60.0, 840.0)
MOST_UNACKNOWLEDGED = 200
ALL = ">"
ACK_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: its id (the outbox id of its sender) and what it says."""

    id: UUID
    message: Message


Handler = Callable[[Event], Awaitable[None]]


class Consumer:
    """Hands events of one area to handlers by message name, each until it has had its effect.

    A handler that raises is tried again, and after three tries in all the event goes to ``dead_letters``.
    Unavailable is no try: the event is kept in hand until what is down has come back.
    Messages only ever get more fields, so older replicas read what newer ones send. A kind of event that only newer
    ones handle reaches older ones, too, while both run: there its tries are so far apart that a newer one gets it.
    Handlers open their own transactions and call :func:`viche_chassis.outbox.seen` inside them.

    Args:
        name: of the durable consumer; also the consumer in inbox and dead letters.
    """

    def __init__(self, pool: Pool, client: Client, area: str, name: str, handlers: Mapping[type[Message], Handler]):
        self._pool = pool
        self._client = client
        self._area = area
        self._name = name
        self._handlers = {kind.DESCRIPTOR.full_name: (kind, handler) for kind, handler in handlers.items()}
        self._labels = {"viche.consumer.name": name, "viche.consumer.area": area}

    async def run(self) -> None:
        """Runs until cancelled; whatever is down is tried again."""
        while True:
            try:
                await self._consume()
            except (NatsError, Unavailable, OSError, TimeoutError) as error:
                log.warning("consumer waits", extra={"error": type(error).__name__, "consumer": self._name})
                await asyncio.sleep(RETRY_S)

    async def _consume(self) -> None:
        if not self._client.is_connected:
            raise Unavailable(what="nats")
        js = self._client.jetstream(timeout=PUBLISH_TIMEOUT_S)
        await self._ensure_consumer(js)
        subscription = await js.pull_subscribe_bind(durable=self._name, stream=stream_name(self._area))
        while True:
            try:
                # one in hand: the broker counts deliveries, and a death must count as a try of that event alone
                (message,) = await subscription.fetch(1, timeout=5)
            except TimeoutError:
                # raises when the stream was lost
                info = await js.consumer_info(stream_name(self._area), self._name)
                self._show((info.num_pending or 0) + (info.num_ack_pending or 0), 0.0)
                continue
            self._show_at(message)
            while not await self._handle(message):
                self._show_at(message)
                await self._wait(message)

    async def _ensure_consumer(self, js: JetStreamContext) -> None:
        """Makes the durable consumer, or lets it hear what it did not hear before. The stream is its owner's to make.

        It goes on hearing what only another version of this service handles.
        """
        wanted = set(self._handlers)
        try:
            known = (await js.consumer_info(stream_name(self._area), self._name)).config
        except NotFoundError:
            heard: set[str] = set()
        else:
            heard = set(known.filter_subjects or [known.filter_subject or ALL])
        if wanted <= heard or ALL in heard:
            return
        filters = sorted(wanted | heard)
        # a single event is named in the subject of the request, where NATS holds a user to it
        named = {"filter_subject": filters[0]} if len(filters) == 1 else {"filter_subjects": filters}
        config = ConsumerConfig(
            name=self._name,
            durable_name=self._name,
            ack_wait=ACK_WAIT_S,
            max_deliver=-1,
            max_ack_pending=MOST_UNACKNOWLEDGED,
        )
        await js.add_consumer(stream_name(self._area), config.evolve(**named))

    def _show_at(self, in_hand: Msg) -> None:
        told = in_hand.metadata
        self._show(told.num_pending + 1, max(0.0, (datetime.now(UTC) - told.timestamp).total_seconds()))

    def _show(self, pending: int, lag_s: float) -> None:
        metrics.consumer_pending.set(pending, self._labels)
        metrics.consumer_lag.set(lag_s, self._labels)

    async def _wait(self, in_hand: Msg) -> None:
        """Keeps an event in hand while something is down: another delivery would count as a try."""
        log.warning("consumer waits", extra={"error": "Unavailable", "consumer": self._name})
        await in_hand.in_progress()
        await asyncio.sleep(RETRY_S)

    async def _handle(self, message: Msg) -> bool:
        tries = message.metadata.num_delivered
        try:
            kind, handle = self._handler_of(message)
            event = Event(_event_id(message), _read(kind, message.data))
            with consuming_span(message.subject, message.headers or {}):
                if tries > MAX_TRIES:  # the process died with it each time
                    raise _Poison("died while handling")
                async with asyncio.timeout(ACK_WAIT_S * 0.8):
                    await handle(event)
        except Unavailable:
            return False
        except Exception as error:
            await self._failed(message, tries, error)
            return True
        await message.ack()
        count_event("handled", message.subject)
        return True

    def _handler_of(self, message: Msg) -> tuple[type[Message], Handler]:
        try:
            return self._handlers[message.subject]
        except KeyError as error:
            raise _Unknown("this version does not handle it") from error

    async def _failed(self, message: Msg, tries: int, error: Exception) -> None:
        final = tries >= MAX_TRIES or isinstance(error, _Poison)
        told = {"subject": message.subject, "tries": tries, "final": final}
        if isinstance(error, _Unknown) and not final:
            log.warning("event waits for a newer version", extra=told)
            await message.nak(delay=UNKNOWN_PAUSES_S[tries - 1])
            return
        log.error("event failed", exc_info=error, extra=told)
        if not final:
            await message.nak(delay=RETRY_S * tries)
            return
        async with transaction(self._pool) as conn:
            await conn.execute(
                "INSERT INTO dead_letters (consumer, event_id, subject, payload, error, attempts)"
                " VALUES (%(consumer)s, %(event_id)s, %(subject)s, %(payload)s, %(error)s, %(attempts)s)"
                " ON CONFLICT DO NOTHING",
                {
                    "consumer": self._name, "event_id": _event_id(message), "subject": message.subject,
                    "payload": message.data, "error": f"{type(error).__name__}: {error}"[:500], "attempts": tries,
                },
            )  # fmt: skip
        count_event("dead", message.subject)
        await message.term()


class _Poison(Exception):
    """No further try can help."""


class _Unknown(Exception):
    """Another version of this service handles such events."""


def _event_id(message: Msg) -> UUID:
    text = (message.headers or {}).get("Nats-Msg-Id", "")
    try:
        return UUID(text)
    except ValueError:  # not one of ours: its place in the stream names it
        return UUID(int=message.metadata.sequence.stream)


def _read(kind: type[Message], data: bytes) -> Message:
    try:
        return kind.FromString(data)
    except DecodeError as error:
        raise _Poison(f"cannot be read: {error}") from error
