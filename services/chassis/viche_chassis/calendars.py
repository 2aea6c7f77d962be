"""Calendar files (RFC 5545) with days and events, as calendars of people take them in.

Whoever uses this declares the extra "calendars". Instants are written in UTC, which is right whatever the clocks of
a zone do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

MEDIA_TYPE = "text/calendar"
_PRODUCT = "-//Viche//Viche//EN"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole day; ``uid`` stays the same when the day moves, ``changed_at`` is aware.

    With ``starts_at``, aware, it begins then, on that day, and ends at ``ends_at``; with ``is_cancelled`` it does not
    take place. Of two entries with one ``uid`` that with the greater ``sequence`` holds (section 3.8.7.4).
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
    ends_at: datetime | None = None
    sequence: int = 0


def calendar(name: str, entries: Sequence[Entry]) -> str:
    """The file.

    Raises:
        ValueError: there are no entries; a calendar needs one (section 3.6).
    """
    if not entries:
        raise ValueError("a calendar needs at least one entry")
    made = Calendar()
    made.add("PRODID", _PRODUCT)
    made.add("VERSION", "2.0")
    made.add("METHOD", "PUBLISH")
    made.add("X-WR-CALNAME", _plain(name))
    for entry in entries:
        made.add_component(_event(entry))
    return made.to_ical().decode()


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("UID", _plain(entry.uid))
    event.add("DTSTAMP", entry.changed_at.astimezone(UTC))
    if entry.starts_at:
        event.add("DTSTART", entry.starts_at.astimezone(UTC))
        if entry.ends_at:
            event.add("DTEND", entry.ends_at.astimezone(UTC))
    else:
        event.add("DTSTART", entry.day)
        event.add("DTEND", entry.day + timedelta(days=1))
    if entry.sequence:
        event.add("SEQUENCE", entry.sequence)
    event.add("SUMMARY", _plain(entry.title))
    event.add("DESCRIPTION", _plain(entry.text))
    event.add("URL", _plain(entry.url))
    if entry.place:
        event.add("LOCATION", _plain(entry.place))
    if entry.is_cancelled:
        event.add("STATUS", "CANCELLED")
    event.add("TRANSP", "TRANSPARENT")
    return event


def _plain(text: str) -> str:
    """Without control characters, which RFC 5545 has no place for (section 3.3.11)."""
    return _CONTROL.sub("", text.replace("\r\n", "\n"))
