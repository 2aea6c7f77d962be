"""Posts and polls in Telegram channels, comments of linked groups."""

from viche_connector_telegram.spec import TELEGRAM
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """The one connector of this plugin."""
    return [TELEGRAM]
