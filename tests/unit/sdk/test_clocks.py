"""Clocks can start, end, and be left out; what contradicts itself is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit.sdk.workflows import choice, number, text, workflow
from viche_sdk.types import (
    Clock,
    Event,
    Expression,
    Extension,
    FromSetting,
    InvalidWorkflow,
    LegalBasis,
    Reached,
    Situation,
    Terms,
    Unit,
    Workflow,
    collecting,
)

HERE = Situation("UA80000000000093317")
START = Clock(
    "start", text(), 3, Unit.WORKING_DAY, Reached("debate"), Event.CONSIDERATION_STARTED, notice=text("It begins.")
)  # fmt: skip
ANSWER = Clock("answer", text(), 10, Unit.WORKING_DAY, Event.CONSIDERATION_STARTED, Event.ANSWERED)


def with_clocks(*clocks: Clock, **differences: Any) -> Workflow:
    """A workflow with more clocks than that for collecting."""
    return workflow(**{"clocks": (collecting(30), *clocks), "calendar": "UA", **differences})


def terms(of: Workflow, **settings: str) -> Terms:
    """Terms of a petition under it."""
    return of.terms({"debate": "50", **settings}, HERE)


def test_clocks_are_chained_by_events() -> None:
    fixed = terms(with_clocks(START, ANSWER))

    assert [clock.name for clock in fixed.starting_at(Reached("debate"))] == ["start"]
    assert [clock.name for clock in fixed.starting_at(Event.CONSIDERATION_STARTED)] == ["answer"]


def test_a_clock_of_the_terms_counts_by_their_calendar() -> None:
    deadline = terms(with_clocks(START)).deadline(
        "start", datetime(2026, 8, 21, 10, tzinfo=UTC), ZoneInfo("Europe/Kyiv")
    )

    assert (deadline.last_day, deadline.calendar and deadline.calendar.code) == (date(2026, 8, 26), "UA")


def test_clocks_survive_storage() -> None:
    prolonged = replace(
        ANSWER,
        extension=Extension(5, Unit.CALENDAR_DAY, text("the superior"), notice=False, most_total=45),
        legal_basis=LegalBasis(text("Act"), "7", "https://example.org"),
        public=False,
    )

    fixed = terms(with_clocks(START, prolonged))

    assert Terms.from_json(fixed.to_json()) == fixed
    assert (fixed.calendar, fixed.open_days) == ("UA", 30)


def test_a_term_in_months_has_no_number_of_days() -> None:
    fixed = terms(workflow(clocks=(collecting(3, Unit.MONTH),)))

    assert fixed.open_days is None
    assert Terms.from_json(fixed.to_json()) == fixed
    # three months from 30 November end with 28 February
    opened_at = datetime(2026, 11, 30, 10, tzinfo=UTC)
    assert fixed.closes_at(opened_at, ZoneInfo("Europe/Kyiv")) == datetime(2027, 2, 28, 22, tzinfo=UTC)


def test_a_clock_whose_optional_setting_is_empty_is_left_out() -> None:
    optional = replace(ANSWER, length=FromSetting("days"), unit=Unit.CALENDAR_DAY)
    of = with_clocks(optional, settings=(number("debate"), number("days", optional=True)))

    assert [clock.name for clock in terms(of).clocks] == ["collect"]
    assert terms(of, days="15").clock("answer").period.length == 15


def test_collecting_cannot_be_left_out() -> None:
    settings = (number("debate"), number("days", optional=True))

    with pytest.raises(InvalidWorkflow, match="clock collect takes setting days, which must not be optional"):
        workflow(clocks=(collecting(FromSetting("days")),), settings=settings)


def test_an_extension_and_its_limit_may_be_left_out() -> None:
    extension = Extension(FromSetting("more"), Unit.CALENDAR_DAY, text(), most_total=FromSetting("most"))
    settings = (number("debate"), number("more", optional=True), number("most", optional=True))
    of = with_clocks(replace(ANSWER, extension=extension), settings=settings)

    assert terms(of, most="45").clock("answer").extension is None
    found = terms(of, more="15").clock("answer").extension
    assert found is not None
    assert (found.period.length, found.most_total) == (15, None)


def test_an_authority_may_choose_the_calendar() -> None:
    of = with_clocks(
        ANSWER, calendar=FromSetting("calendar"), settings=(number("debate"), choice("calendar", "UA", "BG"))
    )

    assert terms(of, calendar="BG").calendar == "BG"


@pytest.mark.parametrize(
    ("clocks", "fault"),
    [
        ((), "give it a clock 'collect', for instance collecting(45)"),
        ((collecting(30), collecting(60)), "two clocks are called 'collect'"),
        ((replace(collecting(30), starts_at=Event.SUBMITTED),), "collect must start at opened"),
        ((replace(collecting(30), ends_with=None),), "end with collection_ended"),
        ((collecting(30, Unit.WORKING_DAY),), "collect counts calendar days or months"),
        ((replace(collecting(30), extension=Extension(1, Unit.MONTH, text())),), "and is not extended"),
        ((collecting(40_000),), "clock collect is longer than 36,500"),
        (
            (collecting(30), replace(ANSWER, extension=Extension(1, Unit.MONTH, text(), most_total=40_000))),
            "clock answer is longer than 36,500",
        ),
        ((collecting(30), replace(START, starts_at=Reached("answr"))), "threshold 'answr', which is not there"),
        ((collecting(30), replace(START, name="Start")), "name clock 'Start' with"),
        ((collecting(30), replace(START, length=0)), "clock start must be at least 1, not 0"),
        ((collecting(30), replace(START, length=Expression("x"))), "clock start: expression 'x' uses x"),
        ((collecting(30), replace(ANSWER, ends_with=Event.CONSIDERATION_STARTED)), "clock answer waits for itself"),
        (
            (collecting(30), ANSWER, Clock("back", text(), 1, Unit.MONTH, Event.ANSWERED, Event.CONSIDERATION_STARTED)),
            "clock answer waits for itself: answered leads back to consideration_started",
        ),
        (
            (collecting(30), replace(ANSWER, extension=Extension(0, Unit.MONTH, text()))),
            "extension of clock answer must be at least 1",
        ),
        (
            (collecting(30), replace(ANSWER, extension=Extension(1, Unit.MONTH, text(), most_total=0))),
            "most_total of clock answer must be at least 1",
        ),
    ],
)
def test_clocks_that_contradict_themselves_are_refused(clocks: tuple[Clock, ...], fault: str) -> None:
    with pytest.raises(InvalidWorkflow) as refused:
        workflow(clocks=clocks, calendar="UA")

    assert fault in str(refused.value)


@pytest.mark.parametrize("calendar", ["", "XX", "UA-99"])
def test_working_days_need_a_calendar_that_exists(calendar: str) -> None:
    with pytest.raises(InvalidWorkflow) as refused:
        with_clocks(START, calendar=calendar)

    assert f"calendar {calendar!r}" in str(refused.value)


def test_every_calendar_that_may_be_chosen_exists() -> None:
    with pytest.raises(InvalidWorkflow, match="no calendar 'XX'"):
        with_clocks(START, calendar=FromSetting("c"), settings=(number("debate"), choice("c", "UA", "XX")))
