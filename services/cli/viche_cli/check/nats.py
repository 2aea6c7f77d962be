"""NATS: whether it answers, and whether it writes to disk before it acknowledges."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from viche_chassis.bus import connect
from viche_chassis.subjects import stream_name
from viche_cli.check.findings import Finding, Level, fail, ok, warn
from viche_cli.preparing.given import nats_variable

WITHIN_S = 5.0
ASKED_TIMES = 50
PORT = 4222
_SYNC = re.compile(r"^\s*sync_interval:\s*always\s*$", re.MULTILINE)


def check_nats(url: str, config: Path | None) -> Iterator[Finding]:
    """What the servers greet with; `config` is the file of our own one."""
    greeted = [finding for each in url.split(",") for finding in _check_greeting(each)]
    yield from greeted
    if any(finding.level == Level.OK for finding in greeted):
        yield _check_sync(config)


def _check_greeting(url: str) -> Iterator[Finding]:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or PORT), timeout=WITHIN_S) as connection:
            greeting = json.loads(connection.makefile("rb").readline().removeprefix(b"INFO "))
    except (OSError, ValueError) as error:
        yield fail("NATS", f"does not answer ({type(error).__name__})", "start it; events wait meanwhile")
        return
    if greeting.get("jetstream"):
        yield ok("NATS", f"version {greeting.get('version', '?')} with JetStream")
    else:
        yield fail("NATS", "has no JetStream", "start it with JetStream on")


def _check_sync(config: Path | None) -> Finding:
    if config is None:
        return warn("NATS sync_interval", "cannot be seen from here", "set it to always in jetstream {} of the server")
    if _SYNC.search(config.read_text(encoding="utf-8")):
        return ok("NATS sync_interval", "always")
    return fail("NATS sync_interval", f"is not always in {config}", "start viche anew, which writes the file")


def check_user(service: str, url: str) -> Finding:
    """Whether a service may enter NATS and see its stream, as itself."""
    subject = f"NATS for {service}"
    way_out = f"correct {nats_variable(service)}, or give the server what `viche prepare nats` prints"
    try:
        asyncio.run(asyncio.wait_for(_see_stream(service, url), 2 * WITHIN_S))
    except NotFoundError:
        return warn(subject, "its stream is not there yet", f"start {service}, which makes it")
    except (NatsError, OSError, TimeoutError) as error:
        return fail(subject, f"does not let it in, or not to its stream ({type(error).__name__})", way_out)
    return ok(subject, "its user may enter, and sees its stream")


async def _see_stream(service: str, url: str) -> None:
    async with connect(url, service) as client:
        for _ in range(ASKED_TIMES):
            if client.is_connected:
                break
            await asyncio.sleep(WITHIN_S / ASKED_TIMES)
        await client.jetstream(timeout=WITHIN_S / 2).stream_info(stream_name(service))
