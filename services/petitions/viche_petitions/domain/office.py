"""What waits at an authority, in numbers, and whether anybody works there on a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_petitions.domain.moderation import Task
from viche_sdk.calendars import working_days

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Waits:
    """How much of one task waits at an authority.

    Args:
        calendar: of the rules of most of its petitions, ISO 3166; empty where they have none.
        next_ends_at: when the term ends that ends next, of those that are not late.
    """

    authority_id: UUID
    task: Task
    cases: int
    overdue: int
    next_ends_at: datetime | None
    calendar: str


def is_working_day(calendar: str, day: date) -> bool:
    """Whether a calendar has a day as a working day; without one, from Monday to Friday.

    Raises:
        UnknownCalendar: nothing is known about the calendar.
    """
    return working_days(calendar).includes(day) if calendar else day.weekday() < SATURDAY


def last_day(ends_at: datetime, zone: ZoneInfo) -> date:
    """The last day of a term that ends at a midnight."""
    return (ends_at - timedelta(microseconds=1)).astimezone(zone).date()
