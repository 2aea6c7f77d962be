"""Supporting a petition before it is checked, over the API."""

from viche_gateway.api import petition_shapes, values
from viche_gateway.api.operations import Call, Caller, Operation, Reply
from viche_gateway.api.signatures import PublishingQuery, TokenBody
from viche_gateway.portal.sponsoring import support_for


def support(call: Call) -> Reply:
    """Supports for the caller."""
    with_name = call.query["publish_name"] == "yes"
    done = support_for(call.caller, call.body["token"], call.request_id, with_name=with_name)
    return Reply({"id": done.signature_id, "sponsorship": values.sponsorship(done.petition.sponsorship)})


OPERATIONS = (
    Operation(
        method="post",
        path="/support",
        run=support,
        summary="Support a petition before it is checked",
        description="By the token of the link that its author passes on. It counts as a signature once it opens.",
        tag="signatures",
        caller=Caller.PERSON,
        query=PublishingQuery,
        body=TokenBody,
        status=201,
        takes_key=True,
        answer=petition_shapes.SupportShape,
        reasons={
            "LINK_UNKNOWN": 404,
            "NAME_NEEDED": 409,
            "NOT_SPONSORING": 409,
            "SPONSORS_COMPLETE": 409,
            "OWN_PETITION": 403,
            "ALREADY_SIGNED": 409,
            "OTHER_TERRITORY": 403,
            "ASSURANCE_TOO_LOW": 403,
            "REQUEST_MISMATCH": 409,
        },
    ),
)
