"""Posts, polls and replies on X."""

from viche_connector_x.spec import X
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """The one connector of this plugin."""
    return [X]
