"""Messages to the community: what came since a message, and answers."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from viche_connector_vk.client import ask, do, result_of
from viche_sdk.connectors.types import Author, Context, InboxItem, InboxKind, Page, Published

PAGE = 200
"""Most conversations, and most messages of one, that VK gives at once."""

MOST = 500
"""Messages that are given at once; the rest comes with the next page."""

FIRST_CHAT = 2_000_000_001
"""Numbers from here on are chats of many; below are people, and communities below zero."""

Profiles = Mapping[int, Mapping[str, Any]]


async def fetch(ctx: Context, cursor: str) -> Page[InboxItem]:
    """All that came since a message; without one the last message of each conversation.

    Numbers of messages rise through all conversations of a community, so that the highest one says where to go on.
    """
    since = int(cursor) if cursor else None
    changed, profiles = await _changed(ctx, since)
    newest = max((each["id"] for each in changed), default=since or 0)
    found = changed
    if since is not None:
        found = [message for each in changed for message in await _history(ctx, each["peer_id"], since, newest)]
    # a message that comes in between two pages of a conversation shows its last one twice
    found = sorted({each["id"]: each for each in found}.values(), key=lambda each: each["id"])
    taken = found[:MOST]
    has_more = len(taken) < len(found)
    items = [item_of(each, profiles) for each in taken if is_of_somebody(each)]
    cursor = str(taken[-1]["id"] if has_more else newest)
    return Page(tuple(sorted(items, key=lambda item: item.written_at)), cursor, has_more)


async def answer(ctx: Context, item: InboxItem, text: str, key: str) -> Published:
    """In the conversation; VK takes a `random_id` once."""
    sent = await do(ctx, "messages.send", peer_id=item.thread, message=text, random_id=str(random_id(key)))
    with sent.understood():
        return Published(f"{item.thread}:{int(result_of(sent))}")


def random_id(key: str) -> int:
    """A positive number of 31 bits, always the same for a key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % (2**31 - 1) + 1


async def _changed(ctx: Context, since: int | None) -> tuple[list[Mapping[str, Any]], Profiles]:
    """The last messages of conversations with people that have newer ones, and who these people are."""
    page, profiles = await _conversations(ctx, since, 0)
    found, offset = {each["peer_id"]: each for each in page}, 0
    while since is not None and len(page) == PAGE:
        offset += PAGE
        page, people = await _conversations(ctx, since, offset)
        found |= {each["peer_id"]: each for each in page}
        profiles |= people
    if offset:
        # what was written meanwhile has moved its conversation to the front, away from the pages that came later
        page, people = await _conversations(ctx, since, 0)
        found |= {each["peer_id"]: each for each in page}
        profiles |= people
    return [each for peer, each in found.items() if 0 < peer < FIRST_CHAT], profiles


async def _conversations(
    ctx: Context, since: int | None, offset: int
) -> tuple[list[Mapping[str, Any]], dict[int, Mapping[str, Any]]]:
    asked = {"count": str(PAGE), "offset": str(offset), "extended": "1", "fields": "screen_name"}
    page = await ask(ctx, "messages.getConversations", **asked)
    with page.understood():
        last = [each["last_message"] for each in result_of(page)["items"]]
        profiles = {each["id"]: each for each in result_of(page).get("profiles", ())}
        return [each for each in last if since is None or each["id"] > since], profiles


async def _history(ctx: Context, peer: int, since: int, newest: int) -> Sequence[Mapping[str, Any]]:
    """Messages of one conversation; those after `newest` come next time."""
    found: list[Mapping[str, Any]] = []
    while True:
        page = await ask(ctx, "messages.getHistory", peer_id=str(peer), count=str(PAGE), offset=str(len(found)))
        with page.understood():
            newer = [each for each in result_of(page)["items"] if each["id"] > since]
        found += newer
        if len(newer) < PAGE:
            return [each for each in found if each["id"] <= newest]


def is_of_somebody(message: Mapping[str, Any]) -> bool:
    """Not the community's own, and not VK's word about the conversation."""
    return not message.get("out") and "action" not in message


def item_of(message: Mapping[str, Any], profiles: Profiles) -> InboxItem:
    """A message as the inbox knows it, whichever way it came."""
    person = profiles.get(message["from_id"], {})
    handle = person.get("screen_name") or f"id{message['from_id']}"
    name = " ".join(filter(None, (person.get("first_name"), person.get("last_name"))))
    return InboxItem(
        id=f"{message['peer_id']}:{message['id']}",
        kind=InboxKind.MESSAGE,
        thread=str(message["peer_id"]),
        text=message.get("text", ""),
        author=Author(str(message["from_id"]), name or handle, handle, f"https://vk.com/{handle}"),
        written_at=datetime.fromtimestamp(message["date"], UTC),
    )
