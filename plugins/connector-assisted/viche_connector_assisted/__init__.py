"""Posts that a person publishes by hand, in groups where no program may."""

from viche_connector_assisted.spec import FACEBOOK_GROUPS, OTHER_GROUPS
from viche_sdk.connectors.types import ConnectorSpec
from viche_sdk.hookspecs import hookimpl


@hookimpl
def viche_connectors() -> list[ConnectorSpec]:
    """Groups on Facebook, and groups anywhere else."""
    return [FACEBOOK_GROUPS, OTHER_GROUPS]
