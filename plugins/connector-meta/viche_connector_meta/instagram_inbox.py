"""What people write to an account of Instagram (Instagram Platform: comments, tags, webhooks)."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from viche_connector_meta.edges import after_of, instant, walk
from viche_connector_meta.messages import author_of
from viche_connector_meta.since import Since
from viche_sdk.connectors.types import Author, Context, InboxItem, InboxKind

PAGE = 50
"""The platform gives no more comments at once."""
POSTS = 50
"""Comments are looked for below so many of the newest posts; those below older ones come by the webhook."""

COMMENT = "id,text,timestamp,from,username"
REPLIES = f"replies.limit({PAGE}){{{COMMENT}}}"
COMMENTS = f"comments.limit({PAGE}){{{COMMENT},{REPLIES}}}"


async def comments_since(ctx: Context, since: Since) -> list[InboxItem]:
    """Below the newest posts, newest first, and the answers below those comments."""
    items: list[InboxItem] = []
    left = POSTS
    async for media in walk(ctx, f"{ctx.account.id}/media", fields=f"id,permalink,{COMMENTS}", limit="25"):
        async for comment in _rest(
            ctx, media.get("comments"), f"{media['id']}/comments", since, f"{COMMENT},{REPLIES}"
        ):
            items.append(_below(ctx, comment, media))
            # the platform gives answers oldest first, so that none may be left out before the last
            async for reply in _rest(ctx, comment.get("replies"), f"{comment['id']}/replies", Since(), COMMENT):
                items.append(_below(ctx, reply, media, comment["id"]))
        left -= 1
        if not left:
            break
    return items


async def _rest(
    ctx: Context, edge: Mapping[str, Any] | None, path: str, since: Since, fields: str
) -> AsyncIterator[dict[str, Any]]:
    """What came along of an edge, and what follows as far as it is new."""
    found = (edge or {}).get("data", [])
    for each in found:
        yield each
    after = after_of(edge or {})
    if not after or instant(found[-1]["timestamp"]) < since.at:
        return
    async for each in walk(ctx, path, begin=after, fields=fields, limit=str(PAGE)):
        yield each
        if instant(each["timestamp"]) < since.at:
            return


def _below(ctx: Context, comment: Mapping[str, Any], media: Mapping[str, Any], answers: str = "") -> InboxItem:
    return comment_of(comment, media["id"], ctx.account.id, answers=answers, url=media.get("permalink", ""))


def comment_of(comment: Mapping[str, Any], on: str, own_id: str, *, answers: str = "", url: str = "") -> InboxItem:
    """One comment below an own post."""
    author = _author(comment)
    return InboxItem(
        id=comment["id"],
        kind=InboxKind.COMMENT,
        thread=on,
        text=comment.get("text") or "",
        author=author,
        written_at=instant(comment["timestamp"]),
        on=on,
        answers=answers or on,
        url=url,
        is_own=author.id == own_id,
    )


async def tags_since(ctx: Context, since: Since) -> list[InboxItem]:
    """Public posts in which somebody has tagged the account, newest first."""
    items: list[InboxItem] = []
    async for each in walk(ctx, f"{ctx.account.id}/tags", fields="id,caption,timestamp,username,permalink", limit="50"):
        items.append(_tag(each))
        if items[-1].written_at < since.at:
            break
    return items


def _tag(media: Mapping[str, Any]) -> InboxItem:
    return InboxItem(
        id=media["id"],
        kind=InboxKind.MENTION,
        thread=media["id"],
        text=media.get("caption") or "",
        author=_author(media),
        written_at=instant(media["timestamp"]),
        url=media.get("permalink") or "",
    )


def _author(entity: Mapping[str, Any]) -> Author:
    """Who wrote; of posts and some comments the platform gives the handle alone."""
    handle = entity.get("username") or ""
    return author_of(entity.get("from") or {"id": handle, "username": handle})


def change(field: str, value: Mapping[str, Any], at_s: int, own_id: str) -> InboxItem | None:
    """What a webhook says: somebody commented. One about a mention holds no text, and none can be asked for here."""
    if field != "comments" or (value.get("from") or {}).get("id") == own_id:
        return None
    comment = {**value, "timestamp": at_s}
    return comment_of(comment, value["media"]["id"], own_id, answers=value.get("parent_id", ""))
