"""Videos and comments on YouTube."""

from viche_connector_youtube.spec import YOUTUBE
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """One connector."""
    return [YOUTUBE]
