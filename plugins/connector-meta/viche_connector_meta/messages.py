"""Direct messages, which are the Page's for both platforms."""

from collections.abc import Mapping
from typing import Any

from viche_connector_meta.edges import after_of, instant, walk
from viche_connector_meta.graph import call
from viche_connector_meta.since import Since
from viche_sdk.connectors.types import Author, Context, InboxItem, InboxKind, Published

FIELDS = "id,message,from,created_time"
PAGE = 100


async def messages_since(ctx: Context, page: str, platform: str, since: Since, own: frozenset[str]) -> list[InboxItem]:
    """Of all conversations in which something was written since then; the platform gives the latest first."""
    items: list[InboxItem] = []
    conversations = walk(
        ctx,
        f"{page}/conversations",
        platform=platform,
        limit="25",
        fields=f"id,updated_time,messages.limit({PAGE}){{{FIELDS}}}",
    )
    async for conversation in conversations:
        if instant(conversation["updated_time"]) < since.at:
            break
        edge = conversation.get("messages") or {"data": []}
        found = [message_of(each, own) for each in edge["data"]]
        if (after := after_of(edge)) and found and found[-1].written_at >= since.at:
            rest = walk(ctx, f"{conversation['id']}/messages", begin=after, fields=FIELDS, limit=str(PAGE))
            async for each in rest:
                found.append(message_of(each, own))
                if found[-1].written_at < since.at:
                    break
        items += found
    return items


def message_of(message: Mapping[str, Any], own: frozenset[str]) -> InboxItem:
    """One message; `own` are the ids under which the authority writes itself. Who writes is the thread, since
    webhooks do not name the conversation."""
    author = message.get("from") or {}
    return InboxItem(
        id=message["id"],
        kind=InboxKind.MESSAGE,
        thread=author.get("id") or "hidden",
        text=message.get("message") or "",
        author=author_of(author),
        written_at=instant(message["created_time"]),
        is_own=author.get("id") in own,
    )


def author_of(author: Mapping[str, Any]) -> Author:
    """Who wrote; the platform keeps that back where its owner has not allowed it to this app."""
    handle = author.get("username", "")
    return Author(author.get("id") or "hidden", author.get("name") or handle, handle)


async def answer_message(ctx: Context, page: str, to: str, text: str) -> Published:
    """Answers within the day in which the platform allows it."""
    sent = {"recipient": {"id": to}, "messaging_type": "RESPONSE", "message": {"text": text}}
    answer = await call(ctx, "POST", f"{page}/messages", json=sent)
    with answer.understood():
        return Published(answer.object()["message_id"])
