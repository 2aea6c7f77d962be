"""Atom feeds (RFC 4287), written with the standard library: a feed needs seven elements and no package more."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

MEDIA_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
# what XML 1.0 has no place for (section 2.2), whatever is written in a petition
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; ``id`` is an address that stays the same for ever, ``at`` is aware, ``text`` may be empty."""

    id: str
    title: str
    at: datetime
    url: str
    text: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed.

    Args:
        address: its own, also its id.
        url: the page that it tells of.
        author: of the entries that name none (section 4.1.1).
        updated_at: when nothing is in it; aware.
    """

    address: str
    url: str
    title: str
    author: str
    language: str
    updated_at: datetime


def document(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed as XML in UTF-8, entries in the order given."""
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": feed.language})
    _add(root, "id", feed.address)
    _add(root, "title", feed.title)
    _add(root, "updated", _instant(max((entry.at for entry in entries), default=feed.updated_at)))
    _author(root, feed.author)
    ET.SubElement(root, "link", {"rel": "self", "type": MEDIA_TYPE, "href": feed.address})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.url})
    for entry in entries:
        _entry(root, entry)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(root: ET.Element, entry: Entry) -> None:
    element = ET.SubElement(root, "entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", _instant(entry.at))
    _add(element, "published", _instant(entry.at))
    ET.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": entry.url})
    if entry.author:
        _author(element, entry.author)
    if entry.text:
        _add(element, "summary", entry.text)


def _author(parent: ET.Element, name: str) -> None:
    _add(ET.SubElement(parent, "author"), "name", name)


def legal(text: str) -> str:
    """A text without the characters that XML has no place for."""
    return _ILLEGAL.sub("", text)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = legal(text)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
