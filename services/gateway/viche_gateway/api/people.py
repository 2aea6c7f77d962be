"""Signing in and out, and the signed-in person, over the API."""

from flask import current_app, request

from viche_gateway import mailing
from viche_gateway.api import shapes, values
from viche_gateway.api.fields import Sent, text
from viche_gateway.api.operations import Call, Caller, Operation, Reply
from viche_gateway.api.signatures import TokenBody
from viche_gateway.branding.current import here
from viche_gateway.clients.identity import MeChange, SignInLink
from viche_gateway.context import client_network, services
from viche_gateway.devices import device_words


class SignInLinkBody(Sent):
    """Where a sign-in link goes."""

    email = text(least=1, most=320, required=True, metadata={"description": "Where the link goes."})
    language = text(least=1, most=16, required=True, metadata={"description": "BCP 47 language of the mail."})


class PersonChange(Sent):
    """What people change of what they say of themselves; what is not named stays."""

    name = text(least=1, most=100, load_default=str, metadata={"description": "As the person writes it."})
    residence_code = text(least=1, most=64, load_default=str, metadata={"description": "A territory's code."})
    language = text(least=1, most=16, load_default=str, metadata={"description": "BCP 47 language of mails."})


def send_sign_in_link(call: Call) -> Reply:
    """Has a sign-in link sent; the answer is the same for known and unknown addresses."""
    services().identity.request_link(
        SignInLink(request_id=call.request_id, return_path="", network=client_network(), site=here().slug, **call.body)
    )
    return Reply()


def begin_session(call: Call) -> Reply:
    """Uses a sign-in link up."""
    answer = services().identity.consume_link(call.body["token"], device_words(request.user_agent.string))
    mailing.arrived(answer.session_token)
    return Reply(
        {
            "session_token": answer.session_token,
            "token_type": "Bearer",
            "expires_at": values.moment(answer.expires_at),
        }
    )


def end_session(call: Call) -> Reply:
    """Signs out."""
    current_app.extensions["viche.sessions"].forget(call.caller.token)
    services().identity.end_session(call.caller.token)
    return Reply()


def get_me(call: Call) -> Reply:
    """Who is signed in."""
    return Reply(values.person(call.caller.person))


def change_me(call: Call) -> Reply:
    """Changes what the caller says of themselves."""
    session = call.caller
    person = services().identity.update_me(session.access_token, MeChange(request_id=call.request_id, **call.body))
    current_app.extensions["viche.sessions"].forget(session.token)
    return Reply(values.person(person))


OPERATIONS = (
    Operation(
        method="post",
        path="/sign-in-links",
        run=send_sign_in_link,
        summary="Ask for a sign-in link",
        tag="people",
        description="The same answer for known and unknown addresses. The link holds the token for POST /sessions.",
        body=SignInLinkBody,
        status=202,
        takes_key=True,
        reasons={"BAD_EMAIL": 400, "REQUEST_MISMATCH": 409},
    ),
    Operation(
        method="post",
        path="/sessions",
        run=begin_session,
        summary="Sign in",
        tag="people",
        body=TokenBody,
        description="Uses the token of a sign-in link up.",
        status=201,
        answer=shapes.SessionShape,
        reasons={"LINK_UNKNOWN": 404, "LINK_EXPIRED": 410, "LINK_USED": 410},
    ),
    Operation(
        method="delete",
        path="/sessions/current",
        run=end_session,
        summary="Sign out",
        tag="people",
        caller=Caller.PERSON,
        status=204,
    ),
    Operation(
        method="get",
        path="/me",
        run=get_me,
        summary="Get the signed-in person",
        tag="people",
        caller=Caller.PERSON,
        answer=shapes.PersonShape,
    ),
    Operation(
        method="patch",
        path="/me",
        run=change_me,
        summary="Change what one says of oneself",
        tag="people",
        caller=Caller.PERSON,
        body=PersonChange,
        answer=shapes.PersonShape,
        takes_key=True,
        reasons={"UNKNOWN_TERRITORY": 400, "REQUEST_MISMATCH": 409},
    ),
)
