"""What a connector is given for one call, from who calls."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from time import monotonic
from typing import Any

from viche_chassis.connectors.calls import LogLine
from viche_sdk.connectors.redaction import Redactor
from viche_sdk.connectors.types import ConnectorError, Media, MediaStore, Transient, Unsupported

MOST_LINES = 50
MOST_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class Networks:
    """Where connectors may go beyond public addresses: networks that the operator names, such as "10.1.0.0/16"."""

    trusted: tuple[str, ...] = ()

    def read(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """As networks."""
        return tuple(ip_network(each) for each in self.trusted)

    @property
    def has_loopback(self) -> bool:
        """Whether this machine is among them, which also lets connectors reach it without TLS."""
        return any(each.is_loopback for each in self.read())


class HostClock:
    """The host's clock: its instant at the call, and what has passed since."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._since = monotonic()

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self._now + timedelta(seconds=monotonic() - self._since)


class HostFiles:
    """The host's files, asked for in the host's loop."""

    def __init__(self, media: MediaStore | None, host: asyncio.AbstractEventLoop) -> None:
        self._media = media
        self._host = host

    async def read(self, media: Media) -> bytes:
        """The bytes."""
        return await self._ask(lambda store: store.read(media))

    async def link(self, media: Media) -> str:
        """An address for the platform."""
        return await self._ask(lambda store: store.link(media))

    async def _ask(self, question: Callable[[MediaStore], Coroutine[Any, Any, Any]]) -> Any:
        if self._media is None:
            raise Unsupported("this call has no files")
        try:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(question(self._media), self._host))
        except ConnectorError:
            raise
        except Exception as fault:  # the host's own trouble is none of the connector's
            raise Transient(f"a file cannot be read just now: {type(fault).__name__}") from fault


class Lines:
    """Answers `context.Log`: keeps what is said until the call has ended, without secrets."""

    def __init__(self, redactor: Redactor) -> None:
        self.redactor = redactor
        self._lines: list[LogLine] = []

    def info(self, message: str, **values: object) -> None:
        """For operators who look."""
        self._add(False, message, values)

    def warning(self, message: str, **values: object) -> None:
        """For operators who should look."""
        self._add(True, message, values)

    def taken(self) -> tuple[LogLine, ...]:
        """What has been said."""
        return tuple(self._lines)

    def _add(self, is_warning: bool, message: str, values: dict[str, object]) -> None:
        if len(self._lines) < MOST_LINES:
            said = {name: self._clean(str(value)) for name, value in values.items()}
            self._lines.append(LogLine(is_warning, self._clean(message), said))

    def _clean(self, text: str) -> str:
        return self.redactor.clean(text)[:MOST_CHARACTERS]
