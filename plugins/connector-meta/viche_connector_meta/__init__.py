"""Facebook Pages."""

from viche_connector_meta.facebook_spec import FACEBOOK
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """Over one API."""
    return [FACEBOOK]
