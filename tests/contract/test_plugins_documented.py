"""No hook without a page that explains it and a bundled plugin that uses it."""

import dataclasses
import importlib
import inspect
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pluggy
import pytest

from tests.unit.plugin_install import install_plugin
from viche_chassis.plugins import PluginState
from viche_sdk import hookspecs
from viche_sdk.connectors.types import ERRORS, Capability, ConnectorSpec
from viche_sdk.situation import UNKNOWN
from viche_sdk.types import (
    ChannelKind,
    Clock,
    Event,
    Failed,
    Level,
    Setting,
    SettingKind,
    SettingReason,
    Stage,
    Threshold,
    Unit,
    Workflow,
)

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
HOOKS = sorted(
    name
    for name, function in inspect.getmembers(hookspecs, inspect.isfunction)
    if hasattr(function, f"{hookspecs.PROJECT}_spec")
)


def bundled_modules() -> dict[str, str]:
    """Entry point to module of every plugin in this repository."""
    modules: dict[str, str] = {}
    for path in sorted((ROOT / "plugins").glob("*/pyproject.toml")):
        entry_points = tomllib.loads(path.read_text(encoding="utf-8"))["project"].get("entry-points", {})
        modules |= entry_points.get(hookspecs.ENTRY_POINT_GROUP, {})
    return modules


def described(heading: str) -> list[str]:
    """First column of the table under a heading of the page."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([A-Za-z_.]+)` \|", section, flags=re.MULTILINE)


def test_hooks_and_their_documentation_are_the_same() -> None:
    assert sorted(re.findall(r"^### `(\w+)\(", PAGE, flags=re.MULTILINE)) == HOOKS


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_says_when_it_is_called_and_what_failure_means(hook: str) -> None:
    docstring = inspect.getdoc(getattr(hookspecs, hook)) or ""

    assert "Called" in docstring
    assert "raises" in docstring


LIFE_CYCLE = [
    "viche_petition_answered",
    "viche_petition_closed",
    "viche_petition_opened",
    "viche_petition_threshold_reached",
]
"""No bundled plugin needs them; a plugin of the integration tests of petitions implements them."""


def test_every_hook_is_used_by_a_bundled_plugin() -> None:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    for name, module in bundled_modules().items():
        manager.register(importlib.import_module(module), name)

    assert [hook for hook in HOOKS if not getattr(manager.hook, hook).get_hookimpls()] == LIFE_CYCLE


def test_every_bundled_plugin_runs_the_conformance_kit() -> None:
    tested = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "plugins").glob("*/tests/test_*.py"))

    runs = set(re.findall(r'(?:plugin_test|connector_suite)\(\s*"([\w-]+)"', tested))
    assert sorted(set(bundled_modules()) - runs) == []


def bundled_connectors() -> dict[str, str]:
    """Connector to plugin of every connector in this repository."""
    found: dict[str, str] = {}
    for plugin, module in bundled_modules().items():
        connectors = getattr(importlib.import_module(module), "viche_connectors", list)
        found |= {spec.name: plugin for spec in connectors()}
    return found


QUESTIONS = ("What it can", "What it cannot", "What it costs", "How to get the credentials")


def test_every_connector_has_its_page() -> None:
    missing = [
        f"{connector}: {question}"
        for connector, plugin in sorted(bundled_connectors().items())
        for question in QUESTIONS
        if f"\n## {question}\n" not in page_of(connector, plugin)
    ]

    assert missing == []


def page_of(connector: str, plugin: str) -> str:
    """The page of a connector, or of the plugin that brings several."""
    pages = [ROOT / "docs" / "connectors" / f"{name}.md" for name in (connector, plugin.removeprefix("connector-"))]
    return "".join(page.read_text(encoding="utf-8") for page in pages if page.is_file())


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("What a workflow says", [field.name for field in dataclasses.fields(Workflow)]),
        ("What a setting says", [field.name for field in dataclasses.fields(Setting)]),
        ("Kinds of settings", list(SettingKind)),
        ("Figures", list(UNKNOWN)),
        ("Levels", list(Level)),
        ("What a threshold says", [field.name for field in dataclasses.fields(Threshold)]),
        ("What a clock says", [field.name for field in dataclasses.fields(Clock)]),
        ("Units", list(Unit)),
        ("Events", list(Event)),
        ("Stages", list(Stage)),
        ("Channels", list(ChannelKind)),
        ("Failed petitions", list(Failed)),
        ("Reasons", list(SettingReason)),
        ("What a connector says", [field.name for field in dataclasses.fields(ConnectorSpec)]),
        ("What a connector can", list(Capability)),
        ("Errors of a connector", [error.__name__ for error in ERRORS]),
        ("What an operator sees", [str(state) for state in PluginState]),
    ],
)
def test_the_tables_of_the_page_are_complete(heading: str, names: list[str]) -> None:
    assert described(heading) == names


def blocks(text: str) -> list[str]:
    """The Python in a text."""
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


def test_the_examples_of_the_page_make_a_plugin_that_conforms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plugin, test = blocks(PAGE.split("\n## Write a connector\n")[0])
    install_plugin(monkeypatch, tmp_path, "petition-mytown", plugin)
    module: dict[str, Callable[[], None]] = {}

    exec(test, module)  # it is our own page

    module["test_petition_mytown_conforms"]()
