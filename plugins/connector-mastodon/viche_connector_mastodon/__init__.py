"""Mastodon, and servers that speak its API."""

from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """The one connector of this plugin."""
    return [MASTODON]
