"""Deadlines as a reader sees them: what must happen by when, how it stands, and how the day was found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flask_babel import gettext
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.context import settings
from viche_gateway.formats import country_name, full_date, full_day, moment, now, short_day, weekday_of
from viche_gateway.portal.life import COLLECTING
from viche_gateway.regions import localized
from viche_gateway.wording import event_text, is_threshold, period_text, place_in_life

ENDS_BY_ITSELF = ("", "collection_ended")
"""Events that the end of a term brings about by itself, so that nobody has to see to them."""


NOTED = (
    "opened", "closed", "complaint_decided", "handed_over", "verified", "consideration_started", "answered",
)  # fmt: skip
"""Events that are entered here. Of others nothing is known, so that nobody is called late for them."""


class Standing(StrEnum):
    """How a term stands."""

    COMING = "coming"
    RUNNING = "running"
    KEPT = "kept"
    LATE = "late"
    DONE_LATE = "done_late"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the explanation of a day."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A term of a petition, past, running or to come.

    ``last_day`` is the last day on which it is kept and ``met_at`` when what it asks for happened, each None while that
    is not known. ``start`` says what a term to come waits for, ``prolonged`` why it was prolonged, if it was.
    """

    name: str
    title: str
    standing: Standing
    period: str
    start: str
    last_day: date | None
    ends_at: datetime | None
    met_at: datetime | None
    facts: tuple[Fact, ...]
    basis: pb.LegalBasis
    prolonged: str = ""


def stages_of(petition: pb.Petition, *, for_officers: bool = False) -> tuple[Stage, ...]:
    """The terms of a petition: those that have started in the order in which they end, then those to come.

    Args:
        for_officers: also those that are not public.
    """

    def is_shown(rule: pb.Deadline | pb.Clock) -> bool:
        return for_officers or rule.is_public

    started = [stage_of(deadline, petition.terms) for deadline in petition.deadlines if is_shown(deadline)]
    return (*started, *(_coming(clock, petition.terms) for clock in _clocks_to_come(petition) if is_shown(clock)))


def stage_of(deadline: pb.Deadline, terms: pb.Terms) -> Stage:
    """A term that has started."""
    return Stage(
        name=deadline.clock,
        title=localized(deadline.title.texts),
        standing=_standing(deadline),
        period=period_text(deadline.period),
        start=event_text(deadline.event, terms),
        last_day=day_in(deadline.last_day),
        ends_at=moment(deadline.ends_at),
        met_at=moment(deadline.met_at),
        facts=tuple(_facts(deadline, terms)),
        basis=basis_of(deadline, terms),
        prolonged=localized(deadline.extension_reason.texts),
    )


def basis_of(rule: pb.Deadline | pb.Clock | pb.Threshold, terms: pb.Terms) -> pb.LegalBasis:
    """Where a rule comes from; the workflow's own basis where it names none."""
    return rule.legal_basis if rule.HasField("legal_basis") else terms.basis


def day_in(text: str) -> date | None:
    """A day as messages write it; None when there is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def in_order_of_life(clocks: Sequence[pb.Clock]) -> list[pb.Clock]:
    """The clocks by the events that start them."""
    return sorted(clocks, key=lambda clock: place_in_life(clock.starts_at))


def _standing(deadline: pb.Deadline) -> Standing:
    ends_at, met_at = moment(deadline.ends_at), moment(deadline.met_at)
    if deadline.ends_with in ENDS_BY_ITSELF:
        is_over = met_at is not None or (ends_at is not None and now() >= ends_at)
        return Standing.OVER if is_over else Standing.RUNNING
    if ends_at is None:
        return Standing.RUNNING
    if met_at is not None:
        return Standing.KEPT if met_at < ends_at else Standing.DONE_LATE
    if now() < ends_at:
        return Standing.RUNNING
    return Standing.LATE if deadline.ends_with in NOTED else Standing.OVER


def _clocks_to_come(petition: pb.Petition) -> Iterator[pb.Clock]:
    """Clocks that have not started and still can: their event lies ahead."""
    started = {deadline.clock for deadline in petition.deadlines}
    ahead = {deadline.ends_with for deadline in petition.deadlines if not deadline.HasField("met_at")}
    is_collecting = petition.state in COLLECTING
    for clock in in_order_of_life(petition.terms.clocks):
        if clock.name in started or place_in_life(clock.starts_at) <= place_in_life("opened"):
            continue
        if clock.starts_at in ahead or (is_collecting and is_threshold(clock.starts_at)):
            ahead.add(clock.ends_with)
            yield clock


def _coming(clock: pb.Clock, terms: pb.Terms) -> Stage:
    return Stage(
        name=clock.name,
        title=localized(clock.title.texts),
        standing=Standing.COMING,
        period=period_text(clock.period),
        start=event_text(clock.starts_at, terms),
        last_day=None,
        ends_at=None,
        met_at=None,
        facts=(),
        basis=basis_of(clock, terms),
    )


def _facts(deadline: pb.Deadline, terms: pb.Terms) -> Iterator[Fact]:
    started_at = moment(deadline.started_at)
    if started_at:
        yield Fact(gettext("Start"), f"{event_text(deadline.event, terms)}, {full_date(started_at)}")
    length = period_text(deadline.period)
    yield Fact(gettext("Length"), gettext("%(period)s; the day of the start is not counted", period=length))
    if deadline.HasField("extended_by"):
        yield Fact(gettext("Prolonged by"), period_text(deadline.extended_by))
        if former := day_in(deadline.former_last_day):
            yield Fact(gettext("Last day before that"), full_day(former))
        if extended_at := moment(deadline.extended_at):
            yield Fact(gettext("Prolonged on"), full_date(extended_at))
    if deadline.calendar:
        source = f" ({deadline.calendar_source})" if deadline.calendar_source else ""
        yield Fact(gettext("Calendar of working days"), country_name(deadline.calendar) + source)
        skipped = [short_day(day) for text in deadline.skipped_days if (day := day_in(text))]
        yield Fact(gettext("Days off that were skipped"), "; ".join(skipped) or gettext("none"))
    if last_day := day_in(deadline.last_day):
        end = gettext(
            "The end of %(weekday)s, %(date)s (time zone %(zone)s)",
            weekday=weekday_of(last_day),
            date=full_day(last_day),
            zone=settings().timezone,
        )
        yield Fact(gettext("Result"), end)
