"""PublicEventsService: who comes. What is kept of a request never names anybody: it is read anew for each answer."""

from typing import Any
from uuid import UUID

from viche.social.v1 import public_events_pb2 as pb

from viche_chassis import base64url, pages
from viche_chassis.db import Connection, reading
from viche_chassis.errors import InvalidFields, TokenRefused, invalid
from viche_chassis.mailboxes import sending_address
from viche_chassis.messages import timestamp
from viche_chassis.once import once
from viche_social.domain.event_errors import RegistrationNotFound
from viche_social.domain.public_events import HELD, RegistrationState
from viche_social.holding_events import covered, registration_of
from viche_social.scope_tokens import read_person
from viche_social.servicer.event_messages import (
    REGISTRATION_STATES,
    counts_message,
    read_states,
    registration_message,
)
from viche_social.servicer.public_events import Context, EventsPart
from viche_social.store import public_events, registrations
from viche_social.store.public_events import PublicEvent
from viche_social.store.registrations import Counts, Registration
from viche_social.visitors import Visitor, Wish

PAGE, MOST = 200, 1000
OWN_PAGE, MOST_OWN = 50, 100
MOST_NAME = 100


class EventsServicer(EventsPart):
    """All of the service."""

    async def ListRegistrations(
        self, request: pb.ListRegistrationsRequest, context: Context
    ) -> pb.ListRegistrationsResponse:
        size = pages.page_size(request.page_size, PAGE, MOST)
        (start,) = pages.read_page_token(request.page_token, (int,)) or (0,)
        async with reading(self._around.pool) as conn:
            event = await covered(conn, UUID(request.event_id))
            found = await registrations.of_event(conn, event.id, read_states(request.state))
            counts = await self._counts(conn, event.id)
        shown = self._searched(found, request.query.strip().casefold())
        return pb.ListRegistrationsResponse(
            registrations=shown[start : start + size],
            next_page_token=pages.page_token(start + size) if len(shown) > start + size else "",
            counts=counts,
        )

    async def NoteArrival(self, request: pb.NoteArrivalRequest, context: Context) -> pb.NoteArrivalResponse:
        async def act(conn: Connection) -> pb.NoteArrivalResponse:
            event_id = await self._around.holding.note_arrival(conn, UUID(request.registration_id), is_in=True)
            return pb.NoteArrivalResponse(counts=await self._counts(conn, event_id))

        return await self._once(request, pb.NoteArrivalResponse, act)

    async def UndoArrival(self, request: pb.UndoArrivalRequest, context: Context) -> pb.UndoArrivalResponse:
        async def act(conn: Connection) -> pb.UndoArrivalResponse:
            event_id = await self._around.holding.note_arrival(conn, UUID(request.registration_id), is_in=False)
            return pb.UndoArrivalResponse(counts=await self._counts(conn, event_id))

        return await self._once(request, pb.UndoArrivalResponse, act)

    async def AddRegistration(self, request: pb.AddRegistrationRequest, context: Context) -> pb.AddRegistrationResponse:
        event_id, name, seats = UUID(request.event_id), _name(request.name), _seats(request.seats)

        async def act(conn: Connection) -> pb.AddRegistrationResponse:
            id = await self._around.holding.add(conn, event_id, name, seats)
            return pb.AddRegistrationResponse(registration_id=str(id), counts=await self._counts(conn, event_id))

        return await self._once(self._stable(request), pb.AddRegistrationResponse, act)

    async def RemoveRegistration(
        self, request: pb.RemoveRegistrationRequest, context: Context
    ) -> pb.RemoveRegistrationResponse:
        async def act(conn: Connection) -> pb.RemoveRegistrationResponse:
            id = UUID(request.registration_id)
            event_id = await self._around.holding.remove(conn, id, request.reason)
            return pb.RemoveRegistrationResponse(counts=await self._counts(conn, event_id))

        return await self._once(request, pb.RemoveRegistrationResponse, act)

    async def Register(self, request: pb.RegisterRequest, context: Context) -> pb.RegisterResponse:
        person = self._person(request.scope_token)
        visitor = Visitor(_name(request.name), sending_address(request.email))
        wish = Wish(visitor, _seats(request.seats), request.language, person)

        async def act(conn: Connection) -> pb.RegisterResponse:
            taken = await self._around.seats.register(conn, request.number, wish)
            if person is None:  # the same for every address, whatever is known of it
                return pb.RegisterResponse(
                    state=pb.REGISTRATION_STATE_PENDING, waits=taken.waits, held_until=timestamp(taken.at + HELD)
                )
            made = taken.registration
            state = REGISTRATION_STATES[made.state]
            return pb.RegisterResponse(state=state, waits=taken.waits, registration_id=str(made.id))  # pyright: ignore[reportArgumentType]

        around = self._around
        return await once(around.pool, None, self._stable(request, person), pb.RegisterResponse, act, around.hurry)

    async def ConfirmRegistration(
        self, request: pb.ConfirmRegistrationRequest, context: Context
    ) -> pb.ConfirmRegistrationResponse:
        id = self._of_token(request.token)

        async def act(conn: Connection) -> pb.ConfirmRegistrationResponse:
            found = await self._around.seats.confirm(conn, id)
            position = await registrations.position(conn, found) if found.waiting_since else 0
            return pb.ConfirmRegistrationResponse(state=REGISTRATION_STATES[found.state], position=position)  # pyright: ignore[reportArgumentType]

        around = self._around
        return await once(around.pool, None, request, pb.ConfirmRegistrationResponse, act, around.hurry)

    async def GetRegistration(self, request: pb.GetRegistrationRequest, context: Context) -> pb.GetRegistrationResponse:
        async with reading(self._around.pool) as conn:
            found = await self._asked(conn, request)
            event = (await public_events.by_ids(conn, [found.event_id]))[found.event_id]
            return pb.GetRegistrationResponse(registration=await self._own(conn, found, event))

    async def CancelRegistration(
        self, request: pb.CancelRegistrationRequest, context: Context
    ) -> pb.CancelRegistrationResponse:
        person = None if request.token else self._person(request.scope_token)

        async def act(conn: Connection) -> pb.CancelRegistrationResponse:
            found = await self._asked(conn, request)
            state = await self._around.seats.give_back(conn, found.id)
            return pb.CancelRegistrationResponse(state=REGISTRATION_STATES[state])  # pyright: ignore[reportArgumentType]

        around = self._around
        stable = self._stable(request, person)
        return await once(around.pool, None, stable, pb.CancelRegistrationResponse, act, around.hurry)

    async def ListMyRegistrations(
        self, request: pb.ListMyRegistrationsRequest, context: Context
    ) -> pb.ListMyRegistrationsResponse:
        person = read_person(self._around.tokens, request.scope_token)
        size = pages.page_size(request.page_size, OWN_PAGE, MOST_OWN)
        before = pages.read_page_token(request.page_token, (UUID,))
        async with reading(self._around.pool) as conn:
            found = await registrations.page_of_person(conn, person, before[0] if before else None, size + 1)
            events = await public_events.by_ids(conn, sorted({each.event_id for each in found}))
            messages = [await self._own(conn, each, events[each.event_id]) for each in found[:size]]
        token = pages.page_token(found[size - 1].id) if len(found) > size else ""
        return pb.ListMyRegistrationsResponse(registrations=messages, next_page_token=token)

    async def _asked(
        self, conn: Connection, request: pb.GetRegistrationRequest | pb.CancelRegistrationRequest
    ) -> Registration:
        """The registration of a secret, or one that a person proves to be theirs."""
        if request.token:
            return await registration_of(conn, self._of_token(request.token))
        person = self._person(request.scope_token)
        if person is None:
            raise TokenRefused()
        if request.registration_id:
            found = await registration_of(conn, UUID(request.registration_id))
            if found.person != person:
                raise RegistrationNotFound()
            return found
        event = await public_events.by_number(conn, getattr(request, "number", 0))
        own = await registrations.of_person(conn, person, event.id) if event else []
        if not own:
            raise RegistrationNotFound()
        return own[0]

    async def _own(self, conn: Connection, found: Registration, event: PublicEvent) -> pb.OwnRegistration:
        position = await registrations.position(conn, found) if found.waiting_since else 0
        visitor = self._around.visitors.open(found.sealed, found.id)
        is_in = found.state is RegistrationState.REGISTERED
        (shown,) = await self._public(conn, [event], is_own=is_in)
        return pb.OwnRegistration(registration=registration_message(found, visitor, position), event=shown)

    async def _counts(self, conn: Connection, event_id: UUID) -> pb.EventCounts:
        return counts_message((await registrations.counts(conn, [event_id])).get(event_id, Counts()))

    def _searched(self, found: list[Registration], query: str) -> list[pb.Registration]:
        """Registrations in whose name or address the query is: by name, those that wait behind them in their order."""
        people = [(each, self._around.visitors.open(each.sealed, each.id)) for each in found]
        waiting = [each.id for each in found if each.state is RegistrationState.WAITING]
        places = {id: index for index, id in enumerate(waiting, start=1)}
        wanted = [(each, who) for each, who in people if query in who.name.casefold() or query in who.email.casefold()]
        wanted.sort(key=lambda pair: (places.get(pair[0].id, 0), pair[1].name.casefold(), pair[0].id))
        return [registration_message(each, who, places.get(each.id, 0)) for each, who in wanted]

    def _person(self, token: str) -> bytes | None:
        return read_person(self._around.tokens, token) if token else None

    def _of_token(self, token: str) -> UUID:
        id = self._around.visitors.read_token(token)
        if id is None:
            raise RegistrationNotFound()
        return id

    def _stable(self, request: Any, person: bytes | None = None) -> Any:
        """The request as it is remembered: without what differs between two that say the same (identity makes another
        token each time), and with keyed hashes for who it is."""
        same = type(request)()
        same.CopyFrom(request)
        named = {field.name for field in request.DESCRIPTOR.fields}
        for name in ("name", "email"):
            if name in named:
                setattr(same, name, self._around.visitors.request_key(getattr(request, name)))
        if "scope_token" in named:
            same.scope_token = base64url.encode(person) if person else ""
        return same


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise InvalidFields(invalid("name", "REQUIRED"))
    if len(name) > MOST_NAME:
        raise InvalidFields(invalid("name", "TOO_LONG", limit=MOST_NAME))
    return name


def _seats(asked: int) -> int:
    if asked < 0:
        raise InvalidFields(invalid("seats", "OUT_OF_RANGE", least=1))
    return asked or 1
