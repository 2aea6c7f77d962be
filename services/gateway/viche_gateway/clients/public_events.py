"""Calls to social about public events: by those who invite, for everybody, and by those who register."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import grpc
from viche.identity.v1 import identity_pb2_grpc
from viche.social.v1 import public_events_pb2 as pb
from viche.social.v1 import public_events_pb2_grpc as rpc

from viche_gateway.clients.calls import call
from viche_gateway.clients.participation import scope_tokens

AUDIENCE = "social"
SCOPE = "registrations"
PAGE = 50
MOST_IN_PAGE = 100
_MOST_PAGES = 20
_MOST_PEOPLE = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events everybody may see: of these authorities (none: of all), those that are not over at ``since`` and
    begin before ``until``, the next first; with ``past`` what is over, and with ``latest_first`` all, the latest first.
    """

    authority_ids: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    past: bool = False
    latest_first: bool = False
    page_size: int = PAGE
    page_token: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants to come.

    Args:
        access_token: of a person who is signed in; empty for everybody else, who confirms by mail.
    """

    request_id: str
    number: int
    name: str
    email: str
    seats: int
    language: str
    access_token: str = ""


class PublicEvents:
    """Events, over the channels of identity and social. All raise DomainError."""

    def __init__(self, identity: grpc.Channel, social: grpc.Channel) -> None:
        self._tokens = identity_pb2_grpc.ScopeTokensServiceStub(identity)
        self._stub = rpc.PublicEventsServiceStub(social)

    def listed(
        self, access_token: str, phase: "pb.EventPhase.ValueType", page_token: str = ""
    ) -> pb.ListEventsResponse:
        """A page of events of the officer's authorities, with how many there are in each phase."""
        request = pb.ListEventsRequest(phase=phase, page_size=PAGE, page_token=page_token)
        return call(self._stub.ListEvents, request, access_token)

    def get(self, access_token: str, event_id: str) -> pb.Event:
        """One event, for officers."""
        return call(self._stub.GetEvent, pb.GetEventRequest(event_id=event_id), access_token).event

    def create(self, access_token: str, request_id: str, authority_id: str, content: pb.EventContent) -> pb.Event:
        """Starts a draft."""
        request = pb.CreateEventRequest(request_id=request_id, authority_id=authority_id, content=content)
        return call(self._stub.CreateEvent, request, access_token).event

    def update(
        self, access_token: str, request_id: str, event_id: str, version: int, content: pb.EventContent
    ) -> pb.UpdateEventResponse:
        """Changes an event, and says how many people are told."""
        request = pb.UpdateEventRequest(request_id=request_id, event_id=event_id, version=version, content=content)
        return call(self._stub.UpdateEvent, request, access_token)

    def publish(self, access_token: str, request_id: str, event_id: str, version: int) -> pb.Event:
        """Shows a draft to everybody."""
        request = pb.PublishEventRequest(request_id=request_id, event_id=event_id, version=version)
        return call(self._stub.PublishEvent, request, access_token).event

    def cancel(self, access_token: str, request_id: str, event_id: str, reason: str) -> int:
        """Says that an event does not take place; how many people are told."""
        request = pb.CancelEventRequest(request_id=request_id, event_id=event_id, reason=reason)
        return call(self._stub.CancelEvent, request, access_token).told

    def delete(self, access_token: str, request_id: str, event_id: str) -> None:
        """Deletes a draft."""
        call(self._stub.DeleteEvent, pb.DeleteEventRequest(request_id=request_id, event_id=event_id), access_token)

    def people(
        self,
        access_token: str,
        event_id: str,
        state: "pb.RegistrationState.ValueType" = pb.REGISTRATION_STATE_UNSPECIFIED,
        query: str = "",
        page_token: str = "",
    ) -> pb.ListRegistrationsResponse:
        """A page of those who registered."""
        request = pb.ListRegistrationsRequest(event_id=event_id, state=state, query=query, page_token=page_token)
        return call(self._stub.ListRegistrations, request, access_token)

    def everybody(
        self,
        access_token: str,
        event_id: str,
        state: "pb.RegistrationState.ValueType" = pb.REGISTRATION_STATE_UNSPECIFIED,
    ) -> Iterator[pb.Registration]:
        """All who are registered or wait, or are in another state, page by page."""
        request = pb.ListRegistrationsRequest(event_id=event_id, state=state, page_size=_MOST_PEOPLE)
        while True:
            found = call(self._stub.ListRegistrations, request, access_token)
            yield from found.registrations
            if not found.next_page_token:
                return
            request.page_token = found.next_page_token

    def note_arrival(self, access_token: str, request_id: str, registration_id: str) -> None:
        """Notes that somebody is there."""
        request = pb.NoteArrivalRequest(request_id=request_id, registration_id=registration_id)
        call(self._stub.NoteArrival, request, access_token)

    def undo_arrival(self, access_token: str, request_id: str, registration_id: str) -> None:
        """Takes that back."""
        request = pb.UndoArrivalRequest(request_id=request_id, registration_id=registration_id)
        call(self._stub.UndoArrival, request, access_token)

    def add_at_door(self, access_token: str, request_id: str, event_id: str, name: str, seats: int) -> str:
        """Registers somebody who has come and checks them in; the id of the registration."""
        request = pb.AddRegistrationRequest(request_id=request_id, event_id=event_id, name=name, seats=seats)
        return call(self._stub.AddRegistration, request, access_token).registration_id

    def remove(self, access_token: str, request_id: str, registration_id: str, reason: str) -> None:
        """Takes a registration away; the reason is mailed."""
        request = pb.RemoveRegistrationRequest(request_id=request_id, registration_id=registration_id, reason=reason)
        call(self._stub.RemoveRegistration, request, access_token)

    def public(self, wanted: Wanted) -> pb.ListPublicEventsResponse:
        """A page of events for everybody: the next first, or of what is over the latest."""
        return call(self._stub.ListPublicEvents, _asked(wanted))

    def all_public(self, wanted: Wanted) -> Iterator[pb.PublicEvent]:
        """Events for everybody, page by page, up to a bound that no region reaches."""
        request = _asked(wanted)
        for _ in range(_MOST_PAGES):
            found = call(self._stub.ListPublicEvents, request)
            yield from found.events
            if not found.next_page_token:
                return
            request.page_token = found.next_page_token

    def by_number(self, number: int) -> pb.PublicEvent:
        """One event for everybody."""
        return call(self._stub.GetPublicEvent, pb.GetPublicEventRequest(number=number)).event

    def register(self, wish: Wish) -> pb.RegisterResponse:
        """Registers somebody: who is signed in at once, others when they have used the link in the mail."""
        request = pb.RegisterRequest(
            request_id=wish.request_id, number=wish.number, name=wish.name, email=wish.email, seats=wish.seats,
            language=wish.language, scope_token=self._proof(wish.access_token) if wish.access_token else "",
        )  # fmt: skip
        return call(self._stub.Register, request)

    def confirm(self, token: str, request_id: str) -> pb.ConfirmRegistrationResponse:
        """Makes a registration hold."""
        return call(self._stub.ConfirmRegistration, pb.ConfirmRegistrationRequest(token=token, request_id=request_id))

    def by_secret(self, token: str) -> pb.OwnRegistration:
        """The registration of a secret link."""
        return call(self._stub.GetRegistration, pb.GetRegistrationRequest(token=token)).registration

    def own(self, access_token: str, registration_id: str = "", number: int = 0) -> pb.OwnRegistration:
        """A registration of the person: one of these ids, or that for the event of this number."""
        request = pb.GetRegistrationRequest(
            scope_token=self._proof(access_token), registration_id=registration_id, number=number
        )
        return call(self._stub.GetRegistration, request).registration

    def give_back(self, request_id: str, token: str) -> None:
        """Gives back the registration of a secret link."""
        call(self._stub.CancelRegistration, pb.CancelRegistrationRequest(request_id=request_id, token=token))

    def give_own_back(self, request_id: str, access_token: str, registration_id: str) -> None:
        """Gives back a registration of the person."""
        request = pb.CancelRegistrationRequest(
            request_id=request_id, scope_token=self._proof(access_token), registration_id=registration_id
        )
        call(self._stub.CancelRegistration, request)

    def mine(self, access_token: str) -> Iterator[pb.OwnRegistration]:
        """Registrations of the person, the latest first."""
        request = pb.ListMyRegistrationsRequest(scope_token=self._proof(access_token), page_size=MOST_IN_PAGE)
        for _ in range(_MOST_PAGES):
            found = call(self._stub.ListMyRegistrations, request)
            yield from found.registrations
            if not found.next_page_token:
                return
            request.page_token = found.next_page_token

    def _proof(self, access_token: str) -> str:
        return scope_tokens(self._tokens, access_token, [SCOPE], AUDIENCE, str)[0]


def _asked(wanted: Wanted) -> pb.ListPublicEventsRequest:
    request = pb.ListPublicEventsRequest(
        authority_ids=wanted.authority_ids, past=wanted.past, latest_first=wanted.past or wanted.latest_first,
        page_size=wanted.page_size, page_token=wanted.page_token,
    )  # fmt: skip
    if wanted.since is not None:
        getattr(request, "from").FromDatetime(wanted.since)
    if wanted.until is not None:
        request.to.FromDatetime(wanted.until)
    return request
