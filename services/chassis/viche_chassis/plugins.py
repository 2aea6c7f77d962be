"""Plugins of this installation: found by entry point, asked once, one failing never stops another."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import TypeVar

import pluggy

from viche_sdk import hookspecs
from viche_sdk.connectors.spec import SUPPORTED_APIS, ConnectorSpec
from viche_sdk.types import Happened, Workflow, faults_of_versions, in_force

SLOW_HOOK_S = 1.0
"""A hook call that takes longer is logged."""

CONNECTOR_PREFIX = "connector-"
"""Names of plugins that bring connectors begin with it, so that they are known before a line of theirs runs."""

_log = logging.getLogger(__name__)

Brought = TypeVar("Brought", Workflow, ConnectorSpec)

_KINDS = {Workflow: "workflow", ConnectorSpec: "connector"}
_PLURALS = {Workflow: "workflows", ConnectorSpec: "connectors"}


def _brought(kind: type, name: str) -> tuple[str, str]:
    """A key for what a plugin brings: workflows and connectors may have the same name."""
    return _KINDS[kind], name


class PluginState(StrEnum):
    """What became of a plugin."""

    LOADED = "loaded"
    FAILED = "failed"
    DISABLED = "disabled"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class PluginReport:
    """One plugin as an operator sees it.

    `name` is that of its entry point; `brings` says for instance "workflow petition-local 1"; `reason` is empty for a
    loaded plugin.
    """

    name: str
    distribution: str
    version: str
    state: PluginState
    reason: str = ""
    brings: tuple[str, ...] = ()


class _PluginRefused(Exception):
    """Why a plugin that was found is not used."""


class Plugins:
    """The plugins of one process, with typed calls. Make it once, at start, with `load_plugins`."""

    def __init__(self, slow_hook_s: float = SLOW_HOOK_S) -> None:
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._slow_hook_s = slow_hook_s
        self._versions: dict[str, list[Workflow]] = {}
        self._connectors: dict[str, ConnectorSpec] = {}
        self._brought_by: dict[tuple[str, str], str] = {}
        self._reports: dict[str, PluginReport] = {}

    def workflow(self, name: str, on: date) -> Workflow | None:
        """The version of a workflow that is in force on a day; None where there is none."""
        return in_force(self._versions.get(name, ()), on)

    def workflows(self, on: date | None = None) -> dict[str, Workflow]:
        """Workflows of the loaded plugins by name, in the order of the names: the versions in force on a day.

        Args:
            on: the day; by default today in UTC.
        """
        day = on or datetime.now(UTC).date()
        found = {name: in_force(versions, day) for name, versions in sorted(self._versions.items())}
        return {name: workflow for name, workflow in found.items() if workflow}

    def connectors(self) -> dict[str, ConnectorSpec]:
        """What the connectors of the loaded plugins declare, by name, in the order of the names."""
        return dict(sorted(self._connectors.items()))

    def bringer(self, connector: str) -> str:
        """The plugin that has brought a connector."""
        return self._brought_by[_brought(ConnectorSpec, connector)]

    def reports(self) -> tuple[PluginReport, ...]:
        """Every plugin that was found or asked for, by name."""
        return tuple(report for _, report in sorted(self._reports.items()))

    def listeners(self, hook: str) -> tuple[str, ...]:
        """Names of the plugins that implement a hook."""
        return tuple(sorted(each.plugin_name for each in getattr(self._manager.hook, hook).get_hookimpls()))

    def tell(self, name: str, hook: str, petition: Happened) -> None:
        """Calls a life-cycle hook of one plugin, which may take its time and use the network.

        Raises:
            Exception: whatever the plugin raises.
        """
        self._alone(hook, self._manager.get_plugin(name))(petition=petition)

    def note(self, report: PluginReport) -> None:
        """Lists a plugin that is not to be loaded."""
        self._reports[report.name] = report

    def add(self, entry_point: EntryPoint) -> None:
        """Loads one plugin and takes what it brings; a failure is logged, listed and goes no further."""
        report = describe(entry_point)
        if entry_point.name in self._reports:
            key = f"{entry_point.name} ({report.distribution})"
            other = self._reports[entry_point.name].distribution
            reason = f"the distributions {other} and {report.distribution} both have a plugin {entry_point.name!r}"
            self._reports[key] = _failed(report, reason)
            return
        try:
            brings = self._load(entry_point)
        except _PluginRefused as refused:
            self._reports[report.name] = _failed(report, str(refused))
        except (Exception, SystemExit) as fault:  # whatever a stranger's code raises
            _log.warning("plugin raised", exc_info=True, extra={"plugin": report.name})
            self._reports[report.name] = _failed(report, f"{type(fault).__name__}: {fault}")
        else:
            self._reports[report.name] = replace(report, brings=brings)

    def _load(self, entry_point: EntryPoint) -> tuple[str, ...]:
        module = entry_point.load()
        if not isinstance(module, ModuleType):
            raise _PluginRefused(f"its entry point {entry_point.value!r} must name a module")
        self._manager.register(module, name=entry_point.name)
        try:
            self._refuse_unknown_hooks(module)
            workflows = self._ask_for_workflows(entry_point.name, module)
            connectors = self._ask_for_connectors(entry_point.name, module)
        except BaseException:
            self._manager.unregister(module)
            raise
        for workflow in workflows:
            self._versions.setdefault(workflow.name, []).append(workflow)
            self._brought_by[_brought(Workflow, workflow.name)] = entry_point.name
        for connector in connectors:
            self._connectors[connector.name] = connector
            self._brought_by[_brought(ConnectorSpec, connector.name)] = entry_point.name
        return (
            *(f"workflow {workflow.name} {workflow.version}" for workflow in workflows),
            *(f"connector {connector.name} {connector.version}" for connector in connectors),
        )

    def _refuse_unknown_hooks(self, module: ModuleType) -> None:
        unknown = [caller.name for caller in self._manager.get_hookcallers(module) or () if not caller.has_spec()]
        if unknown:
            raise _PluginRefused(f"it implements {', '.join(unknown)}, which this version of Viche does not call")

    def _ask_for_workflows(self, name: str, module: ModuleType) -> list[Workflow]:
        """The workflows of one plugin, all of them checked before any is taken."""
        workflows = self._answers("viche_workflows", name, module, Workflow)
        for workflow in workflows:
            self._refuse_repeated(Workflow, workflow.name, name)
        if faults := tuple(faults_of_versions(workflows)):
            raise _PluginRefused("; ".join(faults))
        return workflows

    def _ask_for_connectors(self, name: str, module: ModuleType) -> list[ConnectorSpec]:
        """The connectors of one plugin, all of them checked before any is taken."""
        connectors = self._answers("viche_connectors", name, module, ConnectorSpec)
        for connector in connectors:
            self._refuse_repeated(ConnectorSpec, connector.name, name)
            if connector.api not in SUPPORTED_APIS:
                known = " and ".join(map(str, SUPPORTED_APIS))
                raise _PluginRefused(
                    f"the connector {connector.name!r} is written for contract {connector.api}; this version of Viche "
                    f"runs those of {known}"
                )
        return connectors

    def _answers(self, hook: str, name: str, module: ModuleType, kind: type[Brought]) -> list[Brought]:
        """What a hook of one plugin brings, all of one kind."""
        found: list[Brought] = []
        for answer in self._call(hook, name, module):
            if not isinstance(answer, list | tuple):
                raise _PluginRefused(f"{hook} must return a list, not {type(answer).__name__}")
            for each in answer:
                if not isinstance(each, kind):
                    raise _PluginRefused(f"{hook} must return {_PLURALS[kind]}, not {type(each).__name__}")
                found.append(each)
        return found

    def _refuse_repeated(self, kind: type, name: str, plugin: str) -> None:
        other = self._brought_by.get(_brought(kind, name))
        if other:
            raise _PluginRefused(
                f"the plugins {other!r} and {plugin!r} both bring the {_KINDS[kind]} {name!r}; "
                f"{other!r} keeps it: remove one, or name the plugins to use in VICHE_PLUGINS"
            )

    def _call(self, hook: str, name: str, module: ModuleType) -> Sequence[object]:
        """Calls a hook of one plugin alone, and times it."""
        started = time.monotonic()
        try:
            return self._alone(hook, module)()
        finally:
            elapsed_s = time.monotonic() - started
            if elapsed_s > self._slow_hook_s:
                _log.warning("plugin hook was slow", extra={"plugin": name, "hook": hook, "elapsed_s": elapsed_s})

    def _alone(self, hook: str, module: object) -> Callable[..., Sequence[object]]:
        """A hook of one plugin, without the others."""
        others = [plugin for plugin in self._manager.get_plugins() if plugin is not module]
        return self._manager.subset_hook_caller(hook, remove_plugins=others)


def load_plugins(
    allowed: Iterable[str] = (),
    *,
    connectors: bool = False,
    found: Iterable[EntryPoint] | None = None,
    slow_hook_s: float = SLOW_HOOK_S,
) -> Plugins:
    """Loads the installed plugins.

    Args:
        allowed: names of the plugins to use, the first of two that clash first; empty means all, by name.
            A plugin that is not named is listed as disabled and its code is never run.
        connectors: whether those for connectors are meant too; who has no use for them never runs their code.
        found: entry points to use instead of those that are installed.
        slow_hook_s: a hook call that takes longer is logged.

    Returns:
        What has been loaded; plugins that failed are in its reports.
    """
    order = {name: place for place, name in enumerate(allowed)}
    plugins = Plugins(slow_hook_s)
    installed = list(entry_points(group=hookspecs.ENTRY_POINT_GROUP) if found is None else found)
    points = [each for each in installed if connectors or not each.name.startswith(CONNECTOR_PREFIX)]
    for point in sorted(points, key=lambda point: (order.get(point.name, 0), point.name, _distribution(point))):
        if order and point.name not in order:
            plugins.note(replace(describe(point), state=PluginState.DISABLED, reason="VICHE_PLUGINS does not name it"))
        else:
            plugins.add(point)
    for name in order.keys() - {point.name for point in installed}:
        reason = "VICHE_PLUGINS names it, but no installed distribution has it"
        plugins.note(PluginReport(name, "", "", PluginState.MISSING, reason))
    _tell(plugins.reports())
    return plugins


def _tell(reports: Iterable[PluginReport]) -> None:
    for report in reports:
        level = logging.ERROR if report.state in (PluginState.FAILED, PluginState.MISSING) else logging.INFO
        values = {"plugin": report.name, "state": str(report.state), "reason": report.reason}
        _log.log(level, "plugin", extra=values)


def describe(point: EntryPoint) -> PluginReport:
    """A plugin as its distribution names it, before a line of it has run."""
    version = point.dist.version if point.dist else ""
    return PluginReport(point.name, _distribution(point), version, PluginState.LOADED)


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else ""


def _failed(report: PluginReport, reason: str) -> PluginReport:
    return replace(report, state=PluginState.FAILED, reason=reason)
