"""Text and links on walls of VK communities."""

from viche_connector_vk.spec import VK
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """The one connector of this plugin."""
    return [VK]
