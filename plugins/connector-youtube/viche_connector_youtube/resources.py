"""Videos as the platform wants them told, and how it tells them."""

import re
from collections.abc import Mapping
from typing import Any

from viche_sdk.connectors.types import (
    Context,
    InvalidContent,
    Limits,
    NotFound,
    OutcomeUnknown,
    PolicyRejected,
    Post,
    Problem,
    ProblemReason,
    Published,
    with_link,
)

PUBLIC = "public"
NEWS_AND_POLITICS = "25"
TAGS_MOST = 500
"""Characters of all tags with the commas between them, and with quotes around those that hold a space."""

_HASHTAG = re.compile(r"(?<!\w)#(\w+)")
_ANGLES = re.compile(r"[<>]")

UPLOADED, PROCESSED = "uploaded", "processed"
OF_RULES = frozenset(
    {
        "claim",
        "copyright",
        "duplicate",
        "inappropriate",
        "legal",
        "termsOfUse",
        "trademark",
        "uploaderAccountClosed",
        "uploaderAccountSuspended",
    }
)
"""Reasons of a rejection that no other file would mend; the remaining one is its length."""


def problems(post: Post, limits: Limits) -> list[Problem]:
    """The platform takes no angle brackets, neither in titles nor in descriptions."""
    parts = (("title", post.title), ("text", with_link(post.text, post.link)))
    return [
        Problem(name, ProblemReason.FORBIDDEN_CHARACTERS, " ".join(sorted(set(_ANGLES.findall(text)))))
        for name, text in parts
        if _ANGLES.search(text)
    ]


def snippet(post: Post) -> dict[str, Any]:
    """Title, description, tags, category, language."""
    found: dict[str, Any] = {
        "title": post.title,
        "description": with_link(post.text, post.link),
        "categoryId": NEWS_AND_POLITICS,
        "defaultLanguage": post.language,
    }
    tags = tags_of(post.text)
    return {**found, "tags": tags} if tags else found


def video(ctx: Context, post: Post) -> dict[str, Any]:
    """A new video. What an authority tells is not made for children as the platform means that (16 CFR 312)."""
    status = {"privacyStatus": ctx.value("privacy") or PUBLIC, "selfDeclaredMadeForKids": False}
    return {"snippet": snippet(post), "status": status}


def tags_of(text: str) -> list[str]:
    """The hashtags of a text, as many as the platform takes."""
    tags: list[str] = []
    length = 0
    for tag in dict.fromkeys(_HASHTAG.findall(text)):
        length += len(tag) + 1
        if length > TAGS_MOST:
            break
        tags.append(tag)
    return tags


def published(id_: str) -> Published:
    """Where people see it."""
    return Published(id_, f"https://www.youtube.com/watch?v={id_}")


def is_processed(status: Mapping[str, Any]) -> bool:
    """Whether the platform has worked through a video.

    Raises:
        InvalidContent, PolicyRejected: it does not take it.
        NotFound: somebody has deleted it meanwhile.
        OutcomeUnknown: a state that is not known here.
    """
    match status["uploadStatus"]:
        case "processed":
            return True
        case "uploaded":
            return False
        case "failed":
            raise InvalidContent(f"the video cannot be read: {status.get('failureReason', '')}", field="media")
        case "rejected" if status.get("rejectionReason") in OF_RULES:
            raise PolicyRejected(f"YouTube has rejected the video: {status['rejectionReason']}")
        case "rejected":
            raise InvalidContent(f"YouTube has rejected the video: {status.get('rejectionReason', '')}", field="media")
        case "deleted":
            raise NotFound("the video was deleted")
        case state:
            raise OutcomeUnknown(f"the video is {state}")
