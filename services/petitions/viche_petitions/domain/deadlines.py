"""The terms that run or ran for a petition."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from viche_sdk.clocks import COLLECT
from viche_sdk.types import Deadline

if TYPE_CHECKING:
    from viche_petitions.domain.petition import Petition
    from viche_petitions.domain.steps import Prolonged


@dataclass(frozen=True, slots=True)
class NotedDeadline:
    """A deadline, when the event happened that it waits for (None while it has not), and how it was prolonged."""

    deadline: Deadline
    met_at: datetime | None = None
    prolonged: "Prolonged | None" = None


def last_moment(ends_at: datetime) -> datetime:
    """The last second of a term; what happens by its running out happens then, however late it is noticed."""
    return ends_at - timedelta(seconds=1)


def deadlines_of(petition: "Petition", zone: ZoneInfo) -> tuple[NotedDeadline, ...]:
    """The deadlines of a petition in the order in which they end.

    Petitions that opened before deadlines were stored get the one for collecting, counted from their terms.
    """
    noted = petition.deadlines
    if petition.terms and petition.opened_at and COLLECT not in [each.deadline.clock for each in noted]:
        deadline = petition.terms.deadline(COLLECT, petition.opened_at, zone)
        met_at = min(petition.closed_at, deadline.last_moment) if petition.closed_at else None
        noted = (*noted, NotedDeadline(deadline, met_at))
    return tuple(sorted(noted, key=lambda each: (each.deadline.ends_at, each.deadline.clock)))
