"""What people are told when something about public events cannot be done."""

from viche_chassis.errors import Code, DomainError


class EventNotFound(DomainError):
    """There is no such event, or it is not published."""

    code = Code.NOT_FOUND
    reason = "EVENT_NOT_FOUND"


class EventNotEditable(DomainError):
    """Where the event is in its life, nobody changes it any more."""

    reason = "EVENT_NOT_EDITABLE"


class EventHasProblems(DomainError):
    """Something keeps the event from being shown to everybody; `field` and `problem` name the first."""

    reason = "EVENT_HAS_PROBLEMS"


class EventNotPublished(DomainError):
    """The event is a draft, or does not take place."""

    reason = "EVENT_NOT_PUBLISHED"


class EventIsOver(DomainError):
    """The event has begun, or is over."""

    reason = "EVENT_IS_OVER"


class EventCancelled(DomainError):
    """The event does not take place."""

    reason = "EVENT_CANCELLED"


class EventFull(DomainError):
    """No seats are left, and there is no waiting list; of an address that is registered the mail says so."""

    reason = "EVENT_FULL"


class SeatsAreTaken(DomainError):
    """More seats are `taken` than there would be."""

    reason = "SEATS_ARE_TAKEN"


class TooManySeats(DomainError):
    """One may take at `most` so many seats."""

    code = Code.INVALID_ARGUMENT
    reason = "TOO_MANY_SEATS"


class RegistrationNotNeeded(DomainError):
    """Nobody registers for this event: people just come."""

    reason = "REGISTRATION_NOT_NEEDED"


class RegistrationClosed(DomainError):
    """The time for registering is over."""

    reason = "REGISTRATION_CLOSED"


class RegistrationNotFound(DomainError):
    """There is no such registration, or the link to it is not one of ours."""

    code = Code.NOT_FOUND
    reason = "REGISTRATION_NOT_FOUND"


class RegistrationExpired(DomainError):
    """The link in the mail was not used in time."""

    reason = "REGISTRATION_EXPIRED"


class NotRegistered(DomainError):
    """The registration does not hold any more, or not yet."""

    reason = "NOT_REGISTERED"


class PeopleAreDeleted(DomainError):
    """Names and addresses of who registered for the event are deleted."""

    reason = "PEOPLE_ARE_DELETED"
