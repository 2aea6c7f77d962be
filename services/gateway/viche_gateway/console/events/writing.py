"""Writing an event, one group of questions a page: each step saves its part, and the others stay as they are."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.social.v1 import public_events_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.console.channels import office
from viche_gateway.console.events import desk, pieces, saying, times
from viche_gateway.console.events.desk import Desk
from viche_gateway.console.texts import SEPARATOR
from viche_gateway.context import services, settings
from viche_gateway.forms import Form
from viche_gateway.portal.events.saying import KINDS, kind_words
from viche_gateway.sessions import signed_in

_TIMES = ("time", "place", "online")
"""Steps of which everybody who comes is told when they change."""


@access.officer
def new_event() -> str:
    """Asks who invites, and to what."""
    return _new(Form({"authority_id": request.args.get("authority", "")}))


@access.officer
def create_event() -> ResponseReturnValue:
    """Starts a draft."""
    form = _read()
    known = dict(office.authorities(desk.WRITE))
    authority = form.value("authority_id") or (next(iter(known)) if len(known) == 1 else "")
    empty = pb.EventContent(time_zone=settings().timezone)
    read = pieces.changed("kind", form, empty)
    faults = dict(read.faults)
    if authority not in known:
        faults["authority_id"] = sentences.sentence("UNKNOWN_AUTHORITY" if authority else "REQUIRED")
    if faults:
        return _new(Form(form.values, faults)), 400
    try:
        made = services().public_events.create(signed_in().access_token, forms.request_id(), authority, read.content)
    except DomainError as error:
        if error.code not in (Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION):
            raise
        return _new(forms.refused(form, error)), 400
    return redirect(url_for("console.event_step", event_id=made.id, step="text"), 303)


@access.officer
def event_step(event_id: str, step: str) -> ResponseReturnValue:
    """A step, with what keeps the event from being published where the officer comes from its preview."""
    found = _step(event_id, step)
    if not found.is_editable:
        return redirect(url_for("console.event", event_id=event_id), 303)
    faults = saying.faults_of(found.event, step) if request.args.get("back") == "preview" else {}
    return _page(found, step, Form(pieces.values_of(step, found.content), faults))


@access.officer
def save_event_step(event_id: str, step: str) -> ResponseReturnValue:
    """Saves a step and goes on; what cannot be saved comes back as it was written."""
    found, form = _step(event_id, step), _read()
    read = pieces.changed(step, form, found.content)
    if read.faults:
        return _page(found, step, Form(form.values, read.faults)), 400
    if read.content == found.content:
        return _onward(found, step)  # nothing is to be changed, or the form was sent twice
    if not found.is_editable:
        return redirect(url_for("console.event", event_id=event_id), 303)
    if form.value("version") != str(found.event.version):
        return _page(found, step, Form(form.values, {"": sentences.sentence("STALE_VERSION")})), 409
    try:
        saved = services().public_events.update(
            signed_in().access_token, forms.request_id(), event_id, found.event.version, read.content
        )
    except DomainError as error:
        if error.reason == "UNAVAILABLE" or error.code in (Code.NOT_FOUND, Code.PERMISSION_DENIED):
            raise
        return _page(found, step, _refused(form, error)), 400
    return _onward(Desk(saved.event), step, saved.told)


def _refused(form: Form, error: DomainError) -> Form:
    if error.reason == "SEATS_ARE_TAKEN":
        return Form(form.values, {"capacity": sentences.of(error)})
    names = {f"content.{name.replace(SEPARATOR, '.')}": name for name in form.values}
    return forms.refused(form, error, names)


def _onward(found: Desk, step: str, told: int = 0) -> ResponseReturnValue:
    """Where the pressed button leads: the same step, the event's page, the preview, or the next step."""
    if request.form.get("act") == "more":
        return redirect(url_for("console.event_step", event_id=found.id, step=step), 303)
    if not found.is_draft:
        return redirect(url_for("console.event", event_id=found.id, done="changed", told=told or None), 303)
    following = pieces.STEPS[pieces.STEPS.index(step) + 1 :]
    if request.args.get("back") == "preview" or request.form.get("act") == "preview" or not following:
        return redirect(url_for("console.preview_event", event_id=found.id), 303)
    return redirect(url_for("console.event_step", event_id=found.id, step=following[0]), 303)


def _page(found: Desk, step: str, form: Form) -> str:
    return render_template(
        f"console/events/steps/{step}.html", desk=found, step=step, form=form, say=saying, sep=SEPARATOR,
        languages=found.languages, needed=_needed(found, form), kinds=_kinds(), rows=_rows(form),
        zones=times.zones(form.value("time_zone")) if step == "time" else (), number=pieces.STEPS.index(step) + 1,
        titles=saying.step_titles(), reminders=[(str(each), saying.reminder_words(each)) for each in pieces.REMINDERS],
        tells=step in _TIMES and found.is_coming and found.event.counts.registrations > 0,
    )  # fmt: skip


def _needed(found: Desk, form: Form) -> frozenset[str]:
    """Languages whose fields stand open: the portal's first, and those that are written in or wrong."""
    named = (*form.errors, *(name for name, text in form.values.items() if text))
    written = (name.rpartition(SEPARATOR)[2] for name in named if SEPARATOR in name)
    return frozenset((settings().default_language, *found.content.title, *written))


def _rows(form: Form) -> int:
    text = form.value("rows")
    return min(pieces.MOST_MATERIALS, int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _new(form: Form) -> str:
    if not office.covered(desk.WRITE):
        office.turn_back("console.event_list")
    return render_template(
        "console/events/new.html", form=form, authorities=office.authorities(desk.WRITE), kinds=_kinds()
    )  # fmt: skip


def _kinds() -> list[tuple[str, str]]:
    return [(str(int(kind)), kind_words(kind)) for kind in KINDS]


def _read() -> Form:
    """Everything that was sent, with the ends trimmed."""
    values: Mapping[str, str] = {name: text.strip() for name, text in request.form.items()}
    return Form(values)


def _step(event_id: str, step: str) -> Desk:
    return desk.writable(event_id) if step in pieces.STEPS else abort(404)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    for path, view, method in (
        ("/events/new", new_event, "GET"),
        ("/events/new", create_event, "POST"),
        ("/events/<event_id>/steps/<step>", event_step, "GET"),
        ("/events/<event_id>/steps/<step>", save_event_step, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
