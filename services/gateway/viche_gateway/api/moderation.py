"""Checking petitions over the API: rejecting, complaining, taking back."""

from viche_gateway.api import petition_shapes, values
from viche_gateway.api.fields import Sent, Whole, text
from viche_gateway.api.operations import Call, Caller, Operation, Reply
from viche_gateway.clients.moderation import Refusal
from viche_gateway.context import services

TEXT_LIMIT = 3000
_MOST_NUMBER = 2**62


class RejectionBody(Sent):
    """Why a petition is rejected, and what its author is told."""

    reason = text(least=1, most=64, required=True, metadata={"description": "Code of a reason of its rules."})
    note = text(
        least=10, most=TEXT_LIMIT, required=True, metadata={"description": "What the author is told; it is public."}
    )
    language = text(least=1, most=16, required=True, metadata={"description": "BCP 47 language of the note."})
    duplicate_of = Whole(
        least=0, most=_MOST_NUMBER, load_default=0,
        metadata={"description": "Public number of the petition that asks for the same; 0 for none."},
    )  # fmt: skip


class ComplaintBody(Sent):
    """What the author of a rejected petition complains of."""

    text = text(
        least=10, most=TEXT_LIMIT, required=True, metadata={"description": "Why the rejection is wrong; not published."}
    )


def reject_petition(call: Call, petition_id: str) -> Reply:
    """Rejects what was handed in."""
    refusal = Refusal(**call.body)
    rejected = services().moderation.reject(call.caller.access_token, call.request_id, petition_id, refusal)
    return Reply(values.petition(rejected))


def complain(call: Call, petition_id: str) -> Reply:
    """Complains about a rejection."""
    token = call.caller.access_token
    return Reply(
        values.petition(services().moderation.complain(token, call.request_id, petition_id, call.body["text"]))
    )


def withdraw_petition(call: Call, petition_id: str) -> Reply:
    """Takes back what was handed in."""
    return Reply(
        values.petition(services().moderation.withdraw(call.caller.access_token, call.request_id, petition_id))
    )  # fmt: skip


_ONE = {"tag": "petitions", "answer": petition_shapes.PetitionShape, "takes_key": True}
_REFUSED = {"PETITION_NOT_FOUND": 404, "REQUEST_MISMATCH": 409}

OPERATIONS = (
    Operation(
        method="post",
        path="/petitions/{petition_id}/reject",
        run=reject_petition,
        summary="Reject a petition",
        description="For officers of its authority. It gets a number and says publicly why it was rejected.",
        caller=Caller.OFFICER,
        body=RejectionBody,
        reasons={
            "NOT_SUBMITTED": 409,
            "UNKNOWN_REASON": 400,
            "INVALID_FIELDS": 400,
            "NOT_YOUR_AUTHORITY": 403,
            **_REFUSED,
        },
        **_ONE,
    ),
    Operation(
        method="post",
        path="/petitions/{petition_id}/complaint",
        run=complain,
        summary="Complain about a rejection",
        description="For its author, once for each rejection, where the rules name somebody to complain to.",
        caller=Caller.PERSON,
        body=ComplaintBody,
        reasons={
            "NOT_REJECTED": 409,
            "NO_COMPLAINT": 409,
            "ALREADY_COMPLAINED": 409,
            "INVALID_FIELDS": 400,
            **_REFUSED,
        },
        **_ONE,
    ),
    Operation(
        method="post",
        path="/petitions/{petition_id}/withdraw",
        run=withdraw_petition,
        summary="Take back a petition that waits",
        description="For its author, while nobody has decided or supports it. It is a draft again.",
        caller=Caller.PERSON,
        reasons={"NOT_WITHDRAWABLE": 409, **_REFUSED},
        **_ONE,
    ),
)
