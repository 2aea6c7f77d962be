"""Facebook Pages and Instagram."""

from viche_connector_meta.facebook_spec import FACEBOOK
from viche_connector_meta.instagram_spec import INSTAGRAM
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """Over one API."""
    return [FACEBOOK, INSTAGRAM]
