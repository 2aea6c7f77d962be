"""What an authority publishes on its own website, as its feeds tell it."""

from viche_connector_feeds.spec import FEED
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """The one connector of this plugin."""
    return [FEED]
