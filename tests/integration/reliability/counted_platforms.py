"""Platforms that count what appears on them, and can hold a call at a moment; and the connectors that post to them.

The three differ in what they make of a second call with the same key: one knows it, one lets a post be looked for,
one does neither.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from viche_sdk.connectors.types import (
    AccountInfo,
    Capability,
    Connector,
    ConnectorSpec,
    Context,
    Field,
    FieldKind,
    Idempotency,
    InboxItem,
    Limits,
    Localized,
    OutcomeUnknown,
    Page,
    Post,
    Published,
    TextLimit,
)
from viche_sdk.hookspecs import hookimpl

PLUGIN = "connector-counted"
NATIVE, RECONCILE, NONE = "counted-native", "counted-reconcile", "counted-none"
NAMES = (NATIVE, RECONCILE, NONE)
CAPABILITIES = frozenset({Capability.PUBLISH_TEXT, Capability.REPLY, Capability.INBOX_COMMENTS})
LOOPBACK = "127.0.0.1"


class CountedConnector(Connector):
    """One call of HTTP for each call of the host."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Whatever is entered is an account."""
        return AccountInfo("1", "town", "Town", "", CAPABILITIES)

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """Makes a post."""
        return Published((await _asked(ctx, "publish", key, post.text))["ref"])

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """Looks for a post."""
        ref = (await _asked(ctx, "find", key, post.text))["ref"]
        return Published(ref) if ref else None

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Nobody writes anything more."""
        return Page((), cursor)

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """Makes an answer."""
        return Published((await _asked(ctx, "reply", key, text))["ref"])


async def _asked(ctx: Context, verb: str, key: str, text: str) -> dict[str, str]:
    asked = {"verb": verb, "key": key, "text": text}
    answer = await ctx.http.request("POST", ctx.value("address"), json=asked)
    if answer.status != 200:
        raise OutcomeUnknown(f"answered {answer.status}")
    return answer.object()


def _spec(name: str, idempotency: Idempotency) -> ConnectorSpec:
    return ConnectorSpec(
        name=name,
        platform=name,
        title=name,
        description=Localized.of(en="For tests"),
        connector=CountedConnector,
        capabilities=CAPABILITIES,
        fields=(
            Field("address", Localized.of(en="Address"), Localized.of(en="Where posts go"), FieldKind.ADDRESS),
        ),
        limits=Limits(TextLimit(500)),
        idempotency=idempotency,
        hosts=frozenset({"{address}"}),
    )  # fmt: skip


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """All of them."""
    return [
        _spec(NATIVE, Idempotency.NATIVE),
        _spec(RECONCILE, Idempotency.RECONCILE),
        _spec(NONE, Idempotency.NONE),
    ]


class Hold(StrEnum):
    """Where a platform lets a write stand."""

    NOWHERE = "nowhere"
    # it has come, and nothing was made of it: once let go it is forgotten
    HEARD = "heard"
    # it was done, and is not answered until it is let go
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Thing:
    """A post or an answer as people see it."""

    platform: str
    key: str
    text: str


@dataclass(slots=True)
class Platforms:
    """What people see on all of them, in the order in which it appeared."""

    port: int
    shown: list[Thing] = field(default_factory=list[Thing])
    held: int = 0
    _at: Hold = Hold.NOWHERE
    _go: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def address(self, name: str) -> str:
        """Where its connector sends what it has."""
        return f"http://{LOOPBACK}:{self.port}/{name}"

    def hold(self, at: Hold) -> None:
        """Writes stand there from now on."""
        with self._lock:
            self._at, self._go, self.held = at, threading.Event(), 0

    def let_go(self) -> None:
        """Whoever stands goes on, and nobody is held any more."""
        with self._lock:
            self._at = Hold.NOWHERE
            self._go.set()

    def copies(self, platform: str, text: str) -> int:
        """How often people see a text."""
        return sum((each.platform, each.text) == (platform, text) for each in list(self.shown))

    def answer(self, platform: str, verb: str, key: str, text: str) -> dict[str, str] | None:
        """What it says to one call; nothing where the connection ends without a word."""
        if verb == "find":
            return {"ref": text if self.copies(platform, text) else ""}
        with self._lock:
            at, go = self._at, self._go
            if at is not Hold.HEARD:
                self._make(Thing(platform, key, text))
            self.held += at is not Hold.NOWHERE
        if at is not Hold.NOWHERE:
            go.wait()
        return None if at is Hold.HEARD else {"ref": text}

    def _make(self, thing: Thing) -> None:
        knows = {(each.platform, each.key) for each in self.shown if each.platform == NATIVE}
        if (thing.platform, thing.key) not in knows:
            self.shown.append(thing)


@contextmanager
def serving() -> Iterator[Platforms]:
    """All platforms at one port, in threads of their own, until the block ends."""
    platforms = Platforms(0)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            said = platforms.answer(self.path.lstrip("/"), asked["verb"], asked["key"], asked["text"])
            self.close_connection = True
            if said is not None:
                self._say(json.dumps(said).encode())

        def _say(self, body: bytes) -> None:
            # who asked may have been killed meanwhile
            with suppress(ConnectionError):
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A connection that ends in the middle is what the tests are about."""

    with Server((LOOPBACK, 0), Handler) as server:
        platforms.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield platforms
        finally:
            platforms.let_go()
            server.shutdown()
            thread.join()
