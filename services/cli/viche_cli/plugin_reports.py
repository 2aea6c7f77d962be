"""What `viche plugins` tells of plugins, and how it runs them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path

from viche_chassis.app import serve
from viche_chassis.connectors.given import Networks
from viche_chassis.connectors.lanes import Lanes
from viche_chassis.connectors.loading import installed, specs_of
from viche_chassis.connectors.opening import Choice, make_connectors, own_identity
from viche_chassis.connectors.runner import ConnectorReport, Connectors
from viche_chassis.connectors.serving import service
from viche_chassis.plugins import PluginReport, PluginState, describe, load_plugins
from viche_chassis.tokens import ServiceIdentity, Verifier, load_signer, read_service_keys
from viche_cli.home import Home, default_home
from viche_sdk import hookspecs
from viche_sdk.kit import Check

PATIENCE_S = 40.0
"""As long as a child may take to start, and a little."""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check."""

    claim: str
    passed: bool
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a plugin's workflows, or of one of its connectors; `level` is that of a connector."""

    subject: str
    checks: tuple[CheckLine, ...]
    level: str = ""


def listed(home: Path | None, environment: Mapping[str, str]) -> list[tuple[PluginReport, tuple[ConnectorReport, ...]]]:
    """Every plugin with its connectors. Plugins that run in processes of their own run there for this, too."""
    choice = Choice(
        _words(environment, "VICHE_PLUGINS"),
        _words(environment, "VICHE_CONNECTOR_WAYS"),
        _words(environment, "VICHE_CONNECTOR_NETWORKS"),
    )
    connectors = asyncio.run(_reports(make_connectors(choice, _identity(home), environment)))
    by_plugin: dict[str, list[ConnectorReport]] = {}
    for each in connectors:
        by_plugin.setdefault(each.plugin, []).append(each)
    here = [report for report in _loaded_here(choice) if report.name not in by_plugin]
    found = here + [_report(name, reports) for name, reports in by_plugin.items()]
    return [(each, tuple(by_plugin.get(each.name, ()))) for each in sorted(found, key=lambda each: each.name)]


def checked(plugin: str) -> list[Checked]:
    """The conformance kit's findings: of the plugin as a whole, and of each of its connectors."""
    from viche_sdk.connectors.testing import NoSuchConnector, check_connector
    from viche_sdk.testing import check_plugin

    # golden cases are in the tests of a plugin, which are not installed with it
    whole = [each for each in check_plugin(plugin) if not each.claim.endswith("has a golden case")]
    found = [_checked(plugin, whole)]
    if not all(each.passed for each in whole):
        return found
    for spec in specs_of(plugin):
        try:
            checks, level = check_connector(plugin, spec.name)
        except NoSuchConnector as fault:
            checks, level = (Check("brings a platform to be tried against", str(fault)),), ""
        found.append(_checked(spec.name, checks, str(level)))
    return found


async def serve_plugin(plugin: str, listen: str, keys: Path, networks: tuple[str, ...]) -> None:
    """Runs a plugin's connectors as a service until it is told to end.

    Raises:
        PluginUnusable, AddressInUse: it cannot.
    """
    lanes = Lanes(specs_of(plugin), Networks(networks))
    await serve(service(plugin, lanes, listen, Verifier(read_service_keys(keys))))


def _checked(subject: str, checks: Iterable[Check], level: str = "") -> Checked:
    return Checked(subject, tuple(CheckLine(each.claim, each.passed, each.fault) for each in checks), level)


async def _reports(connectors: Connectors) -> tuple[ConnectorReport, ...]:
    try:
        await connectors.start(PATIENCE_S)
        return connectors.reports()
    finally:
        await connectors.close()


def _loaded_here(choice: Choice) -> tuple[PluginReport, ...]:
    """Plugins without connectors; those of connectors run where they always do."""
    elsewhere = {point.name for point in installed(also=choice.by_plugin())}
    points = [each for each in entry_points(group=hookspecs.ENTRY_POINT_GROUP) if each.name not in elsewhere]
    loaded = load_plugins(choice.allowed, found=points).reports()
    unused = [point for point in installed() if choice.allowed and point.name not in choice.allowed]
    reason = "VICHE_PLUGINS does not name it"
    disabled = [replace(describe(point), state=PluginState.DISABLED, reason=reason) for point in unused]
    return (*(each for each in loaded if each.name not in elsewhere), *disabled)


def _report(plugin: str, connectors: list[ConnectorReport]) -> PluginReport:
    """A plugin of connectors, seen through them."""
    point = next(iter(entry_points(group=hookspecs.ENTRY_POINT_GROUP, name=plugin)), None)
    report = describe(point) if point else PluginReport(plugin, "", "", PluginState.LOADED)
    brings = tuple(f"connector {each.connector} {each.version}" for each in connectors if each.connector)
    if brings:
        return replace(report, brings=brings)
    return replace(report, state=PluginState.FAILED, reason=connectors[0].reason)


def _identity(home: Path | None) -> ServiceIdentity:
    """The command line's, where there is an instance, for pods; children take any."""
    path = Home(home or default_home()).keys / "services" / "cli.pem"
    try:
        return ServiceIdentity(load_signer(path))
    except OSError:
        return own_identity("cli")[0]


def _words(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in environment.get(name, "").split(",") if word.strip())
