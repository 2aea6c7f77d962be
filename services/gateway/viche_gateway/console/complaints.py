"""Deciding the complaint about a rejection: by somebody else than who rejected, and shown before it is done."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import moderation_pb2, petitions_pb2

from viche_gateway import access, forms
from viche_gateway.console import casework
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.sessions import signed_in

_DECISION = ("verdict", "text", "language")


@access.officer
def hear_complaint(petition_id: str) -> ResponseReturnValue:
    """The complaint beside the rejection, and the form for the decision."""
    petition = _complained(petition_id)
    return _complaint_page(petition, Form({"verdict": "", "text": "", "language": petition.language}))


@access.officer
def check_decision(petition_id: str) -> ResponseReturnValue:
    """How everybody will see the decision; or back to its text."""
    petition = _complained(petition_id)
    form = forms.read(*_DECISION)
    faults = forms.missing(form, "verdict", "text")
    if faults or request.form.get("step") == "edit":
        return _complaint_page(petition, Form(form.values, faults)), 400 if faults else 200
    shown = petitions_pb2.Petition()
    shown.CopyFrom(petition)
    shown.complaint.decided_at.GetCurrentTime()
    shown.complaint.is_upheld = form.value("verdict") == "upheld"
    shown.complaint.decision, shown.complaint.language = form.value("text"), form.value("language")
    return render_template("console/moderation/decision_preview.html", petition=petition, form=form, shown=shown)


@access.officer
def decide_complaint(petition_id: str) -> ResponseReturnValue:
    """Decides the complaint."""
    petition = _complained(petition_id)
    form = forms.read(*_DECISION)

    def act() -> None:
        services().moderation.decide(
            signed_in().access_token, forms.request_id(), petition_id, form.value("text"), form.value("language"),
            is_upheld=form.value("verdict") == "upheld",
        )  # fmt: skip

    failed = forms.missing(form, "verdict", "text") or casework.faults_of(form, act)
    if failed:
        return _complaint_page(petition, Form(form.values, failed)), 400
    return casework.back(petition_id, "decided")


def _complained(petition_id: str) -> petitions_pb2.Petition:
    petition, file = casework.read(petition_id)
    if moderation_pb2.CASE_TASK_COMPLAINT not in file.tasks:
        casework.too_late(petition_id)
    return petition


def _complaint_page(petition: petitions_pb2.Petition, form: Form) -> str:
    return render_template(
        "console/moderation/complaint.html",
        petition=petition,
        form=form,
        languages=casework.languages(),
        limit=casework.TEXT_LIMIT,
    )


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    case = "/petitions/<petition_id>/complaint"
    blueprint.add_url_rule(case, view_func=hear_complaint)
    blueprint.add_url_rule(case, view_func=decide_complaint, methods=["POST"])
    blueprint.add_url_rule(f"{case}/preview", view_func=check_decision, methods=["POST"])
