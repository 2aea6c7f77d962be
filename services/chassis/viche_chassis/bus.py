"""NATS JetStream: connections, streams, and publishing from the outbox.

One stream per owning service, ``viche.<area>.v1.>``; the subject of an event is the full name of its message.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from nats.aio.client import Client as Client  # who takes a connection names it from here
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import RetentionPolicy, StreamConfig, StreamInfo
from nats.js.errors import APIError, NotFoundError

from viche_chassis import metrics, outbox
from viche_chassis.db import Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.measuring import showing_nats
from viche_chassis.metrics import count_event
from viche_chassis.periodic import every
from viche_chassis.subjects import inbox_prefix, stream_name, subjects
from viche_chassis.tasks import cancel_all
from viche_chassis.telemetry import publishing_span

log = logging.getLogger("viche.bus")

KEEP_S = 7 * 24 * 3600
BATCH = 200
PUBLISH_TIMEOUT_S = 5.0
IDLE_POLL_S = 1.0
RETRY_S = 2.0
FIRST_WAIT_S = 1.0
SWEEP_EVERY_S = 600.0
MEASURE_EVERY_S = 10.0


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
        await client.close()  # also what was half connected


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
