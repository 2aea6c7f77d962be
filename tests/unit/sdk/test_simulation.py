"""A simulation follows a petition from clock to clock, under acts of several countries."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.sdk.acts import BULGARIAN, COMPLAINING, EUROPEAN, PARLIAMENT, PRESIDENT, ROI
from tests.unit.sdk.workflows import BASIS, text
from viche_sdk.types import (
    Clock,
    Deadline,
    Event,
    Happening,
    Level,
    Reached,
    SettingsRefused,
    Simulation,
    Situation,
    Terms,
    Unit,
    Workflow,
    in_force,
    simulate,
)

KYIV, BRUSSELS = ZoneInfo("Europe/Kyiv"), ZoneInfo("Europe/Brussels")


def noon(day: str) -> datetime:
    """Midday of a day, in UTC."""
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)


def president(until: dict[Happening, datetime] | None = None) -> Simulation:
    """A petition to the President of Ukraine that opened on 12 January 2026."""
    return simulate(PRESIDENT, Situation(), {}, opened_at=noon("2026-01-12"), zone=KYIV, until=until)


def last_days(simulation: Simulation) -> dict[str, str]:
    """Last day of each clock that started, in their order."""
    return {each.clock: each.last_day.isoformat() for each in simulation.deadlines}


def test_without_anything_known_every_event_happens_at_the_last_moment() -> None:
    simulation = president()

    assert last_days(simulation) == {
        "collect": "2026-04-12",
        "start": "2026-04-15",  # Monday to Wednesday after the Sunday
        "draft": "2026-04-24",
        "answer": "2026-04-29",
    }
    assert simulation.not_started == ("publication",)


def test_a_clock_starts_when_its_event_happens_and_not_when_it_was_due() -> None:
    simulation = president(
        {
            Event.SUBMITTED: noon("2026-01-09"),
            Reached("answer"): noon("2026-02-02"),
            Event.CONSIDERATION_STARTED: noon("2026-02-03"),
        }
    )

    assert last_days(simulation) == {
        "publication": "2026-01-13",
        "draft": "2026-02-12",
        "start": "2026-02-05",
        "answer": "2026-02-17",
        "collect": "2026-04-12",
    }  # fmt: skip
    assert list(last_days(simulation)) == ["publication", "start", "draft", "answer", "collect"]
    assert simulation.deadline("answer").event is Event.CONSIDERATION_STARTED
    assert simulation.not_started == ()


def test_collecting_that_ends_early_is_when_thresholds_are_reached_at_the_latest() -> None:
    simulation = president({Event.COLLECTION_ENDED: noon("2026-01-30")})

    assert simulation.deadline("start").last_day == date(2026, 2, 4)


def test_of_two_clocks_for_one_event_the_earlier_is_kept() -> None:
    """An answer is due ten working days after the start, and in any case a week after the threshold."""
    week = Clock("week", text(), 7, Unit.CALENDAR_DAY, Reached("answer"), Event.ANSWERED, legal_basis=BASIS)
    review = Clock("review", text(), 1, Unit.CALENDAR_DAY, Event.ANSWERED, legal_basis=BASIS)
    both = replace(PRESIDENT, clocks=(*PRESIDENT.clocks, week, review))

    simulation = simulate(both, Situation(), {}, opened_at=noon("2026-01-12"), zone=KYIV)

    assert simulation.deadline("week").last_day == date(2026, 4, 19)
    assert simulation.deadline("review").last_day == date(2026, 4, 20)


def test_a_simulation_is_json() -> None:
    simulation = president()

    stored = json.loads(simulation.to_json())

    assert Terms.from_json(stored["terms"]) == simulation.terms
    assert tuple(Deadline.from_json(each) for each in stored["deadlines"]) == simulation.deadlines
    assert stored["deadlines"][0]["last_day"] == "2026-04-12"
    assert stored["deadlines"][1]["explanation"].startswith(
        "start: 3 working days from 2026-04-12, when threshold answer"
    )
    assert stored["not_started"] == ["publication"]


@pytest.mark.parametrize(
    ("opened_on", "needed"),
    [
        ("2020-02-01", {"BG": 11_985, "DE": 67_680, "MT": 4_230}),
        ("2024-07-15", {"BG": 11_985, "DE": 67_680, "MT": 4_230}),
        ("2024-07-16", {"BG": 12_240, "DE": 69_120, "MT": 4_320}),
    ],
)
def test_an_initiative_has_the_minima_of_the_day_on_which_it_was_registered(
    opened_on: str, needed: dict[str, int]
) -> None:
    version = in_force(EUROPEAN, date.fromisoformat(opened_on))
    assert version is not None

    simulation = simulate(version, Situation(), {}, opened_at=noon(opened_on), zone=BRUSSELS)

    (threshold,) = simulation.terms.thresholds
    assert threshold.minima is not None
    assert dict(threshold.minima.per_territory) == needed
    assert simulation.terms.reached(1_000_000, needed) == ("valid",)
    assert simulation.terms.reached(1_000_000, {**needed, "MT": needed["MT"] - 1}) == ()


def test_before_the_first_version_there_is_none() -> None:
    assert in_force(EUROPEAN, date(2020, 1, 31)) is None


@pytest.mark.parametrize(
    ("workflow", "situation", "settings", "thresholds"),
    [
        (PRESIDENT, Situation(), {}, {"answer": 25_000}),
        (PARLIAMENT, Situation(), {}, {"response": 10_000, "debate": 100_000}),
        (ROI, Situation("RU", Level.NATIONAL), {}, {"expert_group": 100_000}),
        (ROI, Situation("R", Level.REGION, 2_000_001), {}, {"expert_group": 100_000}),
        (ROI, Situation("R", Level.REGION, 1_000_001), {}, {"expert_group": 50_001}),
        (ROI, Situation("M", Level.MUNICIPALITY, 3_000_000), {}, {"expert_group": 150_000}),
        (BULGARIAN, Situation("BG"), {"signatures": "5000", "months": "3"}, {"handed_in": 5_000}),
        (COMPLAINING, Situation("UA"), {}, {"answer": 100}),
    ],
)
def test_acts_can_be_stated(
    workflow: Workflow, situation: Situation, settings: dict[str, str], thresholds: dict[str, int]
) -> None:
    terms = workflow.terms(settings, situation)

    assert {each.name: each.signatures for each in terms.thresholds} == thresholds
    assert Terms.from_json(terms.to_json()) == terms


def test_a_simulation_needs_what_an_opening_needs() -> None:
    with pytest.raises(SettingsRefused, match="needs the population"):
        simulate(ROI, Situation("M", Level.MUNICIPALITY), {}, opened_at=noon("2026-01-12"), zone=KYIV)
