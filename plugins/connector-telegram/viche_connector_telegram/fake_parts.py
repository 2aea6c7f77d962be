"""Parts of messages, checked as the Bot API checks them."""

from collections.abc import Iterable, Mapping
from typing import Any

from viche_connector_telegram.fake_faults import said
from viche_connector_telegram.fake_types import photo, video

CAPTION_MOST = 1_024


class Refused(Exception):
    """An answer that ends the handling of a request."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.reply = said(code, description)


def length_of(text: str) -> int:
    """In units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def caption_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The caption, if there is one."""
    caption = given.get("caption", "")
    if length_of(caption) > CAPTION_MOST:
        raise Refused(400, "Bad Request: message caption is too long")
    return {"caption": caption} if caption else {}


def file_of(kind: str, content: bytes, type_: str) -> dict[str, Any]:
    """A photo or a video, of a file that is one."""
    if not content or type_.partition("/")[0] != ("video" if kind == "video" else "image"):
        raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")
    return {"video": video(len(content))} if kind == "video" else {"photo": photo(len(content))}


def is_first(message: Mapping[str, Any], own: Iterable[Mapping[str, Any]]) -> bool:
    """Whether it stands alone, or first in its album."""
    album = message.get("media_group_id")
    return not album or next(each for each in own if each.get("media_group_id") == album) is message


def bare(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message inside another holds no third one."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}
