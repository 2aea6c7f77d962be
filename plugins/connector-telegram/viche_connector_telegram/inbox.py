"""Updates of the bot as items of the inbox: comments in the linked group, and messages to the bot."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from viche_sdk.connectors.types import Account, Author, InboxItem, InboxKind, InvalidContent

ASKED_FOR = ("message", "edited_message")
START = "/start"
"""What Telegram itself writes when somebody opens a bot."""

WITH_CONTENT = ("text", "caption", "photo", "video", "animation", "audio", "document", "sticker", "voice", "video_note")


def items_of(update: Mapping[str, Any], account: Account) -> Sequence[InboxItem]:
    """What an update tells; nothing for most of them."""
    message = next((update[name] for name in ASKED_FOR if name in update), None)
    if message is None or not any(name in message for name in WITH_CONTENT):
        return ()
    if message["chat"]["type"] == "private":
        return _message(message)
    return _comment(message, account)


def read(body: bytes, account: Account) -> Sequence[InboxItem]:
    """What came in at the webhook.

    Raises:
        InvalidContent: it is no update.
    """
    try:
        update = json.loads(body)
        return items_of(update, account) if "update_id" in update else ()
    except (ValueError, LookupError, TypeError, AttributeError) as fault:
        raise InvalidContent(f"no update of Telegram's: {type(fault).__name__}") from fault


def place_of(id_: str) -> tuple[str, int]:
    """Chat and number of a message, from the id of its item."""
    chat, _, number = id_.partition(":")
    return chat, int(number)


def _message(message: Mapping[str, Any]) -> Sequence[InboxItem]:
    if message.get("text") == START:
        return ()
    chat = str(message["chat"]["id"])
    return (_item(message, InboxKind.MESSAGE, chat),)


def _comment(message: Mapping[str, Any], account: Account) -> Sequence[InboxItem]:
    """Telegram copies each post of a channel into its group; what answers the copy, or an answer, is a comment."""
    answered = message.get("reply_to_message")
    if message.get("is_automatic_forward") or not answered:
        return ()
    top = message.get("message_thread_id") or answered["message_id"]
    on = _post_of(answered, account)
    thread = f"{message['chat']['id']}:{top}"
    return (_item(message, InboxKind.COMMENT, thread, account, on, answered),)


def _post_of(copy: Mapping[str, Any], account: Account) -> str:
    """The post whose copy a message is; empty where it is none of the channel's."""
    origin = copy.get("forward_origin", {})
    if origin.get("type") != "channel" or str(origin["chat"]["id"]) != account.id:
        return ""
    return str(origin["message_id"])


def _item(
    message: Mapping[str, Any],
    kind: InboxKind,
    thread: str,
    account: Account | None = None,
    on: str = "",
    answered: Mapping[str, Any] | None = None,
) -> InboxItem:
    chat = message["chat"]
    sender = message.get("sender_chat")
    own = account is not None and sender is not None and str(sender["id"]) in (account.id, str(chat["id"]))
    return InboxItem(
        id=f"{chat['id']}:{message['message_id']}",
        kind=kind,
        thread=thread,
        text=message.get("text") or message.get("caption") or "",
        author=_author(sender or message["from"]),
        written_at=datetime.fromtimestamp(message["date"], UTC),
        on=on,
        answers=f"{chat['id']}:{answered['message_id']}" if answered else "",
        url=_address(message, account, on),
        is_own=own,
    )


def _author(sender: Mapping[str, Any]) -> Author:
    """A person, or a channel that writes by its own name."""
    name = sender.get("title") or " ".join(filter(None, (sender.get("first_name"), sender.get("last_name"))))
    handle = sender.get("username", "")
    return Author(str(sender["id"]), name, handle, f"https://t.me/{handle}" if handle else "")


def _address(message: Mapping[str, Any], account: Account | None, on: str) -> str:
    if account and on and account.handle.startswith("@"):
        return f"https://t.me/{account.handle[1:]}/{on}?comment={message['message_id']}"
    group = message["chat"].get("username")
    return f"https://t.me/{group}/{message['message_id']}" if group else ""
