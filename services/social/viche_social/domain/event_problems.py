"""What keeps a public event from being shown to everybody. Pure; the clock is an argument."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from viche_social.domain.public_events import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_CAPACITY,
    MOST_REMINDER_HOURS,
    MOST_SEATS,
    Content,
    Place,
    Texts,
    instant,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps an event from being published: a part of its content and a stable reason."""

    field: str
    reason: str


def problems(content: Content, now: datetime, *, may_be_past: bool = False) -> Iterator[Problem]:
    """What keeps an event from being published.

    Args:
        content: the event.
        now: aware.
        may_be_past: whether its beginning may lie behind us.
    """
    if not _has_text(content.title):
        yield Problem("title", "REQUIRED")
    if not _has_text(content.summary):
        yield Problem("summary", "REQUIRED")
    yield from _time_problems(content, now, may_be_past=may_be_past)
    if not _has_text(content.place.title) and not _has_text(content.place.address) and not content.online_url:
        yield Problem("place", "REQUIRED")
    yield from _place_problems(content.place)
    if content.online_url and not is_web(content.online_url):
        yield Problem("online_url", "BAD_LINK")
    for index, material in enumerate(content.materials):
        if not _has_text(material.title):
            yield Problem(f"materials.{index}.title", "REQUIRED")
        if not is_web(material.url):
            yield Problem(f"materials.{index}.url", "BAD_LINK")
    if not 0 <= content.reminder_hours <= MOST_REMINDER_HOURS:
        yield Problem("reminder_hours", "TOO_LARGE" if content.reminder_hours > 0 else "TOO_SMALL")
    if content.registering.is_needed:
        yield from _registering_problems(content)


def _time_problems(content: Content, now: datetime, *, may_be_past: bool) -> Iterator[Problem]:
    if not is_zone(content.time_zone):
        yield Problem("time_zone", "UNKNOWN_TIME_ZONE")
        return
    starts_at, ends_at = (instant(local, content.time_zone) for local in (content.starts, content.ends))
    if not content.starts:
        yield Problem("starts", "REQUIRED")
    elif starts_at is None:
        yield Problem("starts", _why_no_time(content.starts))
    elif starts_at <= now and not may_be_past:
        yield Problem("starts", "IN_THE_PAST")
    if content.ends and ends_at is None:
        yield Problem("ends", _why_no_time(content.ends))
    elif ends_at and starts_at and ends_at <= starts_at:
        yield Problem("ends", "ENDS_BEFORE_START")


def _place_problems(place: Place) -> Iterator[Problem]:
    latitude, longitude = place.latitude, place.longitude
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        yield Problem("place.latitude", "BAD_PLACE")


def _registering_problems(content: Content) -> Iterator[Problem]:
    rules = content.registering
    starts_at, until = instant(content.starts, content.time_zone), instant(rules.until, content.time_zone)
    if rules.until and until is None and is_zone(content.time_zone):
        yield Problem("registration.until", _why_no_time(rules.until))
    elif until and starts_at and until > starts_at:
        yield Problem("registration.until", "TOO_LATE")
    if not 0 <= rules.capacity <= MOST_CAPACITY:
        yield Problem("registration.capacity", "TOO_LARGE" if rules.capacity > 0 else "TOO_SMALL")
    if not 1 <= rules.most_seats <= MOST_SEATS:
        yield Problem("registration.most_seats", "TOO_LARGE" if rules.most_seats > 0 else "TOO_SMALL")
    elif 0 < rules.capacity < rules.most_seats:
        yield Problem("registration.most_seats", "TOO_LARGE")


def _why_no_time(local: str) -> str:
    try:
        read = datetime.fromisoformat(local)
    except ValueError:
        return "NOT_A_TIME"
    return "TIME_SKIPPED" if read.tzinfo is None and FIRST_YEAR <= read.year <= LAST_YEAR else "NOT_A_TIME"


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        return bool(name) and ZoneInfo(name).key == name
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return False


def is_web(url: str) -> bool:
    """Whether browsers go there."""
    return url.startswith(("https://", "http://")) and not any(map(str.isspace, url))


def _has_text(texts: Texts) -> bool:
    return any(text.strip() for text in texts.values())
