"""Which plugins bring connectors, found without running a line of theirs."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from viche_chassis.plugins import CONNECTOR_PREFIX, PluginState, load_plugins
from viche_sdk import hookspecs
from viche_sdk.connectors.types import ConnectorSpec

BUNDLED = (
    "connector-assisted",
    "connector-bluesky",
    "connector-feeds",
    "connector-mastodon",
    "connector-matrix",
    "connector-meta",
    "connector-odnoklassniki",
    "connector-telegram",
    "connector-vk",
    "connector-webhook",
    "connector-x",
    "connector-youtube",
)
"""Plugins that come with Viche: they run inside the process unless the operator says otherwise."""


class PluginUnusable(Exception):
    """A plugin cannot be loaded; the text says why."""


def installed(allowed: Iterable[str] = (), also: Iterable[str] = ()) -> tuple[EntryPoint, ...]:
    """Plugins that bring connectors, by name: those whose name begins with "connector-", and others that are named.

    Args:
        allowed: names of the plugins to use; empty means all.
        also: names of plugins that bring connectors and are called otherwise.
    """
    names, others = frozenset(allowed), frozenset(also)
    found: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=hookspecs.ENTRY_POINT_GROUP), key=lambda point: (point.name, point.value)):
        is_meant = point.name.startswith(CONNECTOR_PREFIX) or point.name in others
        if is_meant and (not names or point.name in names):
            found.setdefault(point.name, point)
    return tuple(found.values())


def is_bundled(point: EntryPoint) -> bool:
    """Whether a plugin comes with Viche."""
    return point.name in BUNDLED and point.dist is not None and point.dist.name == f"viche-{point.name}"


def specs_of(plugin: str) -> tuple[ConnectorSpec, ...]:
    """The connectors of one plugin, whose code runs for that here.

    Raises:
        PluginUnusable: it is not there, or cannot be used.
    """
    plugins = load_plugins([plugin], connectors=True)
    report = next(each for each in plugins.reports() if each.name == plugin)
    if report.state is not PluginState.LOADED:
        raise PluginUnusable(report.reason)
    return tuple(plugins.connectors().values())
