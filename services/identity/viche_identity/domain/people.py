"""Persons: what they say of themselves, and how surely they are known."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from uuid import UUID

from viche_chassis.errors import Code, DomainError, FieldViolation, Unauthenticated, invalid

NAME_MAX_CHARACTERS = 100
MAILBOX_MEMBERS = 2  # how many people may share a mailbox; as the UK site allows
SESSION_LIFE_DAYS = 30


class Assurance(IntEnum):
    """How surely a person is known, least first (eIDAS, Regulation (EU) 910/2014, article 8, and a mailbox)."""

    EMAIL = 1
    SUBSTANTIAL = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """As tokens and tables say it."""
        return self.name.lower()


def assurance(word: str) -> Assurance:
    """The assurance that a table's word stands for."""
    return Assurance[word.upper()]


@dataclass(frozen=True, slots=True)
class Person:
    """A person; ``residence_path`` is the residence and all above it, outermost first."""

    id: UUID
    email: str
    name: str
    residence_code: str
    residence_path: tuple[str, ...]
    assurance: Assurance
    language: str


def raised(person: Person, level: Assurance) -> Person:
    """The person, known at least as surely as a session proves."""
    return replace(person, assurance=max(person.assurance, level))


class SessionEnded(Unauthenticated):
    """There is no such session, or no longer."""

    reason = "SESSION_ENDED"


class NameNeeded(DomainError):
    """The person has given no name, and one is to be published."""

    code = Code.FAILED_PRECONDITION
    reason = "NAME_NEEDED"


class DirectSessionsOff(DomainError):
    """Sessions without a mail are not allowed here."""

    code = Code.PERMISSION_DENIED
    reason = "DIRECT_SESSIONS_OFF"


def clean_name(name: str) -> str:
    """A name as it is kept: NFC, without surrounding blanks."""
    return unicodedata.normalize("NFC", name).strip()


def name_violations(name: str, field: str = "name") -> Iterator[FieldViolation]:
    """Why a (clean) name cannot be taken.

    Control, bidirectional and line-breaking characters could forge what others read.
    """
    if len(name) > NAME_MAX_CHARACTERS:
        yield invalid(field, "TOO_LONG", limit=NAME_MAX_CHARACTERS)
    elif any(is_control(char) for char in name):
        yield invalid(field, "CONTROL_CHARACTERS")


def language_violations(language: str, known: Collection[str], field: str = "language") -> Iterator[FieldViolation]:
    """Why a language cannot be taken; empty is no language."""
    if language and language not in known:
        yield invalid(field, "UNKNOWN_LANGUAGE", language=language)


def residence_violations(code: str, known: Collection[str], field: str = "residence_code") -> Iterator[FieldViolation]:
    """Why a residence cannot be taken; empty is none."""
    if code and code not in known:
        yield invalid(field, "UNKNOWN_TERRITORY", code=code)


def member_violations(member: int) -> Iterator[FieldViolation]:
    """Why nobody has this place in a mailbox."""
    if not 0 <= member < MAILBOX_MEMBERS:
        yield invalid("mailbox_member", "OUT_OF_RANGE", limit=MAILBOX_MEMBERS - 1)


def is_control(char: str) -> bool:
    """Whether a character could forge what others read: it controls, breaks lines or turns the direction."""
    bidirectional = "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
    return bidirectional or unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}
