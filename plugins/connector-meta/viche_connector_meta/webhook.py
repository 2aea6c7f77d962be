"""What the platform sends by itself (developers.facebook.com: Webhooks, Pages and Instagram)."""

import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from viche_connector_meta.messages import author_of
from viche_sdk.connectors.types import Challenge, Context, InboxItem, InboxKind, PermissionDenied

SIGNATURE = "x-hub-signature-256"
Change = Callable[[str, Mapping[str, Any], int, str], InboxItem | None]
"""An item of a change: which field, its value, the time in seconds of Unix, the own id. None: not for the inbox."""


def heard(ctx: Context, headers: Mapping[str, str], body: bytes, read: Change) -> Challenge | list[InboxItem]:
    """Answers the challenge, or reads what is rightly signed.

    Raises:
        PermissionDenied: the signature or the token of the challenge is wrong, or there is none to compare it with.
    """
    if headers.get("query-hub.mode") == "subscribe":
        return _challenge(ctx, headers)
    secret = ctx.secret("app_secret").encode()
    signed = "sha256=" + hmac.new(secret, body, sha256).hexdigest()
    if not secret or not hmac.compare_digest(signed.encode(), headers.get(SIGNATURE, "").encode()):
        raise PermissionDenied("the signature is wrong")
    try:
        return list(_items(json.loads(body), ctx.account.id, read))
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        raise PermissionDenied(f"signed, and not of the kind that is known: {type(fault).__name__}") from fault


def _challenge(ctx: Context, headers: Mapping[str, str]) -> Challenge:
    wanted, token = ctx.secret("verify_token").encode(), headers.get("query-hub.verify_token", "").encode()
    if not wanted or not hmac.compare_digest(wanted, token):
        raise PermissionDenied("the token of the challenge is wrong")
    return Challenge(headers.get("query-hub.challenge", ""))


def _items(event: Mapping[str, Any], own_id: str, read: Change) -> Iterator[InboxItem]:
    for entry in event["entry"]:
        if entry["id"] != own_id:
            continue
        for change in entry.get("changes", ()):
            if item := read(change["field"], change["value"], _seconds(entry["time"]), own_id):
                yield item
        for message in entry.get("messaging", ()):
            if item := _message(message):
                yield item


def _seconds(time: int) -> int:
    """Pages tell seconds, messages thousandths."""
    return time // 1000 if time > 10_000_000_000 else time


def _message(event: Mapping[str, Any]) -> InboxItem | None:
    """A message; echoes of own ones, receipts and reactions are none."""
    message = event.get("message") or {}
    if not message or message.get("is_echo"):
        return None
    return InboxItem(
        id=message["mid"],
        kind=InboxKind.MESSAGE,
        thread=event["sender"]["id"],
        text=message.get("text") or "",
        author=author_of(event["sender"]),
        written_at=datetime.fromtimestamp(_seconds(event["timestamp"]), UTC),
        is_deleted=bool(message.get("is_deleted")),
    )
