"""Bluesky, and servers of the AT Protocol."""

from viche_connector_bluesky.spec import BLUESKY
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """The one connector of this plugin."""
    return [BLUESKY]
