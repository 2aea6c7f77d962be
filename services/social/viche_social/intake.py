"""Channels are asked what people wrote, page by page, each page in one transaction with the cursor that follows it.

A process that ends in between leaves the cursor where the last whole page put it, and a page that comes again changes
nothing. A cursor is moved only by whoever asked with the one before it, so that it never goes back.
"""

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from viche_chassis.db import Pool, reading, transaction
from viche_chassis.periodic import every
from viche_sdk.connectors.types import (
    AuthExpired,
    Capability,
    Challenge,
    ConnectorError,
    Operation,
    Page,
    PermissionDenied,
    QuotaOrBudget,
    RateLimited,
    Transient,
)
from viche_social.calling import Calls
from viche_social.connecting import expired
from viche_social.domain.errors import HookNotFound, HookRefused, PlatformUnreachable
from viche_social.domain.hooks import check_body
from viche_social.domain.inbox import READS
from viche_social.rates import meters
from viche_social.store import channels, inboxes, permits
from viche_social.store.channels import Channel
from viche_social.store.inboxes import Reading
from viche_social.taking import Taking

log = logging.getLogger("viche.social")

LOOK_EVERY_S = 5.0
READ_EVERY = timedelta(minutes=1)
AT_ONCE = 8
"""Channels of one connector that are read at a time: one that hangs holds back nobody else."""
MOST_PAGES = 20
"""Of one channel in a row: a busy one does not keep others waiting."""
MOST_ITEMS = 2_000
"""Of one page; a connector that gives more is at fault."""
LEASE = timedelta(minutes=30)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
HOOKS_KEPT = timedelta(days=7)
_HOOK_HEADERS = frozenset({"content-type"})


class Intake:
    """Reads channels until cancelled. Several processes may: claims keep them apart.

    Args:
        pool: of the database.
        calls: of connectors.
        taking: takes in what they give.
    """

    def __init__(self, pool: Pool, calls: Calls, taking: Taking) -> None:
        self._pool = pool
        self._calls = calls
        self._taking = taking
        self._running: set[asyncio.Task[None]] = set()
        self._busy: Counter[str] = Counter()

    async def run(self) -> None:
        """Runs until cancelled; what is being read then is read again by whoever looks next."""
        try:
            await every(LOOK_EVERY_S, self.look, "reading what people write")
        finally:
            for task in self._running:
                task.cancel()

    async def look(self) -> None:
        """Begins to read the channels that are due."""
        async with transaction(self._pool) as conn:
            await inboxes.begin(conn, READS)
            await inboxes.forget_hooks(conn, HOOKS_KEPT)
        for connector in self._calls.specs:
            async with transaction(self._pool) as conn:
                due = await inboxes.claim(conn, connector, READS, AT_ONCE - self._busy[connector], LEASE)
            for each in due:
                self._busy[connector] += 1
                task = asyncio.create_task(self._read(each))
                self._running.add(task)
                task.add_done_callback(self._ended(connector))

    async def finish(self) -> None:
        """Waits until nothing is being read."""
        while self._running:
            await asyncio.wait(self._running)

    def _ended(self, connector: str) -> Callable[[asyncio.Task[None]], None]:
        def ended(task: asyncio.Task[None]) -> None:
            self._running.discard(task)
            self._busy[connector] -= 1
            if not task.cancelled() and (fault := task.exception()):
                log.error("a channel could not be read", exc_info=fault)

        return ended

    async def _read(self, reading_: Reading) -> None:
        async with reading(self._pool) as conn:
            channel = await channels.get(conn, reading_.channel_id)
        assert channel is not None  # a foreign key
        await self._taking.ready()
        try:
            again_in = await self._pages(channel, reading_.cursor)
        except ConnectorError as error:
            await self._failed(channel, error)
            return
        except Exception:
            await self._failed(channel, Transient("a fault inside the social service"))
            raise
        async with transaction(self._pool) as conn:
            await channels.worked(conn, channel.id)
            await inboxes.release(conn, channel.id, again_in)

    async def _pages(self, channel: Channel, cursor: str) -> timedelta:
        """Reads on from a cursor.

        Returns:
            after which pause it is read again.
        """
        spec = self._calls.specs.get(channel.connector)
        if spec is None:
            raise Transient(f"no plugin brings the connector {channel.connector}")
        for _ in range(MOST_PAGES):
            async with transaction(self._pool) as conn:
                granted = await permits.take(conn, meters(spec, Operation.FETCH_INBOX, channel.id), 1)
            if not granted.number:
                return timedelta(seconds=max(1.0, granted.wait_s))
            page: Page[Any] = await self._calls.call(channel, Operation.FETCH_INBOX, cursor)
            if len(page.items) > MOST_ITEMS:
                raise Transient(f"a page of {len(page.items)} items")
            if not await self._take(channel, cursor, page):
                return READ_EVERY
            if not page.has_more:
                return READ_EVERY
            if page.cursor == cursor:
                raise Transient("it says that there is more, and gives no way there")
            cursor = page.cursor
        return timedelta()

    async def _take(self, channel: Channel, asked: str, page: Page[Any]) -> bool:
        """Takes a page in; False where somebody else has gone on from that cursor meanwhile."""
        async with transaction(self._pool) as conn:
            if await inboxes.hold(conn, channel.id) != asked:
                return False
            if page.items:
                await self._taking.take(conn, channel, page.items)
            await inboxes.advance(conn, channel.id, page.cursor)
        return True

    async def _failed(self, channel: Channel, error: ConnectorError) -> None:
        async with transaction(self._pool) as conn:
            least = _wait(error)
            await inboxes.fail(conn, channel.id, str(error), FIRST_PAUSE, LONGEST_PAUSE, least)
            match error:
                case AuthExpired():
                    await expired(conn, channel.id, error.detail)
                case RateLimited() if error.scope == "app":
                    await channels.be_quiet_all(conn, channel.connector, least)
                case RateLimited() | QuotaOrBudget():
                    await channels.be_quiet(conn, channel.id, least)
                case _:
                    pass

    async def receive(self, channel: Channel | None, headers: Mapping[str, str], body: bytes) -> Challenge | None:
        """Takes what a platform sent by itself, once.

        Args:
            channel: to which its address leads; None where it leads nowhere.
            headers: with names in lower case; the connector gets those that it asks for.
            body: as it came.

        Returns:
            what the platform is to hear, if anything.

        Raises:
            HookNotFound: there is no such address (any more).
            HookMalformed: the body is no JSON, although it begins as one, or holds what no text holds.
            HookRefused: the signature is wrong, or too old.
            PlatformUnreachable: the connector cannot say; it should be sent again.
        """
        spec = self._calls.specs.get(channel.connector) if channel else None
        if channel is None or spec is None or channel.state == "disconnected" or not spec.can(Capability.WEBHOOK):
            raise HookNotFound()
        check_body(body)
        wanted = {*spec.webhook_headers, *_HOOK_HEADERS}
        given = {name: text for name, text in headers.items() if name in wanted or name.startswith("query-")}
        try:
            read = await self._calls.call(channel, Operation.VERIFY_WEBHOOK, given, body)
        except (PermissionDenied, AuthExpired) as error:
            raise HookRefused() from error
        except ConnectorError as error:
            raise PlatformUnreachable(detail=error.detail) from error
        if isinstance(read, Challenge):
            return read
        await self._taking.ready()
        async with transaction(self._pool) as conn:
            await inboxes.hold(conn, channel.id)
            if await inboxes.is_new_hook(conn, channel.id, hashlib.sha256(body).digest()):
                await self._taking.take(conn, channel, read)
        return None


def _wait(error: ConnectorError) -> timedelta:
    """How long the platform wants quiet."""
    if isinstance(error, RateLimited | QuotaOrBudget | Transient) and error.retry_after_s:
        return timedelta(seconds=min(error.retry_after_s, 86_400.0))
    return timedelta()
