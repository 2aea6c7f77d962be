"""Which days are working days, and by whose word."""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class UnknownCalendar(ValueError):
    """No holidays are known for a country or a part of it."""


@dataclass(frozen=True, slots=True)
class CalendarVersion:
    """Which calendar a deadline was counted by; stored with it, since holidays change after the fact.

    `code` is ISO 3166: "UA", or "DE-BY" with the part of the country; `source` is for instance "holidays 0.109".
    """

    code: str
    source: str


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The working days of a country: weekends and public holidays are none, weekends moved to working days are."""

    version: CalendarVersion
    includes: Callable[[date], bool]


@functools.cache
def working_days(code: str) -> WorkingDays:
    """The calendar of a country, or of a part of it.

    Args:
        code: ISO 3166-1 alpha-2 ("UA"), or ISO 3166-2 for a part of a country that has holidays of its own ("DE-BY").

    Raises:
        UnknownCalendar: nothing is known about it.
    """
    import holidays  # takes a fifth of a second, and most processes count no working days

    country, _, part = code.partition("-")
    try:
        if not _CODE.fullmatch(code):
            raise NotImplementedError(code)
        found: HolidayBase = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError as unknown:
        raise UnknownCalendar(f"no calendar {code!r}; give an ISO 3166 code such as UA or DE-BY") from unknown
    return WorkingDays(CalendarVersion(code, f"holidays {version('holidays')}"), found.is_working_day)
