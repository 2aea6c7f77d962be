"""Posts to try: as long as a platform takes, one longer, in Cyrillic and emoji, with files that are files."""

import base64
import struct
import zlib
from dataclasses import replace

from viche_sdk.connectors.limits import Limits, MediaLimit, PollLimit, TextLimit
from viche_sdk.connectors.posts import Media, MediaKind, Poll, Post
from viche_sdk.connectors.texts import length_of

LANGUAGE = "uk"
LINK = "https://viche.example/petitions/7"
CYRILLIC = "ї"
EMOJI = "👩‍👩‍👧‍👦"
"""One character to a reader; seven code points, eleven units of UTF-16."""

_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
    "////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q=="
)


def plain_post(limits: Limits, text: str = "Набережну відкрито. Приходьте!", link: str = "") -> Post:
    """The least that the platform takes with this text: with the files and the title that it asks for."""
    media = tuple(
        media_of(limit, kind, number)
        for limit, kind in ((limits.images, MediaKind.IMAGE), (limits.videos, MediaKind.VIDEO))
        if limit and limit.least and not _other_suffices(limits, kind)
        for number in range(limit.least)
    )
    title = "Набережна" if limits.title_most is not None else ""
    return Post(text, LANGUAGE, link=link, title=title, media=media)


def _other_suffices(limits: Limits, kind: MediaKind) -> bool:
    """A picture serves where a platform asks for a picture or a video."""
    return kind is MediaKind.VIDEO and bool(limits.images)


def text_limit(limits: Limits, post: Post) -> TextLimit:
    """The one that holds for this post."""
    return limits.caption if post.media and limits.caption else limits.text


def longest(limit: TextLimit, character: str) -> str:
    """A text that is exactly as long as it may be: of one character, and of "а" (or "a") where it does not fit."""
    text = character * min(
        limit.most // length_of(character, limit), (limit.most_bytes or limit.most * 50) // len(character.encode())
    )
    return text + "a" * room(limit, text)


def room(limit: TextLimit, text: str) -> int:
    """How many Latin letters may be added."""
    by_length = limit.most - length_of(text, limit)
    return by_length if limit.most_bytes is None else min(by_length, limit.most_bytes - len(text.encode()))


def with_text(post: Post, text: str) -> Post:
    """The same post with another text."""
    return replace(post, text=text)


def media_of(limit: MediaLimit, kind: MediaKind, number: int = 1, alt: str = "") -> Media:
    """A file that the platform takes, of the first of its usual types."""
    usual = ("image/jpeg", "image/png") if kind is MediaKind.IMAGE else ("video/mp4",)
    type_ = next((each for each in usual if each in limit.types), min(limit.types))
    size = len(bytes_of(type_, number))
    duration_s = 0.0 if kind is MediaKind.IMAGE else 3.0
    said = alt or f"Набережна, вигляд {number}"[: limit.alt_most or None]
    return Media(f"{kind}-{number}", kind, type_, size, said, 1, 1, duration_s)


def bytes_of(type_: str, number: int = 1) -> bytes:
    """A file of a type; `number` tells files apart."""
    match type_:
        case "image/jpeg":
            return _JPEG
        case "image/png":
            return _png(number)
        case _:
            return struct.pack(">I4s4sI", 24, b"ftyp", b"isom", 512) + b"isommp42" + bytes([number])


def _png(number: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes([0, number])))
        + chunk(b"IEND", b"")
    )


def poll_of(
    limit: PollLimit, *, options: int | None = None, question: int = 12, option: int = 8, open_for_s: int | None = None
) -> Poll:
    """A poll with so many options, and lengths in characters."""
    count = limit.least_options if options is None else options
    width = min(option, limit.option_most) if option <= limit.option_most else option
    texts = tuple((f"{number} " + CYRILLIC * width)[:width] for number in range(1, count + 1))
    asked = CYRILLIC * (min(question, limit.question_most) if question <= limit.question_most else question)
    time_s = open_for_s if open_for_s is not None else max(limit.shortest_s, min(86_400, limit.longest_s))
    return Poll(asked, texts, time_s)
