"""Notifications as items of the inbox.

The list goes from the newest back, by the time at which each author's clock says that it was written, if that is not
later than now. So what comes from a clock that is late stands behind what was seen before: each look goes back
further than the last one came, and knows what was seen there.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from viche_connector_bluesky.client import Client
from viche_connector_bluesky.places import address
from viche_connector_bluesky.text import without_name
from viche_sdk.connectors.types import Author, InboxItem, InboxKind, Page

AT_ONCE = 100
PAGES = 10
"""So many pages of notifications are read in one call."""

LATE = timedelta(days=1)
"""A clock that is wrong by a zone or two is not wrong by more."""

KNOWN_MOST = 500
REASONS = ("reply", "mention", "quote")
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a look ended.

    `floor`: what was written until then is not looked at any more. `known`: marks of what was seen since, with times.
    `top`: when the newest was written. `back` is there while there is more than one call reads: how far it came.
    """

    floor: datetime = _LONG_AGO
    known: Mapping[str, float] = field(default_factory=dict[str, float])
    top: datetime = _LONG_AGO
    back: str = ""

    @classmethod
    def read(cls, cursor: str) -> Self:
        """From a cursor."""
        if not cursor:
            return cls()
        kept = json.loads(cursor)
        floor, top = (datetime.fromisoformat(kept[name]) for name in ("floor", "top"))
        return cls(floor, kept["known"], top, kept["back"])

    def written(self) -> str:
        """As a cursor."""
        times = {"floor": self.floor.isoformat(), "top": self.top.isoformat()}
        return json.dumps({**times, "known": dict(self.known), "back": self.back})

    def ended(self) -> Self:
        """When all was read: what nobody looks at any more is forgotten."""
        newest_first = sorted(self.known.values(), reverse=True)
        floors = [self.floor, self.top - LATE]
        floors += [datetime.fromtimestamp(at, UTC) for at in newest_first[KNOWN_MOST : KNOWN_MOST + 1]]
        floor = max(floors)
        known = {mark: at for mark, at in self.known.items() if at > floor.timestamp()}
        return replace(self, floor=floor, known=known, back="")


async def page_of(client: Client, cursor: str) -> Page[InboxItem]:
    """What came since a cursor, oldest first; only where more than PAGES pages came, an older part follows a newer."""
    place = Place.read(cursor)
    own = (await client.session()).did
    items: dict[str, InboxItem] = {}
    for _ in range(PAGES):
        notifications, back = await _notifications(client, place.back)
        recent = [each for each in notifications if _at(each) > place.floor]
        new = [each for each in recent if _mark(each) not in place.known]
        for item in filter(None, (_item(client, each, own) for each in new)):
            # one that names and answers is told of twice
            if item.id not in items or item.kind is InboxKind.COMMENT:
                items[item.id] = item
        known = {**place.known, **{_mark(each): _at(each).timestamp() for each in new}}
        is_end = not back or len(recent) < len(notifications)
        place = replace(place, known=known, top=max([place.top, *map(_at, new)]), back="" if is_end else back)
        if is_end or not cursor:
            break
    if not cursor and place.back:
        # from now back as far as one page goes
        oldest = min(place.known.values())
        place = replace(place, floor=datetime.fromtimestamp(oldest, UTC), back="")
    oldest_first = tuple(sorted(items.values(), key=lambda each: each.written_at))
    if place.back:
        return Page(oldest_first, place.written(), has_more=True)
    return Page(oldest_first, place.ended().written())


async def _notifications(client: Client, back: str) -> tuple[Sequence[Mapping[str, Any]], str]:
    since = {"cursor": back} if back else {}
    found = await client.query("app.bsky.notification.listNotifications", limit=str(AT_ONCE), reasons=REASONS, **since)
    with found.understood():
        notifications = found.object()["notifications"]
        for each in notifications:
            _ = each["uri"], each["author"]["did"], each["reason"], _at(each)
        return notifications, found.object().get("cursor") or ""


def _item(client: Client, notification: Mapping[str, Any], own: str) -> InboxItem | None:
    """An item; None for what is none, since records of others may hold anything."""
    try:
        return _read(client, notification, own)
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        client.ctx.log.warning("record left out", uri=notification["uri"], fault=repr(fault))
        return None


def _read(client: Client, notification: Mapping[str, Any], own: str) -> InboxItem | None:
    if notification["reason"] not in REASONS:
        return None
    record, author = notification["record"], notification["author"]
    reply = record.get("reply") or {}
    root, parent = (reply.get(name, {}).get("uri", "") for name in ("root", "parent"))
    on = root if root.startswith(f"at://{own}/") else ""
    handle = author.get("handle", author["did"])
    return InboxItem(
        id=notification["uri"],
        kind=InboxKind.COMMENT if on else InboxKind.MENTION,
        thread=root or notification["uri"],
        text=without_name(str(record.get("text", "")), client.ctx.account.handle),
        author=Author(
            author["did"], author.get("displayName") or handle, handle, f"https://bsky.app/profile/{author['did']}"
        ),
        written_at=_at(notification),
        on=on,
        answers=parent,
        url=address(notification["uri"], handle),
        language=next(iter(record.get("langs") or ()), ""),
    )


def _at(notification: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(notification["indexedAt"])


def _mark(notification: Mapping[str, Any]) -> str:
    return hashlib.sha256(notification["uri"].encode()).hexdigest()[:12]
