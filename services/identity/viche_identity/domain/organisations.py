"""Organisations that people act for: how they may be called, who may act, and who may decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from viche_chassis.errors import AccessDenied, Code, DomainError, FieldViolation, NotFound, invalid
from viche_identity.domain.people import is_control

MAX_TITLE = 200
MAX_NUMBER = 50
MAX_REASON = 1_000
MOST_OF_ONE_PERSON = 20
MOST_INVITATIONS = 50
INVITATION_DAYS = 14


class Kind(StrEnum):
    """What an organisation is."""

    ASSOCIATION = "association"
    COMPANY = "company"
    INSTITUTION = "institution"
    OTHER = "other"


class State(StrEnum):
    """Whether people may act for an organisation."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Role(StrEnum):
    """What somebody is in an organisation."""

    REPRESENTATIVE = "representative"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an organisation is to be confirmed as."""

    title: str
    register_number: str
    kind: Kind
    authority_id: UUID


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation; ``version`` counts what was asked for."""

    id: UUID
    asked: Asked
    version: int
    state: State
    reason: str
    asked_at: datetime
    decided_at: datetime | None


class OrganisationUnknown(NotFound):
    """There is no such organisation, or it is none of the person's."""

    reason = "ORGANISATION_UNKNOWN"


class NotRepresentative(AccessDenied):
    """Only those who represent an organisation may do this."""

    reason = "NOT_REPRESENTATIVE"


class OrganisationNotConfirmed(DomainError):
    """Nobody may act for it yet, or any more."""

    code = Code.FAILED_PRECONDITION
    reason = "ORGANISATION_NOT_CONFIRMED"


class LastRepresentative(DomainError):
    """Without this one nobody would act for the organisation."""

    code = Code.FAILED_PRECONDITION
    reason = "LAST_REPRESENTATIVE"


class OrganisationChanged(DomainError):
    """It has been corrected or decided since it was looked at."""

    code = Code.ABORTED
    reason = "ORGANISATION_CHANGED"


class OwnOrganisation(AccessDenied):
    """Whoever belongs to an organisation does not decide about it."""

    reason = "OWN_ORGANISATION"


class OrganisationTaken(DomainError):
    """Another organisation is confirmed under this number of the register."""

    code = Code.ALREADY_EXISTS
    reason = "ORGANISATION_TAKEN"


class TooManyOrganisations(DomainError):
    """The person belongs to as many as one person may."""

    code = Code.FAILED_PRECONDITION
    reason = "TOO_MANY_ORGANISATIONS"


class TooManyInvitations(DomainError):
    """As many links wait as may wait at once."""

    code = Code.FAILED_PRECONDITION
    reason = "TOO_MANY_INVITATIONS"


def clean_number(number: str) -> str:
    """A number of a register without blanks and in capitals, so that one organisation has one."""
    return "".join(number.split()).upper()


def asked_violations(title: str, number: str, kind: Kind | None) -> Iterator[FieldViolation]:
    """Why an organisation cannot ask to be confirmed as this; title and number are clean."""
    yield from _text_violations("title", title, MAX_TITLE)
    yield from _text_violations("register_number", number, MAX_NUMBER)
    if kind is None:
        yield invalid("kind", "REQUIRED")


def reason_violations(reason: str) -> Iterator[FieldViolation]:
    """Why this is no reason."""
    if not reason:
        yield invalid("reason", "REQUIRED")
    elif len(reason) > MAX_REASON:
        yield invalid("reason", "TOO_LONG", limit=MAX_REASON)


def higher(one: Role, other: Role) -> Role:
    """The role with which one may do more."""
    return Role.REPRESENTATIVE if Role.REPRESENTATIVE in (one, other) else Role.MEMBER


def _text_violations(field: str, text: str, most: int) -> Iterator[FieldViolation]:
    if not text:
        yield invalid(field, "REQUIRED")
    elif len(text) > most:
        yield invalid(field, "TOO_LONG", limit=most)
    elif any(is_control(char) for char in text):
        yield invalid(field, "CONTROL_CHARACTERS")
