"""Entities as X gives them: the newer names of version 2.167, and the older ones."""

import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

OWN, NEIGHBOUR = "1001", "2002"
USERS = {
    OWN: {"id": OWN, "username": "viche", "name": "Міська рада"},
    NEIGHBOUR: {"id": NEIGHBOUR, "username": "susid", "name": "Сусід"},
}
_ADDRESS = re.compile(r"https?://\S+")


def instant(at: datetime) -> str:
    """As the platform writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def shortened(text: str, files: int) -> tuple[str, list[dict[str, Any]]]:
    """A text with the platform's addresses in place of those in it, one more for the files, and what they stand for."""
    urls: list[dict[str, Any]] = []

    def short(found: re.Match[str]) -> str:
        url = f"https://t.co/{len(urls):010d}"
        urls.append({"start": 0, "end": 23, "url": url, "expanded_url": found[0], "display_url": found[0][8:30]})
        return url

    shown = html.escape(_ADDRESS.sub(short, text), quote=False)
    if files:
        url = "https://t.co/files00000"
        page = "https://x.com/viche/status/1/photo/1"
        urls.append({"start": 0, "end": 23, "url": url, "expanded_url": page, "media_key": "3_1"})
        shown = f"{shown} {url}".lstrip()
    return shown, urls


def user_of(id_: str, posts: int, *, is_old: bool) -> dict[str, Any]:
    """A user with public counts."""
    counts = {
        "followers_count": 321,
        "following_count": 5,
        "listed_count": 1,
        "tweet_count" if is_old else "post_count": posts,
    }
    return {**USERS[id_], "public_metrics": counts}


def counts_of(*, is_old: bool) -> dict[str, int]:
    """Public counts of a post."""
    return {
        "retweet_count" if is_old else "repost_count": 3,
        "reply_count": 2,
        "like_count": 4,
        "quote_count": 1,
        "bookmark_count": 0,
        "impression_count": 500,
    }


def not_found(id_: str) -> dict[str, Any]:
    """What is said of a post that is not there, with status 200."""
    return {
        "type": "https://api.x.com/2/problems/resource-not-found",
        "title": "Not Found Error",
        "detail": f"Could not find tweet with ids: [{id_}].",
        "resource_type": "tweet",
        "resource_id": id_,
        "parameter": "ids",
        "value": id_,
    }


def old_post(id_: str, text: str, author: str, at: datetime) -> Mapping[str, Any]:
    """A post in the form of version 1.1, as webhooks have it."""
    user = USERS[author]
    return {
        "id_str": id_,
        "text": html.escape(text[:140], quote=False),
        "truncated": len(text) > 140,
        "extended_tweet": {"full_text": html.escape(text, quote=False), "entities": {"urls": []}},
        "created_at": at.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "user": {"id_str": author, "screen_name": user["username"], "name": user["name"]},
        "in_reply_to_status_id_str": None,
        "in_reply_to_user_id_str": None,
        "entities": {"urls": []},
        "lang": "uk",
    }


def page_of(found: list[dict[str, Any]], included: dict[str, Any], more: str = "") -> dict[str, Any]:
    """One page of an answer."""
    page: dict[str, Any] = {"meta": {"result_count": len(found)}}
    if found:
        page["data"] = found
    if included:
        page["includes"] = included
    if more:
        page["meta"]["next_token"] = more
    return page


def mend(document: dict[str, Any]) -> None:
    """A file in a form is bytes, which are two kinds of string to the document, and a number in it is digits."""
    for name in ("MediaUploadRequest", "AppendMediaUploadRequest"):
        document["components"]["schemas"][name]["properties"]["media"] = {}
    document["components"]["schemas"]["AppendMediaUploadRequest"]["properties"]["segment_index"] = {"type": "string"}
