"""Social's double for public events. It knows a few rules: title and beginning are needed; seats are not given twice.

A link in a mail carries the id of the registration; a scope token is "PERSON SCOPE", as identity's double makes it.
"""

from typing import Any

from viche.social.v1 import public_events_pb2 as pb
from viche.social.v1 import public_events_pb2_grpc as rpc

from viche_chassis.errors import Code
from viche_gateway.testing.channel import refusal, stamp
from viche_gateway.testing.kept_events import HOLDING, SEATED, KeptEvents, seats


class FakePublicEvents(KeptEvents, rpc.PublicEventsServiceServicer):
    """The calls; what is kept is told at the class that it extends."""

    async def CreateEvent(self, request: Any, context: Any) -> Any:
        if request.request_id not in self.seen:
            made = self.add(request.authority_id, pb.EVENT_STATE_DRAFT)
            made.content.CopyFrom(request.content)
            self.seen[request.request_id] = made.id
        return pb.CreateEventResponse(event=self.shown(self.known[self.seen[request.request_id]]))

    async def UpdateEvent(self, request: Any, context: Any) -> Any:
        found = self.of_version(request)
        if found.state == pb.EVENT_STATE_CANCELLED:
            raise refusal(Code.FAILED_PRECONDITION, "EVENT_NOT_EDITABLE")
        taken = seats(self.people[found.id], *SEATED)
        if 0 < request.content.registration.capacity < taken:
            raise refusal(Code.FAILED_PRECONDITION, "SEATS_ARE_TAKEN", taken=str(taken))
        moved = any(getattr(found.content, name) != getattr(request.content, name) for name in ("starts", "place"))
        found.content.CopyFrom(request.content)
        found.version += 1
        is_told = moved and found.state == pb.EVENT_STATE_PUBLISHED
        return pb.UpdateEventResponse(
            event=self.shown(found), told=len(self.holding(found)) if is_told else 0
        )  # fmt: skip

    async def PublishEvent(self, request: Any, context: Any) -> Any:
        found = self.of_version(request)
        if list(self.problems(found)):
            raise refusal(Code.FAILED_PRECONDITION, "EVENT_HAS_PROBLEMS")
        found.state = pb.EVENT_STATE_PUBLISHED
        return pb.PublishEventResponse(event=self.shown(found))

    async def CancelEvent(self, request: Any, context: Any) -> Any:
        found = self.find(request.event_id)
        if found.state != pb.EVENT_STATE_PUBLISHED:
            raise refusal(Code.FAILED_PRECONDITION, "EVENT_NOT_PUBLISHED")
        found.state, found.cancelled_because = pb.EVENT_STATE_CANCELLED, request.reason
        return pb.CancelEventResponse(event=self.shown(found), told=len(self.holding(found)))

    async def DeleteEvent(self, request: Any, context: Any) -> Any:
        if self.find(request.event_id).state != pb.EVENT_STATE_DRAFT:
            raise refusal(Code.FAILED_PRECONDITION, "EVENT_NOT_EDITABLE")
        del self.known[request.event_id]
        return pb.DeleteEventResponse()

    async def GetEvent(self, request: Any, context: Any) -> Any:
        return pb.GetEventResponse(event=self.shown(self.find(request.event_id)))

    async def ListEvents(self, request: Any, context: Any) -> Any:
        shown = [self.shown(each) for each in self.known.values()]
        counts = {phase: sum(each.phase == phase for each in shown) for phase in pb.EventPhase.values()[1:]}
        return pb.ListEventsResponse(
            events=[each for each in shown if request.phase in (0, each.phase)],
            counts=[pb.PhaseCount(phase=phase, events=count) for phase, count in counts.items()],
        )

    async def ListRegistrations(self, request: Any, context: Any) -> Any:
        found = self.find(request.event_id)
        states = (request.state,) if request.state else HOLDING
        people = [
            each for each in self.people[found.id]
            if each.state in states and request.query.casefold() in f"{each.name} {each.email}".casefold()
        ]  # fmt: skip
        return pb.ListRegistrationsResponse(registrations=people, counts=self.counts(found))

    async def NoteArrival(self, request: Any, context: Any) -> Any:
        event, found = self.registration(request.registration_id)
        if found.state != pb.REGISTRATION_STATE_REGISTERED:
            raise refusal(Code.FAILED_PRECONDITION, "NOT_REGISTERED")
        found.checked_in_at.CopyFrom(stamp(self.now))
        return pb.NoteArrivalResponse(counts=self.counts(event))

    async def UndoArrival(self, request: Any, context: Any) -> Any:
        event, found = self.registration(request.registration_id)
        found.ClearField("checked_in_at")
        return pb.UndoArrivalResponse(counts=self.counts(event))

    async def AddRegistration(self, request: Any, context: Any) -> Any:
        found = self.find(request.event_id)
        if self.left(found) == 0:
            raise refusal(Code.FAILED_PRECONDITION, "EVENT_FULL")
        if request.request_id not in self.seen:
            made = self.come(found, request.name, seats=request.seats or 1, email="", is_from_door=True,
                             checked_in_at=stamp(self.now))  # fmt: skip
            self.seen[request.request_id] = made.id
        return pb.AddRegistrationResponse(
            registration_id=self.seen[request.request_id], counts=self.counts(found)
        )  # fmt: skip

    async def RemoveRegistration(self, request: Any, context: Any) -> Any:
        event, found = self.registration(request.registration_id)
        found.state = pb.REGISTRATION_STATE_REMOVED
        self.reasons.append(request.reason)
        return pb.RemoveRegistrationResponse(counts=self.counts(event))

    async def ListPublicEvents(self, request: Any, context: Any) -> Any:
        self.asked = request
        found = [
            self.public(each) for each in self.known.values()
            if each.state != pb.EVENT_STATE_DRAFT
            and (not request.authority_ids or each.authority_id in request.authority_ids)
        ]  # fmt: skip
        found = [each for each in found if _is_asked(each, request)]
        found.sort(key=lambda each: each.starts_at.seconds, reverse=request.latest_first)
        return pb.ListPublicEventsResponse(events=found[: request.page_size or 20])

    async def GetPublicEvent(self, request: Any, context: Any) -> Any:
        return pb.GetPublicEventResponse(event=self.public(self.numbered(request.number)))

    async def Register(self, request: Any, context: Any) -> Any:
        found = self.numbered(request.number)
        if "@" not in request.email:
            raise refusal(Code.INVALID_ARGUMENT, "BAD_EMAIL")
        status = self.status(found)
        if status in _REFUSED:
            raise refusal(Code.FAILED_PRECONDITION, _REFUSED[status])
        if request.seats > max(1, found.content.registration.most_seats):
            most = str(max(1, found.content.registration.most_seats))
            raise refusal(Code.INVALID_ARGUMENT, "TOO_MANY_SEATS", most=most)
        waits = status == pb.REGISTRATION_STATUS_WAITING_LIST
        state = pb.REGISTRATION_STATE_PENDING
        if request.scope_token:
            state = pb.REGISTRATION_STATE_WAITING if waits else pb.REGISTRATION_STATE_REGISTERED
        if request.request_id not in self.seen:
            made = self.come(found, request.name, email=request.email, seats=request.seats or 1, state=state,
                             language=request.language, position=int(waits))  # fmt: skip
            self.seen[request.request_id] = made.id
            self.owners[made.id] = request.scope_token
        made_id = self.seen[request.request_id] if request.scope_token else ""
        return pb.RegisterResponse(state=state, waits=waits, registration_id=made_id)

    async def ConfirmRegistration(self, request: Any, context: Any) -> Any:
        _, found = self.registration(request.token)
        if found.state == pb.REGISTRATION_STATE_EXPIRED:
            raise refusal(Code.FAILED_PRECONDITION, "REGISTRATION_EXPIRED")
        if found.state == pb.REGISTRATION_STATE_PENDING:
            found.state = pb.REGISTRATION_STATE_WAITING if found.position else pb.REGISTRATION_STATE_REGISTERED
        return pb.ConfirmRegistrationResponse(state=found.state, position=found.position)

    async def GetRegistration(self, request: Any, context: Any) -> Any:
        return pb.GetRegistrationResponse(registration=self._own(self._wanted(request)))

    async def CancelRegistration(self, request: Any, context: Any) -> Any:
        event, found = self.registration(self._wanted(request))
        if event.phase == pb.EVENT_PHASE_PAST:
            raise refusal(Code.FAILED_PRECONDITION, "EVENT_IS_OVER")
        found.state = pb.REGISTRATION_STATE_CANCELLED
        return pb.CancelRegistrationResponse(state=found.state)

    async def ListMyRegistrations(self, request: Any, context: Any) -> Any:
        mine = [id for id, owner in self.owners.items() if owner == request.scope_token]
        return pb.ListMyRegistrationsResponse(registrations=[self._own(each) for each in reversed(mine)])

    def _wanted(self, request: Any) -> str:
        if request.token:
            return request.token
        mine = [id for id, owner in self.owners.items() if owner == request.scope_token]
        if request.registration_id:
            mine = [id for id in mine if id == request.registration_id]
        else:
            mine = [id for id in mine if self.registration(id)[0].number == getattr(request, "number", 0)]
        if not mine:
            raise refusal(Code.NOT_FOUND, "REGISTRATION_NOT_FOUND")
        return mine[-1]

    def _own(self, registration_id: str) -> pb.OwnRegistration:
        event, found = self.registration(registration_id)
        public = self.public(event)
        if found.state == pb.REGISTRATION_STATE_REGISTERED:
            public.online_url = event.content.online_url
        return pb.OwnRegistration(registration=found, event=public)


_REFUSED = {
    pb.REGISTRATION_STATUS_NOT_NEEDED: "REGISTRATION_NOT_NEEDED", pb.REGISTRATION_STATUS_FULL: "EVENT_FULL",
    pb.REGISTRATION_STATUS_CLOSED: "REGISTRATION_CLOSED", pb.REGISTRATION_STATUS_OVER: "EVENT_IS_OVER",
    pb.REGISTRATION_STATUS_CANCELLED: "EVENT_CANCELLED",
}  # fmt: skip


def _is_asked(event: pb.PublicEvent, request: Any) -> bool:
    """What is over, where that is asked for; else what is not over, whatever instant the caller names."""
    is_past = event.phase == pb.EVENT_PHASE_PAST
    return is_past if request.past else not (is_past and request.HasField("from"))
