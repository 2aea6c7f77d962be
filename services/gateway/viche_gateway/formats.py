"""Numbers, dates and durations as a person says them, through the locale library."""

import math
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_decimal
from flask import Flask, current_app
from flask_babel import get_locale, gettext, ngettext, to_user_timezone
from google.protobuf.timestamp_pb2 import Timestamp

from viche_gateway.languages import current_language

# Ukrainian, Bulgarian and Russian put a word for "year" at the end, whose full stop stumbles over that of a sentence
_YEAR_WORD = re.compile(r"\s[рг]\.$")
_MOST_NUMBERS = 10_000
_MOST_DAYS = 1_000


def format_number(number: float) -> str:
    """A count with the separators of the reader's language."""
    return _decimal(number, current_language())


@lru_cache(_MOST_NUMBERS)
def _decimal(number: float, language: str) -> str:
    return format_decimal(number, locale=language)


def format_rate(number: float) -> str:
    """A rate with one place after the point."""
    return format_decimal(number, "#,##0.#", current_language())


def moment(timestamp: Timestamp) -> datetime | None:
    """An instant of a message; None when it is not set."""
    return timestamp.ToDatetime(tzinfo=UTC) if timestamp.seconds else None


def full_date(instant: datetime) -> str:
    """For instance "12 December 2026"."""
    return full_day(to_user_timezone(instant).date())


def instant_text(instant: datetime) -> str:
    """A day with its hour, for instance "12 December 2026, 14:30"."""
    return f"{full_date(instant)}, {to_user_timezone(instant):%H:%M}"


def full_day(day: date) -> str:
    """A day of the calendar, for instance "12 December 2026"."""
    return _long_day(day, current_language())


def written_day(day: str) -> str:
    """A day as contracts write it (ISO 8601), for the reader; empty for an empty one."""
    return full_day(date.fromisoformat(day)) if day else ""


@lru_cache(_MOST_DAYS)
def _long_day(day: date, language: str) -> str:
    return _YEAR_WORD.sub("", format_date(day, "long", locale=_locale_of(language)))


def weekday_of(day: date) -> str:
    """For instance "Friday"."""
    return format_date(day, "EEEE", locale=_locale())


def short_day(day: date) -> str:
    """A day in a list of many, for instance "Sat 12 Dec 2026"."""
    return _YEAR_WORD.sub("", format_skeleton("yMMMEd", day, locale=_locale()))


def country_name(code: str) -> str:
    """The country that an ISO 3166 code names; with its code where it names a part of the country."""
    name = _locale().territories.get(code.partition("-")[0], "")
    return f"{name} ({code})" if name and "-" in code else name or code


def weekday(instant: datetime) -> str:
    """For instance "Friday"."""
    return format_date(to_user_timezone(instant), "EEEE", locale=_locale())


def clock_time(instant: datetime) -> str:
    """Hour and minute in the zone of the instance, for instance "14:05"."""
    return format_time(to_user_timezone(instant), "short", locale=_locale())


def days_left(closes_at: datetime) -> str:
    """How much of the term is left, for instance "20 days left"."""
    left = closes_at - now()
    if left <= timedelta(0):
        return gettext("The term has ended")
    if left < timedelta(hours=1):
        return gettext("Less than an hour left")
    if left < timedelta(days=1):
        hours = math.floor(left.total_seconds() / 3600)
        return ngettext("%(num)s hour left", "%(num)s hours left", hours)
    return ngettext("%(num)s day left", "%(num)s days left", left.days)


def last_day(closes_at: datetime) -> datetime:
    """The last day on which one may sign: a term ends at midnight, which is the day after by the calendar."""
    return closes_at - timedelta(microseconds=1)


def wait_text(seconds: float) -> str:
    """For instance "5 minutes"."""
    return format_timedelta(timedelta(seconds=max(1, math.ceil(seconds))), locale=get_locale(), threshold=1.2)


def _locale() -> Locale:
    return _locale_of(current_language())


@cache
def _locale_of(language: str) -> Locale:
    """What a language writes dates by; English is that of Europe, where the day stands before the month."""
    return Locale("en", "GB") if language == "en" else Locale.parse(language)


def now() -> datetime:
    """The present, UTC."""
    return current_app.extensions.get("viche.clock", _now)()


def _now() -> datetime:
    return datetime.now(UTC)


def percent(part: float, whole: float) -> int:
    """Whole percents, never 100 before it is all."""
    return 100 if part >= whole else math.floor(100 * part / whole)


def register(app: Flask) -> None:
    """Gives templates the filters."""
    app.jinja_env.filters.update(
        number=format_number,
        rate=format_rate,
        full_date=full_date,
        instant_text=instant_text,
        full_day=full_day,
        weekday_of=weekday_of,
        weekday=weekday,
        clock_time=clock_time,
        moment=moment,
        days_left=days_left,
        last_day=last_day,
    )
