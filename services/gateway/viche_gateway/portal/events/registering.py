"""Registering for an event: at once for who is signed in, by a mail with a link for everybody else."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.social.v1 import public_events_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, human, sentences
from viche_gateway.clients.public_events import Wish
from viche_gateway.context import client_network, services
from viche_gateway.forms import Form
from viche_gateway.languages import current_language
from viche_gateway.limits import Counter, Rule
from viche_gateway.portal.events import pages, saying
from viche_gateway.sessions import Session, current_session

UNPROVEN = Rule("registrations without a solved challenge", 20, 600)
MAILED = Rule("mails about registrations to one mailbox", 10, 3600)
HELD_S = 1800
"""For so long a registration that nobody has confirmed holds its places."""

FEW_HELD = 5
"""So many unconfirmed registrations for an event one connection may always make, however few places there are."""

_FIELDS = ("name", "email", "seats")
_HOLDING = (
    pb.REGISTRATION_STATE_PENDING, pb.REGISTRATION_STATE_REGISTERED, pb.REGISTRATION_STATE_WAITING,
)  # fmt: skip
_OF_FORM = (Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION, Code.ABORTED, Code.RESOURCE_EXHAUSTED)
_FIELD_OF = {"TOO_MANY_SEATS": "seats"}


@access.form
def register_page(number: int) -> ResponseReturnValue:
    """The form; who is registered already is led to their registration."""
    found = pages.known(number)
    if (session := _known(current_session())) and (held := _held(session, number)):
        return redirect(url_for("portal.own_registration", registration_id=held), 303)
    return _page(found, Form({"name": session.person.name if session else "", "seats": "1"}))


@access.form
def register_for_event(number: int) -> ResponseReturnValue:
    """Registers; what is wrong is said beside its field, with all that was written."""
    found, session, form = pages.known(number), _known(current_session()), forms.read(*_FIELDS)
    faults = forms.missing(form, "name", *(() if session else ("email",)))
    seats = _seats(form)
    if not seats:
        faults["seats"] = sentences.sentence("NOT_A_NUMBER")
    if faults:
        return _page(found, Form(form.values, faults)), 400
    if human.is_program(request.form):
        return redirect(url_for("portal.registration_mail", number=number), 303)
    try:
        if session is None:
            _count(found, form.value("email"))
        answer = services().public_events.register(_wish(number, form, session, seats))
    except DomainError as error:
        if error.reason == "UNAVAILABLE" or error.code not in _OF_FORM:
            raise
        return _refused(number, form, error)
    if answer.registration_id:
        return redirect(url_for("portal.own_registration", registration_id=answer.registration_id, done=1), 303)
    return redirect(url_for("portal.registration_mail", number=number, waits=int(answer.waits) or None), 303)


@access.form
def registration_mail(number: int) -> str:
    """Says that a mail is on its way."""
    waits = request.args.get("waits") == "1"
    return render_template("portal/events/mail.html", event=pages.known(number), waits=waits)


def _refused(number: int, form: Form, error: DomainError) -> ResponseReturnValue:
    """The form as it stands now, with what was said of it."""
    found = pages.known(number)
    field = _FIELD_OF.get(error.reason)
    again = Form(form.values, {field: sentences.of(error)}) if field else forms.refused(form, error)
    status = {Code.RESOURCE_EXHAUSTED: 429, Code.INVALID_ARGUMENT: 400}.get(error.code, 409)
    return _page(found, again), status


def _count(found: pb.PublicEvent, email: str) -> None:
    """Counts who is not signed in: nobody shall hold the places of others, or fill a mailbox.

    Raises:
        InvalidFields: the address is none.
        TooManyRequests: it is one too many.
    """
    from viche_chassis.mailboxes import canonical_mailbox  # a portal at rest reads no addresses

    counter: Counter = current_app.extensions["viche.limits"]
    mailbox = canonical_mailbox(email)
    if not human.is_checked(request.form.get("altcha", "")):
        counter.hit(UNPROVEN, client_network())
    if found.capacity and found.registration_status == pb.REGISTRATION_STATUS_OPEN:
        counter.hit(_held_by_one(found), f"{client_network()} {found.number}")
    counter.hit(MAILED, mailbox)


def _held_by_one(found: pb.PublicEvent) -> Rule:
    """One connection holds half of the places at most, were every registration to take as many as it may."""
    most = found.capacity // (2 * max(1, found.most_seats))
    return Rule("registrations for one event", max(FEW_HELD, most), HELD_S)


def _page(found: pb.PublicEvent, form: Form) -> str:
    return render_template(
        "portal/events/register.html", event=found, form=form, session=_known(current_session()),
        seats=[(str(each), saying.seats(each)) for each in range(1, max(1, found.most_seats) + 1)],
    )  # fmt: skip


def _known(session: Session | None) -> Session | None:
    """The session of a person whose address is known; others give one, and confirm it."""
    return session if session and session.person.email else None


def _held(session: Session, number: int) -> str:
    """The registration that a person has for an event; empty where there is none, or it cannot be told."""
    try:
        own = services().public_events.own(session.access_token, number=number).registration
    except DomainError:
        return ""
    return own.id if own.state in _HOLDING else ""


def _seats(form: Form) -> int:
    """How many places; 0 for what is no such number."""
    text = form.value("seats") or "1"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _wish(number: int, form: Form, session: Session | None, seats: int) -> Wish:
    return Wish(
        request_id=forms.request_id(), number=number, name=form.value("name"),
        email=session.person.email if session else form.value("email"), seats=seats, language=current_language(),
        access_token=session.access_token if session else "",
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    path = "/events/<int:number>/register"
    blueprint.add_url_rule(path, view_func=register_page)
    blueprint.add_url_rule(path, view_func=register_for_event, methods=["POST"])
    blueprint.add_url_rule("/events/<int:number>/mail", view_func=registration_mail)
