"""RSS, Atom and iCalendar, read as far as figures need it: no entry's text is kept."""

import io
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

LONGEST_TITLE = 300
_ENDS = (b"</rss>", b"</feed>", b"</rdf:rdf>", b":feed>", b":rdf>")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_CALENDAR = b"BEGIN:VCALENDAR"


class NoFeed(ValueError):
    """Something else than a whole feed; the text says what."""


@dataclass(frozen=True, slots=True)
class Found:
    """A feed, or a calendar.

    `home` is the page that it belongs to, empty where it names none; `faults` say what of it is not well-formed,
    although it could be read.
    """

    title: str
    home: str
    entries: int
    faults: str = ""


def read(body: bytes, content_type: str) -> Found:
    """What a body holds.

    Args:
        body: as it came.
        content_type: what the server calls it; it may name the encoding.

    Raises:
        NoFeed: half a feed, a web page, or something else.
    """
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise NoFeed("nothing")
    if start[: len(_CALENDAR)].upper() == _CALENDAR:
        return _calendar(start)
    return _feed(start, content_type)


def _feed(body: bytes, content_type: str) -> Found:
    import feedparser

    if _ENTITY.search(body):
        # entities that stand for one another make gigabytes out of a few lines
        raise NoFeed("a document that declares entities")
    # a stream: bytes would be taken for the name of a file
    given = io.BytesIO(body)
    headers = {"content-type": content_type} if content_type else {}
    parsed: Any = feedparser.parse(given, response_headers=headers, resolve_relative_uris=False, sanitize_html=False)
    if not parsed.get("version"):
        raise NoFeed("no feed")
    if not body.rstrip()[-200:].lower().endswith(_ENDS) and _is_cut(body):
        raise NoFeed("half a feed")
    fault = parsed.get("bozo_exception")
    ids = {str(entry.get("id") or entry.get("link") or place) for place, entry in enumerate(parsed["entries"])}
    return Found(
        _line(parsed["feed"].get("title")),
        _address(parsed["feed"].get("link")),
        len(ids),
        f"{type(fault).__name__}: {fault}"[:LONGEST_TITLE] if parsed.get("bozo") and fault else "",
    )


def _is_cut(body: bytes) -> bool:
    """Whether no element of the whole document ends; what stands behind its end are comments, or what servers add."""
    lowered = body.lower()
    return not any(end in lowered for end in _ENDS)


def _calendar(body: bytes) -> Found:
    from icalendar import Calendar

    if not body.rstrip().upper().endswith(b"END:VCALENDAR"):
        raise NoFeed("half a calendar")
    try:
        calendar = Calendar.from_ical(body)
        events = calendar.walk("VEVENT")
        title = calendar.get("NAME") or calendar.get("X-WR-CALNAME")
        home = calendar.get("URL")
        ids = {str(event.get("UID") or place) for place, event in enumerate(events)}
    except (ValueError, LookupError, TypeError, AttributeError) as fault:
        raise NoFeed(f"no calendar ({fault})") from fault
    return Found(_line(title), _address(home), len(ids))


def _line(text: object) -> str:
    return " ".join(str(text or "").split())[:LONGEST_TITLE]


def _address(given: object) -> str:
    """A plain web address, or nothing."""
    text = str(given or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_well = parts.scheme in ("https", "http") and bool(parts.hostname) and not set(text) & set(' "<>\\')
    return text if is_well and len(text) <= LONGEST_TITLE * 3 else ""
