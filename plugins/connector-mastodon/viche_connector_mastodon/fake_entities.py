"""Entities as servers give them, with all that the document requires."""

from datetime import datetime
from typing import Any

SERVER = "https://mastodon.example"
PICTURE = f"{SERVER}/avatar.png"
NAMES = {"1001": ("viche", "Міська рада"), "2002": ("susid", "Сусід")}


def account_of(id_: str, *, is_own: bool = False, posts: int = 0) -> dict[str, Any]:
    """Entity Account; CredentialAccount for the own one."""
    username, name = NAMES[id_]
    account: dict[str, Any] = {
        "id": id_,
        "username": username,
        "acct": username if id_ == "1001" else f"{username}@far.example",
        "display_name": name,
        "url": f"{SERVER}/@{username}",
        "uri": f"{SERVER}/users/{username}",
        "note": "",
        "avatar": PICTURE,
        "avatar_static": PICTURE,
        "header": PICTURE,
        "header_static": PICTURE,
        "locked": False,
        "bot": False,
        "group": False,
        "indexable": True,
        "discoverable": True,
        "fields": [],
        "emojis": [],
        "created_at": "2025-01-01T00:00:00.000Z",
        "last_status_at": None,
        "statuses_count": posts,
        "followers_count": 321,
        "following_count": 5,
    }
    if is_own:
        account["role"] = {"id": "-99", "name": "", "color": "", "permissions": "65536", "highlighted": False}
        account["source"] = {
            "note": "",
            "fields": [],
            "privacy": "public",
            "sensitive": False,
            "language": "uk",
            "follow_requests_count": 0,
            "attribution_domains": [],
            "quote_policy": "public",
            "discoverable": True,
            "indexable": True,
            "hide_collections": None,
        }
    return account


def status_of(
    id_: str, account: dict[str, Any], content: str, at: datetime, visibility: str, language: str
) -> dict[str, Any]:
    """Entity Status."""
    return {
        "id": id_,
        "uri": f"{account['uri']}/statuses/{id_}",
        "url": f"{account['url']}/{id_}",
        "created_at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "edited_at": None,
        "account": account,
        "content": content,
        "visibility": visibility,
        "language": language,
        "sensitive": False,
        "spoiler_text": "",
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
        "reblog": None,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "replies_count": 2,
        "reblogs_count": 3,
        "favourites_count": 4,
        "quotes_count": 0,
    }


def notification_of(id_: str, status: dict[str, Any]) -> dict[str, Any]:
    """Entity Notification of a mention."""
    return {
        "id": id_,
        "type": "mention",
        "group_key": f"ungrouped-{id_}",
        "created_at": status["created_at"],
        "account": status["account"],
        "status": status,
    }


def instance(most: int, files: int, options: int, option: int, alt: int, poll_s: range) -> dict[str, Any]:
    """Entity V2::Instance."""
    return {
        "domain": "mastodon.example",
        "title": "Mastodon",
        "version": "4.7.0",
        "source_url": "https://github.com/mastodon/mastodon",
        "description": "",
        "usage": {"users": {"active_month": 10}},
        "thumbnail": {"url": PICTURE, "blurhash": None, "versions": None},
        "icon": [],
        "languages": ["uk"],
        "configuration": {
            "urls": {"streaming": "wss://mastodon.example", "status": None, "about": f"{SERVER}/about"},
            "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
            "statuses": {
                "max_characters": most,
                "max_media_attachments": files,
                "characters_reserved_per_url": 23,
            },
            "media_attachments": {
                "supported_mime_types": ["image/jpeg", "image/png", "image/webp", "video/mp4", "video/webm"],
                "description_limit": alt,
                "image_size_limit": 16_777_216,
                "image_matrix_limit": 33_177_600,
                "video_size_limit": 103_809_024,
                "video_frame_rate_limit": 120,
                "video_matrix_limit": 8_294_400,
            },
            "polls": {
                "max_options": options,
                "max_characters_per_option": option,
                "min_expiration": poll_s[0],
                "max_expiration": poll_s[-1],
            },
            "translation": {"enabled": False},
        },
        "registrations": {"enabled": False, "approval_required": True, "message": None, "url": None},
        "api_versions": {"mastodon": 10},
        "contact": {"email": "admin@mastodon.example", "account": None},
        "rules": [],
    }
