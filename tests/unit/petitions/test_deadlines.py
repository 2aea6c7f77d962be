"""Which deadlines a petition has, and which facts its rules need."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.unit.sdk.workflows import number, text, workflow
from viche_petitions.domain.deadlines import NotedDeadline, deadlines_of
from viche_petitions.domain.petition import Petition, State
from viche_petitions.domain.rules import facts_of, missing_of
from viche_petitions.domain.signing import asks_for_minima, reached_thresholds
from viche_petitions.identity import Authority
from viche_sdk.types import (
    Clock,
    Event,
    Expression,
    Level,
    Minima,
    Reached,
    SettingProblem,
    SettingReason,
    Situation,
    Threshold,
    Unit,
    collecting,
)

KYIV = ZoneInfo("Europe/Kyiv")
OPENED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENDS_AT = datetime(2026, 3, 31, 21, tzinfo=UTC)
TERMS = workflow(
    thresholds=(Threshold("answer", 10, text(), Minima(2, {"A": 3, "B": 3, "C": 3})),),
    clocks=(collecting(30), Clock("start", text(), 3, Unit.CALENDAR_DAY, Reached("answer"), Event.ANSWERED)),
    settings=(),
).terms({}, Situation("UA05"))
PETITION = Petition(
    id=UUID(int=1), number=1, state=State.OPEN, title="", background="", details="", language="uk", authority_id=None,
    author=None, author_name="", workflow="petition-test", terms=TERMS, version=1, created_at=OPENED_AT,
    submitted_at=None,
    opened_at=OPENED_AT, closes_at=ENDS_AT, closed_at=None, updated_at=OPENED_AT, is_archived=False, source_url="",
    source_state="", signature_count=0,
)  # fmt: skip


def test_collecting_is_counted_from_the_terms_where_it_was_not_noted() -> None:
    (noted,) = deadlines_of(PETITION, KYIV)
    assert (noted.deadline.clock, noted.deadline.ends_at, noted.met_at) == ("collect", ENDS_AT, None)


@pytest.mark.parametrize(
    ("closed_at", "met_at"),
    [
        (ENDS_AT - timedelta(days=3), ENDS_AT - timedelta(days=3)),
        (ENDS_AT + timedelta(hours=2), ENDS_AT - timedelta(seconds=1)),
    ],
)
def test_collecting_ends_with_its_term_however_late_that_is_noticed(closed_at: datetime, met_at: datetime) -> None:
    (noted,) = deadlines_of(replace(PETITION, state=State.CLOSED, closed_at=closed_at), KYIV)
    assert noted.met_at == met_at


def test_what_was_noted_is_not_counted_again_and_stands_in_the_order_of_its_ends() -> None:
    collect = NotedDeadline(replace(TERMS.deadline("collect", OPENED_AT, KYIV), ends_at=ENDS_AT + timedelta(days=1)))
    start = NotedDeadline(TERMS.deadline("start", OPENED_AT, KYIV))
    assert deadlines_of(replace(PETITION, deadlines=(collect, start)), KYIV) == (start, collect)


def test_drafts_and_archived_petitions_have_no_deadlines() -> None:
    assert deadlines_of(replace(PETITION, terms=None), KYIV) == ()


@pytest.mark.parametrize(
    ("total", "by_territory", "names"),
    [
        (10, {"A": 3, "B": 3}, ["answer"]),
        (9, {"A": 3, "B": 3, "C": 3}, []),
        (1_000, {"A": 900, "B": 2, "Z": 90}, []),
    ],
)
def test_minima_and_total_both_decide(total: int, by_territory: dict[str, int], names: list[str]) -> None:
    assert asks_for_minima(TERMS)
    assert reached_thresholds(TERMS, total, by_territory) == names


def test_terms_without_minima_need_no_sums() -> None:
    terms = workflow().terms({"debate": "50"}, Situation("UA05"))
    assert not asks_for_minima(terms)
    assert not asks_for_minima(None)
    assert reached_thresholds(terms, 50, {}) == ["answer", "debate"]


SHARE = workflow(
    thresholds=(Threshold("answer", Expression("opened_on > '2026' ? percent(population, 5) : 7"), text()),),
    settings=(),
)


@pytest.mark.parametrize(
    ("differences", "facts"),
    [
        ({}, ("territory_code", "population")),
        ({"residents_only": False}, ("population",)),
        ({"residents_only": Expression("level == 'region'")}, ("territory_code", "level", "population")),
    ],
)
def test_facts_of_a_workflow_are_those_that_its_rules_use(differences: dict, facts: tuple[str, ...]) -> None:
    assert facts_of(replace(SHARE, **differences)) == facts


def test_residence_needs_a_territory_where_it_may_be_asked_for() -> None:
    assert facts_of(workflow()) == ("territory_code",)
    assert facts_of(workflow(residents_only=False, settings=(number("debate"),))) == ()


def test_what_is_missing_is_a_setting_or_a_fact_and_named_once() -> None:
    problems = [
        SettingProblem("threshold", SettingReason.MISSING),
        SettingProblem("answer", SettingReason.NO_POPULATION),
        SettingProblem("debate", SettingReason.NO_POPULATION),
        SettingProblem("residents_only", SettingReason.NO_TERRITORY),
    ]
    assert missing_of(problems) == ("threshold", "population", "territory_code")


def test_an_authority_brings_all_that_is_known_about_it() -> None:
    day = date(2026, 3, 1)
    assert Authority(UUID(int=1), "UA05", Level.REGION, 1_000).situation(day) == Situation(
        "UA05", Level.REGION, 1_000, day, day
    )
