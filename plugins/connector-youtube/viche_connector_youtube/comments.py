"""What people write below the videos of a channel. Asking costs a unit of the day's quota a page."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from viche_connector_youtube.client import walk
from viche_sdk.connectors.types import Author, Context, InboxItem, InboxKind, Page

PAGE = "100"
MOST_PAGES = 10
OVERLAP_S = 120
"""What was written so long before the newest comment is looked at again: it may be seen late."""
MOST_COUNTS = 200
"""Of so many threads the number of answers is remembered."""


@dataclass(frozen=True, slots=True)
class Since:
    """Where the inbox was left off: everything from `at_s` (seconds of Unix) on is new but for the ids in `seen`.

    0 is the beginning. `counts` are numbers of answers of threads that have more of them than come along.
    """

    at_s: int = 0
    seen: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict[str, int])

    @classmethod
    def read(cls, cursor: str) -> Self:
        """Out of a cursor."""
        if not cursor:
            return cls()
        kept = json.loads(cursor)
        return cls(kept["at"], frozenset(kept["seen"]), kept["counts"])

    @property
    def at(self) -> datetime:
        """The same as an instant."""
        return datetime.fromtimestamp(self.at_s, UTC)

    def page_of(self, found: list[InboxItem], counts: Mapping[str, int]) -> Page[InboxItem]:
        """What is new, oldest first, and where to go on."""
        recent = sorted((item for item in found if item.written_at >= self.at), key=lambda item: item.written_at)
        newest = int(recent[-1].written_at.timestamp()) - OVERLAP_S if recent else self.at_s
        at = max(self.at_s, newest)
        seen = {item.id for item in recent if item.written_at.timestamp() >= at}
        older = [each for each in self.counts.items() if each[0] not in counts]
        kept = dict([*older, *counts.items()][-MOST_COUNTS:])
        cursor = json.dumps({"at": at, "seen": sorted(seen), "counts": kept})
        return Page(tuple(item for item in recent if item.id not in self.seen and not item.is_own), cursor)


async def comments_since(ctx: Context, cursor: str) -> Page[InboxItem]:
    """Of all videos together, newest threads first; answers to threads of the first page are seen, however old."""
    since = Since.read(cursor)
    found: list[InboxItem] = []
    counts: dict[str, int] = {}
    async for thread in _threads(ctx, since):
        top = thread["snippet"]["topLevelComment"]
        video = thread["snippet"].get("videoId", "")
        found.append(item_of(top, video, ctx.account.id))
        async for answer in _answers(ctx, thread, since, counts):
            found.append(item_of(answer, video, ctx.account.id, answers=top["id"]))
    return since.page_of(found, counts)


async def _threads(ctx: Context, since: Since) -> AsyncIterator[dict[str, Any]]:
    threads = walk(
        ctx,
        "commentThreads",
        "commentThreadListResponse",
        MOST_PAGES if since.at_s else 1,
        allThreadsRelatedToChannelId=ctx.account.id,
        part="snippet,replies",
        order="time",
        textFormat="plainText",
        maxResults=PAGE,
    )
    number = 0
    async for thread in threads:
        number += 1
        written_at = instant(thread["snippet"]["topLevelComment"]["snippet"]["publishedAt"])
        if number > int(PAGE) and written_at < since.at:
            return
        yield thread
        if number == int(PAGE) and written_at < since.at:
            return


async def _answers(
    ctx: Context, thread: Mapping[str, Any], since: Since, counts: dict[str, int]
) -> AsyncIterator[dict[str, Any]]:
    """Those that came along; all of them where there are more and their number has changed since the last time."""
    some = (thread.get("replies") or {}).get("comments", [])
    number = thread["snippet"].get("totalReplyCount", len(some))
    if number > len(some):
        counts[thread["id"]] = number
    if number <= len(some) or not since.at_s or since.counts.get(thread["id"]) == number:
        for each in some:
            yield each
        return
    asked = {"parentId": thread["id"], "part": "snippet", "textFormat": "plainText", "maxResults": PAGE}
    async for each in walk(ctx, "comments", "commentListResponse", MOST_PAGES, **asked):
        yield each


def item_of(comment: Mapping[str, Any], video: str, own_id: str, answers: str = "") -> InboxItem:
    """One comment. `answers` is the comment at the head of the thread, for those below it."""
    said = comment["snippet"]
    author = (said.get("authorChannelId") or {}).get("value", "")
    name = said.get("authorDisplayName", "")
    on = video or said.get("videoId", "")
    return InboxItem(
        id=comment["id"],
        kind=InboxKind.COMMENT,
        thread=on or own_id,
        text=said["textDisplay"],
        author=Author(
            author or name or "hidden", name, name if name.startswith("@") else "", said.get("authorChannelUrl", "")
        ),
        written_at=instant(said["publishedAt"]),
        on=on,
        answers=answers,
        url=f"https://www.youtube.com/watch?v={on}&lc={comment['id']}" if on else "",
        is_own=author == own_id,
    )


def instant(written: str) -> datetime:
    """The platform writes "2026-03-02T09:30:00Z" (RFC 3339)."""
    return datetime.fromisoformat(written)
