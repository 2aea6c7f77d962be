"""Calendar files (RFC 5545) with whole days, as calendars of people take them in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MEDIA_TYPE = "text/calendar"
_MOST_BYTES = 75
_PRODUCT = "-//Viche//Viche//EN"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole day; ``uid`` stays the same when the day moves, ``changed_at`` is aware.

    With ``starts_at``, aware, it begins then, on that day; with ``is_cancelled`` it does not take place.
    """

    uid: str
    day: date
    title: str
    text: str
    url: str
    changed_at: datetime
    starts_at: datetime | None = None
    place: str = ""
    is_cancelled: bool = False


def calendar(name: str, entries: Sequence[Entry]) -> str:
    """The file.

    Raises:
        ValueError: there are no entries; a calendar needs one (section 3.6).
    """
    if not entries:
        raise ValueError("a calendar needs at least one entry")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped(name)}"]
    lines += [line for entry in entries for line in _lines(entry)]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _lines(entry: Entry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(entry.uid)}"
    yield f"DTSTAMP:{entry.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if entry.starts_at:
        yield f"DTSTART:{entry.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    else:
        yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(entry.title)}"
    yield f"DESCRIPTION:{_escaped(entry.text)}"
    yield f"URL:{_CONTROL.sub('', entry.url)}"
    if entry.place:
        yield f"LOCATION:{_escaped(entry.place)}"
    if entry.is_cancelled:
        yield "STATUS:CANCELLED"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    """A text value (section 3.3.11)."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n"))
    return re.sub(r"([\\;,])", r"\\\1", plain).replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, the rest on lines that begin with a space (section 3.1); no letter is cut."""
    parts, part, size = [], "", 0
    for letter in line:
        letter_size = len(letter.encode())
        if size + letter_size > _MOST_BYTES:
            parts.append(part)
            part, size = " ", 1
        part += letter
        size += letter_size
    return "\r\n".join([*parts, part])
