"""When officers are told what waits for them, and what of it is theirs. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SUBJECT = "office"
"""The subject by which people stop these mails."""

BEGINS, ENDS = time(7), time(11)
"""The morning: mails are written within it, and on no other part of the day."""

CONVERSE, GIVEN = "converse", "given"
"""Conversations on networks that nobody is on, and those that one officer is on."""
TASKS = ("check", "complaint", "announce", "answer", GIVEN, CONVERSE)
"""In the order in which they come in the life of a petition; then what people write on networks."""

ROLES: Mapping[str, AbstractSet[str]] = {
    "officer": frozenset(TASKS),
    "moderator": frozenset({"check", "complaint", GIVEN, CONVERSE}),
    "press": frozenset({"announce", "answer", GIVEN, CONVERSE}),
}
"""The tasks of each role; those of other roles get no such mail."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role and the authorities at which it holds."""

    role: str
    covers: AbstractSet[str]


@dataclass(frozen=True, slots=True)
class Waits:
    """How much of one task waits at an authority; ``next_day`` is empty where none of it has a term to come.

    ``of`` is the officer (a pseudonym of the scope "authors") for whom alone it waits; empty for all with the role.
    """

    authority_id: str
    task: str
    cases: int
    overdue: int
    next_day: str
    of: bytes = b""


def day_of(now: datetime, zone: ZoneInfo) -> date | None:
    """The day whose morning it is; None at other times."""
    local = now.astimezone(zone)
    return local.date() if BEGINS <= local.time() < ENDS else None


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The midnight after a day: what waited in the morning is no news then."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def theirs(held: Iterable[Held], waiting: Sequence[Waits], author: bytes = b"") -> list[Waits]:
    """What of all that waits is for somebody with these roles; each task of an authority once.

    Args:
        author: who it is, of the scope "authors".
    """
    pairs = {(authority, task) for each in held for authority in each.covers for task in ROLES.get(each.role, ())}
    return [each for each in waiting if (each.authority_id, each.task) in pairs and each.of in (b"", author)]
