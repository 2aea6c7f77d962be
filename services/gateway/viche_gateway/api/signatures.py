"""Signing over the API: at once for signed-in people, by a confirmed mail for everybody else."""

from viche_gateway import human
from viche_gateway.api import shapes
from viche_gateway.api.fields import Sent, choice, text
from viche_gateway.api.operations import Call, Caller, Operation, Reply
from viche_gateway.clients.petitions import EmailSignature
from viche_gateway.context import client_network, services
from viche_gateway.portal.signing import AGAINST, sign_for

VOTE = "Whether to sign, or to vote against where the rules of the petition have that. It cannot be changed later."


class PublishingQuery(Sent):
    """What becomes public."""

    publish_name = choice(
        "yes", "no", load_default="no",
        metadata={
            "description": "Whether the caller agrees that their name is published with the signature; needed where "
            "the rules of the petition make the names of signers public."
        },
    )  # fmt: skip


class SignatureQuery(PublishingQuery):
    """How to sign."""

    vote = choice("for", "against", load_default="for", metadata={"description": VOTE})


class EmailSignatureBody(Sent):
    """A signature by e-mail."""

    email = text(least=1, most=320, required=True, metadata={"description": "Of the signer."})
    name = text(
        least=1, most=100, required=True,
        metadata={
            "description": "Of the signer; published where the rules of the petition make the names of signers public."
        },
    )  # fmt: skip
    residence_code = text(most=64, load_default=str, metadata={"description": "Territory where the signer lives."})
    language = text(least=1, most=16, required=True, metadata={"description": "BCP 47 language of the mail."})
    vote = choice("for", "against", load_default="for", metadata={"description": VOTE})
    altcha = text(
        most=4000, load_default=str, metadata={"description": "Solved challenge of /altcha/challenge, if any."}
    )


class TokenBody(Sent):
    """The secret part of a link in a mail."""

    token = text(least=1, most=200, required=True, metadata={"description": "What follows the last slash."})


def sign(call: Call, number: int) -> Reply:
    """Signs for the caller."""
    with_name = call.query["publish_name"] == "yes"
    petition_id = services().petitions.id_of(number)
    is_against = call.query["vote"] == AGAINST
    signature_id = sign_for(
        call.caller, petition_id, call.request_id, with_name=with_name, is_against=is_against
    )  # fmt: skip
    return Reply({"id": signature_id, "petition_number": number})


def sign_by_email(call: Call, number: int) -> Reply:
    """Has the mail sent that asks for confirmation."""
    petition = services().petitions.by_number(number)
    body = dict(call.body)
    is_checked = human.is_checked(body.pop("altcha"))
    is_against = body.pop("vote") == AGAINST
    services().petitions.sign_by_email(
        EmailSignature(
            request_id=call.request_id,
            petition_id=petition.id,
            network=client_network(),
            human_checked=is_checked,
            is_against=is_against,
            **body,
        )
    )
    return Reply()


def confirm_email_signature(call: Call) -> Reply:
    """Confirms a signature by e-mail."""
    answer = services().petitions.confirm(call.body["token"])
    return Reply({"id": answer.signature_id, "petition_number": answer.petition.number})


_REFUSED = {"PETITION_NOT_FOUND": 404, "NOT_OPEN": 409, "REQUEST_MISMATCH": 409, "ASSURANCE_TOO_LOW": 403}

OPERATIONS = (
    Operation(
        method="post",
        path="/petitions/{number}/signatures",
        run=sign,
        summary="Sign a petition",
        tag="signatures",
        description="Counted when it is answered.",
        caller=Caller.PERSON,
        query=SignatureQuery,
        status=201,
        takes_key=True,
        answer=shapes.SignatureShape,
        reasons={
            "ALREADY_SIGNED": 409,
            "OTHER_TERRITORY": 403,
            "NAME_NEEDED": 409,
            "NO_VOTES_AGAINST": 409,
            **_REFUSED,
        },
    ),
    Operation(
        method="post",
        path="/petitions/{number}/email-signatures",
        run=sign_by_email,
        summary="Sign by e-mail",
        description="A mail asks for confirmation. The answer does not tell whether the mailbox has signed before.",
        tag="signatures",
        body=EmailSignatureBody,
        status=202,
        takes_key=True,
        reasons={"BAD_EMAIL": 400, "NO_VOTES_AGAINST": 409, **_REFUSED},
    ),
    Operation(
        method="post",
        path="/email-signatures/confirm",
        run=confirm_email_signature,
        tag="signatures",
        summary="Confirm a signature by e-mail",
        description="Confirms what waits for this link now: the petition of the mail, with the side (`vote`) and the "
        "name that were sent last for its mailbox. Whoever has to see them before they confirm opens the link of the "
        "mail, whose page takes the press only for what it shows. Confirming again gives the same answer.",
        body=TokenBody,
        answer=shapes.SignatureShape,
        reasons={
            "LINK_UNKNOWN": 404,
            "LINK_EXPIRED": 410,
            "NOT_OPEN": 409,
            "ALREADY_SIGNED": 409,
            "OTHER_TERRITORY": 403,
        },
    ),
)
