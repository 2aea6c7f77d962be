"""Steps between the threshold and the answer, and terms that are prolonged: what may be said, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from viche_petitions.domain.answer_errors import (
    AlreadyExtended,
    AlreadyRecorded,
    ClockNotRunning,
    InTheFuture,
    NotAnAppeal,
    NotExtendable,
    StepTooEarly,
    TooLate,
    UnknownStep,
)
from viche_petitions.domain.answers import check_public
from viche_petitions.domain.deadlines import NotedDeadline, deadlines_of
from viche_petitions.domain.texts import Texts
from viche_sdk.types import Deadline, Event, Failed, Happening, Reached, Stage, Terms

if TYPE_CHECKING:
    from viche_petitions.domain.petition import Petition

STEPS = (Event.HANDED_OVER, Event.VERIFIED, Event.CONSIDERATION_STARTED)
"""In the order in which they are taken."""

TAKEN_AS_APPEAL = "taken_as_appeal"
HEARING = "hearing"
MOST_REASON = 2_000
NOON = time(12)


@dataclass(frozen=True, slots=True)
class Prolonged:
    """How a term was prolonged: what it was before, when that was decided, and why."""

    former: Deadline
    extended_at: datetime
    reason: Texts


def steps_of(terms: Terms) -> tuple[Event, ...]:
    """The steps that terms know: a clock begins or ends with them, or they begin a stage of the terms."""
    named = {event for clock in terms.clocks for event in (clock.starts_at, clock.ends_with)}
    if Stage.CONSIDERATION in terms.stages:
        named.add(Event.CONSIDERATION_STARTED)
    return tuple(step for step in STEPS if step in named)


def check_step(petition: "Petition", step: Event) -> datetime:
    """Lets a step be noted.

    Returns:
        the earliest instant at which it may have been taken.

    Raises:
        NotPublic, UnknownStep, AlreadyRecorded, StepTooEarly: it cannot be.
    """
    check_public(petition)
    assert petition.terms is not None  # opening sets them
    if step not in steps_of(petition.terms):
        raise UnknownStep(step=step)
    if when(petition, step) is not None:
        raise AlreadyRecorded()
    causes = [at for cause in _causes(petition.terms, step) if (at := when(petition, cause))]
    if not causes:
        raise StepTooEarly()
    before = [at for earlier in STEPS[: STEPS.index(step)] if (at := when(petition, earlier))]
    return max(min(causes), *before, *([petition.opened_at] if petition.opened_at else []))


def moment_of(day: date | None, earliest: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant that stands for a day: its noon, but no earlier than what must come first, nor later than now.

    Args:
        day: where the authority is; None is today.

    Raises:
        InTheFuture: the day is still to come.
        StepTooEarly: what must come first had not happened by then; ``day`` says when it had.
    """
    first, today = earliest.astimezone(zone).date(), now.astimezone(zone).date()
    if day is None:
        return now
    if day > today:
        raise InTheFuture()
    if day < first:
        raise StepTooEarly(day=first)
    return min(now, max(earliest, datetime.combine(day, NOON, zone)))


def when(petition: "Petition", event: Happening) -> datetime | None:
    """When something happened to a petition last; None where it did not."""
    if isinstance(event, Reached):
        return petition.reached.get(event.threshold)
    noted = [each.at for each in petition.happenings if each.event == str(event)]
    # petitions that opened before happenings were noted
    instants = {Event.OPENED: petition.opened_at, Event.COLLECTION_ENDED: petition.closed_at}
    return noted[-1] if noted else instants.get(event)


def prolonged(petition: "Petition", clock_name: str, now: datetime, zone: ZoneInfo) -> tuple[Deadline, Deadline]:
    """A deadline as it was, and prolonged by what its rule allows.

    Raises:
        NotExtendable: its rule does not allow it, or it would end no later.
        ClockNotRunning: it has not started, or what it asks for has happened.
        AlreadyExtended: it was prolonged before.
        TooLate: it has run out.
    """
    clocks = {clock.name: clock for clock in petition.terms.clocks} if petition.terms else {}
    clock = clocks.get(clock_name)
    if petition.terms is None or clock is None or clock.extension is None:
        raise NotExtendable()
    noted = _running(petition, clock_name, zone)
    if noted.deadline.extended_by is not None:
        raise AlreadyExtended()
    if now >= noted.deadline.ends_at:
        raise TooLate()
    before = noted.deadline
    after = clock.deadline(before.started_at, ZoneInfo(before.zone), petition.terms.calendar, extended=True)
    if after.ends_at <= before.ends_at:
        raise NotExtendable()
    return before, after


def check_appeal(petition: "Petition") -> None:
    """Lets a failed petition be taken as an appeal.

    Raises:
        NotAnAppeal: its rules do not say so, it still collects, or it has reached a threshold.
        AlreadyRecorded: it was taken so before.
    """
    is_failed = petition.closed_at is not None and not petition.reached and not petition.is_archived
    if not is_failed or petition.terms is None or petition.terms.failed.becomes is not Failed.APPEAL:
        raise NotAnAppeal()
    if any(each.event == TAKEN_AS_APPEAL for each in petition.happenings):
        raise AlreadyRecorded()


def _causes(terms: Terms, step: Event) -> Iterator[Happening]:
    """What must have happened before a step: what started the clocks that wait for it, else that collecting led on."""
    waiting = [clock.starts_at for clock in terms.clocks if clock.ends_with is step]
    if waiting:
        yield from waiting
        return
    yield from (Reached(threshold.name) for threshold in terms.thresholds)
    if step is not Event.CONSIDERATION_STARTED:
        yield Event.COLLECTION_ENDED


def _running(petition: "Petition", clock: str, zone: ZoneInfo) -> NotedDeadline:
    for noted in deadlines_of(petition, zone):
        if noted.deadline.clock == clock and noted.met_at is None:
            return noted
    raise ClockNotRunning()
