"""An account on a real server, called as the host calls connectors."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from viche_sdk.connectors.http import GuardedHttp, hosts_of
from viche_sdk.connectors.kit.levels import LiveRecord
from viche_sdk.connectors.kit.material import bytes_of
from viche_sdk.connectors.redaction import RedactedLog, Redactor
from viche_sdk.connectors.types import (
    Account,
    AccountInfo,
    ConnectorSpec,
    Context,
    HeldSession,
    InboxItem,
    Limits,
    Media,
    MediaKind,
    Operation,
    Page,
    Secret,
)

PICTURE = Media("image-1", MediaKind.IMAGE, "image/png", len(bytes_of("image/png")), "Міст через річку", 1, 1)


class WallClock:
    """The real one."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)


class Files:
    """The one picture."""

    async def read(self, media: Media) -> bytes:
        """Its bytes."""
        return bytes_of(media.type)

    async def link(self, media: Media) -> str:
        """No server that runs here fetches files."""
        raise AssertionError("nobody asks for it")


class LiveAccount:
    """One account of a connector; each call is made on a fresh object."""

    def __init__(self, spec: ConnectorSpec, values: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        self.spec = spec
        self.limits: Limits = spec.limits
        redactor = Redactor(secrets.values())
        self._account = Account(values=values)
        self._secrets = {name: Secret(value) for name, value in secrets.items()}
        self._http = GuardedHttp(hosts_of(spec, values), allows_loopback=True, redactor=redactor)
        self._session = HeldSession(redactor=redactor)
        self._log = RedactedLog(logging.getLogger("live"), redactor, spec.name)

    async def __aenter__(self) -> LiveAccount:
        try:
            info: AccountInfo = await self.call(Operation.PROBE)
        except BaseException:
            await self._http.aclose()
            raise
        self.limits = info.limits or self.limits
        self._account = Account(info.id, info.handle, self._account.values)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def call(self, operation: Operation, *args: object) -> Any:
        """One call."""
        context = Context(self._account, self._secrets, self._http, WallClock(), Files(), self._log, self._session)
        return await getattr(self.spec.connector(), operation.value)(context, *args)

    async def inbox(self, cursor: str = "") -> tuple[list[InboxItem], str]:
        """Everything since a cursor, and the next one."""
        items: list[InboxItem] = []
        while True:
            page: Page[InboxItem] = await self.call(Operation.FETCH_INBOX, cursor)
            items += page.items
            cursor = page.cursor
            if not page.has_more:
                return items, cursor


def tried(spec: ConnectorSpec, server: str, modules: str) -> None:
    """The record that this version was tried against a real server: held to what the plugin ships, or written with
    UPDATE_LIVE=1. The level gold stands on it."""
    if os.environ.get("UPDATE_LIVE"):
        LiveRecord(server, datetime.now(UTC).date().isoformat(), spec.version).keep(Path(modules).parent, spec.name)
    record = LiveRecord.of(f"connector-{spec.name}", spec.name)
    assert record is not None, "run this test with UPDATE_LIVE=1"
    assert (record.server, record.version) == (server, spec.version), "run this test with UPDATE_LIVE=1"
