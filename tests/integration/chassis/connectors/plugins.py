"""Plugins that misbehave, installed in a folder that a process of their own finds."""

import os
import textwrap
from pathlib import Path

GOOD = """
import os

from viche_sdk.connectors.types import (
    AccountInfo, Capability, Connector, ConnectorSpec, Idempotency, Limits, Localized, Published, TextLimit,
)
from viche_sdk.hookspecs import hookimpl


class Good(Connector):
    async def probe(self, ctx):
        return AccountInfo(str(os.getpid()), ctx.account.handle, "", "", frozenset())

    async def publish(self, ctx, post, key):
        data = [await ctx.media.read(media) for media in post.media]
        return Published(key, str(sum(map(len, data))))


def spec(name, connector):
    return ConnectorSpec(
        name=name, platform=name, title=name, description=Localized.of(en=name), connector=connector,
        capabilities=frozenset({Capability.PUBLISH_TEXT}), limits=Limits(TextLimit(500)),
        idempotency=Idempotency.NATIVE, hosts=frozenset(),
    )
"""

HOOK = """

@hookimpl
def viche_connectors():
    return [spec("{name}", {kind})]
"""

EVIL = (
    GOOD
    + """
import asyncio
import subprocess
import sys
import threading
import time


def spin():
    while True:
        pass


class Evil(Good):
    async def probe(self, ctx):
        match ctx.account.handle:
            case "hang":
                await asyncio.sleep(3600)
            case "deaf":
                while True:
                    try:
                        await asyncio.sleep(3600)
                    except asyncio.CancelledError:
                        pass
            case "block":
                time.sleep(3600)
            case "spin":
                # one long step of C that never lets go of the interpreter
                sum(range(10**15))
            case "raise":
                raise RuntimeError("the token is " + ctx.secret("access_token"))
            case "leak":
                held = []
                while True:
                    held.append(bytearray(8 * 1024 * 1024))
            case "fork":
                while True:
                    os.fork()
            case "run":
                subprocess.run(["sleep", "3600"])
            case "exit":
                os._exit(3)
            case "system exit":
                sys.exit(4)
            case "crash":
                os.kill(os.getpid(), 11)
            case "rubbish":
                return {"id": "1"}
            case "half":
                return AccountInfo("1", None, "", "", frozenset())
            case "print":
                for _ in range(20_000):
                    print(ctx.secret("access_token"))
                print(ctx.secret("access_token"), file=sys.stderr)
                ctx.log.warning("said", token=ctx.secret("access_token"))
            case "environment":
                found = {key for key in os.environ if "VICHE" in key or "SECRET" in key}
                return AccountInfo(",".join(sorted(found)), "", "", "", frozenset())
            case "threads":
                for _ in range(8):
                    threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
            case "stay":
                threading.Thread(target=spin, daemon=True).start()
        return await super().probe(ctx)

    async def publish(self, ctx, post, key):
        await self.probe(ctx)
        return await super().publish(ctx, post, key)
"""
)

ALL = (
    GOOD
    + """
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from viche_sdk.connectors.types import *


class All(Connector):
    def validate(self, post, limits):
        return [Problem("text", ProblemReason.TEXT_TOO_LONG, str(len(post.text)), str(limits.text.most))]

    async def probe(self, ctx):
        ctx.log.info("probed", token=ctx.secret("access_token"), server=ctx.value("server"))
        return AccountInfo(
            ctx.account.id, ctx.account.handle, ctx.value("server"), "", frozenset({Capability.REPLY}),
            Limits(TextLimit(7, LengthUnit.UTF16)), ctx.clock.now() + timedelta(days=90),
        )

    async def publish(self, ctx, post, key):
        if post.event:
            return Published(post.event.starts_at.isoformat(), post.event.starts_at.tzname())
        read = b"".join([await ctx.media.read(media) for media in post.media])
        links = [await ctx.media.link(media) for media in post.media]
        return Pending(f"{key} {read.decode()} {links}", 7.5)

    async def check(self, ctx, pending):
        return Ready(pending.token)

    async def finalize(self, ctx, ready):
        return Published(ready.token, "https://example.org")

    async def find(self, ctx, key, post):
        return None

    async def edit(self, ctx, ref, post):
        ctx.session.put(ctx.session.get() + "-next")
        raise InvalidContent(f"{post.text} {ctx.session.get()}", "link")

    async def delete(self, ctx, ref):
        raise RateLimited("slow", 12.5, Scope.APP)

    async def poll_results(self, ctx, ref):
        return PollResults((PollOption("Так", 3), PollOption("Ні", 0)), None, True)

    async def fetch_inbox(self, ctx, cursor):
        at = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Kyiv"))
        item = InboxItem("1", InboxKind.COMMENT, "t", "Де?", Author("7", "Оля"), at, is_own=True)
        return Page((item,), cursor + "1", True)

    async def reply(self, ctx, item, text, key):
        return Published(f"{item.id} {item.author.name} {item.written_at.isoformat()} {text} {key}")

    async def hide(self, ctx, item, hidden):
        raise PermissionDenied(str(hidden), "moderate")

    async def metrics(self, ctx, refs):
        return [Metric(MetricName.REACH, None, ref, "retired") for ref in refs]

    def verify_webhook(self, ctx, headers, body):
        if not body:
            return Challenge(headers["query-hub.challenge"])
        if body == b"x":
            raise PermissionDenied("signature")
        return []
"""
)

FETCHING = (
    GOOD.replace("hosts=frozenset()", "hosts=frozenset({'{server}'}), fields=(SERVER,)")
    + """
from viche_sdk.connectors.types import Field, FieldKind

SERVER = Field("server", Localized.of(en="Server"), Localized.of(en="Address"), FieldKind.ADDRESS)


class Fetching(Connector):
    async def probe(self, ctx):
        answer = await ctx.http.request("GET", ctx.value("server") + ctx.account.handle)
        return AccountInfo(answer.body.decode(), str(answer.status), "", "", frozenset())
"""
)

NEVER_STARTS = "import time\ntime.sleep(3600)\n"
ENDS_AT_START = "import os\nos._exit(7)\n"
RAISES_AT_START = "raise RuntimeError('it needs a moon')\n"


def source(name: str, kind: str = "Good") -> str:
    """A plugin with one connector."""
    return {"Good": GOOD, "Evil": EVIL, "All": ALL, "Fetching": FETCHING}[kind] + HOOK.format(name=name, kind=kind)


def install(folder: Path, plugin: str, text: str) -> Path:
    """Writes a distribution with one plugin; gives the folder for PYTHONPATH."""
    site, module = folder / plugin, plugin.replace("-", "_")
    info = site / f"{module}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {plugin}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[viche]\n{plugin} = {module}\n")
    (site / f"{module}.py").write_text(textwrap.dedent(text))
    return site


def environment(*sites: Path) -> dict[str, str]:
    """Of a process that finds them, with things that a child must not see."""
    path = os.pathsep.join(map(str, sites))
    return {**os.environ, "PYTHONPATH": path, "VICHE_DATABASE_URL": "postgresql://x", "AWS_SECRET_KEY": "x"}
