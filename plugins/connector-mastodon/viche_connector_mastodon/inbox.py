"""Notifications as items of the inbox."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from viche_connector_mastodon.text import plain_text, without_mentions
from viche_sdk.connectors.types import Author, InboxItem, InboxKind


def item_of(status: Mapping[str, Any], own_id: str) -> InboxItem:
    """A post of somebody that mentions the account.

    Args:
        status: entity Status.
        own_id: id of the account.
    """
    author = status["account"]
    answered = status.get("in_reply_to_id") or ""
    kind = _kind(status, own_id)
    names = [each["username"] for each in status.get("mentions", ()) if each["id"] == own_id]
    return InboxItem(
        id=status["id"],
        kind=kind,
        thread=f"direct-{author['id']}" if kind is InboxKind.MESSAGE else answered or status["id"],
        text=without_mentions(plain_text(status["content"]), names),
        author=Author(author["id"], author["display_name"] or author["username"], author["acct"], author["url"] or ""),
        written_at=datetime.fromisoformat(status["created_at"]),
        on=answered if kind is InboxKind.COMMENT else "",
        answers=answered,
        url=status.get("url") or "",
        language=status.get("language") or "",
    )


def _kind(status: Mapping[str, Any], own_id: str) -> InboxKind:
    if status["visibility"] == "direct":
        return InboxKind.MESSAGE
    return InboxKind.COMMENT if status.get("in_reply_to_account_id") == own_id else InboxKind.MENTION
