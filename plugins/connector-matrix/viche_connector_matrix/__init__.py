"""Rooms of Matrix."""

from viche_connector_matrix.spec import MATRIX
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """The one connector of this plugin."""
    return [MATRIX]
