"""Days and hours of an event, as forms have them: fields of their own for the day and the hour."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from functools import cache

from babel.core import get_global

from viche_gateway import sentences
from viche_gateway.context import settings
from viche_gateway.portal.events.saying import city_of


def parts(local: str) -> tuple[str, str]:
    """Day and hour of a local time as contents have it ("2026-05-12T18:00"); both empty for an empty one."""
    day, _, hour = local.partition("T")
    return day, hour[:5]


def whole(day: str, hour: str) -> str:
    """The local time of a day and an hour; empty where one is missing."""
    return f"{day}T{hour[:5]}" if day and hour else ""


def faults(days: Mapping[str, str], hours: Mapping[str, str]) -> dict[str, str]:
    """Sentences for fields that hold something and no day, or no hour."""
    found = {name: sentences.sentence("BAD_DATE") for name, text in days.items() if text and not _is_day(text)}
    return found | {name: sentences.sentence("NOT_AN_HOUR") for name, text in hours.items() if text and not _is(text)}


def zones(current: str) -> Sequence[tuple[str, str]]:
    """Time zones to choose from with the cities that they are named after; that of the region first."""
    first = list(dict.fromkeys(filter(None, (settings().timezone, current))))
    named = {city_of(name): name for name in _european()}
    for name in first:
        named.pop(city_of(name), None)
    rest = sorted(named.items(), key=lambda pair: pair[0].casefold())
    return [(name, city_of(name)) for name in first] + [(name, city) for city, name in rest]


@cache
def _european() -> Sequence[str]:
    return sorted(name for name in get_global("zone_territories") if name.startswith(("Europe/", "Asia/Nicosia")))


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("2026-05-12") and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is(text: str) -> bool:
    try:
        return len(text) in (len("18:00"), len("18:00:00")) and time.fromisoformat(text).tzinfo is None
    except ValueError:
        return False
