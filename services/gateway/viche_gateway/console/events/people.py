"""Who comes to an event: the list at the door, with a press for each who is there. Names leave it for nobody else."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from itertools import chain

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from google.protobuf.timestamp_pb2 import Timestamp
from viche.social.v1 import public_events_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, downloads, forms, sentences
from viche_gateway.console.channels.office import checked_id
from viche_gateway.console.events import desk, saying
from viche_gateway.console.events.desk import Desk
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.sessions import signed_in

STATES: Mapping[str, "pb.RegistrationState.ValueType"] = {
    "waiting": pb.REGISTRATION_STATE_WAITING, "pending": pb.REGISTRATION_STATE_PENDING,
    "cancelled": pb.REGISTRATION_STATE_CANCELLED, "removed": pb.REGISTRATION_STATE_REMOVED,
}  # fmt: skip
_DONE = ("added", "removed")
_MOST_QUERY = 100
_MOST_REASON = 1_000
_MOST_TOKEN = 200
_COLUMNS = ("name", "email", "seats", "state", "registered_at", "checked_in_at", "at_the_door", "language")


@access.officer
def people_of_event(event_id: str) -> str:
    """Those who come, with a search and a press for each."""
    return _page(_looked_after(event_id), Form({"seats": "1"}))


@access.officer
def note_arrival(event_id: str, registration_id: str) -> ResponseReturnValue:
    """Notes that somebody is there."""
    return _press(event_id, registration_id, is_there=True)


@access.officer
def undo_arrival(event_id: str, registration_id: str) -> ResponseReturnValue:
    """Takes that back."""
    return _press(event_id, registration_id, is_there=False)


@access.officer
def add_at_door(event_id: str) -> ResponseReturnValue:
    """Registers somebody who has come without."""
    found, form = _looked_after(event_id), forms.read("name", "seats")
    seats, faults = form.value("seats") or "1", forms.missing(form, "name")
    if not (seats.isascii() and seats.isdigit() and len(seats) < 4 and int(seats)):
        faults["seats"] = sentences.sentence("NOT_A_NUMBER")
    if faults:
        return _page(found, Form(form.values, faults)), 400
    try:
        made = services().public_events.add_at_door(
            signed_in().access_token, forms.request_id(), found.id, form.value("name"), int(seats)
        )
    except DomainError as error:
        _reraise(error)
        field = "seats" if error.reason == "TOO_MANY_SEATS" else ""
        return _page(found, Form(form.values, {field: sentences.of(error)})), 409
    return redirect(url_for("console.people_of_event", event_id=event_id, done="added", _anchor=f"p-{made}"), 303)


@access.officer
def ask_remove_person(event_id: str, registration_id: str) -> str:
    """Asks for the reason that is mailed."""
    return _removal(_looked_after(event_id), registration_id, Form())


@access.officer
def remove_person(event_id: str, registration_id: str) -> ResponseReturnValue:
    """Takes a registration away."""
    found, form = _looked_after(event_id), forms.read("reason")
    faults = forms.missing(form, "reason")
    if len(form.value("reason")) > _MOST_REASON:
        faults["reason"] = sentences.sentence("TOO_LONG", {"limit": str(_MOST_REASON)})
    if faults:
        return _removal(found, registration_id, Form(form.values, faults)), 400
    try:
        services().public_events.remove(
            signed_in().access_token, forms.request_id(), checked_id(registration_id), form.value("reason")
        )
    except DomainError as error:
        _reraise(error)
        return _removal(found, registration_id, Form(form.values, {"": sentences.of(error)})), 409
    return redirect(url_for("console.people_of_event", event_id=event_id, done="removed"), 303)


@access.officer
def print_people(event_id: str) -> str:
    """The list on paper."""
    found = _looked_after(event_id)
    people = list(services().public_events.everybody(signed_in().access_token, found.id))
    return render_template("console/events/print.html", desk=found, event=found.public, people=people, say=saying)


@access.officer
def people_table(event_id: str) -> Response:
    """The list as CSV; no cell is a formula."""
    found = _looked_after(event_id)
    people = services().public_events.everybody(signed_in().access_token, found.id)
    return downloads.table([_COLUMNS, *map(_row, people)], f"event-{found.event.number}-registrations.csv")


def _row(each: pb.Registration) -> tuple[object, ...]:
    state = pb.RegistrationState.Name(each.state).removeprefix("REGISTRATION_STATE_").lower()
    arrived_at = _instant(each.checked_in_at) if each.HasField("checked_in_at") else ""
    at_door = "yes" if each.is_from_door else ""
    return each.name, each.email, each.seats, state, _instant(each.created_at), arrived_at, at_door, each.language


def _instant(stamp: Timestamp) -> str:
    return stamp.ToDatetime(tzinfo=UTC).isoformat(timespec="seconds")


def _press(event_id: str, registration_id: str, *, is_there: bool) -> ResponseReturnValue:
    """One press at the door, and back to where it was made."""
    found, events = _looked_after(event_id), services().public_events
    act = events.note_arrival if is_there else events.undo_arrival
    try:
        act(signed_in().access_token, forms.request_id(), checked_id(registration_id))
    except DomainError as error:
        _reraise(error)
        return _page(found, Form({"seats": "1"}, {"": sentences.of(error)})), 409
    query = request.form.get("q", "")[:_MOST_QUERY] or None
    after = request.form.get("after", "")[:_MOST_TOKEN] or None
    return redirect(
        url_for("console.people_of_event", event_id=event_id, q=query, after=after, _anchor=f"p-{registration_id}"), 303
    )  # fmt: skip


def _page(found: Desk, form: Form) -> str:
    chosen = request.args.get("state", "")
    chosen = chosen if chosen in STATES else ""
    query = (request.args.get("q") or request.form.get("q", "")).strip()[:_MOST_QUERY]
    token = request.args.get("after", "")[:_MOST_TOKEN]
    people = services().public_events.people(
        signed_in().access_token, found.id, STATES.get(chosen, pb.REGISTRATION_STATE_UNSPECIFIED), query, token
    )
    done = request.args.get("done", "")
    return render_template(
        "console/events/people.html", desk=found, form=form, say=saying, people=people.registrations,
        counts=people.counts, next=people.next_page_token, chosen=chosen, query=query, token=token,
        done=done if done in _DONE else "", filters=list(_filters()), seats=_seats(found),
    )  # fmt: skip


def _filters() -> Iterator[tuple[str, str]]:
    yield "", gettext("All who come or wait")
    for name, state in STATES.items():
        yield name, saying.registration_words(state)


def _seats(found: Desk) -> list[tuple[str, str]]:
    return [(str(each), str(each)) for each in range(1, max(1, found.content.registration.most_seats) + 1)]


def _removal(found: Desk, registration_id: str, form: Form) -> str:
    id = checked_id(registration_id)
    events, token = services().public_events, signed_in().access_token
    people = chain(events.everybody(token, found.id), events.everybody(token, found.id, pb.REGISTRATION_STATE_PENDING))
    person = next((each for each in people if each.id == id), None) or abort(404)
    return render_template("console/events/ask_remove.html", desk=found, person=person, form=form, most=_MOST_REASON)


def _looked_after(event_id: str) -> Desk:
    """The event, for those who may see who comes; 404 for one that nobody registers for."""
    found = desk.writable(event_id)
    return found if found.has_people else abort(404)


def _reraise(error: DomainError) -> None:
    if error.reason == "UNAVAILABLE" or error.code in (Code.NOT_FOUND, Code.PERMISSION_DENIED, Code.UNAUTHENTICATED):
        raise error


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    people = "/events/<event_id>/people"
    for path, view, method in (
        (people, people_of_event, "GET"),
        (f"{people}/print", print_people, "GET"),
        (f"{people}.csv", people_table, "GET"),
        (f"{people}/add", add_at_door, "POST"),
        (f"{people}/<registration_id>/here", note_arrival, "POST"),
        (f"{people}/<registration_id>/undo", undo_arrival, "POST"),
        (f"{people}/<registration_id>/remove", ask_remove_person, "GET"),
        (f"{people}/<registration_id>/remove", remove_person, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
