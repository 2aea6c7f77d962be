"""Posts to any address, signed as Standard Webhooks says."""

from viche_connector_webhook.spec import WEBHOOK
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """The one connector of this plugin."""
    return [WEBHOOK]
