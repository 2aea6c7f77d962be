"""Rejected petitions: their public page, and what their authors can do: complain, start anew, or take back in time."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms
from viche_gateway.clients.petitions import Draft
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.portal.deadlines import stages_of
from viche_gateway.sessions import signed_in

TEXT_LIMIT = 3000
SHOWN_HERE = (pb.PETITION_STATE_REJECTED, pb.PETITION_STATE_SUBMITTED)
"""States of petitions that have a number without being open: rejected, or waiting again after a complaint."""


def page(petition: pb.Petition) -> str:
    """The public page of a petition that was rejected."""
    return render_template("rejected/page.html", petition=petition, stages=stages_of(petition))


@access.person
def own_by_number(number: int) -> ResponseReturnValue:
    """From the public page to what its author can do; for others there is nothing."""
    found = next((each for each in _mine() if each.number == number), None)
    return redirect(_place(found), 303) if found is not None else abort(404)


@access.person
def own_rejected(petition_id: str) -> ResponseReturnValue:
    """Why one's own petition was rejected, and what can be done."""
    return render_template("rejected/own.html", petition=_rejected(petition_id))


@access.person
def complaint(petition_id: str) -> ResponseReturnValue:
    """The form for a complaint."""
    return _complaint_page(_complainable(petition_id), Form({"text": ""}))


@access.person
def complain(petition_id: str) -> ResponseReturnValue:
    """Complains."""
    petition = _complainable(petition_id)
    form = forms.read("text")
    if faults := forms.missing(form, "text"):
        return _complaint_page(petition, Form(form.values, faults)), 400
    try:
        services().moderation.complain(
            signed_in().access_token, forms.request_id(), petition_id, form.value("text")
        )  # fmt: skip
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _complaint_page(petition, forms.refused(form, error)), 400
    return redirect(url_for("portal.own_rejected", petition_id=petition_id), 303)


@access.person
def start_anew(petition_id: str) -> ResponseReturnValue:
    """Makes a draft with the text of a rejected petition."""
    old = _rejected(petition_id)
    draft = Draft(
        title=old.title,
        background=old.background,
        details=old.details,
        authority_id=old.authority_id,
        author_name=old.author_name,
        language=old.language,
    )
    made = services().petitions.create(signed_in().access_token, forms.request_id(), draft)
    return redirect(url_for("portal.question", petition_id=made.id, step="title"), 303)


@access.person
def ask_withdraw(petition_id: str) -> ResponseReturnValue:
    """Asks once before a petition is taken back."""
    petition = _own(petition_id)
    if petition.state not in (pb.PETITION_STATE_SUBMITTED, pb.PETITION_STATE_SPONSORING):
        return redirect(_place(petition), 303)
    return render_template("rejected/withdraw.html", petition=petition)


@access.person
def withdraw(petition_id: str) -> ResponseReturnValue:
    """Makes a draft again of what was handed in."""
    _own(petition_id)
    services().moderation.withdraw(signed_in().access_token, forms.request_id(), petition_id)
    return redirect(url_for("portal.check", petition_id=petition_id), 303)


def _mine() -> list[pb.Petition]:
    return list(services().petitions.mine(signed_in().access_token))


def _own(petition_id: str) -> pb.Petition:
    """The person's own petition; others are not found, so that nobody learns of them."""
    found = next((each for each in _mine() if each.id == petition_id), None)
    return found if found is not None else abort(404)


def _rejected(petition_id: str) -> pb.Petition:
    petition = _own(petition_id)
    if petition.state != pb.PETITION_STATE_REJECTED:
        abort(redirect(_place(petition), 303))
    return petition


def _complainable(petition_id: str) -> pb.Petition:
    """A rejected petition whose author may still complain; a repeated form leads to what it has done."""
    petition = _rejected(petition_id)
    if not petition.rejection.complaint_to.texts or (petition.HasField("complaint") and request.method == "GET"):
        abort(redirect(_place(petition), 303))
    return petition


def _place(petition: pb.Petition) -> str:
    """Where the author sees how a petition stands."""
    if petition.state == pb.PETITION_STATE_REJECTED:
        return url_for("portal.own_rejected", petition_id=petition.id)
    return url_for("portal.submitted", petition_id=petition.id)


def _complaint_page(petition: pb.Petition, form: Form) -> str:
    return render_template("rejected/complaint.html", petition=petition, form=form, limit=TEXT_LIMIT)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/petitions/<int:number>/mine", view_func=own_by_number)
    blueprint.add_url_rule("/drafts/<petition_id>/rejected", view_func=own_rejected)
    blueprint.add_url_rule("/drafts/<petition_id>/complaint", view_func=complaint)
    blueprint.add_url_rule("/drafts/<petition_id>/complaint", view_func=complain, methods=["POST"])
    blueprint.add_url_rule("/drafts/<petition_id>/anew", view_func=start_anew, methods=["POST"])
    blueprint.add_url_rule("/drafts/<petition_id>/withdraw", view_func=ask_withdraw)
    blueprint.add_url_rule("/drafts/<petition_id>/withdraw", view_func=withdraw, methods=["POST"])
