"""Posts and messages of X as items of the inbox, and their texts as they were written."""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from viche_sdk.connectors.types import Author, InboxItem, InboxKind

PAGE_OF = "https://x.com"
_SHORT = re.compile(r"\s*https://t\.co/\w+\s*$")


def text_of(post: Mapping[str, Any]) -> str:
    """The text as it was written.

    The platform gives `&`, `<` and `>` as entities, puts addresses of its own in place of addresses, and adds one
    for the files. Long posts have their whole text elsewhere, under one of two names.
    """
    note = post.get("note_post") or post.get("note_tweet") or {}
    text, entities = note.get("text") or post["text"], note.get("entities") or post.get("entities") or {}
    for url in entities.get("urls") or ():
        of_file = url.get("media_key") or "/photo/" in str(url.get("expanded_url")) or "/video/" in str(url)
        text = text.replace(url.get("url") or "\0", "" if of_file else url.get("expanded_url") or "")
    if (post.get("attachments") or {}).get("media_keys"):
        text = _SHORT.sub("", text)
    return html.unescape(text).strip()


def same(shown: str, written: str) -> bool:
    """Whether a text is what was written: white space changes on its way, and addresses may get a slash."""
    return _normal(shown) == _normal(written)


def _normal(text: str) -> str:
    return " ".join(word.rstrip("/") for word in text.split())


def without_mention(text: str, handle: str) -> str:
    """A text without the own name at its beginning, which the platform puts there in an answer."""
    return re.sub(rf"^(@{re.escape(handle.lstrip('@'))}\s+)+", "", text, flags=re.IGNORECASE) if handle else text


def answered(post: Mapping[str, Any]) -> str:
    """The id of the post that this one answers."""
    references: Sequence[Mapping[str, Any]] = post.get("referenced_posts") or post.get("referenced_tweets") or ()
    return next((each["id"] for each in references if each["type"] == "replied_to"), "")


def item_of(post: Mapping[str, Any], users: Mapping[str, Mapping[str, Any]], own_id: str, handle: str) -> InboxItem:
    """A post of somebody that names the account.

    Args:
        post: with the author and what it answers.
        users: those whom the answer includes, by id.
        own_id: id of the account.
        handle: of the account.
    """
    parent = answered(post)
    kind = InboxKind.COMMENT if parent and post.get("in_reply_to_user_id") == own_id else InboxKind.MENTION
    return InboxItem(
        id=post["id"],
        kind=kind,
        thread=post.get("conversation_id") or post["id"],
        text=without_mention(text_of(post), handle),
        author=author_of(post["author_id"], users),
        written_at=datetime.fromisoformat(post["created_at"]),
        on=parent if kind is InboxKind.COMMENT else "",
        answers=parent,
        url=f"{PAGE_OF}/i/web/status/{post['id']}",
        language="" if post.get("lang") in (None, "und", "zxx", "qme") else post["lang"],
        is_own=post["author_id"] == own_id,
    )


def message_of(event: Mapping[str, Any], users: Mapping[str, Mapping[str, Any]], own_id: str) -> InboxItem:
    """A direct message."""
    return InboxItem(
        id=event["id"],
        kind=InboxKind.MESSAGE,
        thread=event["dm_conversation_id"],
        text=text_of({"text": "", **event}),
        author=author_of(event["sender_id"], users),
        written_at=datetime.fromisoformat(event["created_at"]),
        is_own=event["sender_id"] == own_id,
    )


def author_of(id_: str, users: Mapping[str, Mapping[str, Any]]) -> Author:
    """Who wrote."""
    user = users.get(id_, {})
    handle = user.get("username", "")
    return Author(id_, user.get("name", ""), handle, f"{PAGE_OF}/{handle}" if handle else "")
