"""A case: the petition as citizens will see it, the rule beside it, and buttons that ask once."""

from collections.abc import Callable

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway import access, forms
from viche_gateway.clients.behalf import Behalf
from viche_gateway.clients.trail import Trail
from viche_gateway.context import services
from viche_gateway.portal.deadlines import stages_of
from viche_gateway.portal.life import COLLECTING
from viche_gateway.sessions import signed_in


@access.officer
def case(petition_id: str) -> str:
    """The petition with what can be done about it."""
    petition = _covered(petition_id)
    token = signed_in().access_token
    return render_template(
        "console/case.html",
        petition=petition,
        colleagues=Trail(services().channels).colleagues(token, petition.authority_id),
        stages=stages_of(petition, for_officers=True),
        workflows=services().petitions.workflows(in_use=True),
        written=Behalf(services().channels).writer(token, petition_id),
        file=services().moderation.file(token, petition_id),
        done=request.args.get("done"),
    )


@access.officer
def ask_open(petition_id: str) -> str:
    """Asks once before opening."""
    return render_template("console/ask_open.html", petition=_in_state(petition_id, pb.PETITION_STATE_SUBMITTED))


@access.officer
def open_petition(petition_id: str) -> ResponseReturnValue:
    """Opens the petition for signatures."""
    return _change(petition_id, services().petitions.open, "opened")


@access.officer
def ask_close(petition_id: str) -> str:
    """Asks once before closing."""
    return render_template("console/ask_close.html", petition=_in_state(petition_id, *COLLECTING))


@access.officer
def close_petition(petition_id: str) -> ResponseReturnValue:
    """Closes the petition before its term."""
    return _change(petition_id, services().petitions.close, "closed")


def _change(petition_id: str, change: Callable[[str, str, str], pb.Petition], done: str) -> ResponseReturnValue:
    _covered(petition_id)
    change(signed_in().access_token, forms.request_id(), petition_id)
    return redirect(url_for("console.case", petition_id=petition_id, done=done), 303)


def _covered(petition_id: str) -> pb.Petition:
    """The petition, if a role of the officer holds for its authority, which the service decides."""
    return services().petitions.case(signed_in().access_token, petition_id)


def _in_state(petition_id: str, *states: int) -> pb.Petition:
    petition = _covered(petition_id)
    if petition.state not in states:
        abort(redirect(url_for("console.case", petition_id=petition_id), 303))
    return petition


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/petitions/<petition_id>", view_func=case)
    blueprint.add_url_rule("/petitions/<petition_id>/open", view_func=ask_open)
    blueprint.add_url_rule("/petitions/<petition_id>/open", view_func=open_petition, methods=["POST"])
    blueprint.add_url_rule("/petitions/<petition_id>/close", view_func=ask_close)
    blueprint.add_url_rule("/petitions/<petition_id>/close", view_func=close_petition, methods=["POST"])
