"""The conformance kit finds what is wrong with a plugin, and says it readably."""

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.plugin_install import install_plugin
from viche_sdk.testing import Figures, GoldenCase, Refused, check_plugin, plugin_test
from viche_sdk.types import SettingReason, Situation

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
