"""Seats of public events: taken, waited for and given back, each in a transaction that holds the event.

Whoever holds the event's row is alone with its seats, so more are never taken than there are; a constraint of the
table says the same once more. Seats that become free go to the first who waits and has room with them, in the same
transaction; so whoever comes later finds only what nobody who waits can use.

A stranger learns nothing of an address: a new registration and one that is there already are answered alike, and the
mail tells how it stands. So an address that is registered for a full event without a waiting list hears, as everybody
does, that it is full.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_chassis.ids import new_id
from viche_social.domain.event_errors import (
    EventCancelled,
    EventFull,
    EventIsOver,
    EventNotFound,
    NotRegistered,
    RegistrationClosed,
    RegistrationExpired,
    RegistrationNotFound,
    RegistrationNotNeeded,
    TooManySeats,
)
from viche_social.domain.public_events import (
    HELD,
    HOLDING,
    EventState,
    RegistrationState,
    RegistrationStatus,
    has_begun,
    has_room,
    registration_status,
)
from viche_social.event_mailing import Letters, MailKind
from viche_social.store import public_events, registrations
from viche_social.store.public_events import PublicEvent
from viche_social.store.registrations import Again, New, Registration
from viche_social.visitors import Visitor, Visitors, Wish

_REFUSALS = {
    RegistrationStatus.NOT_NEEDED: RegistrationNotNeeded,
    RegistrationStatus.FULL: EventFull,
    RegistrationStatus.CLOSED: RegistrationClosed,
    RegistrationStatus.OVER: EventIsOver,
    RegistrationStatus.CANCELLED: EventCancelled,
}
_MAILS = {
    RegistrationState.PENDING: MailKind.CONFIRM,
    RegistrationState.REGISTERED: MailKind.REGISTERED,
    RegistrationState.WAITING: MailKind.WAITING,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A registration, whether all seats were taken when the wish came, and when that was."""

    registration: Registration
    waits: bool
    at: datetime


class Seats:
    """Moves registrations, each within a transaction: ``visitors`` seals who registers, ``letters`` takes mails."""

    def __init__(self, visitors: Visitors, letters: Letters) -> None:
        self._visitors = visitors
        self._letters = letters

    async def register(self, conn: Connection, number: int, wish: Wish) -> Taken:
        """Takes a wish: at once from a person, from everybody else until the link in the mail is used.

        Raises:
            EventNotFound, RegistrationNotNeeded, RegistrationClosed, EventIsOver, EventCancelled, EventFull,
            TooManySeats: nothing is kept.
            InvalidFields: the address is none.
        """
        event = await self._held_by_number(conn, number)
        mailbox = self._visitors.mailbox(event.id, wish.visitor.email)
        known = await self._known(conn, event, wish, mailbox)
        if known is not None and wish.person is not None and known.state is not RegistrationState.PENDING:
            await registrations.set_person(conn, known.id, wish.person)
            return Taken(known, known.state is RegistrationState.WAITING, event.now)
        self._check(event, wish)
        room = has_room(event.capacity, event.taken, wish.seats)
        if not room and not event.content.registering.has_waiting_list and (known is None or wish.person is None):
            raise EventFull()
        if known is None:
            made = await self._new(conn, event, wish, mailbox, has_seats=room)
        else:
            made = await self._again(conn, event, known, wish)
        return Taken(made, not room, event.now)

    async def confirm(self, conn: Connection, id: UUID) -> Registration:
        """Makes a pending registration hold; one that holds stays as it is.

        Raises:
            RegistrationNotFound, RegistrationExpired, NotRegistered, EventFull, EventIsOver, EventCancelled: it does
                not hold.
        """
        event, found = await self.held(conn, id)
        match found.state:
            case RegistrationState.REGISTERED | RegistrationState.WAITING:
                return found
            case RegistrationState.EXPIRED:
                raise RegistrationExpired()
            case RegistrationState.CANCELLED | RegistrationState.REMOVED:
                raise NotRegistered()
            case RegistrationState.PENDING:
                check_takes_place(event)
                return await self._settle(conn, event, found)

    async def give_back(self, conn: Connection, id: UUID) -> RegistrationState:
        """Ends a registration as whoever made it wants; one that has ended stays as it is.

        Raises:
            RegistrationNotFound: there is none.
            EventIsOver: the event has begun.
        """
        event, found = await self.held(conn, id)
        if found.state not in HOLDING:
            return found.state
        if has_begun(event.times, event.now):
            raise EventIsOver()
        await self.end(conn, event, found, RegistrationState.CANCELLED)
        return RegistrationState.CANCELLED

    async def end(self, conn: Connection, event: PublicEvent, found: Registration, state: RegistrationState) -> None:
        """Ends a registration of an event that is held: who it was is forgotten, and whoever waits moves up."""
        await registrations.drop_mails(conn, found.id)
        await registrations.end(conn, found.id, state)
        if found.has_seats:
            await public_events.take(conn, event.id, -found.seats)
            await self.move_up(conn, event.id)

    async def add_at_door(self, conn: Connection, event: PublicEvent, name: str, seats: int) -> UUID:
        """Registers somebody who has come to an event that is held.

        Raises:
            EventFull: there are not so many seats left.
        """
        if not has_room(event.capacity, event.taken, seats):
            raise EventFull()
        id = new_id()
        sealed = self._visitors.close(Visitor(name), id)
        await registrations.insert(
            conn,
            New(
                id=id, event_id=event.id, state=RegistrationState.REGISTERED, seats=seats, has_seats=True,
                sealed=sealed, is_from_door=True,
            ),
        )  # fmt: skip
        await public_events.take(conn, event.id, seats)
        return id

    async def held(self, conn: Connection, id: UUID) -> tuple[PublicEvent, Registration]:
        """A registration and its event, which nobody else changes until the transaction ends.

        Raises:
            RegistrationNotFound: there is none.
        """
        found = await registrations.get(conn, id)
        if found is None:
            raise RegistrationNotFound()
        event = await self.held_event(conn, found.event_id)
        now = await registrations.get(conn, id)
        assert now is not None  # none is deleted
        return event, now

    async def held_event(self, conn: Connection, id: UUID) -> PublicEvent:
        """An event that nobody else changes, without seats that are held no more.

        Raises:
            EventNotFound: there is none.
        """
        event = await public_events.hold(conn, id)
        if event is None:
            raise EventNotFound()
        late = await registrations.late(conn, id)
        for each in late:
            await self.end(conn, event, each, RegistrationState.EXPIRED)
        return await self._fresh(conn, id) if late else event

    async def move_up(self, conn: Connection, event_id: UUID) -> None:
        """Gives free seats of an event that is held to those who wait and have room with them, in their order."""
        event = await self._fresh(conn, event_id)
        if (
            event.state is not EventState.PUBLISHED
            or event.times.starts_at is None
            or event.times.starts_at <= event.now
        ):
            return
        taken = event.taken
        for each in await registrations.of_event(conn, event_id, {RegistrationState.WAITING}):
            if has_room(event.capacity, taken, each.seats):
                await registrations.set_state(conn, each.id, RegistrationState.REGISTERED)
                await public_events.take(conn, event_id, each.seats)
                taken += each.seats
                await self._letters.add(conn, replace(each, state=RegistrationState.REGISTERED), MailKind.PROMOTED)

    async def _held_by_number(self, conn: Connection, number: int) -> PublicEvent:
        found = await public_events.by_number(conn, number)
        if found is None or found.state is EventState.DRAFT:
            raise EventNotFound()
        return await self.held_event(conn, found.id)

    async def _known(self, conn: Connection, event: PublicEvent, wish: Wish, mailbox: bytes) -> Registration | None:
        if wish.person is not None:
            own = [each for each in await registrations.of_person(conn, wish.person, event.id) if each.state in HOLDING]
            if own:
                return own[0]
        return await registrations.by_mailbox(conn, event.id, mailbox)

    def _check(self, event: PublicEvent, wish: Wish) -> None:
        rules = event.content.registering
        if wish.seats > rules.most_seats:
            raise TooManySeats(most=rules.most_seats)
        status = registration_status(event.state, rules, event.times, event.taken, event.now)
        if status is not RegistrationStatus.FULL and status in _REFUSALS:
            raise _REFUSALS[status]()

    async def _again(self, conn: Connection, event: PublicEvent, known: Registration, wish: Wish) -> Registration:
        """The same mailbox once more. What was not confirmed is what was wished last."""
        if known.state is not RegistrationState.PENDING:
            return await self._told(conn, known.id)
        own = known.seats if known.has_seats else 0
        keeps = has_room(event.capacity, event.taken - own, wish.seats)
        sealed = self._visitors.close(wish.visitor, known.id)
        await registrations.wish_again(
            conn, known.id, Again(wish.seats, keeps, sealed, wish.person, wish.language, HELD)
        )
        await public_events.take(conn, event.id, (wish.seats if keeps else 0) - own)
        await self.move_up(conn, event.id)
        if wish.person is None:
            return await self._told(conn, known.id)
        return await self._settle(conn, *await self.held(conn, known.id))

    async def _new(
        self, conn: Connection, event: PublicEvent, wish: Wish, mailbox: bytes, *, has_seats: bool
    ) -> Registration:
        id = new_id()
        state = RegistrationState.PENDING
        if wish.person is not None:
            state = RegistrationState.REGISTERED if has_seats else RegistrationState.WAITING
        await registrations.insert(
            conn,
            New(
                id=id, event_id=event.id, state=state, seats=wish.seats, has_seats=has_seats,
                sealed=self._visitors.close(wish.visitor, id), email_key=mailbox, person=wish.person,
                language=wish.language, held_for=HELD if state is RegistrationState.PENDING else None,
            ),
        )  # fmt: skip
        if has_seats:
            await public_events.take(conn, event.id, wish.seats)
        return await self._told(conn, id)

    async def _settle(self, conn: Connection, event: PublicEvent, found: Registration) -> Registration:
        """A pending registration holds: with the seats that are kept for it, or that are there now, else it waits."""
        if not found.has_seats and has_room(event.capacity, event.taken, found.seats):
            await public_events.take(conn, event.id, found.seats)
            found = replace(found, has_seats=True)
        if not found.has_seats and not event.content.registering.has_waiting_list:
            raise EventFull()
        state = RegistrationState.REGISTERED if found.has_seats else RegistrationState.WAITING
        await registrations.set_state(conn, found.id, state)
        return await self._told(conn, found.id)

    async def _told(self, conn: Connection, id: UUID) -> Registration:
        found = await registrations.get(conn, id)
        assert found is not None  # it is held
        await self._letters.add(conn, found, _MAILS[found.state])
        return found

    async def _fresh(self, conn: Connection, id: UUID) -> PublicEvent:
        event = await public_events.get(conn, id)
        assert event is not None  # it is held
        return event


def check_takes_place(event: PublicEvent) -> None:
    """Lets go on what needs an event to come.

    Raises:
        EventCancelled, EventIsOver: it does not.
    """
    if event.state is EventState.CANCELLED:
        raise EventCancelled()
    if has_begun(event.times, event.now):
        raise EventIsOver()
