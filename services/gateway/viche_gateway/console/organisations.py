"""Organisations that ask to be confirmed, for those who operate the authorities that they ask."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.identity.v1 import organisations_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms
from viche_gateway.forms import Form
from viche_gateway.portal.organisations import kind_names, organisations
from viche_gateway.sessions import signed_in

_DONE = ("confirmed", "refused")


@access.operator
def organisation_list() -> str:
    """Those that wait, the first asked first; then those that were decided."""
    said = request.args.get("done", "")
    return render_template(
        "console/organisations/list.html",
        found=organisations().asking(signed_in().access_token),
        kinds=kind_names(),
        said=said if said in _DONE else "",
    )


@access.operator
def organisation(organisation_id: str) -> str:
    """One organisation, with what can be decided."""
    return _page(_find(organisation_id), Form())


@access.operator
def confirm_organisation(organisation_id: str) -> ResponseReturnValue:
    """Confirms it as the page showed it."""
    try:
        organisations().confirm(signed_in().access_token, forms.request_id(), organisation_id, _version())
    except DomainError as error:
        return _again(organisation_id, Form(), error)
    return redirect(url_for("console.organisation_list", done="confirmed"), 303)


@access.operator
def refuse_organisation(organisation_id: str) -> ResponseReturnValue:
    """Does not confirm it, with a reason for those who act for it."""
    form = forms.read("reason")
    if faults := forms.missing(form, "reason"):
        return _page(_find(organisation_id), Form(form.values, faults)), 400
    token, reason = signed_in().access_token, form.value("reason")
    try:
        organisations().refuse(token, forms.request_id(), organisation_id, _version(), reason)
    except DomainError as error:
        return _again(organisation_id, form, error)
    return redirect(url_for("console.organisation_list", done="refused"), 303)


def _find(organisation_id: str) -> pb.RegisteredOrganisation:
    found = organisations().asking(signed_in().access_token)
    return next((each for each in found if each.id == organisation_id), None) or abort(404)


def _version() -> int:
    """The version that the page showed."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _again(organisation_id: str, form: Form, error: DomainError) -> ResponseReturnValue:
    if error.code == Code.UNAVAILABLE:
        raise error
    return _page(_find(organisation_id), forms.refused(form, error)), 409


def _page(found: pb.RegisteredOrganisation, form: Form) -> str:
    return render_template("console/organisations/page.html", organisation=found, form=form, kinds=kind_names())


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/organisations/<organisation_id>"
    blueprint.add_url_rule("/organisations", view_func=organisation_list)
    blueprint.add_url_rule(one, view_func=organisation)
    blueprint.add_url_rule(f"{one}/confirm", view_func=confirm_organisation, methods=["POST"])
    blueprint.add_url_rule(f"{one}/refuse", view_func=refuse_organisation, methods=["POST"])
