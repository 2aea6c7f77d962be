"""Stopping mails: by the button on the page, or by the mail program's own button (RFC 8058)."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import access
from viche_gateway.context import services

_ONE_CLICK = ("List-Unsubscribe", "One-Click")


@access.form
def unsubscribe_page(token: str) -> str:
    """What the link is for, with the button that stops it or undoes that."""
    subscription = services().notifications.subscription(token)
    petition = _petition_of(subscription.subject)
    return render_template("subscriptions/page.html", subscription=subscription, petition=petition, token=token)


@access.form
def unsubscribe(token: str) -> ResponseReturnValue:
    """Stops the mails. A mail program posts "List-Unsubscribe=One-Click" and has no CSRF token."""
    name, value = _ONE_CLICK
    if request.form.get(name) == value:
        services().notifications.unsubscribe(token)
        return "", 200
    current_app.extensions["csrf"].protect()
    if request.form.get("undo"):
        services().notifications.resubscribe(token)
    else:
        services().notifications.unsubscribe(token)
    return redirect(url_for("portal.unsubscribe_page", token=token), 303)


def _petition_of(subject: str) -> pb.Petition | None:
    kind, _, petition_id = subject.partition(":")
    if kind != "petition":
        return None
    try:
        return services().petitions.by_id(petition_id)
    except DomainError:
        return None


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/unsubscribe/<token>", view_func=unsubscribe_page)
    blueprint.add_url_rule("/unsubscribe/<token>", view_func=unsubscribe, methods=["POST"])
    # it looks at the CSRF token itself, because mail programs have none
    blueprint.record_once(lambda state: state.app.extensions["csrf"].exempt(unsubscribe))
