"""A connector to a letterbox in memory: what it gives, and how it fails, is what a test says."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from viche_sdk.connectors.types import (
    AccountInfo,
    Author,
    Capability,
    Challenge,
    Connector,
    ConnectorError,
    ConnectorSpec,
    Context,
    Idempotency,
    InboxItem,
    InboxKind,
    Limits,
    Localized,
    Page,
    PermissionDenied,
    Published,
    TextLimit,
)

CAPABILITIES = frozenset(
    {
        Capability.INBOX_COMMENTS, Capability.INBOX_MENTIONS, Capability.INBOX_MESSAGES, Capability.REPLY,
        Capability.HIDE, Capability.WEBHOOK,
    }
)  # fmt: skip
SIGNATURE = "x-letterbox-signature"


@dataclass
class Box:
    """What lies in the letterbox, and what was done with it."""

    pages: dict[str, Page[InboxItem]] = field(default_factory=dict[str, Page[InboxItem]])
    asked: list[str] = field(default_factory=list[str])
    replies: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    hidden: dict[str, bool] = field(default_factory=dict[str, bool])
    errors: list[ConnectorError] = field(default_factory=list[ConnectorError])

    def clear(self) -> None:
        """Makes it as it is at first."""
        for each in (self.pages, self.asked, self.replies, self.hidden, self.errors):
            each.clear()

    def fail(self) -> None:
        """Raises what is next to go wrong."""
        if self.errors:
            raise self.errors.pop(0)


BOX = Box()


class Letterbox(Connector):
    """Reads and writes BOX."""

    async def probe(self, ctx: Context) -> AccountInfo:
        return AccountInfo("box", "city", "Verbiv", "https://letters.example/city", CAPABILITIES)

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        BOX.asked.append(cursor)
        BOX.fail()
        return BOX.pages.get(cursor, Page((), cursor))

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        BOX.replies.append((item.id, text, key))
        BOX.fail()
        return Published(f"own-{len(BOX.replies)}", f"https://letters.example/own-{len(BOX.replies)}")

    async def hide(self, ctx: Context, item: InboxItem, hidden: bool) -> None:
        BOX.fail()
        BOX.hidden[item.id] = hidden

    def verify_webhook(self, ctx: Context, headers: Mapping[str, str], body: bytes) -> Challenge | Sequence[InboxItem]:
        if "query-challenge" in headers:
            return Challenge(headers["query-challenge"])
        if not hmac.compare_digest(headers.get(SIGNATURE, ""), signature(body)):
            raise PermissionDenied("the signature is wrong")
        return [item(**each) for each in json.loads(body)]


def signature(body: bytes) -> str:
    """How the letterbox signs."""
    return hmac.new(b"letters", body, "sha256").hexdigest()


def item(id: str, text: str, *, at: str = "", **more: Any) -> InboxItem:
    """Something that Olena writes in a comment of her own, now, unless it is said otherwise."""
    author = Author(more.pop("author", "olena"), "Olena Koval", "olena", "https://letters.example/@olena")
    written_at = datetime.fromisoformat(at) if at else datetime.now(UTC)
    kind = InboxKind(more.pop("kind", InboxKind.COMMENT))
    return InboxItem(id, kind, more.pop("thread", "post"), text, author, written_at, **more)


LETTERBOX = ConnectorSpec(
    name="letterbox",
    platform="letters",
    title="Letters",
    description=Localized.of(en="Letters."),
    connector=Letterbox,
    capabilities=CAPABILITIES,
    limits=Limits(text=TextLimit(200)),
    idempotency=Idempotency.NONE,
    hosts=frozenset({"letters.example"}),
    webhook_headers=(SIGNATURE,),
    webhook_answer="ok",
)
