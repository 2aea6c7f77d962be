"""What RFC 4287 asks of a feed document, checked on the parsed document; each complaint names its section."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+")
_PERSONS = {"author", "contributor"}
_TEXTS = {"title", "subtitle", "summary", "rights"}
_DATES = {"updated", "published"}
_ONCE = {
    "feed": {"generator", "icon", "logo", "id", "rights", "subtitle", "title", "updated"},
    "entry": {"content", "id", "published", "rights", "source", "summary", "title", "updated"},
}
_KNOWN = {
    "feed": _ONCE["feed"] | _PERSONS | {"category", "link", "entry"},
    "entry": _ONCE["entry"] | _PERSONS | {"category", "link"},
}


def complaints(document: bytes) -> list[str]:
    """Everything that the document breaks; a document that is no XML raises ParseError."""
    root = ET.fromstring(document)
    if root.tag != f"{ATOM}feed":
        return ["2: the root is no atom:feed"]
    entries = root.findall(f"{ATOM}entry")
    found = [*_container(root, "feed")]
    for entry in entries:
        found += _container(entry, "entry")
        if root.find(f"{ATOM}author") is None and entry.find(f"{ATOM}author") is None:
            found.append("4.1.1: an entry has no author, nor has the feed")
    twice = [id for id, count in Counter(entry.findtext(f"{ATOM}id") for entry in entries).items() if count > 1]
    return [*found, *(f"4.1.1: two entries with the id {id} and no other time" for id in twice)]


def _container(element: ET.Element, kind: str) -> Iterator[str]:
    names = [child.tag.removeprefix(ATOM) for child in element]
    section = "4.1.1" if kind == "feed" else "4.1.2"
    for name in ("id", "title", "updated"):
        if names.count(name) != 1:
            yield f"{section}: {kind} must have one {name}"
    for name in sorted(_ONCE[kind]):
        if names.count(name) > 1:
            yield f"{section}: {kind} has more than one {name}"
    yield from (f"{section}: {kind} has an element {name}" for name in names if name not in _KNOWN[kind])
    if kind == "feed" and not any(_rel(link) == "self" for link in element.findall(f"{ATOM}link")):
        yield "4.1.1: the feed should link to itself"
    if kind == "entry" and "content" not in names and not any(_rel(x) == "alternate" for x in _links(element)):
        yield "4.1.2: an entry without content must have an alternate link"
    alternates = Counter((x.get("type"), x.get("hreflang")) for x in _links(element) if _rel(x) == "alternate")
    if any(count > 1 for count in alternates.values()):
        yield f"{section}: {kind} has two alternate links of one type and language"
    for child in element:
        yield from _child(child)


def _child(child: ET.Element) -> Iterator[str]:
    name, text = child.tag.removeprefix(ATOM), child.text or ""
    if name in _DATES and not _is_instant(text):
        yield f"3.3: {name} is no RFC 3339 date-time: {text}"
    if name == "id" and not _is_absolute(text):
        yield f"4.2.6: the id is no absolute IRI: {text}"
    if name in _TEXTS and (child.get("type", "text") != "text" or len(child)):
        yield f"3.1.1: {name} of type text has elements in it, or is of another type"
    if name in _PERSONS and not (child.findtext(f"{ATOM}name") or "").strip():
        yield f"3.2.1: {name} has no name"
    if name == "link":
        yield from _link(child)


def _link(link: ET.Element) -> Iterator[str]:
    if not _is_absolute(link.get("href", "")):
        yield f"4.2.7.1: a link leads to no absolute IRI: {link.get('href')}"
    if not _MEDIA_TYPE.fullmatch(link.get("type", "text/html")):
        yield f"4.2.7.3: no media type: {link.get('type')}"


def _links(element: ET.Element) -> list[ET.Element]:
    return element.findall(f"{ATOM}link")


def _rel(link: ET.Element) -> str:
    return link.get("rel", "alternate")


def _is_instant(text: str) -> bool:
    if not _INSTANT.fullmatch(text):
        return False
    datetime.fromisoformat(text)
    return True


def _is_absolute(text: str) -> bool:
    parts = urlsplit(text)
    return bool(parts.scheme and parts.netloc) and not re.search(r"[\s<>\"{}|\\^`]", text)
