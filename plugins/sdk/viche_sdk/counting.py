"""Counting days: which day is the last one of a term, and when it ends."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from viche_sdk.calendars import WorkingDays

_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a term is counted in. Stable: it is stored and translated."""

    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """How long: a number of days or months."""

    length: int
    unit: Unit

    def __str__(self) -> str:
        """In English: "10 working days"."""
        return f"{self.length} {self.unit.replace('_', ' ')}{'' if self.length == 1 else 's'}"


def last_day(first: date, period: Period, working: WorkingDays | None = None) -> date:
    """The last day of a term that begins with an event on the day `first`, which itself is not counted.

    A month ends on the day of the same number, or on the last of the month where there is none.

    Args:
        first: day of the event.
        period: 1 or more.
        working: which days are working days; only working days need it.

    Raises:
        ValueError: less than 1, or working days without a calendar.
    """
    if period.length < 1:
        raise ValueError(f"a term must be at least 1 {period.unit}, not {period.length}")
    match period.unit:
        case Unit.CALENDAR_DAY:
            return first + period.length * _DAY
        case Unit.MONTH:
            return _months_after(first, period.length)
        case Unit.WORKING_DAY:
            return _working_days_after(first, period.length, working)


def days_off(first: date, last: date, working: WorkingDays) -> Iterator[date]:
    """The days between two days, those themselves left out, that are no working days."""
    for number in range(1, (last - first).days):
        day = first + number * _DAY
        if not working.includes(day):
            yield day


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day of the wall calendar ends, in UTC.

    Where the clock jumps over midnight, the day ends at the jump; where midnight comes twice, at the first.
    """
    return datetime.combine(day + _DAY, time.min, tzinfo=zone).astimezone(UTC)


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The day of the wall calendar.

    Raises:
        ValueError: the instant is naive.
    """
    if instant.tzinfo is None:
        raise ValueError("the instant has no time zone; give an aware UTC time")
    return instant.astimezone(zone).date()


def _months_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    days_in_month = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(first.day, days_in_month))


def _working_days_after(first: date, length: int, working: WorkingDays | None) -> date:
    if working is None:
        raise ValueError("working days need a calendar")
    day = first
    while length:
        day += _DAY
        length -= working.includes(day)
    return day
