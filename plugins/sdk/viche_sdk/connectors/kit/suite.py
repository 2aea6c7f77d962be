"""Runs the checks of one connector."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from importlib.metadata import entry_points
from unittest import SkipTest

from viche_sdk import hookspecs
from viche_sdk.connectors.errors import ConnectorError

# the modules of checks add themselves
from viche_sdk.connectors.kit import (  # noqa: F401
    behaving,
    declaring,
    failing,
    figures,
    outages,
    publishing,
    receiving,
    webhooks,
)
from viche_sdk.connectors.kit.fake import Made
from viche_sdk.connectors.kit.register import CHECKS, ConnectorCheck
from viche_sdk.connectors.kit.stage import CheckFailed, Kit
from viche_sdk.connectors.spec import ConnectorSpec
from viche_sdk.kit import Check


class NoSuchConnector(LookupError):
    """The plugin, its connector or its fake cannot be found; the message says what to do."""


def spec_of(plugin: str, connector: str) -> ConnectorSpec:
    """What an installed plugin declares of one of its connectors.

    Raises:
        NoSuchConnector: there is no such plugin, or it has no such connector.
    """
    module = _module_of(plugin)
    specs = [spec for spec in module.viche_connectors() if spec.name == connector]
    if len(specs) != 1:
        raise NoSuchConnector(f"the plugin {plugin!r} brings {len(specs)} connectors called {connector!r}")
    return specs[0]


def fake_of(plugin: str, connector: str) -> Made:
    """The fake that a plugin ships: `FAKES` of its module `fake` maps names of connectors to classes.

    Raises:
        NoSuchConnector: it ships none.
    """
    name = f"{_module_of(plugin).__name__}.fake"
    try:
        return import_module(name).FAKES[connector]
    except (ImportError, AttributeError, KeyError) as fault:
        raise NoSuchConnector(f"write {name} with FAKES = {{{connector!r}: …}}, a fake to try it with") from fault


def _module_of(plugin: str):
    points = list(entry_points(group=hookspecs.ENTRY_POINT_GROUP, name=plugin))
    if len(points) != 1:
        raise NoSuchConnector(
            f'add to pyproject.toml, and install anew: [project.entry-points.viche] {plugin} = "your_module"'
            if not points
            else f"several distributions have the plugin {plugin!r}; rename yours"
        )
    module = points[0].load()
    if not hasattr(module, "viche_connectors"):
        raise NoSuchConnector(f"{module.__name__} has no @hookimpl viche_connectors")
    return module


def checks_for(spec: ConnectorSpec) -> list[ConnectorCheck]:
    """Those that apply."""
    return [each for each in CHECKS if each.applies(spec)]


def fault_of(each: ConnectorCheck, kit: Kit) -> str:
    """Runs one check in an event loop of its own; gives what is wrong, or nothing.

    Raises:
        SkipTest: the check needs what is not there.
    """
    try:
        asyncio.run(each.run(kit))
    except CheckFailed as fault:
        return str(fault) or "it does not hold"
    except ConnectorError as error:
        return f"it raised {error!r} where the platform had nothing against it"
    return ""


def results(spec: ConnectorSpec, make: Made) -> Iterator[Check]:
    """All checks that apply, one after the other."""
    for each in checks_for(spec):
        with suppress(SkipTest):
            yield Check(f"connector {spec.name}: {each.claim}", fault_of(each, Kit(spec, make)))
