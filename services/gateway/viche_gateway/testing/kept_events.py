"""What social's double for public events keeps, and the few rules that it knows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from viche.social.v1 import public_events_pb2 as pb

from viche_chassis.errors import Code
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import refusal, stamp

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOLDING = (pb.REGISTRATION_STATE_REGISTERED, pb.REGISTRATION_STATE_WAITING)
SEATED = (pb.REGISTRATION_STATE_PENDING, pb.REGISTRATION_STATE_REGISTERED)
_ZONE = "Europe/Kyiv"


class KeptEvents:
    """Events by id, and who comes by id of event; ``owners`` are scope tokens by id of registration."""

    def __init__(self) -> None:
        self.known: dict[str, pb.Event] = {}
        self.people: dict[str, list[pb.Registration]] = {}
        self.owners: dict[str, str] = {}
        self.reasons: list[str] = []
        self.seen: dict[str, Any] = {}
        self.asked = pb.ListPublicEventsRequest()
        self.now = NOW

    def add(self, authority_id: str, state: int = pb.EVENT_STATE_PUBLISHED, **fields: Any) -> pb.Event:
        """An event; ``fields`` are those of its content."""
        content: dict[str, Any] = {
            "kind": pb.EVENT_KIND_HEARING, "title": {"en": "The market square"}, "starts": "2026-12-01T18:00",
            "ends": "2026-12-01T20:00", "time_zone": _ZONE,
        }  # fmt: skip
        made = pb.Event(
            id=str(new_id()), number=len(self.known) + 1, authority_id=authority_id, version=1,
            content=pb.EventContent(**(content | fields)), state=state, changed_at=stamp(self.now),  # pyright: ignore[reportArgumentType]
        )  # fmt: skip
        made.uid = f"event-{made.number}@example.org"
        self.known[made.id], self.people[made.id] = made, []
        return made

    def come(self, event: pb.Event, name: str, **fields: Any) -> pb.Registration:
        """Somebody who is registered."""
        values = {"seats": 1, "state": pb.REGISTRATION_STATE_REGISTERED, "email": f"{name.lower()}@example.org"}
        made = pb.Registration(id=str(new_id()), name=name, created_at=stamp(self.now), **(values | fields))  # pyright: ignore[reportArgumentType]
        self.people[event.id].append(made)
        return made

    def find(self, event_id: str) -> pb.Event:
        if event_id not in self.known:
            raise refusal(Code.NOT_FOUND, "EVENT_NOT_FOUND")
        return self.known[event_id]

    def numbered(self, number: int) -> pb.Event:
        for each in self.known.values():
            if each.number == number and each.state != pb.EVENT_STATE_DRAFT:
                return each
        raise refusal(Code.NOT_FOUND, "EVENT_NOT_FOUND")

    def of_version(self, request: Any) -> pb.Event:
        found = self.find(request.event_id)
        if request.version != found.version:
            raise refusal(Code.ABORTED, "STALE_VERSION", version=str(found.version))
        return found

    def registration(self, registration_id: str) -> tuple[pb.Event, pb.Registration]:
        for event_id, people in self.people.items():
            for each in people:
                if each.id == registration_id:
                    return self.shown(self.known[event_id]), each
        raise refusal(Code.NOT_FOUND, "REGISTRATION_NOT_FOUND")

    def holding(self, event: pb.Event) -> list[pb.Registration]:
        return [each for each in self.people[event.id] if each.state in HOLDING]

    def left(self, event: pb.Event) -> int | None:
        capacity = event.content.registration.capacity
        return max(0, capacity - seats(self.people[event.id], *SEATED)) if capacity else None

    def status(self, event: pb.Event) -> "pb.RegistrationStatus.ValueType":
        registration = event.content.registration
        if event.state == pb.EVENT_STATE_CANCELLED:
            return pb.REGISTRATION_STATUS_CANCELLED
        if _instant(event.content, "starts") <= self.now:
            return pb.REGISTRATION_STATUS_OVER
        if not registration.is_needed:
            return pb.REGISTRATION_STATUS_NOT_NEEDED
        if registration.until and _local(registration.until, event.content.time_zone) <= self.now:
            return pb.REGISTRATION_STATUS_CLOSED
        if self.left(event) != 0:
            return pb.REGISTRATION_STATUS_OPEN
        if registration.has_waiting_list:
            return pb.REGISTRATION_STATUS_WAITING_LIST
        return pb.REGISTRATION_STATUS_FULL

    def problems(self, event: pb.Event) -> Iterator[pb.EventProblem]:
        for field in ("title", "starts"):
            if not getattr(event.content, field):
                yield pb.EventProblem(field=field, reason="REQUIRED")

    def counts(self, event: pb.Event) -> pb.EventCounts:
        people = self.people[event.id]
        return pb.EventCounts(
            registered=seats(people, pb.REGISTRATION_STATE_REGISTERED),
            pending=seats(people, pb.REGISTRATION_STATE_PENDING),
            waiting=seats(people, pb.REGISTRATION_STATE_WAITING),
            checked_in=sum(each.seats for each in people if each.HasField("checked_in_at")),
            registrations=sum(each.state == pb.REGISTRATION_STATE_REGISTERED for each in people),
            waiting_registrations=sum(each.state == pb.REGISTRATION_STATE_WAITING for each in people),
        )

    def shown(self, event: pb.Event) -> pb.Event:
        """The event with what hangs on the clock and on who comes."""
        shown = pb.Event()
        shown.CopyFrom(event)
        shown.phase = pb.EVENT_PHASE_DRAFT
        if event.content.starts:
            shown.starts_at.CopyFrom(stamp(_instant(event.content, "starts")))
            shown.registration_status = self.status(event)
        if event.content.ends:
            shown.ends_at.CopyFrom(stamp(_instant(event.content, "ends")))
        if event.state == pb.EVENT_STATE_CANCELLED:
            shown.phase = pb.EVENT_PHASE_CANCELLED
        elif event.state == pb.EVENT_STATE_PUBLISHED:
            over = _instant(event.content, "starts") + timedelta(hours=3) <= self.now
            shown.phase = pb.EVENT_PHASE_PAST if over else pb.EVENT_PHASE_COMING
        shown.counts.CopyFrom(self.counts(event))
        shown.problems.extend(self.problems(event))
        return shown

    def public(self, event: pb.Event) -> pb.PublicEvent:
        shown, content = self.shown(event), event.content
        hides = content.online_for_registered
        made = pb.PublicEvent(
            number=event.number, authority_id=event.authority_id, kind=content.kind, title=content.title,
            summary=content.summary, agenda=content.agenda, starts_at=shown.starts_at, time_zone=content.time_zone,
            materials=content.materials, contact=content.contact, registration_status=shown.registration_status,
            capacity=content.registration.capacity, has_waiting_list=content.registration.has_waiting_list,
            waiting_registrations=shown.counts.waiting_registrations, most_seats=content.registration.most_seats or 1,
            phase=shown.phase, cancelled_because=event.cancelled_because, uid=event.uid, sequence=event.sequence,
            online_url="" if hides else content.online_url, is_online=bool(content.online_url),
            changed_at=event.changed_at,
        )  # fmt: skip
        if shown.HasField("ends_at"):
            made.ends_at.CopyFrom(shown.ends_at)
        if content.HasField("place"):
            made.place.CopyFrom(content.place)
        if content.registration.is_needed and (left := self.left(event)) is not None:
            made.places_left = left
        return made


def seats(people: list[pb.Registration], *states: int) -> int:
    return sum(each.seats for each in people if each.state in states)


def _instant(content: pb.EventContent, name: str) -> datetime:
    return _local(getattr(content, name), content.time_zone)


def _local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone or _ZONE)).astimezone(UTC)
