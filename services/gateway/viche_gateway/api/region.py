"""The region over the API: authorities, territories, and the rules for petitions."""

from viche_gateway.api import shapes, values
from viche_gateway.api.operations import Call, Operation, Reply
from viche_gateway.context import services
from viche_gateway.regions import current_region

AGE_S = 60


def list_authorities(call: Call) -> Reply:
    """The tree of authorities."""
    return Reply({"authorities": [values.authority(item) for item in current_region().authorities.values()]})


def list_territories(call: Call) -> Reply:
    """The codifier."""
    return Reply({"territories": [values.territory(item) for item in current_region().territories.values()]})


def list_workflows(call: Call) -> Reply:
    """The rules for petitions."""
    return Reply({"workflows": [values.workflow(item) for item in services().petitions.workflows()]})


OPERATIONS = (
    Operation(
        method="get",
        path="/authorities",
        run=list_authorities,
        summary="List authorities",
        tag="region",
        answer=shapes.AuthoritiesShape,
        max_age_s=AGE_S,
    ),
    Operation(
        method="get",
        path="/territories",
        run=list_territories,
        summary="List territories",
        tag="region",
        answer=shapes.TerritoriesShape,
        max_age_s=AGE_S,
    ),
    Operation(
        method="get",
        path="/workflows",
        run=list_workflows,
        summary="List the rules for petitions",
        tag="region",
        answer=shapes.WorkflowsShape,
        max_age_s=AGE_S,
    ),
)
