"""Public events from and to messages."""

from collections.abc import Iterator, Mapping
from typing import Any

from viche.social.v1 import public_events_pb2 as pb

from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_chassis.messages import identifier, timestamp
from viche_social.domain.event_problems import problems
from viche_social.domain.public_events import (
    HOLDING,
    USUAL_REMINDER_HOURS,
    Content,
    EventKind,
    EventPhase,
    EventState,
    Material,
    Place,
    Registering,
    RegistrationState,
    RegistrationStatus,
    phase_of,
    places_left,
    registration_status,
)
from viche_social.event_calendars import uid_of
from viche_social.store.public_events import PublicEvent
from viche_social.store.registrations import Counts, Registration
from viche_social.visitors import Visitor

KINDS = {kind: pb.EventKind.Value(f"EVENT_KIND_{kind.name}") for kind in EventKind}
STATES = {state: pb.EventState.Value(f"EVENT_STATE_{state.name}") for state in EventState}
PHASES = {phase: pb.EventPhase.Value(f"EVENT_PHASE_{phase.name}") for phase in EventPhase}
STATUSES = {each: pb.RegistrationStatus.Value(f"REGISTRATION_STATUS_{each.name}") for each in RegistrationStatus}
REGISTRATION_STATES = {
    state: pb.RegistrationState.Value(f"REGISTRATION_STATE_{state.name}") for state in RegistrationState
}
_KIND_OF: dict[int, EventKind] = {number: kind for kind, number in KINDS.items()}
_PHASE_OF: dict[int, EventPhase] = {number: phase for phase, number in PHASES.items()}
_STATE_OF: dict[int, RegistrationState] = {number: state for state, number in REGISTRATION_STATES.items()}
MOST_TITLE, MOST_TEXT = 500, 20_000
MOST_URL_BYTES = 2_000
"""As mails take them: a longer one would keep every mail about the event back."""


def read_content(message: pb.EventContent, time_zone: str) -> Content:
    """What an officer has written.

    Args:
        message: as it came.
        time_zone: of the region, where none is written.
    Raises:
        InvalidFields: something cannot be kept at all; a draft may have any other fault.
    """
    kind = _KIND_OF.get(message.kind)
    if kind is None:
        raise InvalidFields(invalid("content.kind", "REQUIRED"))
    if found := list(_too_long(message)):
        raise InvalidFields(*found)
    return Content(
        kind=kind,
        title=dict(message.title),
        summary=dict(message.summary),
        agenda=dict(message.agenda),
        starts=message.starts.strip(),
        ends=message.ends.strip(),
        time_zone=message.time_zone.strip() or time_zone,
        place=_read_place(message.place),
        online_url=message.online_url.strip(),
        online_for_registered=message.online_for_registered,
        materials=tuple(Material(dict(each.title), each.url.strip()) for each in message.materials),
        contact=message.contact.strip(),
        registering=_read_registering(message.registration),
        reminder_hours=message.reminder_hours if message.HasField("reminder_hours") else USUAL_REMINDER_HOURS,
        moments_post_id=identifier(message.moments_post_id),
    )


def _read_place(message: pb.EventPlace) -> Place:
    return Place(
        dict(message.title), dict(message.address), dict(message.accessibility),
        message.latitude if message.HasField("latitude") else None,
        message.longitude if message.HasField("longitude") else None,
    )  # fmt: skip


def _read_registering(message: pb.EventRegistration) -> Registering:
    return Registering(
        message.is_needed, message.until.strip(), message.capacity, message.has_waiting_list, message.most_seats or 1
    )


def _too_long(message: pb.EventContent) -> Iterator[FieldViolation]:
    place = message.place
    named = (
        ("title", message.title, MOST_TITLE), ("summary", message.summary, MOST_TEXT),
        ("agenda", message.agenda, MOST_TEXT), ("place.title", place.title, MOST_TITLE),
        ("place.address", place.address, MOST_TITLE), ("place.accessibility", place.accessibility, MOST_TEXT),
        *((f"materials.{index}.title", each.title, MOST_TITLE) for index, each in enumerate(message.materials)),
    )  # fmt: skip
    for field, texts, most in named:
        if any(len(text) > most for text in texts.values()):
            yield invalid(f"content.{field}", "TOO_LONG", limit=most)
    urls = (
        ("online_url", message.online_url),
        *((f"materials.{index}.url", each.url) for index, each in enumerate(message.materials)),
    )
    for field, url in urls:
        if len(url.encode()) > MOST_URL_BYTES:
            yield invalid(f"content.{field}", "TOO_LONG", limit=MOST_URL_BYTES)


def read_phase(number: int) -> EventPhase | None:
    """The phase that is asked for; None for any."""
    return _PHASE_OF.get(number)


def read_states(number: int) -> frozenset[RegistrationState]:
    """The states that are asked for: with none those that hold."""
    state = _STATE_OF.get(number)
    return frozenset({state}) if state else HOLDING - {RegistrationState.PENDING}


def event_message(event: PublicEvent, counts: Counts, deleted_at: Any, host: str) -> pb.Event:
    """An event as officers see it.

    Args:
        event: the event.
        counts: who comes.
        deleted_at: when names and addresses are deleted, or were.
        host: of the portal.
    """
    is_draft = event.state is EventState.DRAFT
    return pb.Event(
        id=str(event.id),
        number=event.number,
        authority_id=str(event.authority_id),
        content=_content_message(event.content),
        state=STATES[event.state],  # pyright: ignore[reportArgumentType]
        phase=PHASES[phase_of(event.state, event.times.over_at, event.now)],  # pyright: ignore[reportArgumentType]
        version=event.version,
        starts_at=timestamp(event.times.starts_at),
        ends_at=timestamp(event.times.ends_at),
        cancelled_because=event.cancelled_because,
        counts=counts_message(counts),
        problems=[
            pb.EventProblem(field=each.field, reason=each.reason)
            for each in (problems(event.content, event.now) if is_draft else ())
        ],
        registration_status=_status(event),  # pyright: ignore[reportArgumentType]
        uid=uid_of(event, host),
        sequence=event.sequence,
        created_at=timestamp(event.created_at),
        changed_at=timestamp(event.changed_at),
        published_at=timestamp(event.published_at),
        people_are_deleted=event.people_deleted_at is not None,
        people_deleted_at=timestamp(deleted_at),
    )


def public_message(event: PublicEvent, counts: Counts, moments: int, host: str, *, is_own: bool) -> pb.PublicEvent:
    """An event as everybody sees it.

    Args:
        event: the event.
        counts: who comes.
        moments: number of the post with the main moments, 0 for none.
        host: of the portal.
        is_own: whether its reader is registered, so that they are told where it is online.
    """
    content, rules = event.content, event.content.registering
    tells_url = is_own or not content.online_for_registered
    return pb.PublicEvent(
        number=event.number,
        authority_id=str(event.authority_id),
        kind=KINDS[content.kind],  # pyright: ignore[reportArgumentType]
        title=content.title,
        summary=content.summary,
        agenda=content.agenda,
        starts_at=timestamp(event.times.starts_at),
        ends_at=timestamp(event.times.ends_at),
        time_zone=content.time_zone,
        place=_place_message(content.place) if content.place.title or content.place.address else None,
        online_url=content.online_url if tells_url else "",
        is_online=bool(content.online_url),
        materials=_material_messages(content),
        contact=content.contact,
        registration_status=_status(event),  # pyright: ignore[reportArgumentType]
        registration_until=timestamp(event.times.registration_until),
        capacity=event.capacity or 0,
        places_left=places_left(event.capacity, event.taken) if rules.is_needed else None,
        has_waiting_list=rules.is_needed and rules.has_waiting_list,
        waiting_registrations=counts.waiting_registrations,
        most_seats=rules.most_seats,
        phase=PHASES[phase_of(event.state, event.times.over_at, event.now)],  # pyright: ignore[reportArgumentType]
        cancelled_because=event.cancelled_because,
        moments_post=moments,
        uid=uid_of(event, host),
        sequence=event.sequence,
        changed_at=timestamp(event.changed_at),
    )


def registration_message(found: Registration, visitor: Visitor, position: int) -> pb.Registration:
    """A registration with what is known of whoever made it."""
    return pb.Registration(
        id=str(found.id),
        name=visitor.name,
        email=visitor.email,
        seats=found.seats,
        state=REGISTRATION_STATES[found.state],  # pyright: ignore[reportArgumentType]
        position=position,
        created_at=timestamp(found.created_at),
        checked_in_at=timestamp(found.checked_in_at),
        is_from_door=found.is_from_door,
        language=found.language,
        held_until=timestamp(found.held_until),
    )


def counts_message(counts: Counts) -> pb.EventCounts:
    """Who comes."""
    return pb.EventCounts(
        registered=counts.registered, pending=counts.pending, waiting=counts.waiting, checked_in=counts.checked_in,
        registrations=counts.registrations, waiting_registrations=counts.waiting_registrations,
    )  # fmt: skip


def phase_counts(counted: Mapping[EventPhase, int]) -> list[pb.PhaseCount]:
    """How many events are in each phase."""
    return [pb.PhaseCount(phase=PHASES[phase], events=counted.get(phase, 0)) for phase in EventPhase]  # pyright: ignore[reportArgumentType]


def _status(event: PublicEvent) -> int:
    rules = event.content.registering
    return STATUSES[registration_status(event.state, rules, event.times, event.taken, event.now)]


def _content_message(content: Content) -> pb.EventContent:
    rules = content.registering
    return pb.EventContent(
        kind=KINDS[content.kind],  # pyright: ignore[reportArgumentType]
        title=content.title,
        summary=content.summary,
        agenda=content.agenda,
        starts=content.starts,
        ends=content.ends,
        time_zone=content.time_zone,
        place=_place_message(content.place),
        online_url=content.online_url,
        online_for_registered=content.online_for_registered,
        materials=_material_messages(content),
        contact=content.contact,
        registration=pb.EventRegistration(
            is_needed=rules.is_needed, until=rules.until, capacity=rules.capacity,
            has_waiting_list=rules.has_waiting_list, most_seats=rules.most_seats,
        ),
        reminder_hours=content.reminder_hours,
        moments_post_id=str(content.moments_post_id or ""),
    )  # fmt: skip


def _place_message(place: Place) -> pb.EventPlace:
    return pb.EventPlace(
        title=place.title, address=place.address, accessibility=place.accessibility, latitude=place.latitude,
        longitude=place.longitude,
    )  # fmt: skip


def _material_messages(content: Content) -> list[pb.EventMaterial]:
    return [pb.EventMaterial(title=each.title, url=each.url) for each in content.materials]
