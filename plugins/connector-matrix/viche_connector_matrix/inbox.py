"""What people write in the room, as items of the inbox.

The room is the account's: all that others write there is for it. What answers a post, in a thread or as a reply, is a
comment; everything else is a mention.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from viche_connector_matrix.client import API, Event, event_of, get, in_room, is_redacted
from viche_connector_matrix.content import MESSAGE
from viche_sdk.connectors.types import Author, Context, InboxItem, InboxKind, NotFound, Page, PermissionDenied

PAGE = 40
STEPS = 8
"""So many answers to answers are followed up to the post under which they stand."""

REDACTION = "m.room.redaction"
_MEMBERS = {"lazy_load_members": True, "include_redundant_members": True}
_TIMELINE = {"limit": PAGE, "types": [MESSAGE, REDACTION], **_MEMBERS}
_NOTHING: dict[str, Any] = {"types": []}


async def page_of(ctx: Context, own: str, cursor: str) -> Page[InboxItem]:
    """What came since the cursor.

    A cursor is the token of a sync. Where more came than one sync gives, it is JSON for as long as the gap is read:
    "from", how far, and "to", the token after the gap.
    """
    if cursor.startswith("{"):
        gap = json.loads(cursor)
        return await _gap(ctx, own, gap["from"], gap["to"])
    filter_ = {
        "room": {
            "rooms": [ctx.account.id],
            "timeline": _TIMELINE,
            "state": {"types": ["m.room.member"], **_MEMBERS},
            "ephemeral": _NOTHING,
            "account_data": _NOTHING,
        },
        "presence": _NOTHING,
        "account_data": _NOTHING,
    }
    since = {"since": cursor} if cursor else {}
    answer = await get(ctx, f"{API}/sync", filter=json.dumps(filter_), timeout="0", set_presence="offline", **since)
    with answer.understood():
        found = answer.object()
        token: str = found["next_batch"]
        room = found.get("rooms", {}).get("join", {}).get(ctx.account.id, {})
        timeline = room.get("timeline", {})
        is_short = bool(cursor) and timeline.get("limited", False)
        events, state = timeline.get("events", []), room.get("state", {}).get("events", [])
    if is_short:
        return await _gap(ctx, own, cursor, token)
    return Page(await _Reader(ctx, own, state).items(events), token)


async def _gap(ctx: Context, own: str, begin: str, end: str) -> Page[InboxItem]:
    """One page forward from one token towards another."""
    filter_ = json.dumps(_TIMELINE)
    path = in_room(ctx.account.id, "messages")
    answer = await get(ctx, path, **{"dir": "f", "from": begin, "to": end, "limit": str(PAGE), "filter": filter_})
    with answer.understood():
        found = answer.object()
        events, following, state = found["chunk"], found.get("end"), found.get("state", [])
    items = await _Reader(ctx, own, state).items(events)
    following = json.dumps({"from": following, "to": end}) if events and following else end
    # behind the gap is what came while it was read
    return Page(items, following, has_more=True)


@dataclass(slots=True)
class _Reader:
    """Makes items of the events of one page; what is looked up is kept for the page."""

    ctx: Context
    own: str
    state: Sequence[Event]
    known: dict[str, Event | None] = field(default_factory=dict[str, Event | None])

    async def items(self, events: Iterable[Event]) -> tuple[InboxItem, ...]:
        """Those of others, oldest first; of one that was changed on the same page the last state."""
        found: dict[str, InboxItem] = {}
        for event in events:
            try:
                item = await self._item(event)
            except (LookupError, TypeError, ValueError, AttributeError) as fault:
                # any member may send any content, and one that is none must not keep the others from us
                self.ctx.log.warning("event left out", id=event.get("event_id", ""), fault=repr(fault))
                continue
            if item:
                found[item.id] = item
        return tuple(sorted(found.values(), key=lambda each: each.written_at))

    async def _item(self, event: Event) -> InboxItem | None:
        content = event["content"]
        if event["type"] == REDACTION:
            return await self._deleted(event.get("redacts") or content.get("redacts", ""))
        if event["sender"] == self.own or is_redacted(event) or content.get("msgtype") in (None, "m.notice"):
            return None
        relation = content.get("m.relates_to", {})
        if relation.get("rel_type") != "m.replace":
            return await self._written(event, content)
        original = await self._event(relation["event_id"])
        if original is None or original["sender"] != event["sender"] or is_redacted(original):
            return None
        changed = {**content.get("m.new_content", {}), "m.relates_to": original["content"].get("m.relates_to", {})}
        return await self._written(original, changed)

    async def _deleted(self, id_: str) -> InboxItem | None:
        """The server keeps who wrote it, and no longer what, or what it answered."""
        event = await self._event(id_)
        if event is None or event["type"] != MESSAGE or event["sender"] == self.own:
            return None
        return InboxItem(
            id_, InboxKind.MENTION, id_, "", self._author(event["sender"]), _instant(event), is_deleted=True
        )

    async def _written(self, event: Event, content: Mapping[str, Any]) -> InboxItem:
        on, top = await self._above(event)
        return InboxItem(
            id=event["event_id"],
            kind=InboxKind.COMMENT if on else InboxKind.MENTION,
            thread=top,
            text=text_of(content),
            author=self._author(event["sender"]),
            written_at=_instant(event),
            on=on,
            answers=_answered(event),
            url=address(self.ctx.account.id, event["event_id"]),
        )

    async def _above(self, event: Event) -> tuple[str, str]:
        """The own post under which an event stands, if any, and where its thread begins."""
        top = event
        for _ in range(STEPS):
            above = await self._event(_answered(top)) if _answered(top) else None
            if above is None:
                break
            top = above
        return (top["event_id"] if top["sender"] == self.own else ""), top["event_id"]

    async def _event(self, id_: str) -> Event | None:
        if id_ not in self.known:
            try:
                self.known[id_] = await event_of(self.ctx, id_)
            except (NotFound, PermissionDenied):
                self.known[id_] = None
        return self.known[id_]

    def _author(self, id_: str) -> Author:
        names = [each["content"].get("displayname") for each in self.state if each.get("state_key") == id_]
        return Author(id_, next(filter(None, reversed(names)), id_), id_, f"https://matrix.to/#/{id_}")


def address(room: str, id_: str = "") -> str:
    """Where people see a room, or an event of it, whatever client they use."""
    return f"https://matrix.to/#/{room}/{id_}".rstrip("/")


def _answered(event: Event) -> str:
    """What an event answers or belongs to; in a thread the event that it names, else the thread's first."""
    relation = event["content"].get("m.relates_to", {})
    if not isinstance(relation, Mapping):
        return ""
    answered = relation.get("m.in_reply_to", {}).get("event_id", "")
    if relation.get("rel_type") == "m.thread":
        return answered if answered and not relation.get("is_falling_back", False) else relation.get("event_id", "")
    return relation.get("event_id", "") if relation.get("rel_type") == "m.reference" else answered


def text_of(content: Mapping[str, Any]) -> str:
    """The text without the quotation that older clients put before an answer."""
    text = str(content.get("body", ""))
    if "m.in_reply_to" not in content.get("m.relates_to", {}) or not text.startswith("> <"):
        return text
    lines = text.split("\n")
    while lines and lines[0].startswith(">"):
        del lines[0]
    return "\n".join(lines).lstrip("\n")


def _instant(event: Event) -> datetime:
    return datetime.fromtimestamp(event["origin_server_ts"] / 1_000, UTC)
