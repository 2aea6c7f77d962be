"""Plugins load by entry point, and one that fails never stops another."""

import functools
import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.unit.plugin_install import GOOD, install_plugin
from viche_chassis.plugins import PluginReport, Plugins, PluginState, load_plugins

Install = Callable[..., None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Install:
    """Installs a plugin from a name and the source of its module."""
    return functools.partial(install_plugin, monkeypatch, tmp_path)


def report_of(plugins: Plugins, name: str) -> PluginReport:
    """What an operator sees of one plugin."""
    return next(report for report in plugins.reports() if report.name == name)


def test_an_installed_plugin_is_loaded_and_says_what_it_brings(install: Install) -> None:
    install("good", GOOD, version="3.1")

    plugins = load_plugins()

    assert report_of(plugins, "good") == PluginReport(
        "good", "viche-good", "3.1", PluginState.LOADED, "", ("workflow petition-good 1",)
    )
    assert plugins.workflows()["petition-good"].name == "petition-good"


def test_the_bundled_plugin_is_installed() -> None:
    plugins = load_plugins()

    assert "petition-local" in plugins.workflows()
    assert report_of(plugins, "petition-local").state is PluginState.LOADED


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
        ("raise SystemExit('bye')", "SystemExit: bye"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def (", "SyntaxError"),
        ("@hookimpl\ndef viche_workflows(): raise ValueError('broken')", "ValueError: broken"),
        ("@hookimpl\ndef viche_workflows(): return 5", "viche_workflows must return a list, not int"),
        ("@hookimpl\ndef viche_workflows(): return ['x']", "must return workflows, not str"),
        ("@hookimpl\ndef viche_workflows(): return [workflow(clocks=())]", "give it a clock 'collect'"),
        (
            "@hookimpl\ndef viche_workflows(): return [workflow(), workflow()]",
            "two versions of the workflow 'petition-test' are valid from 2026-01-01",
        ),
        ("@hookimpl\ndef viche_workflows(region): return []", "Argument(s) {'region'} are declared"),
        ("@hookimpl\ndef viche_workflow(): return []", "it implements viche_workflow, which this version"),
    ],
)
def test_a_failing_plugin_is_listed_with_its_reason_and_stops_no_other(
    install: Install, source: str, reason: str
) -> None:
    install("bad", source)
    install("good", GOOD)

    plugins = load_plugins()

    bad = report_of(plugins, "bad")
    assert (bad.state, bad.brings) == (PluginState.FAILED, ())
    assert reason in bad.reason
    assert "petition-test" not in plugins.workflows()
    assert report_of(plugins, "good").state is PluginState.LOADED


def test_an_entry_point_that_names_no_module_is_refused(install: Install) -> None:
    install("bad", GOOD, attribute="viche_workflows")

    assert "must name a module" in report_of(load_plugins(), "bad").reason


def test_a_plugin_that_fails_leaves_nothing_behind(install: Install) -> None:
    install("bad", "@hookimpl\ndef viche_workflows(): return [workflow(name='petition-bad'), 5]")

    assert "petition-bad" not in load_plugins().workflows()


def test_a_workflow_that_two_plugins_bring_is_refused_with_both_named(install: Install) -> None:
    install("first", GOOD)
    install("second", GOOD)

    plugins = load_plugins()

    assert report_of(plugins, "first").state is PluginState.LOADED
    assert report_of(plugins, "second").state is PluginState.FAILED
    assert "the plugins 'first' and 'second' both bring the workflow 'petition-good'" in (
        report_of(plugins, "second").reason
    )


TWO_VERSIONS = """
@hookimpl
def viche_workflows():
    from datetime import date
    return [
        workflow(name="petition-good", version="2", valid_from=date(2024, 7, 16)),
        workflow(name="petition-good", version="1", valid_from=date(2020, 2, 1)),
        workflow(name="petition-later", valid_from=date(2999, 1, 1)),
    ]
"""


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(2020, 1, 31), None),
        (date(2020, 2, 1), "1"),
        (date(2024, 7, 15), "1"),
        (date(2024, 7, 16), "2"),
        (date(2026, 1, 1), "2"),
    ],
)
def test_the_version_in_force_is_the_newest_valid_by_the_day(install: Install, on: date, version: str | None) -> None:
    install("good", TWO_VERSIONS)

    plugins = load_plugins(["good"])

    found = plugins.workflow("petition-good", on)
    assert (found and found.version) == version
    assert [each.version for each in plugins.workflows(on).values()] == ([version] if version else [])


def test_a_plugin_with_versions_says_all_that_it_brings(install: Install) -> None:
    install("good", TWO_VERSIONS)

    plugins = load_plugins(["good"])

    assert report_of(plugins, "good").brings == (
        "workflow petition-good 2",
        "workflow petition-good 1",
        "workflow petition-later 1",
    )
    assert {name: each.version for name, each in plugins.workflows().items()} == {"petition-good": "2"}
    assert plugins.workflow("no-such-workflow", date(2026, 1, 1)) is None


def test_the_allow_list_says_which_of_two_clashing_plugins_is_first(install: Install) -> None:
    install("first", GOOD)
    install("second", GOOD)

    plugins = load_plugins(["second", "first"])

    assert report_of(plugins, "second").state is PluginState.LOADED
    assert report_of(plugins, "first").state is PluginState.FAILED


def test_two_distributions_with_a_plugin_of_one_name_are_told_apart(install: Install) -> None:
    install("good", GOOD, distribution="viche-a")
    install("good", GOOD, distribution="viche-b")

    reports = [report for report in load_plugins().reports() if report.name == "good"]

    assert [(report.distribution, report.state) for report in reports] == [
        ("viche-a", PluginState.LOADED),
        ("viche-b", PluginState.FAILED),
    ]
    assert "viche-a and viche-b both have a plugin 'good'" in reports[1].reason


def test_a_plugin_that_is_not_allowed_never_runs(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install("good", GOOD)
    install("other", "print('I run')")

    plugins = load_plugins(["good"])

    assert report_of(plugins, "other").state is PluginState.DISABLED
    assert list(plugins.workflows()) == ["petition-good"]
    assert capsys.readouterr().out == ""


def test_an_allowed_plugin_that_is_not_installed_is_listed_as_missing() -> None:
    report = report_of(load_plugins(["no-such-plugin"]), "no-such-plugin")

    assert report.state is PluginState.MISSING
    assert "no installed distribution has it" in report.reason


def test_a_slow_hook_is_logged(install: Install, caplog: pytest.LogCaptureFixture) -> None:
    install("slow", "import time\n@hookimpl\ndef viche_workflows():\n    time.sleep(0.02)\n    return []")

    with caplog.at_level(logging.WARNING):
        load_plugins(["slow"], slow_hook_s=0.01)

    slow = [record.__dict__ for record in caplog.records if record.message == "plugin hook was slow"]
    assert [(each["plugin"], each["hook"], each["elapsed_s"] > 0.01) for each in slow] == [
        ("slow", "viche_workflows", True)
    ]


def test_a_failed_plugin_is_logged_as_an_error(install: Install, caplog: pytest.LogCaptureFixture) -> None:
    install("bad", "raise RuntimeError('no licence')")

    with caplog.at_level(logging.ERROR):
        load_plugins(["bad"])

    errors = [record.__dict__ for record in caplog.records if record.levelno == logging.ERROR]
    assert [(each["plugin"], each["reason"]) for each in errors] == [("bad", "RuntimeError: no licence")]


def test_code_of_connectors_runs_only_where_they_do(install: Install) -> None:
    install("connector-bad", "raise RuntimeError('it ran')")

    with_workflows = load_plugins(["connector-bad"])
    with_connectors = load_plugins(["connector-bad"], connectors=True)

    assert "connector-bad" not in [report.name for report in with_workflows.reports()]
    assert report_of(with_connectors, "connector-bad").reason == "RuntimeError: it ran"
