"""Texts with facets: which part of a text is a link, a hashtag or a name. Places are counted in bytes of UTF-8."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from viche_sdk.connectors.types import graphemes

_ADDRESS = re.compile(r"https?://[^\s<>\"«»“”]+")
_TAG = re.compile(r"(?<!\S)#([^\s#]+)")
_NAME = re.compile(r"(?<![\w@./])@((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z][a-zA-Z0-9-]*)")
_BEHIND = ".,;:!?…'\"»”"
TAG_MOST = 64


def names_in(text: str) -> list[str]:
    """Handles that are named, each once."""
    return list(dict.fromkeys(found[1].lower() for found in _NAME.finditer(text)))


def facets(text: str, known: Mapping[str, str]) -> list[dict[str, Any]]:
    """The facets of a text, in its order (app.bsky.richtext.facet).

    Args:
        text: as people see it.
        known: did by handle; other names stay plain.
    """
    found = sorted([*_links(text), *_tags(text), *_names(text, known)], key=lambda each: each[0])
    return [
        {
            "index": {"byteStart": len(text[:begin].encode()), "byteEnd": len(text[:end].encode())},
            "features": [feature],
        }
        for begin, end, feature in found
    ]


def _links(text: str) -> Iterator[tuple[int, int, dict[str, str]]]:
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_BEHIND)
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(_BEHIND)
        yield found.start(), found.start() + len(address), {"$type": "app.bsky.richtext.facet#link", "uri": address}


def _tags(text: str) -> Iterator[tuple[int, int, dict[str, str]]]:
    for found in _TAG.finditer(text):
        tag = found[1].rstrip(f"{_BEHIND})")
        if tag and not tag.isdigit() and len(graphemes(tag)) <= TAG_MOST:
            yield found.start(), found.start() + 1 + len(tag), {"$type": "app.bsky.richtext.facet#tag", "tag": tag}


def _names(text: str, known: Mapping[str, str]) -> Iterator[tuple[int, int, dict[str, str]]]:
    for found in _NAME.finditer(text):
        if did := known.get(found[1].lower()):
            yield found.start(), found.end(), {"$type": "app.bsky.richtext.facet#mention", "did": did}


def without_name(text: str, handle: str) -> str:
    """A text without the account's own name at its beginning."""
    name = f"@{handle}"
    return text[len(name) :].lstrip(" ,:") if text.lower().startswith(name.lower()) else text
