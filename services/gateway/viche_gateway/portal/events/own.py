"""A registration, for whoever made it: by the secret link of a mail, or among a person's own. GET changes nothing."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.social.v1 import public_events_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.context import services
from viche_gateway.sessions import Session, signed_in

_MOST_MINE = 50


@access.form
def registration(token: str) -> str:
    """The page that mails open: mail scanners follow links, so a person presses the button."""
    return _page(services().public_events.by_secret(token), token)


@access.form
def confirm_registration(token: str) -> ResponseReturnValue:
    """Makes a registration hold."""
    try:
        services().public_events.confirm(token, forms.request_id())
    except DomainError as error:
        if error.code != Code.FAILED_PRECONDITION:
            raise
        return _page(services().public_events.by_secret(token), token, sentences.of(error)), 409
    return redirect(url_for("portal.registration", token=token, done=1), 303)


@access.form
def ask_give_back(token: str) -> str:
    """Asks once."""
    return render_template("portal/events/ask_give_back.html", own=services().public_events.by_secret(token),
                           back=url_for("portal.registration", token=token))  # fmt: skip


@access.form
def give_back(token: str) -> ResponseReturnValue:
    """Gives the places back."""
    try:
        services().public_events.give_back(forms.request_id(), token)
    except DomainError as error:
        if error.code != Code.FAILED_PRECONDITION:
            raise
        return _page(services().public_events.by_secret(token), token, sentences.of(error)), 409
    return redirect(url_for("portal.registration", token=token, done=1), 303)


@access.person
def own_registration(registration_id: str) -> str:
    """One of the person's registrations."""
    return _page(_own(registration_id))


@access.person
def ask_give_own_back(registration_id: str) -> str:
    """Asks once."""
    return render_template("portal/events/ask_give_back.html", own=_own(registration_id),
                           back=url_for("portal.own_registration", registration_id=registration_id))  # fmt: skip


@access.person
def give_own_back(registration_id: str) -> ResponseReturnValue:
    """Gives the places back."""
    try:
        services().public_events.give_own_back(forms.request_id(), signed_in().access_token, _id(registration_id))
    except DomainError as error:
        if error.code != Code.FAILED_PRECONDITION:
            raise
        return _page(_own(registration_id), fault=sentences.of(error)), 409
    return redirect(url_for("portal.own_registration", registration_id=registration_id, done=1), 303)


def mine(session: Session) -> Sequence[pb.OwnRegistration] | None:
    """What a person has registered for, the latest first; None while it cannot be known."""
    try:
        return list(services().public_events.mine(session.access_token))[:_MOST_MINE]
    except DomainError:
        return None


def _own(registration_id: str) -> pb.OwnRegistration:
    return services().public_events.own(signed_in().access_token, _id(registration_id))


def _id(text: str) -> str:
    """The id of an address; 404 for what is none."""
    try:
        return str(UUID(text))
    except ValueError:
        abort(404)


def _page(own: pb.OwnRegistration, token: str = "", fault: str = "") -> str:
    id = own.registration.id
    cancel = url_for("portal.ask_give_back", token=token) if token else url_for("portal.ask_give_own_back",
                                                                                registration_id=id)  # fmt: skip
    return render_template(
        "portal/events/own.html", own=own, event=own.event, held=own.registration, token=token, cancel=cancel,
        fault=fault, is_done=request.args.get("done") == "1",
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    secret, own = "/events/registrations/<token>", "/me/events/<registration_id>"
    for path, view, method in (
        (secret, registration, "GET"),
        (f"{secret}/confirm", confirm_registration, "POST"),
        (f"{secret}/cancel", ask_give_back, "GET"),
        (f"{secret}/cancel", give_back, "POST"),
        (own, own_registration, "GET"),
        (f"{own}/cancel", ask_give_own_back, "GET"),
        (f"{own}/cancel", give_own_back, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
