"""Platforms that take their time, and the connectors that post to them: what is left is how posts are sent.

Each answers after a fifth of a second, as platforms far away do. One more takes every post and never answers, and
on one people talk all the time.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from viche_sdk.connectors.types import (
    AccountInfo,
    Author,
    Capability,
    Connector,
    ConnectorSpec,
    Context,
    Field,
    FieldKind,
    Idempotency,
    InboxItem,
    InboxKind,
    Limits,
    Localized,
    Operation,
    OutcomeUnknown,
    Page,
    Post,
    Published,
    Rate,
    TextLimit,
)
from viche_sdk.hookspecs import hookimpl

ANSWER_S = 0.2
PER_S = 20
"""What each platform lets one account post, as Telegram and others do."""
NAMES = tuple(f"slow{number}" for number in range(1, 6))
HANGING = "hanging"
TALKING = "talking"
PAGES, PAGE = 20, 500
"""What people have said on the talking platform: as much as is read in one go."""
LOOPBACK = "127.0.0.1"


class SlowConnector(Connector):
    """Posts with one call of HTTP."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Whatever is entered is an account."""
        return AccountInfo("1", "town", "Town", "", _CAPABILITIES)

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """The platform knows the key."""
        answer = await ctx.http.request("POST", ctx.value("address"), json={"key": key, "text": post.text})
        if answer.status != 200:
            raise OutcomeUnknown(f"answered {answer.status}")
        return Published(key)


class TalkingConnector(Connector):
    """Gives what people wrote, page by page."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Whatever is entered is an account."""
        return AccountInfo("1", "town", "Town", "", frozenset({Capability.INBOX_COMMENTS}))

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """The next page; the cursor is its number."""
        number = int(cursor or 0)
        if number == PAGES:
            return Page((), cursor)
        now = ctx.clock.now()
        items = (_said(number * PAGE + place, now) for place in range(PAGE))
        return Page(tuple(items), str(number + 1), has_more=number + 1 < PAGES)


def _said(number: int, now: datetime) -> InboxItem:
    """A comment under one of fifty posts."""
    post = str(number % 50)
    text = (
        f"Скажіть, коли відремонтують вулицю {number % 700}? Будинок {number % 90}, ями вже третій рік, пишемо вдесяте."
    )
    return InboxItem(
        id=f"c{number}", kind=InboxKind.COMMENT, thread=f"{post}/{number}", text=text,
        author=Author(f"a{number % 3_000}", "Сусідка", "neighbour"), written_at=now, on=post, language="uk",
    )  # fmt: skip


_CAPABILITIES = frozenset({Capability.PUBLISH_TEXT})


def _talking() -> ConnectorSpec:
    return ConnectorSpec(
        name=TALKING,
        platform=TALKING,
        title=TALKING,
        description=Localized.of(en="For benchmarks"),
        connector=TalkingConnector,
        capabilities=frozenset({Capability.INBOX_COMMENTS}),
        limits=Limits(TextLimit(500)),
        idempotency=Idempotency.NATIVE,
        hosts=frozenset(),
    )


def _spec(name: str) -> ConnectorSpec:
    return ConnectorSpec(
        name=name,
        platform=name,
        title=name,
        description=Localized.of(en="For benchmarks"),
        connector=SlowConnector,
        capabilities=_CAPABILITIES,
        fields=(
            Field("address", Localized.of(en="Address"), Localized.of(en="Where posts go"), FieldKind.ADDRESS),
        ),
        limits=Limits(TextLimit(500)),
        idempotency=Idempotency.NATIVE,
        hosts=frozenset({"{address}"}),
        rates=(Rate(frozenset({Operation.PUBLISH}), PER_S, 1),),
    )  # fmt: skip


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """All of them."""
    return [*(_spec(name) for name in (*NAMES, HANGING)), _talking()]


@dataclass(slots=True)
class Platforms:
    """What the platforms have got: how often each key, by platform."""

    port: int
    got: dict[str, Counter[str]] = field(default_factory=dict[str, "Counter[str]"])

    def address(self, name: str) -> str:
        """Where posts to a platform go."""
        return f"http://{LOOPBACK}:{self.port}/{name}"


@contextmanager
def serving() -> Iterator[Platforms]:
    """All platforms at one port, in a thread of their own, until the block ends."""
    loop = asyncio.new_event_loop()
    platforms = Platforms(0)
    is_up = threading.Event()

    async def main() -> None:
        server = await asyncio.start_server(lambda *streams: _talk(platforms, *streams), LOOPBACK, 0)
        platforms.port = server.sockets[0].getsockname()[1]
        is_up.set()
        async with server:
            await server.serve_forever()

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    task = loop.create_task(main())
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    is_up.wait()
    try:
        yield platforms
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


async def _talk(platforms: Platforms, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            name = head.split(b" ", 2)[1].decode().lstrip("/")
            length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
            body = json.loads(await reader.readexactly(length))
            platforms.got.setdefault(name, Counter())[body["key"]] += 1
            if name == HANGING:
                await reader.read()  # until the caller gives up
                return
            await asyncio.sleep(ANSWER_S)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()
