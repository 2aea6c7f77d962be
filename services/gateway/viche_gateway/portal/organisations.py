"""My organisations: founding one, having it confirmed, who belongs to it, and joining by invitation."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.identity.v1 import organisations_pb2 as pb

from viche_chassis import links
from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms
from viche_gateway.branding.current import address_of, authorities_here
from viche_gateway.clients.organisations import Organisations, Wish
from viche_gateway.context import services, settings
from viche_gateway.forms import Form
from viche_gateway.languages import current_language
from viche_gateway.regions import authority_name
from viche_gateway.sessions import signed_in

KINDS: Mapping[str, int] = {
    "association": pb.ORGANISATION_KIND_ASSOCIATION,
    "company": pb.ORGANISATION_KIND_COMPANY,
    "institution": pb.ORGANISATION_KIND_INSTITUTION,
    "other": pb.ORGANISATION_KIND_OTHER,
}
ROLES: Mapping[str, int] = {
    "representative": pb.MEMBER_ROLE_REPRESENTATIVE,
    "member": pb.MEMBER_ROLE_MEMBER,
}
_FIELDS = ("title", "register_number", "kind", "authority_id")
_DONE = ("asked", "joined", "ended")


def organisations() -> Organisations:
    """Calls about organisations."""
    return Organisations(services().channels)


@access.person
def my_organisations() -> str:
    """The organisations that the person belongs to."""
    said = request.args.get("done", "")
    return _list_page(Form(), said if said in _DONE else "")


@access.person
def new_organisation() -> str:
    """The form that founds one."""
    return _form_page(Form({"kind": ""}), None)


@access.person
def found_organisation() -> ResponseReturnValue:
    """Founds one; it waits to be confirmed."""
    return _put(None)


@access.person
def correct_organisation(organisation_id: str) -> str:
    """The form that corrects one."""
    held = _represented(organisation_id)
    kinds = {kind: name for name, kind in KINDS.items()}
    values = {name: getattr(held, name) for name in _FIELDS} | {"kind": kinds.get(held.kind, "")}
    return _form_page(Form(values), held)


@access.person
def ask_again_to_confirm(organisation_id: str) -> ResponseReturnValue:
    """Corrects one; it waits to be confirmed anew."""
    return _put(_represented(organisation_id))


@access.person
def invite_member(organisation_id: str) -> ResponseReturnValue:
    """Makes a link by which one person joins, and shows it."""
    held, role = _represented(organisation_id), request.form.get("role", "")
    if role not in ROLES:
        abort(400)
    token = organisations().invite(signed_in().access_token, forms.request_id(), organisation_id, ROLES[role])
    path = url_for("portal.organisation_invitation", token=token).removeprefix(request.script_root)
    link = links.absolute(address_of(held.authority_id), path, current_language(), settings().default_language)
    return render_template("account/organisations/invitation.html", organisation=held, role=role, link=link)


@access.person
def organisation_invitation(token: str) -> str:
    """What a link invites to; whoever opens it signs in first."""
    return render_template("account/organisations/join.html", token=token, invitation=organisations().invitation(token))


@access.person
def join_organisation(token: str) -> ResponseReturnValue:
    """Joins by a link."""
    organisations().accept(signed_in().access_token, token)
    return redirect(url_for("portal.my_organisations", done="joined"), 303)


@access.person
def end_membership(organisation_id: str, membership_id: str) -> ResponseReturnValue:
    """Ends one's own membership, or that of another."""
    try:
        organisations().end_membership(signed_in().access_token, organisation_id, membership_id)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _list_page(forms.refused(Form(), error)), 409
    return redirect(url_for("portal.my_organisations", done="ended"), 303)


def kind_names() -> Mapping[int, str]:
    """What each kind of organisation is called."""
    return {
        pb.ORGANISATION_KIND_ASSOCIATION: gettext("An association"),
        pb.ORGANISATION_KIND_COMPANY: gettext("A company"),
        pb.ORGANISATION_KIND_INSTITUTION: gettext("A public institution or enterprise"),
        pb.ORGANISATION_KIND_OTHER: gettext("Something else"),
    }


def confirmed_organisations() -> Sequence[pb.RegisteredOrganisation]:
    """The confirmed organisations for which the person acts."""
    return [
        each.organisation
        for each in organisations().mine(signed_in().access_token)
        if each.role == pb.MEMBER_ROLE_REPRESENTATIVE and each.organisation.state == pb.ORGANISATION_STATE_CONFIRMED
    ]


def _represented(organisation_id: str) -> pb.RegisteredOrganisation:
    """An organisation that the person represents; others are not found."""
    mine = organisations().mine(signed_in().access_token)
    held = (each.organisation for each in mine if each.role == pb.MEMBER_ROLE_REPRESENTATIVE)
    return next((each for each in held if each.id == organisation_id), None) or abort(404)


def _put(held: pb.RegisteredOrganisation | None) -> ResponseReturnValue:
    form = forms.read(*_FIELDS)
    if faults := forms.missing(form, *_FIELDS):
        return _form_page(Form(form.values, faults), held), 400
    wish = Wish(
        request_id=forms.request_id(),
        id=held.id if held else "",
        title=form.value("title"),
        register_number=form.value("register_number"),
        kind=KINDS.get(form.value("kind"), 0),
        authority_id=form.value("authority_id"),
    )
    try:
        organisations().put(signed_in().access_token, wish)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _form_page(forms.refused(form, error), held), 400
    return redirect(url_for("portal.my_organisations", done="asked"), 303)


def _list_page(form: Form, said: str = "") -> str:
    mine = organisations().mine(signed_in().access_token)
    return render_template("account/organisations/list.html", form=form, mine=mine, said=said, kinds=kind_names())


def _form_page(form: Form, held: pb.RegisteredOrganisation | None) -> str:
    kinds = [(name, kind_names()[kind]) for name, kind in KINDS.items()]
    authorities = [(each.id, authority_name(each.id)) for each in authorities_here()]
    return render_template(
        "account/organisations/form.html", form=form, held=held, kinds=kinds, authorities=authorities
    )


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/me/organisations/<organisation_id>"
    blueprint.add_url_rule("/me/organisations", view_func=my_organisations)
    blueprint.add_url_rule("/me/organisations/new", view_func=new_organisation)
    blueprint.add_url_rule("/me/organisations/new", view_func=found_organisation, methods=["POST"])
    blueprint.add_url_rule(one, view_func=correct_organisation)
    blueprint.add_url_rule(one, view_func=ask_again_to_confirm, methods=["POST"])
    blueprint.add_url_rule(f"{one}/invite", view_func=invite_member, methods=["POST"])
    blueprint.add_url_rule(f"{one}/members/<membership_id>/end", view_func=end_membership, methods=["POST"])
    blueprint.add_url_rule("/organisations/join/<token>", view_func=organisation_invitation)
    blueprint.add_url_rule("/organisations/join/<token>", view_func=join_organisation, methods=["POST"])


def register(app: Flask) -> None:
    """Gives templates the organisations for which the reader acts."""
    app.jinja_env.globals["confirmed_organisations"] = confirmed_organisations
