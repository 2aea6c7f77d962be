"""Reads what came since an id. The platform gives the newest first, so all pages back to that id are read at once."""

from collections.abc import Mapping
from typing import Any

from viche_connector_x.client import get
from viche_connector_x.reading import item_of, message_of
from viche_sdk.connectors.types import Context, InboxItem

PAGE = 100
MOST_PAGES_OF_POSTS = 8
"""The platform goes back 800 posts and no further."""

MOST_PAGES_OF_MESSAGES = 10
"""It may be asked 15 times in a quarter of an hour."""


async def mentions_since(ctx: Context, since: str) -> tuple[list[InboxItem], str]:
    """Posts that name the account, and the newest id; without `since` one page."""
    after = {"since_id": since} if since else {}
    items: list[InboxItem] = []
    token, newest = "", since
    for _ in range(MOST_PAGES_OF_POSTS if since else 1):
        answer = await get(
            ctx,
            f"/users/{ctx.account.id}/mentions",
            max_results=str(PAGE),
            post__fields="text,created_at,conversation_id,entities,attachments,lang,note_post",
            expansions="author_id,in_reply_to_user_id,referenced_posts",
            user__fields="name,username",
            **after,
            **({"pagination_token": token} if token else {}),
        )
        with answer.understood():
            entity = answer.object()
            token = entity["meta"].get("next_token", "")
            users, posts = _users(entity), entity.get("data", [])
            items += [item_of(each, users, ctx.account.id, ctx.account.handle) for each in posts]
            newest = _newest(posts, newest)
        if not token:
            break
    return [item for item in items if not item.is_own], newest


async def messages_since(ctx: Context, since: str) -> tuple[list[InboxItem], str]:
    """Direct messages, and the newest id; the platform keeps those of thirty days, and cannot be asked for newer ones
    alone."""
    items: list[InboxItem] = []
    token, newest = "", since
    for _ in range(MOST_PAGES_OF_MESSAGES if since else 1):
        answer = await get(
            ctx,
            "/dm_events",
            max_results=str(PAGE),
            event_types="MessageCreate",
            dm_event__fields="id,text,created_at,dm_conversation_id,entities,attachments,event_type",
            expansions="sender_id",
            user__fields="name,username",
            **({"pagination_token": token} if token else {}),
        )
        with answer.understood():
            entity = answer.object()
            token = entity["meta"].get("next_token", "")
            page = entity.get("data", [])
            users, new = _users(entity), [each for each in page if int(each["id"]) > int(since or 0)]
            items += [message_of(each, users, ctx.account.id) for each in new]
            newest = _newest(new, newest)
        if not token or len(new) < len(page):
            break
    return [item for item in items if not item.is_own], newest


def _newest(found: list[dict[str, Any]], before: str) -> str:
    return max((*filter(None, (before,)), *(each["id"] for each in found)), key=int, default="")


def _users(entity: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in entity.get("includes", {}).get("users", ())}
