"""Mails to the person: whether they arrive, and which ones are wanted."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from viche_gateway import access, forms, mailing
from viche_gateway.branding.current import here
from viche_gateway.clients.identity import SignInLink
from viche_gateway.context import client_network, services
from viche_gateway.languages import current_language
from viche_gateway.sessions import signed_in

SUBJECTS = (mailing.EVERYTHING, mailing.OFFICE)


@access.person
def mails() -> str:
    """Whether mail arrives, with a switch for each kind that one can stop."""
    email = signed_in().person.email
    return render_template(
        "mails/page.html",
        email=email,
        standing=mailing.standing(email) if email else None,
        stopped=services().notifications.stopped(email, SUBJECTS) if email else (),
        everything=mailing.EVERYTHING,
        office=mailing.OFFICE if signed_in().person.grants else "",
    )


@access.person
def switch_mails() -> ResponseReturnValue:
    """Turns mails of one kind on or off."""
    subject, email = request.form.get("subject", ""), signed_in().person.email
    if subject not in SUBJECTS or not email:
        abort(400)
    services().notifications.set_subscription(email, subject, is_stopped=bool(request.form.get("stop")))
    return redirect(url_for("portal.mails"), 303)


@access.person
def try_address() -> ResponseReturnValue:
    """Sends a link to the person's own address; using it tells that mail arrives."""
    services().identity.request_link(
        SignInLink(
            request_id=forms.request_id(),
            email=signed_in().person.email,
            language=current_language(),
            return_path="/me/mails",
            network=client_network(),
            site=here().slug,
        )
    )
    return redirect(url_for("portal.link_sent"), 303)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/me/mails", view_func=mails)
    blueprint.add_url_rule("/me/mails", view_func=switch_mails, methods=["POST"])
    blueprint.add_url_rule("/me/mails/link", view_func=try_address, methods=["POST"])
