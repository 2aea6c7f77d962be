"""The list of events, and one of them: how everybody sees it, what is missing, and what can be done next."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.social.v1 import public_events_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.console.channels import office
from viche_gateway.console.events import desk, saying
from viche_gateway.console.events.desk import Desk
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.sessions import signed_in

PHASES: Mapping[str, "pb.EventPhase.ValueType"] = {
    "draft": pb.EVENT_PHASE_DRAFT, "coming": pb.EVENT_PHASE_COMING, "past": pb.EVENT_PHASE_PAST,
    "cancelled": pb.EVENT_PHASE_CANCELLED,
}  # fmt: skip
_DONE = ("published", "changed", "cancelled", "moments")
_MOST_REASON = 1_000
_MOST_TOKEN = 200


@access.officer
def event_list() -> str:
    """Events of the officer's authorities, by phase."""
    chosen = request.args.get("phase", "")
    chosen = chosen if chosen in PHASES else ""
    found = services().public_events.listed(
        signed_in().access_token, PHASES.get(chosen, pb.EVENT_PHASE_UNSPECIFIED),
        request.args.get("after", "")[:_MOST_TOKEN],
    )  # fmt: skip
    counts = {each.phase: each.events for each in found.counts}
    return render_template(
        "console/events/list.html", events=[Desk(each) for each in found.events], next=found.next_page_token,
        chosen=chosen, say=saying, is_done=request.args.get("done") == "deleted",
        phases=[(name, saying.phase_words(phase), counts.get(phase, 0)) for name, phase in PHASES.items()],
        may_write=bool(office.covered(desk.WRITE)),
    )  # fmt: skip


@access.officer
def event(event_id: str) -> str:
    """One event with what can be done."""
    return _page(desk.read(event_id))


@access.officer
def preview_event(event_id: str) -> str:
    """The event as everybody will see it, and what keeps it from being published."""
    return _preview(desk.read(event_id))


@access.officer
def publish_event(event_id: str) -> ResponseReturnValue:
    """Shows the event to everybody, as it was read."""
    found = desk.writable(event_id)
    try:
        services().public_events.publish(signed_in().access_token, forms.request_id(), found.id, _version())
    except DomainError as error:
        _reraise(error)
        return _preview(desk.read(event_id), Form({}, {"": _said(error)})), 409
    return redirect(url_for("console.event", event_id=found.id, done="published"), 303)


@access.officer
def ask_cancel_event(event_id: str) -> str:
    """Asks for the reason that everybody will read."""
    return _cancellation(desk.writable(event_id), Form())


@access.officer
def cancel_event(event_id: str) -> ResponseReturnValue:
    """Says that the event does not take place."""
    found, form = desk.writable(event_id), forms.read("reason")
    faults = forms.missing(form, "reason")
    if len(form.value("reason")) > _MOST_REASON:
        faults["reason"] = sentences.sentence("TOO_LONG", {"limit": str(_MOST_REASON)})
    if faults:
        return _cancellation(found, Form(form.values, faults)), 400
    try:
        told = services().public_events.cancel(
            signed_in().access_token, forms.request_id(), found.id, form.value("reason")
        )  # fmt: skip
    except DomainError as error:
        _reraise(error)
        return _cancellation(found, Form(form.values, {"": sentences.of(error)})), 409
    return redirect(url_for("console.event", event_id=found.id, done="cancelled", told=told or None), 303)


@access.officer
def ask_delete_event(event_id: str) -> str:
    """Asks once before a draft is thrown away."""
    return render_template("console/events/ask_delete.html", desk=desk.writable(event_id))


@access.officer
def delete_event(event_id: str) -> ResponseReturnValue:
    """Throws a draft away."""
    found = desk.writable(event_id)
    try:
        services().public_events.delete(signed_in().access_token, forms.request_id(), found.id)
    except DomainError as error:
        _reraise(error)
        return _page(found, Form({}, {"": sentences.of(error)})), 409
    return redirect(url_for("console.event_list", done="deleted"), 303)


def _page(found: Desk, form: Form | None = None) -> str:
    done, told = request.args.get("done", ""), request.args.get("told", "")
    return render_template(
        "console/events/page.html", desk=found, event=found.event, form=form or Form(), say=saying,
        titles=saying.step_titles(), done=done if done in _DONE else "",
        told=int(told) if told.isascii() and told.isdigit() and len(told) < 7 else 0,
    )  # fmt: skip


def _preview(found: Desk, form: Form | None = None) -> str:
    return render_template(
        "console/events/preview.html", desk=found, event=found.public, form=form or Form(),
        titles=saying.step_titles(), troubles=saying.troubles(found.event),
    )  # fmt: skip


def _cancellation(found: Desk, form: Form) -> str:
    return render_template("console/events/ask_cancel.html", desk=found, form=form, most=_MOST_REASON)


def _said(error: DomainError) -> str:
    if error.reason == "STALE_VERSION":
        return gettext("Somebody has changed this event since you read it. Read it again, then decide.")
    return sentences.of(error)


def _reraise(error: DomainError) -> None:
    """Lets through what belongs on a page of its own: the service is down, there is no such event, no role for it."""
    if error.reason == "UNAVAILABLE" or error.code in (Code.NOT_FOUND, Code.PERMISSION_DENIED, Code.UNAUTHENTICATED):
        raise error


def _version() -> int:
    """The version that the page showed."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/events/<event_id>"
    for path, view, method in (
        ("/events", event_list, "GET"),
        (one, event, "GET"),
        (f"{one}/preview", preview_event, "GET"),
        (f"{one}/publish", publish_event, "POST"),
        (f"{one}/cancel", ask_cancel_event, "GET"),
        (f"{one}/cancel", cancel_event, "POST"),
        (f"{one}/delete", ask_delete_event, "GET"),
        (f"{one}/delete", delete_event, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
