"""An e-mail address for people whom a provider has named without one."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms
from viche_gateway.browsers import browser_secret
from viche_gateway.clients.providers import AddressLink
from viche_gateway.context import client_network, services
from viche_gateway.forms import Form
from viche_gateway.languages import current_language
from viche_gateway.portal.signing_in import safe_path
from viche_gateway.sessions import signed_in


@access.person
def address() -> ResponseReturnValue:
    """Asks for the address; whoever has one is sent on."""
    return_path = safe_path(request.args.get("next", "")) or "/me"
    if signed_in().person.email:
        return redirect(url_for("portal.me"), 303)
    return _page(Form({"next": return_path}))


@access.person
def send_address_link() -> ResponseReturnValue:
    """Has a link sent to the address."""
    form = forms.read("email", "next")
    if faults := forms.missing(form, "email"):
        return _page(Form(form.values, faults)), 400
    link = AddressLink(
        request_id=forms.request_id(),
        email=form.value("email"),
        language=current_language(),
        browser=browser_secret(),
        return_path=safe_path(form.value("next")) or "/me",
        network=client_network(),
    )
    try:
        services().identity.providers.request_address_link(signed_in().access_token, link)
    except DomainError as error:
        if error.reason == "CONFIRM_FIRST":
            return redirect(url_for("portal.show_again", next="/me/address"), 303)
        if error.code == Code.UNAVAILABLE:
            raise
        return _page(forms.refused(form, error)), 429 if error.code == Code.RESOURCE_EXHAUSTED else 400
    return redirect(url_for("portal.link_sent"), 303)


def _page(form: Form) -> str:
    return render_template("account/providers/address.html", form=form)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/me/address", view_func=address)
    blueprint.add_url_rule("/me/address", view_func=send_address_link, methods=["POST"])
