"""Text and links in groups on Odnoklassniki."""

from viche_connector_odnoklassniki.spec import ODNOKLASSNIKI
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """The one connector of this plugin."""
    return [ODNOKLASSNIKI]
