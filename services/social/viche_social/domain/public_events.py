"""Public events: what is written, when it is, and whether people can register. Pure; the clock is an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HELD = timedelta(minutes=30)
"""How long a registration keeps its seats until the link in the mail is used."""

USUAL_LENGTH = timedelta(hours=3)
"""After so long an event is held to be over whose end nobody has said."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
USUAL_REMINDER_HOURS, MOST_REMINDER_HOURS = 24, 168
MOST_SEATS, MOST_CAPACITY = 20, 100_000


class EventKind(StrEnum):
    """What an event is; the names are those of the contract."""

    HEARING = "hearing"
    MEETING = "meeting"
    CONSULTATION = "consultation"
    CEREMONY = "ceremony"
    OTHER = "other"


class EventState(StrEnum):
    """What has been decided about an event; the names are those of the contract."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class EventPhase(StrEnum):
    """Where an event is in its life; the names are those of the contract, the order is that of lists."""

    DRAFT = "draft"
    COMING = "coming"
    PAST = "past"
    CANCELLED = "cancelled"


class RegistrationStatus(StrEnum):
    """Whether one can register, and why not; the names are those of the contract."""

    NOT_NEEDED = "not_needed"
    OPEN = "open"
    WAITING_LIST = "waiting_list"
    FULL = "full"
    CLOSED = "closed"
    OVER = "over"
    CANCELLED = "cancelled"


class RegistrationState(StrEnum):
    """What became of a registration; the names are those of the contract."""

    PENDING = "pending"
    REGISTERED = "registered"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    REMOVED = "removed"
    EXPIRED = "expired"


HOLDING = frozenset({RegistrationState.PENDING, RegistrationState.REGISTERED, RegistrationState.WAITING})
"""States that are not the end of a registration."""

Texts = Mapping[str, str]
"""Texts by language (BCP 47)."""


def _no_texts() -> Texts:
    return {}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event takes place; coordinates in degrees, WGS 84."""

    title: Texts = field(default_factory=_no_texts)
    address: Texts = field(default_factory=_no_texts)
    accessibility: Texts = field(default_factory=_no_texts)
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """Something to read before."""

    title: Texts
    url: str


@dataclass(frozen=True, slots=True)
class Registering:
    """How people register; ``until`` is local time or empty, a ``capacity`` of 0 is as many as wanted."""

    is_needed: bool = False
    until: str = ""
    capacity: int = 0
    has_waiting_list: bool = False
    most_seats: int = 1


@dataclass(frozen=True, slots=True)
class Content:
    """All that an officer writes; ``starts`` and ``ends`` are local times of its zone ("2026-05-12T18:00") or empty."""

    kind: EventKind
    title: Texts = field(default_factory=_no_texts)
    summary: Texts = field(default_factory=_no_texts)
    agenda: Texts = field(default_factory=_no_texts)
    starts: str = ""
    ends: str = ""
    time_zone: str = ""
    place: Place = field(default_factory=Place)
    online_url: str = ""
    online_for_registered: bool = False
    materials: tuple[Material, ...] = ()
    contact: str = ""
    registering: Registering = field(default_factory=Registering)
    reminder_hours: int = USUAL_REMINDER_HOURS
    moments_post_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """Instants that follow from what is written; each None where it cannot be said."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    over_at: datetime | None = None
    registration_until: datetime | None = None
    remind_at: datetime | None = None


def times_of(content: Content) -> Times:
    """The instants of an event."""
    starts_at = instant(content.starts, content.time_zone)
    if starts_at is None:
        return Times()
    ends_at = instant(content.ends, content.time_zone)
    until = instant(content.registering.until, content.time_zone) or starts_at
    hours = content.reminder_hours if 0 < content.reminder_hours <= MOST_REMINDER_HOURS else 0
    return Times(
        starts_at,
        ends_at,
        ends_at or starts_at + USUAL_LENGTH,
        until if content.registering.is_needed else None,
        starts_at - timedelta(hours=hours) if hours and content.registering.is_needed else None,
    )


def instant(local: str, zone: str) -> datetime | None:
    """The instant of a local time: of one that comes twice, as clocks are put back, the first.

    Returns:
        None for an empty one, for what is none, and for one that the zone skips.
    """
    try:
        return _aware(local, ZoneInfo(zone)) if zone and local else None
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return None


def _aware(local: str, zone: ZoneInfo) -> datetime | None:
    read = datetime.fromisoformat(local)
    if read.tzinfo is not None or not FIRST_YEAR <= read.year <= LAST_YEAR:
        return None
    at = read.replace(tzinfo=zone).astimezone(UTC)
    return at if at.astimezone(zone).replace(tzinfo=None) == read else None


def has_moved(before: Content, after: Content) -> bool:
    """Whether time or place differ, so that whoever is registered must be told."""

    def told(content: Content) -> tuple[object, ...]:
        times = times_of(content)
        place = (content.place.title, content.place.address)
        return times.starts_at, times.ends_at, content.time_zone, place, content.online_url

    return told(before) != told(after)


def phase_of(state: EventState, over_at: datetime | None, now: datetime) -> EventPhase:
    """Where an event is in its life."""
    if state is EventState.PUBLISHED:
        return EventPhase.PAST if over_at is not None and over_at <= now else EventPhase.COMING
    return EventPhase(state)


def has_begun(times: Times, now: datetime) -> bool:
    """Whether an event has begun."""
    return times.starts_at is not None and times.starts_at <= now


def places_left(capacity: int | None, taken: int) -> int | None:
    """How many seats are left; None where there are as many as wanted."""
    return None if capacity is None else max(0, capacity - taken)


def has_room(capacity: int | None, taken: int, seats: int) -> bool:
    """Whether so many seats are left."""
    return capacity is None or taken + seats <= capacity


def registration_status(
    state: EventState, rules: Registering, times: Times, taken: int, now: datetime
) -> RegistrationStatus:
    """Whether one can register now, and why not."""
    if state is EventState.CANCELLED:
        return RegistrationStatus.CANCELLED
    if not rules.is_needed:
        return RegistrationStatus.NOT_NEEDED
    if has_begun(times, now):
        return RegistrationStatus.OVER
    if times.registration_until is not None and times.registration_until <= now:
        return RegistrationStatus.CLOSED
    if has_room(rules.capacity or None, taken, 1):
        return RegistrationStatus.OPEN
    return RegistrationStatus.WAITING_LIST if rules.has_waiting_list else RegistrationStatus.FULL
