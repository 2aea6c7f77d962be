"""What people write to a Page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from viche_connector_meta.edges import after_of, instant, walk
from viche_connector_meta.messages import author_of
from viche_connector_meta.since import Since
from viche_sdk.connectors.types import Context, InboxItem, InboxKind

COMMENT_FIELDS = "id,message,from,created_time,parent{id},permalink_url"
PAGE = 100
POSTS = 50
"""Comments are looked for below so many of the newest posts; those below older ones come by the webhook."""


async def comments_since(ctx: Context, since: Since) -> list[InboxItem]:
    """Below the newest posts, answers to comments included, also those that the platform would leave out as poor."""
    below = f"comments.filter(stream).order(reverse_chronological).limit({PAGE}){{{COMMENT_FIELDS}}}"
    items: list[InboxItem] = []
    left = POSTS
    async for each in walk(ctx, f"{ctx.account.id}/published_posts", fields=f"id,{below}", limit="25"):
        edge = each.get("comments") or {"data": []}
        items += [comment_of(one, each["id"], ctx.account.id) for one in edge["data"]]
        if (after := after_of(edge)) and instant(edge["data"][-1]["created_time"]) >= since.at:
            rest = walk(
                ctx,
                f"{each['id']}/comments",
                begin=after,
                filter="stream",
                order="reverse_chronological",
                limit=str(PAGE),
                fields=COMMENT_FIELDS,
            )
            async for one in rest:
                items.append(comment_of(one, each["id"], ctx.account.id))
                if items[-1].written_at < since.at:
                    break
        left -= 1
        if not left:
            break
    return items


async def mentions_since(ctx: Context, since: Since) -> list[InboxItem]:
    """Public posts that name the Page, newest first."""
    items: list[InboxItem] = []
    fields = "id,message,from,created_time,permalink_url"
    async for each in walk(ctx, f"{ctx.account.id}/tagged", fields=fields, limit=str(PAGE)):
        items.append(mention_of(each, ctx.account.id))
        if items[-1].written_at < since.at:
            break
    return items


def comment_of(comment: Mapping[str, Any], on: str, own_id: str) -> InboxItem:
    """One comment below an own post."""
    author = comment.get("from") or {}
    return InboxItem(
        id=comment["id"],
        kind=InboxKind.COMMENT,
        thread=on,
        text=comment.get("message") or "",
        author=author_of(author),
        written_at=instant(comment["created_time"]),
        on=on,
        answers=(comment.get("parent") or {}).get("id", on),
        url=comment.get("permalink_url") or "",
        is_own=author.get("id") == own_id,
    )


def mention_of(each: Mapping[str, Any], own_id: str) -> InboxItem:
    """One post of somebody that names the Page."""
    author = each.get("from") or {}
    return InboxItem(
        id=each["id"],
        kind=InboxKind.MENTION,
        thread=each["id"],
        text=each.get("message") or "",
        author=author_of(author),
        written_at=instant(each["created_time"]),
        url=each.get("permalink_url") or "",
        is_own=author.get("id") == own_id,
    )


def change(field: str, value: Mapping[str, Any], at_s: int, own_id: str) -> InboxItem | None:
    """What a webhook says: somebody commented, changed or deleted a comment, or named the Page in a post."""
    written = value.get("created_time", at_s)
    if field == "feed" and value.get("item") == "comment" and (value.get("from") or {}).get("id") != own_id:
        comment = {**value, "id": value["comment_id"], "created_time": written, "parent": {"id": value["parent_id"]}}
        return _unless_deleted(comment_of(comment, value["post_id"], own_id), value.get("verb"))
    if field == "mention" and value.get("item") == "post":
        who = {"id": value.get("sender_id"), "name": value.get("sender_name", "")}
        return _unless_deleted(
            mention_of({**value, "id": value["post_id"], "created_time": written, "from": who}, own_id),
            value.get("verb"),
        )
    return None


def _unless_deleted(item: InboxItem, verb: str | None) -> InboxItem | None:
    """Hiding is the Page's own doing and no news."""
    if verb in ("hide", "unhide"):
        return None
    if verb not in ("remove", "delete"):
        return item
    return replace(item, text="", is_deleted=True)
