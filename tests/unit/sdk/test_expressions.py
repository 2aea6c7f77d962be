"""An expression is checked when a workflow is made, and gives numbers only, never a guess."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.sdk.workflows import choice, number, text, workflow
from viche_sdk.expressions import percent
from viche_sdk.types import (
    Expression,
    FromSetting,
    InvalidWorkflow,
    Level,
    SettingKind,
    SettingReason,
    SettingsRefused,
    Situation,
    Threshold,
    collecting,
)

INITIATIVE = "level == 'national' || (level == 'region' && population > 2000000) ? 100000 : percent(population, 5)"
"""The Russian Public Initiative, Decree 183 of 4 March 2013."""

TOWN = Situation("T", Level.MUNICIPALITY, 30_000, date(2026, 1, 1), date(2025, 12, 1))


def of(source: str, *settings: Any, **differences: Any) -> Any:
    """A workflow whose only threshold is an expression."""
    threshold = Threshold("answer", Expression(source), text())
    return workflow(**{"thresholds": (threshold,), "settings": settings, **differences})


def signatures(source: str, situation: Situation = TOWN, *settings: Any, **given: str) -> int:
    """What the expression comes to."""
    return of(source, *settings).terms(given, situation).thresholds[0].signatures


@pytest.mark.parametrize(
    ("level", "population", "needed"),
    [
        (Level.NATIONAL, None, 100_000),
        (Level.REGION, 2_000_001, 100_000),
        (Level.REGION, 2_000_000, 100_000),
        (Level.REGION, 1_999_999, 100_000),
        (Level.REGION, 800_001, 40_001),
        (Level.MUNICIPALITY, 5_000_000, 250_000),
        (Level.MUNICIPALITY, 1_001, 51),
    ],
)
def test_a_threshold_follows_level_and_population(level: Level, population: int | None, needed: int) -> None:
    assert signatures(INITIATIVE, Situation("T", level, population)) == needed


def test_settings_and_days_are_in_scope() -> None:
    source = "registered_on < '2024-07-16' ? 705 : settings.seats"

    assert signatures(source, TOWN, number("seats"), seats="20") == 20
    assert signatures(source, replace(TOWN, registered_on=date(2024, 7, 15)), number("seats"), seats="20") == 705


def test_a_text_that_looks_like_a_setting_is_a_text() -> None:
    assert signatures("territory_code == 'settings.x' ? 1 : 2") == 2


@pytest.mark.parametrize(
    ("whole", "share", "rounded_up"),
    [(30, 10, 3), (1_000, 0.2, 2), (1_001, 0.2, 3), (300, 0.1, 1), (3_000, 0.1, 3), (70, 0.7, 1), (1, 5, 1), (0, 5, 0)],
)
def test_percent_is_exact_and_rounded_up(whole: int, share: float, rounded_up: int) -> None:
    assert percent(whole, share) == rounded_up


@given(st.integers(0, 10**12), st.integers(0, 100_000))
def test_percent_of_thousandths_is_that_of_whole_numbers(whole: int, thousandths: int) -> None:
    assert percent(whole, thousandths / 1_000) == -(-whole * thousandths // 100_000)


@pytest.mark.parametrize("given", [(), (5,), (5, 5, 5), ("5", 5), (5, "5"), (True, 5), (5, True), (5.0, 5), (5, -1)])
def test_percent_of_anything_else_is_nothing(given: tuple[Any, ...]) -> None:
    assert percent(*given) is None


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("5 +", "is not CEL"),
        ("people * 5", "uses people, which is none of territory_code, level, population"),
        ("ceil(population)", "calls ceil, which is none of percent"),
        ("int(0.07 * 100.0)", "calls int"),
        ("settings.quorum", "takes setting 'quorum', which is not declared"),
        ("size(settings)", "uses settings as a whole"),
        ("settings['debate']", "uses settings as a whole"),
        ("level == 'regional' ? 5 : 10", "compares level with 'regional'; levels are union, national"),
        ("'regional' != level ? 5 : 10", "compares level with 'regional'"),
        ("0.07 * 100.0", "must give a whole number, and gives 7.000000000000001 where always"),
        ("'5'", "must give a whole number, and gives '5'"),
        ("population > 1000", "must give a whole number, and gives false where population is 1"),
        ("percent(population, '5')", "gives null, as percent() does of anything but a whole number and a share"),
        # only in one branch, and only above a population that is written in it
        ("population > 2000000 ? 'many' : 5", "gives 'many' where population is 2000001"),
        ("level == 'region' ? population + '5' : 5", "fails where level is region"),
        ("population > '5' ? 1 : 2", "fails where population is 1"),
        ("0 - population", "never gives a number of 1 or more"),
        ("population / 0", "never gives a number of 1 or more"),
    ],
)
def test_an_expression_that_cannot_be_right_is_refused(source: str, fault: str) -> None:
    with pytest.raises(InvalidWorkflow) as refused:
        of(source)

    assert f"threshold answer: expression {source!r}" in str(refused.value)
    assert fault in str(refused.value)


def test_an_expression_must_be_guarded_against_an_optional_setting() -> None:
    optional = number("quorum", optional=True)

    with pytest.raises(InvalidWorkflow, match="fails where always: 'quorum'"):
        of("settings.quorum", optional)
    assert signatures("has(settings.quorum) ? settings.quorum : 7", TOWN, optional) == 7


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        (number("a", maximum=50), "gives 'large' where a is 41"),
        (choice("a", "x", "y"), "gives 'large' where a is x"),
        (replace(number("a"), kind=SettingKind.BOOL, minimum=None, maximum=None), "gives 'large' where a is True"),
    ],
)
def test_settings_are_tried_over_their_range(setting: Any, fault: str) -> None:
    compared = {"int": "> 40", "choice": "== 'x'", "bool": ""}[setting.kind]

    with pytest.raises(InvalidWorkflow) as refused:
        of(f"settings.a {compared} ? 'large' : 5", setting)

    assert fault in str(refused.value)


def test_a_claim_may_be_an_expression() -> None:
    only_in_towns = workflow(residents_only=Expression("level == 'municipality'"))

    assert only_in_towns.terms({"debate": "50"}, TOWN).resident_of == "T"
    assert only_in_towns.terms({"debate": "50"}, replace(TOWN, level=Level.REGION)).resident_of == ""
    with pytest.raises(InvalidWorkflow, match="residents_only: expression '5' must give true or false, and gives 5"):
        workflow(residents_only=Expression("5"))


@pytest.mark.parametrize(
    ("source", "situation", "reason"),
    [
        ("percent(population, 5)", Situation("T"), SettingReason.NO_POPULATION),
        ("level == 'region' ? 1 : 2", Situation("T"), SettingReason.NO_LEVEL),
        ("territory_code == 'T' ? 1 : 2", Situation(), SettingReason.NO_TERRITORY),
        ("opened_on > '2026' ? 1 : 2", Situation("T"), SettingReason.NO_OPENING_DAY),
        ("registered_on > '2026' ? 1 : 2", Situation("T"), SettingReason.NO_REGISTRATION_DAY),
        ("population / 100000", TOWN, SettingReason.TOO_SMALL),
        ("100000 / (population - 30000)", TOWN, SettingReason.NOT_COMPUTABLE),
        ("percent(population, 5) * 10000000000000000", TOWN, SettingReason.NOT_COMPUTABLE),
    ],
)
def test_what_cannot_be_computed_is_refused_with_its_reason(
    source: str, situation: Situation, reason: SettingReason
) -> None:
    with pytest.raises(SettingsRefused) as refused:
        of(source, residents_only=False).terms({}, situation)

    assert [(each.setting, each.reason) for each in refused.value.problems] == [("answer", reason)]


def test_a_fact_that_is_not_needed_may_be_unknown() -> None:
    assert signatures(INITIATIVE, Situation("T", Level.NATIONAL)) == 100_000


def test_a_clock_longer_than_a_century_is_refused() -> None:
    with pytest.raises(SettingsRefused) as refused:
        workflow(clocks=(collecting(Expression("population * 2")),)).terms({"debate": "50"}, TOWN)

    assert [(each.setting, each.reason) for each in refused.value.problems] == [("collect", SettingReason.TOO_LARGE)]


def test_all_that_cannot_be_computed_is_named_at_once() -> None:
    two = (Threshold("a", FromSetting("debate"), text()), Threshold("b", Expression("percent(population, 1)"), text()))
    unknown = workflow(thresholds=two, clocks=(collecting(Expression("level == 'region' ? 30 : 60")),))

    with pytest.raises(SettingsRefused) as refused:
        unknown.terms({"debate": "50"}, Situation("T"))

    assert [each.reason for each in refused.value.problems] == [SettingReason.NO_POPULATION, SettingReason.NO_LEVEL]
