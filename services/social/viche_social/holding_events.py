"""What officers do with public events, each in a transaction. Whoever calls has committed nothing before."""

from uuid import UUID

from viche_chassis import acts
from viche_chassis.access import current_caller
from viche_chassis.db import Connection
from viche_chassis.ids import new_id
from viche_social.domain.errors import PostNotFound, StalePost
from viche_social.domain.event_errors import (
    EventHasProblems,
    EventIsOver,
    EventNotEditable,
    EventNotFound,
    EventNotPublished,
    NotRegistered,
    PeopleAreDeleted,
    RegistrationNotFound,
    RegistrationNotNeeded,
    SeatsAreTaken,
    TooManySeats,
)
from viche_social.domain.event_problems import problems
from viche_social.domain.public_events import (
    HOLDING,
    Content,
    EventPhase,
    EventState,
    RegistrationState,
    has_moved,
    phase_of,
    times_of,
)
from viche_social.event_mailing import Letters, MailKind
from viche_social.posting import writer
from viche_social.register import check_covered
from viche_social.registering import Seats
from viche_social.store import event_mails, posts, public_events, registrations
from viche_social.store.public_events import PublicEvent
from viche_social.store.registrations import Registration


class Holding:
    """Writes, publishes and cancels events, and keeps the list at the door.

    Args:
        seats: moves registrations.
        letters: puts mails on their way.
    """

    def __init__(self, seats: Seats, letters: Letters) -> None:
        self._seats = seats
        self._letters = letters

    async def create(self, conn: Connection, authority_id: UUID, content: Content) -> PublicEvent:
        """Starts a draft.

        Raises:
            PostNotFound: its post with the main moments is not the authority's.
        """
        await _check_moments(conn, authority_id, content)
        id = new_id()
        await public_events.insert(conn, id, authority_id, content, writer())
        return await _about(conn, id)

    async def update(self, conn: Connection, id: UUID, version: int, content: Content) -> tuple[PublicEvent, int]:
        """Puts another content in the place of an event's.

        Returns:
            the event, and how many are told that it has moved.

        Raises:
            EventNotFound, NotYourAuthority, StalePost, EventNotEditable, EventHasProblems, SeatsAreTaken, PostNotFound:
                it stays as it is.
        """
        event = await self._at(conn, id, version)
        if event.state is EventState.CANCELLED:
            raise EventNotEditable()
        await _check_moments(conn, event.authority_id, content)
        is_public = event.state is EventState.PUBLISHED
        if is_public:
            _check_published(event, content)
        moves = is_public and has_moved(event.content, content)
        await public_events.change(conn, id, content, writer(), has_moved=moves)
        if not is_public:
            return await _about(conn, id), 0
        await self._seats.move_up(conn, id)
        changed = await _about(conn, id)
        is_over = phase_of(changed.state, changed.times.over_at, changed.now) is EventPhase.PAST
        told = await self._letters.add_all(conn, id, MailKind.CHANGED) if moves and not is_over else 0
        return changed, told

    async def publish(self, conn: Connection, id: UUID, version: int) -> PublicEvent:
        """Shows a draft to everybody. The command line may take over what is past.

        Raises:
            EventNotFound, NotYourAuthority, StalePost, EventNotEditable, EventHasProblems: it stays a draft.
        """
        event = await self._at(conn, id, version)
        if event.state is not EventState.DRAFT:
            raise EventNotEditable()
        _check_problems(event, event.content, may_be_past=current_caller().person is None)
        await public_events.publish(conn, id)
        return await _about(conn, id)

    async def cancel(self, conn: Connection, id: UUID, reason: str) -> tuple[PublicEvent, int]:
        """Says that an event does not take place.

        Returns:
            the event, and how many are told.

        Raises:
            EventNotFound, NotYourAuthority, EventNotPublished, EventIsOver: it takes place.
        """
        event = await self._covered(conn, id)
        if event.state is not EventState.PUBLISHED:
            raise EventNotPublished()
        if phase_of(event.state, event.times.over_at, event.now) is EventPhase.PAST:
            raise EventIsOver()
        await public_events.cancel(conn, id, reason.strip())
        for each in await registrations.of_event(conn, id, {RegistrationState.PENDING}):
            await self._seats.end(conn, event, each, RegistrationState.EXPIRED)
        await event_mails.drop_all_but(conn, id, MailKind.REMOVED)
        told = await self._letters.add_all(conn, id, MailKind.CANCELLED)
        return await _about(conn, id), told

    async def delete(self, conn: Connection, id: UUID) -> None:
        """Deletes a draft.

        Raises:
            EventNotFound, NotYourAuthority, EventNotEditable: it stays.
        """
        event = await self._covered(conn, id)
        if event.state is not EventState.DRAFT:
            raise EventNotEditable()
        await public_events.delete(conn, id)

    async def note_arrival(self, conn: Connection, id: UUID, *, is_in: bool) -> UUID:
        """Notes that somebody is there, or takes that back.

        Returns:
            the id of the event.

        Raises:
            RegistrationNotFound, NotYourAuthority, NotRegistered: nothing is noted.
        """
        event, found = await self._registration(conn, id)
        if found.state is not RegistrationState.REGISTERED:
            raise NotRegistered()
        await registrations.set_checked_in(conn, id, is_in=is_in)
        return event.id

    async def add(self, conn: Connection, id: UUID, name: str, seats: int) -> UUID:
        """Registers somebody who came to the door.

        Returns:
            the id of the registration.

        Raises:
            EventNotFound, NotYourAuthority, EventNotPublished, RegistrationNotNeeded, PeopleAreDeleted, TooManySeats,
            EventFull: nobody is registered.
        """
        event = await self._covered(conn, id)
        rules = event.content.registering
        if event.state is not EventState.PUBLISHED:
            raise EventNotPublished()
        if not rules.is_needed:
            raise RegistrationNotNeeded()
        if event.people_deleted_at is not None:
            raise PeopleAreDeleted()
        if seats > rules.most_seats:
            raise TooManySeats(most=rules.most_seats)
        return await self._seats.add_at_door(conn, event, name, seats)

    async def remove(self, conn: Connection, id: UUID, reason: str) -> UUID:
        """Takes a registration away; who made it is told why, and forgotten.

        Returns:
            the id of the event.

        Raises:
            RegistrationNotFound, NotYourAuthority, NotRegistered: it stays.
        """
        event, found = await self._registration(conn, id)
        if found.state not in HOLDING:
            raise NotRegistered()
        await self._seats.end(conn, event, found, RegistrationState.REMOVED)
        await self._letters.add(conn, found, MailKind.REMOVED, reason.strip())
        return event.id

    async def _at(self, conn: Connection, id: UUID, version: int) -> PublicEvent:
        event = await self._covered(conn, id)
        if event.version != version:
            raise StalePost(version=event.version)
        return event

    async def _covered(self, conn: Connection, id: UUID) -> PublicEvent:
        event = await self._seats.held_event(conn, id)
        check_covered(event.authority_id)
        acts.about(object=f"event:{id}", authority_id=event.authority_id)
        return event

    async def _registration(self, conn: Connection, id: UUID) -> tuple[PublicEvent, Registration]:
        event, found = await self._seats.held(conn, id)
        check_covered(event.authority_id)
        acts.about(object=f"event:{event.id}", authority_id=event.authority_id)
        return event, found


async def covered(conn: Connection, id: UUID) -> PublicEvent:
    """An event of the caller's authorities, to look at.

    Raises:
        EventNotFound, NotYourAuthority: there is none for the caller.
    """
    event = await public_events.get(conn, id)
    if event is None:
        raise EventNotFound()
    check_covered(event.authority_id)
    return event


async def registration_of(conn: Connection, id: UUID | None) -> Registration:
    """A registration by its id.

    Raises:
        RegistrationNotFound: there is none.
    """
    found = await registrations.get(conn, id) if id else None
    if found is None:
        raise RegistrationNotFound()
    return found


def _check_published(event: PublicEvent, content: Content) -> None:
    """Lets a change go on that leaves a published event whole; its beginning may be past where it was before."""
    stays = times_of(content).starts_at == event.times.starts_at
    _check_problems(event, content, may_be_past=stays)
    capacity = content.registering.capacity if content.registering.is_needed else 0
    if capacity and capacity < event.taken:
        raise SeatsAreTaken(taken=event.taken)


def _check_problems(event: PublicEvent, content: Content, *, may_be_past: bool) -> None:
    for problem in problems(content, event.now, may_be_past=may_be_past):
        raise EventHasProblems(field=problem.field, problem=problem.reason)


async def _check_moments(conn: Connection, authority_id: UUID, content: Content) -> None:
    if content.moments_post_id is not None:
        post = await posts.get(conn, content.moments_post_id)
        if post is None or post.authority_id != authority_id:
            raise PostNotFound()


async def _about(conn: Connection, id: UUID) -> PublicEvent:
    event = await public_events.get(conn, id)
    assert event is not None  # it is held
    acts.about(object=f"event:{id}", authority_id=event.authority_id)
    return event
