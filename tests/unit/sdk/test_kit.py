"""The conformance kit finds what is wrong with a plugin, and says it readably."""

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit.plugin_install import install_plugin
from viche_sdk.testing import Figures, GoldenCase, Outcome, Refused, check_plugin, plugin_test
from viche_sdk.types import Minima, SettingReason, Situation

KYIV = ZoneInfo("Europe/Kyiv")

Install = Callable[..., None]

RETURN = "@hookimpl\ndef viche_workflows():\n    return "
GOLDEN = GoldenCase(
    "a town",
    "its charter",
    {"debate": "50"},
    Figures({"answer": 10, "debate": 50}, 30),
    Situation("UA59080270000073662"),
)


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Install:
    """Installs the plugin "mine" from the source of its module."""
    return functools.partial(install_plugin, monkeypatch, tmp_path, "mine")


def faults(*golden: GoldenCase) -> str:
    """All that the kit finds in the plugin "mine"."""
    return "\n".join(str(check) for check in check_plugin("mine", golden) if not check.passed)


def test_a_good_plugin_passes(install: Install) -> None:
    install(RETURN + "[workflow()]")

    plugin_test("mine", [GOLDEN])()


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("raise RuntimeError('broken')", "it raised RuntimeError: broken"),
        ("", "it implements no hook; put @hookimpl"),
        ("@hookimpl\ndef viche_workflow(): return []", "unknown hook 'viche_workflow'"),
        ("@hookimpl\ndef viche_workflows(region): return []", "Argument(s) {'region'}"),
        ("@hookimpl\ndef viche_petition_opened(petitions): pass", "Argument(s) {'petitions'}"),
        ("@hookimpl\ndef viche_petition_closed(petition, count): pass", "Argument(s) {'count'}"),
        (RETURN + "[workflow(clocks=())]", "give it a clock 'collect'"),
        (RETURN + "workflow()", "return a list of Workflow"),
        (
            RETURN + "[workflow(), workflow()]",
            "the workflow 'petition-test' has version 1 twice",
        ),
        (RETURN + "[workflow(valid_from='2026')]", "give a date, not '2026'"),
        (RETURN + "[workflow(name='other')]", "open_days is 30"),
    ],
)
def test_a_fault_is_found(install: Install, source: str, fault: str) -> None:
    install(source)
    wrong_days = GoldenCase("a town", "its charter", GOLDEN.settings, Figures({"answer": 10}, 45), Situation("UA59"))

    assert fault in faults(wrong_days)


def test_a_plugin_that_is_not_installed_is_told_how_to_be_found() -> None:
    assert "[project.entry-points.viche] mine =" in faults()


def test_a_name_that_two_distributions_have_is_found(install: Install) -> None:
    install(RETURN + "[]", distribution="viche-a")
    install(RETURN + "[]", distribution="viche-b")

    assert "several distributions have it: viche-a, viche-b" in faults()


def test_a_workflow_without_golden_case_is_found(install: Install) -> None:
    install(RETURN + "[workflow()]")

    assert "add a GoldenCase with its source" in faults()


MORE = """
from datetime import date
from tests.unit.sdk.workflows import BASIS, text
from viche_sdk.types import *
"""


def test_a_rule_of_the_law_without_its_source_is_found(install: Install) -> None:
    install(
        MORE + "answer = Clock('answer', text(), FromSetting('debate'), Unit.MONTH, Event.OPENED)\n"
        "sponsored = {'sponsors': Sponsors(5), 'stages': tuple(Stage)}\n"
        + RETURN
        + "[workflow(clocks=(collecting(30), answer), **sponsored)]"
    )

    assert "give a LegalBasis to clock collect, sponsors" in faults(GOLDEN)


@pytest.mark.parametrize("clock", ["collecting(2, Unit.MONTH, BASIS)", "collecting(60, legal_basis=BASIS)"])
def test_deadlines_that_cannot_be_counted_are_found(install: Install, clock: str) -> None:
    install(MORE + RETURN + f"[workflow(valid_from=date(9999, 12, 1), clocks=({clock},))]")

    assert "FAIL  workflow petition-test 1: its deadlines can be counted and survive storage: " in faults(GOLDEN)


VERSIONS = """
def versions():
    new = (Threshold("answer", 20, text(), legal_basis=BASIS), Threshold("debate", FromSetting("debate"), text()))
    return [workflow(valid_from=date(2026, 1, 1)), workflow(version="2", valid_from=date(2026, 7, 1), thresholds=new)]
"""


def case(name: str, answer: int, **differences: Any) -> GoldenCase:
    """A golden case with its number of signatures for an answer."""
    return replace(GOLDEN, name=name, expected=Figures({"answer": answer, "debate": 50}), **differences)


def test_a_golden_case_is_for_the_version_in_force_when_it_opens(install: Install) -> None:
    install(MORE + VERSIONS + RETURN + "versions()")
    june, july = (datetime(2026, 6, 30, hour, tzinfo=UTC) for hour in (20, 21))  # midnight in Kyiv lies between

    before = case("before", 10, opened_at=june, zone=KYIV)
    after = case("after", 20, opened_at=july, zone=KYIV)

    assert faults(before, after) == ""
    assert faults(before, case("newest", 20)) == ""
    assert "workflow petition-test 2: has a golden case: add" in faults(before)
    assert "answer': 10" in faults(case("now", 20, situation=Situation("UA59", opened_on=date(2026, 1, 1))), after)


def test_where_a_petition_is_registered_before_it_opens_the_day_of_registration_chooses_the_version(
    install: Install,
) -> None:
    install(MORE + VERSIONS + RETURN + "versions()")
    july = datetime(2026, 7, 15, tzinfo=UTC)
    in_june = Situation("UA59080270000073662", registered_on=date(2026, 6, 30))
    in_july = replace(in_june, registered_on=date(2026, 7, 1))

    before = case("before", 10, opened_at=july, zone=KYIV, situation=in_june)
    after = case("after", 20, opened_at=july, zone=KYIV, situation=in_july)

    assert faults(before, after) == ""
    assert (in_june.ruled_on, Situation(opened_on=date(2026, 7, 1)).ruled_on) == (date(2026, 6, 30), date(2026, 7, 1))


def test_a_golden_case_before_the_first_version_is_found(install: Install) -> None:
    install(RETURN + "[workflow()]")

    early = replace(GOLDEN, name="early", opened_at=datetime(2025, 12, 31, tzinfo=UTC), zone=KYIV)

    assert "no version is valid yet in: early" in faults(GOLDEN, early)


OPENED = {"opened_at": datetime(2026, 1, 10, 12, tzinfo=UTC), "zone": KYIV}


@pytest.mark.parametrize(
    ("expected", "opened", "fault"),
    [
        ({"deadlines": {"collect": date(2026, 2, 9)}}, OPENED, ""),
        (
            {"deadlines": {"collect": date(2026, 2, 10)}},
            OPENED,
            "clock collect ends with 2026-02-09, expected 2026-02-10",
        ),
        ({"deadlines": {"answer": date(2026, 2, 9)}}, OPENED, "clock answer does not start, expected it to end with"),
        ({"deadlines": {"collect": date(2026, 2, 9)}}, {}, "say opened_at and zone"),
        ({"minima": {}}, {}, ""),
        (
            {"minima": {"answer": Minima(2, {"DE": 5, "BG": 1})}},
            {},
            "minima is {}, expected {'answer': (2, {'BG': 1, 'DE': 5})}",
        ),
        ({"outcomes": (Outcome(9, ()), Outcome(10, ("answer",)), Outcome(50, ("answer", "debate")))}, {}, ""),
        ({"outcomes": (Outcome(9, ("answer",)),)}, {}, "9 signatures reach nothing, expected answer"),
        ({"outcomes": (Outcome(10, ()),)}, {}, "10 signatures reach answer, expected nothing"),
    ],
)
def test_golden_figures_are_compared(install: Install, expected: Any, opened: Any, fault: str) -> None:
    install(RETURN + "[workflow()]")

    found = faults(replace(GOLDEN, expected=Figures({"answer": 10, "debate": 50}, **expected), **opened))

    assert fault in found
    assert bool(fault) is bool(found)


def test_golden_minima_and_outcomes_by_territory_hold(install: Install) -> None:
    install(
        MORE
        + RETURN
        + "[workflow(thresholds=(Threshold('valid', 10, text(), Minima(1, {'DE': 5}), BASIS),), settings=())]"
    )
    outcomes = (Outcome(10, ("valid",), {"DE": 5}), Outcome(10, (), {"DE": 4}))
    expected = Figures({"valid": 10}, minima={"valid": Minima(1, {"DE": 5})}, outcomes=outcomes)

    assert faults(replace(GOLDEN, settings={}, expected=expected)) == ""


@pytest.mark.parametrize(
    ("case", "fault"),
    [
        (GoldenCase("x", "", GOLDEN.settings, GOLDEN.expected, Situation("UA59")), "it names no source"),
        (GoldenCase("x", "s", {"debate": "5000"}, GOLDEN.expected, Situation("UA59")), "debate must be at most 100"),
        (
            GoldenCase("x", "s", GOLDEN.settings, Refused({"debate": SettingReason.TOO_LARGE}), Situation("UA59")),
            "it was accepted, expected a refusal for debate (TOO_LARGE)",
        ),
        (
            GoldenCase("x", "s", {}, Refused({"debate": SettingReason.TOO_LARGE}), Situation("UA59")),
            "refused for debate (MISSING), expected debate (TOO_LARGE)",
        ),
        (
            GoldenCase("x", "s", GOLDEN.settings, Figures({"answer": 10, "debate": 51}, 30), Situation("UA59")),
            "thresholds is {'answer': 10, 'debate': 50}, expected {'answer': 10, 'debate': 51}",
        ),
        (GoldenCase("x", "s", {}, GOLDEN.expected, workflow="petition-tst"), "give workflow= one of petition-test"),
    ],
)
def test_a_golden_case_that_does_not_hold_is_found(install: Install, case: GoldenCase, fault: str) -> None:
    install(RETURN + "[workflow()]")

    assert fault in faults(GOLDEN, case)


def test_a_failure_prints_every_check(install: Install) -> None:
    install(RETURN + "[workflow()]")

    with pytest.raises(AssertionError) as failure:
        plugin_test("mine")()

    lines = str(failure.value).splitlines()
    assert lines[0] == f"plugin mine: 1 of {len(lines) - 1} checks failed"
    assert "  ok    entry point 'mine' is found in the group 'viche'" in lines
    assert lines[-1].startswith("  FAIL  workflow petition-test 1: has a golden case: add")
