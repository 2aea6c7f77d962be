"""Public events over the API: the list, and one of them. An empty text that means "none" becomes null."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import url_for
from marshmallow import ValidationError
from viche.social.v1 import public_events_pb2 as pb

from viche_gateway.api import event_shapes
from viche_gateway.api.fields import Sent, Text, Uuid, Whole, choice, text
from viche_gateway.api.operations import Call, Operation, Reply
from viche_gateway.api.petitions import changed_at
from viche_gateway.api.values import Value, moment
from viche_gateway.branding.current import address_of
from viche_gateway.clients.public_events import Wanted
from viche_gateway.context import services
from viche_gateway.formats import now

LIST_AGE_S = 30
EVENT_AGE_S = 10
_PHASES: Mapping[int, str] = {
    pb.EVENT_PHASE_COMING: "coming", pb.EVENT_PHASE_PAST: "past", pb.EVENT_PHASE_CANCELLED: "cancelled",
}  # fmt: skip


class Moment(Text):
    """An instant with its offset (RFC 3339)."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        try:
            read = datetime.fromisoformat(super()._deserialize(value, attr, data, **kwargs))
            return read.astimezone(UTC) if read.tzinfo else _no_time()
        except (ValueError, OverflowError):
            return _no_time()


def _no_time() -> Any:
    raise ValidationError("NOT_AN_INSTANT")


class EventListQuery(Sent):
    """Which events to list."""

    phase = choice("coming", "past", load_default="coming",
                   metadata={"description": "What comes, with what does not take place; or what is over."})  # fmt: skip
    authority = Uuid(load_default=str, metadata={"description": "Only of the authority of this id.", "format": "uuid"})
    until = Moment(load_default=None, metadata={"description": "Only those that begin before. RFC 3339.",
                                                "format": "date-time"})  # fmt: skip
    page_size = Whole(least=1, most=100, load_default=20, metadata={"description": "How many on a page."})
    page_token = text(most=200, load_default=str, metadata={"description": "From the answer before."})


def list_events(call: Call) -> Reply:
    """Public events, page by page."""
    query = call.query
    past = query["phase"] == "past"
    wanted = Wanted(
        [query["authority"]] if query["authority"] else [], since=None if past else now(), until=query["until"],
        past=past, page_size=query["page_size"], page_token=query["page_token"],
    )  # fmt: skip
    found = services().public_events.public(wanted)
    return Reply({
        "events": [event(each) for each in found.events], "next_page_token": found.next_page_token or None,
    })  # fmt: skip


def get_event(call: Call, number: int) -> Reply:
    """One event."""
    found = services().public_events.by_number(number)
    return Reply(event(found), changed_at(found.changed_at))


def event(item: pb.PublicEvent) -> Value:
    """An event as everybody may see it."""
    home = address_of(item.authority_id)
    return {
        "number": item.number,
        "authority_id": item.authority_id,
        "kind": _name(pb.EventKind.Name(item.kind)),
        "phase": _PHASES.get(item.phase, "coming"),
        "title": dict(item.title),
        "summary": dict(item.summary),
        "agenda": dict(item.agenda),
        "starts_at": moment(item.starts_at),
        "ends_at": moment(item.ends_at),
        "time_zone": item.time_zone,
        "place": _place(item.place) if item.HasField("place") else None,
        "is_online": item.is_online,
        "online_url": item.online_url or None,
        "materials": [{"title": dict(each.title), "url": each.url} for each in item.materials],
        "contact": item.contact or None,
        "registration": _registration(item),
        "cancelled_because": item.cancelled_because or None,
        "moments_post": item.moments_post or None,
        "changed_at": moment(item.changed_at),
        "url": home + url_for("portal.event", number=item.number),
        "calendar_url": home + url_for("portal.event_calendar", number=item.number),
    }


def _place(place: pb.EventPlace) -> Value:
    return {
        "title": dict(place.title),
        "address": dict(place.address),
        "accessibility": dict(place.accessibility),
        "latitude": place.latitude if place.HasField("latitude") else None,
        "longitude": place.longitude if place.HasField("longitude") else None,
    }


def _registration(item: pb.PublicEvent) -> Value:
    return {
        "status": _name(pb.RegistrationStatus.Name(item.registration_status)),
        "until": moment(item.registration_until),
        "capacity": item.capacity or None,
        "places_left": item.places_left if item.HasField("places_left") else None,
        "has_waiting_list": item.has_waiting_list,
        "waiting_count": item.waiting_registrations,
        "most_seats": item.most_seats or 1,
    }


def _name(value: str) -> str:
    """What follows the name of its enumeration, for instance "open"."""
    return value.removeprefix("EVENT_KIND_").removeprefix("REGISTRATION_STATUS_").lower()


OPERATIONS = (
    Operation(
        method="get",
        path="/events",
        run=list_events,
        summary="List public events",
        tag="events",
        description="Hearings, meetings and consultations to which authorities invite everybody. As calendars: "
        "`/events.ics` and `/authorities/SLUG/events.ics` of the portal; as feeds: `/events.atom`.",
        query=EventListQuery,
        answer=event_shapes.EventPageShape,
        max_age_s=LIST_AGE_S,
        reasons={"BAD_PAGE_TOKEN": 400},
    ),
    Operation(
        method="get",
        path="/events/{number}",
        run=get_event,
        summary="Get a public event",
        tag="events",
        answer=event_shapes.EventShape,
        max_age_s=EVENT_AGE_S,
        reasons={"EVENT_NOT_FOUND": 404},
    ),
)
