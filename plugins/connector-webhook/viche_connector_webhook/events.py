"""What receivers hear: events as Standard Webhooks recommends them, with type, timestamp and data."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from viche_sdk.connectors.types import Context, Happening, Post


class Event(StrEnum):
    """What has happened. A receiver leaves out what it does not know."""

    PUBLISHED = "post.published"
    CHANGED = "post.changed"
    WITHDRAWN = "post.withdrawn"
    # nothing: whether the address answers and the secret is right
    PROBED = "account.probed"


def envelope(event: Event, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    """An event as it is sent."""
    return {"type": event.value, "timestamp": at.isoformat().replace("+00:00", "Z"), "data": data}


async def described(ctx: Context, id_: str, post: Post) -> dict[str, Any]:
    """A post, with addresses from which its files may be fetched for an hour."""
    files = [
        {
            "url": await ctx.media.link(media),
            "type": media.type,
            "alt": media.alt,
            "width": media.width,
            "height": media.height,
        }
        for media in post.media
    ]
    return {
        "id": id_,
        "text": post.text,
        "language": post.language,
        "title": post.title,
        "link": post.link,
        "media": files,
        "event": _happening(post.event) if post.event else None,
    }


def _happening(event: Happening) -> dict[str, str]:
    return {
        "title": event.title,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "place": event.place,
        "link": event.link,
    }
