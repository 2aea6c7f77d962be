"""Words for events: what they are, when they are, whether one can still register."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global
from babel.dates import get_timezone_location
from flask_babel import get_locale, gettext, ngettext
from google.protobuf.timestamp_pb2 import Timestamp
from viche.social.v1 import public_events_pb2 as pb

from viche_gateway.context import settings
from viche_gateway.formats import format_number, full_day, weekday_of
from viche_gateway.languages import current_language
from viche_gateway.portal.surveys.texts import text_of as _text_in
from viche_gateway.sentences import N_

KINDS: Mapping[int, str] = {
    pb.EVENT_KIND_HEARING: N_("Public hearing"),
    pb.EVENT_KIND_MEETING: N_("Meeting"),
    pb.EVENT_KIND_CONSULTATION: N_("Consultation"),
    pb.EVENT_KIND_CEREMONY: N_("Ceremony"),
    pb.EVENT_KIND_OTHER: N_("Event"),
}
"""In the order in which they are offered."""

_STATUSES: Mapping[int, str] = {
    pb.REGISTRATION_STATUS_NOT_NEEDED: N_("You need not register. Just come."),
    pb.REGISTRATION_STATUS_WAITING_LIST: N_("All places are taken. You can put yourself on the waiting list."),
    pb.REGISTRATION_STATUS_FULL: N_("All places are taken, and there is no waiting list."),
    pb.REGISTRATION_STATUS_CLOSED: N_("The time for registering is over."),
    pb.REGISTRATION_STATUS_OVER: N_("This event has begun or is over already."),
    pb.REGISTRATION_STATUS_CANCELLED: N_("This event does not take place."),
}
_STATES: Mapping[int, str] = {
    pb.REGISTRATION_STATE_PENDING: N_("Not confirmed yet"),
    pb.REGISTRATION_STATE_REGISTERED: N_("You have a place"),
    pb.REGISTRATION_STATE_WAITING: N_("On the waiting list"),
    pb.REGISTRATION_STATE_CANCELLED: N_("Given back"),
    pb.REGISTRATION_STATE_REMOVED: N_("Taken away by the authority"),
    pb.REGISTRATION_STATE_EXPIRED: N_("Not confirmed in time"),
}


def kind(event: pb.PublicEvent | pb.EventContent) -> str:
    """What it is."""
    return kind_words(event.kind)


def kind_words(value: int) -> str:
    """What an event of a kind is called."""
    return gettext(KINDS.get(value, KINDS[pb.EVENT_KIND_OTHER]))


def text(texts: Mapping[str, str]) -> tuple[str, str]:
    """Language and text for the reader; one in another language where there is none in theirs."""
    return _text_in(texts, [current_language(), *sorted(texts)])


def words(texts: Mapping[str, str]) -> str:
    """The text alone."""
    return text(texts)[1]


def local(stamp: Timestamp, zone: str) -> datetime:
    """An instant by the clocks of an event's zone."""
    return stamp.ToDatetime(tzinfo=UTC).astimezone(_zone(zone))


def day(event: pb.PublicEvent) -> date:
    """The day on which it begins, where it is."""
    return local(event.starts_at, event.time_zone).date()


def day_words(value: date) -> str:
    """For instance "Friday, 12 December 2026"."""
    return f"{_capital(weekday_of(value))}, {full_day(value)}"


def hours(event: pb.PublicEvent) -> str:
    """From when to when, for instance "18:00 to 20:00"; with the days where it takes several."""
    begin = local(event.starts_at, event.time_zone)
    if not event.HasField("ends_at"):
        return f"{begin:%H:%M}"
    end = local(event.ends_at, event.time_zone)
    if end.date() == begin.date():
        return gettext("%(begin)s to %(end)s", begin=f"{begin:%H:%M}", end=f"{end:%H:%M}")
    return gettext("%(begin)s until %(end)s", begin=f"{begin:%H:%M}", end=f"{full_day(end.date())}, {end:%H:%M}")


def when(event: pb.PublicEvent) -> str:
    """Day and hours, for instance "Friday, 12 December 2026, 18:00 to 20:00"; the zone where it is not that here."""
    return f"{day_words(day(event))}, {hours_here(event)}"


def hours_here(event: pb.PublicEvent) -> str:
    """The hours, with the zone where it is not that of the portal."""
    return hours(event) if _is_ours(event) else f"{hours(event)}, {zone_words(event.time_zone)}"


def zone_words(name: str) -> str:
    """The zone in plain words, for instance "Kyiv time"."""
    return gettext("%(city)s time", city=city_of(name or settings().timezone))


def city_of(name: str) -> str:
    """The city that a zone is named after, in the reader's language."""
    locale = get_locale()
    # a language may know the zone by a name that it had before, as Europe/Kyiv
    names = [name, *(old for old, new in get_global("zone_aliases").items() if new == name)]
    known = (locale.time_zones.get(each, {}).get("city") for each in names) if locale else ()
    return next(filter(None, known), "") or get_timezone_location(_zone(name), locale=locale, return_city=True)


def instant(stamp: Timestamp, zone: str) -> str:
    """An instant by the clocks of a zone, within a sentence, for instance "12 December 2026, 18:00"."""
    at = local(stamp, zone)
    return f"{full_day(at.date())}, {at:%H:%M}"


def place(event: pb.PublicEvent) -> str:
    """Where, in one line: the place with its address, or "Online"."""
    named = [words(event.place.title), words(event.place.address)] if event.HasField("place") else []
    return ", ".join(filter(None, named)) or (gettext("Online") if event.is_online else "")


def status(event: pb.PublicEvent) -> str:
    """Whether one can register, and why not; empty while there are places."""
    said = _STATUSES.get(event.registration_status)
    return gettext(said) if said else ""


def places_left(event: pb.PublicEvent) -> str:
    """How many places are left, for instance "12 of 30 places left"; empty where they are not counted."""
    if not event.HasField("places_left"):
        return ""
    return ngettext(
        "%(left)s of %(all)s place left", "%(left)s of %(all)s places left", event.places_left,
        left=format_number(event.places_left), all=format_number(event.capacity),
    )  # fmt: skip


def waiting(position: int) -> str:
    """Where somebody stands on the waiting list, plainly."""
    return gettext("You are number %(number)s.", number=format_number(position))


def state(registration: pb.Registration) -> str:
    """What became of a registration, for whoever made it."""
    return gettext(_STATES[registration.state]) if registration.state in _STATES else ""


def seats(count: int) -> str:
    """For instance "2 places"."""
    return ngettext("%(count)s place", "%(count)s places", count, count=format_number(count))


def is_open(event: pb.PublicEvent) -> bool:
    """Whether the form can be sent now, for a place or for the waiting list."""
    return event.registration_status in (pb.REGISTRATION_STATUS_OPEN, pb.REGISTRATION_STATUS_WAITING_LIST)


def is_cancelled(event: pb.PublicEvent) -> bool:
    """Whether it does not take place."""
    return event.phase == pb.EVENT_PHASE_CANCELLED


def is_over(event: pb.PublicEvent) -> bool:
    """Whether it has ended."""
    return event.phase == pb.EVENT_PHASE_PAST


def _is_ours(event: pb.PublicEvent) -> bool:
    return event.time_zone in ("", settings().timezone)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or settings().timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings().timezone)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
