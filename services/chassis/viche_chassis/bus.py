"""NATS JetStream: publishing from the outbox, durable consumers, dead letters.

One stream per owning service, ``viche.<area>.v1.>``; the subject of an event is the full name of its message.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from google.protobuf.message import DecodeError, Message
from nats.aio.client import Client as Client  # who takes a connection names it from here
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, RetentionPolicy, StreamConfig, StreamInfo
from nats.js.errors import APIError, NotFoundError

from viche_chassis import metrics, outbox
from viche_chassis.db import Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.measuring import showing_nats
from viche_chassis.metrics import count_event
from viche_chassis.periodic import every
from viche_chassis.subjects import inbox_prefix, stream_name, subjects
from viche_chassis.tasks import cancel_all
from viche_chassis.telemetry import consuming_span, publishing_span

log = logging.getLogger("viche.bus")

KEEP_S = 7 * 24 * 3600
BATCH = 200
MAX_TRIES = 3
# pauses between tries of an event that this version does not handle; together they outlast a roll-out
UNKNOWN_PAUSES_S = (60.0, 840.0)
ALL = ">"
PUBLISH_TIMEOUT_S = 5.0
ACK_WAIT_S = 60.0
IDLE_POLL_S = 1.0
RETRY_S = 2.0
FIRST_WAIT_S = 1.0
SWEEP_EVERY_S = 600.0
MEASURE_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: its id (the outbox id of its sender) and what it says."""

    id: UUID
    message: Message


Handler = Callable[[Event], Awaitable[None]]


@asynccontextmanager
async def connect(url: str, name: str) -> AsyncIterator[Client]:
    """A connection that comes back by itself for as long as the process lives; NATS may be down at the start.

    Args:
        url: of a server, or of several of a cluster with commas; the user of the first is that of all.
    """
    client = Client()
    task = asyncio.create_task(_connect_patiently(client, url, name))
    try:
        # where NATS is up, whoever needs it does not begin with a pause
        await asyncio.wait({task}, timeout=FIRST_WAIT_S)
        with showing_nats(client):
            yield client
    finally:
        await cancel_all([task])
        if client.is_connected:
            await client.close()


async def _connect_patiently(client: Client, url: str, name: str) -> None:
    while not client.is_connected:
        try:
            await client.connect(
                url.split(","), name=name, inbox_prefix=inbox_prefix(name), **_user(url), max_reconnect_attempts=-1,
                reconnect_time_wait=1, connect_timeout=2, error_cb=_log_error, allow_reconnect=True, ping_interval=10,
                max_outstanding_pings=2,
            )  # fmt: skip
        except (NatsError, OSError, TimeoutError):
            await asyncio.sleep(RETRY_S)


def _user(url: str) -> dict[str, Any]:
    """Said apart from the address: the client learns of a cluster's other servers, and not with whose name to enter."""
    parts = urlsplit(url.split(",")[0])
    if parts.username is None:
        return {}
    if parts.password is None:
        return {"token": unquote(parts.username)}
    return {"user": unquote(parts.username), "password": unquote(parts.password)}


async def _log_error(error: Exception) -> None:
    if "permissions violation" in str(error).lower():  # it names the subject, which is no secret
        log.error("nats refuses, see viche prepare nats", extra={"error": str(error)})
        return
    log.warning("nats", extra={"error": type(error).__name__})


async def ensure_stream(client: Client, area: str, replicas: int = 1) -> tuple[str, int]:
    """Makes the stream of ``area`` if it is not there, and gives it more copies where it has too few.

    Args:
        replicas: on how many servers of a cluster the stream is kept.

    Returns:
        when it was created, as text, and its last sequence number.
    """
    js = client.jetstream(timeout=PUBLISH_TIMEOUT_S)
    name = stream_name(area)
    try:
        info = await js.stream_info(name)
    except NotFoundError:
        info = await js.add_stream(
            StreamConfig(
                name=name, subjects=[subjects(area)], retention=RetentionPolicy.LIMITS, max_age=KEEP_S,
                duplicate_window=120, num_replicas=replicas,
            )
        )  # fmt: skip
    if (info.config.num_replicas or 1) < replicas:
        info = await _spread(js, info, replicas)
    return str(info.created), info.state.last_seq


async def _spread(js: JetStreamContext, info: StreamInfo, replicas: int) -> StreamInfo:
    """Keeps a stream that is there on more servers; where they are not to be had, events go out all the same."""
    try:
        return await js.update_stream(info.config, num_replicas=replicas)
    except (APIError, TimeoutError) as error:
        log.warning(
            "stream has fewer replicas than asked for",
            extra={"stream": info.config.name, "replicas": info.config.num_replicas, "error": str(error)},
        )
        return info


class OutboxRelay:
    """Publishes what a service's outbox holds; :meth:`run` is one of its background tasks."""

    def __init__(self, pool: Pool, client: Client, area: str, replicas: int = 1) -> None:
        """Makes the relay.

        Args:
            replicas: on how many servers of NATS the stream is kept.
        """
        self._pool = pool
        self._client = client
        self._area = area
        self._replicas = replicas
        self._woken = asyncio.Event()
        self._checked_connection = -1
        self._swept_at = 0.0

    def wake(self) -> None:
        """Says that something was committed, so that it goes out now rather than at the next poll."""
        self._woken.set()

    async def run(self) -> None:
        """Runs until cancelled; whatever is down is tried again."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._relay())
            tasks.create_task(every(MEASURE_EVERY_S, self._measure, "measuring events"))

    async def _measure(self) -> None:
        async with reading(self._pool) as conn:
            waiting, oldest_s, dead = await outbox.standing(conn)
        metrics.outbox_size.set(waiting)
        metrics.outbox_age.set(oldest_s)
        metrics.dead_letters.set(dead)

    async def _relay(self) -> None:
        while True:
            try:
                moved = await self._step()
            except (NatsError, Unavailable, OSError, TimeoutError) as error:
                log.warning("outbox waits", extra={"error": type(error).__name__})
                self._checked_connection = -1
                await asyncio.sleep(RETRY_S)
                continue
            if moved < BATCH:
                await self._sleep()

    async def _step(self) -> int:
        if not self._client.is_connected:
            raise Unavailable(what="nats")
        connection = self._client.stats["reconnects"]
        if connection != self._checked_connection:
            await self._check_stream()
            self._checked_connection = connection
        await self._sweep_sometimes()
        return await self._publish_batch()

    async def _sleep(self) -> None:
        try:
            async with asyncio.timeout(IDLE_POLL_S):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()

    async def _check_stream(self) -> None:
        created_at, last_seq = await ensure_stream(self._client, self._area, self._replicas)
        async with transaction(self._pool) as conn:
            lost = await outbox.republish_lost(conn, stream_name(self._area), created_at, last_seq)
        if lost:
            log.warning("stream lost events, publishing them again", extra={"events": lost})

    async def _publish_batch(self) -> int:
        js = self._client.jetstream(timeout=PUBLISH_TIMEOUT_S)
        async with transaction(self._pool) as conn:
            rows = await outbox.claim(conn, BATCH)
            acks = await asyncio.gather(*(self._publish(js, row) for row in rows))
            if rows:
                await outbox.mark_published(conn, [row.id for row in rows], acks)
        return len(rows)

    async def _publish(self, js: JetStreamContext, row: outbox.OutboxRow) -> int:
        headers = {"Nats-Msg-Id": str(row.id)}
        with publishing_span(row.type, row.traceparent, headers):
            ack = await js.publish(row.type, row.payload, timeout=PUBLISH_TIMEOUT_S, headers=headers)
        count_event("published", row.type)
        return ack.seq

    async def _sweep_sometimes(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._swept_at > SWEEP_EVERY_S:
            self._swept_at = now
            async with transaction(self._pool) as conn:
                await outbox.sweep(conn)


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
            name=self._name, durable_name=self._name, ack_wait=ACK_WAIT_S, max_deliver=-1, max_ack_pending=BATCH
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
