"""Errors of the domain: a code, a stable reason and the values that a sentence about it needs.

Pure: ``domain`` modules import this and nothing else of the chassis.
The sentences themselves live in the gateway's catalogues, under the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum


class Code(IntEnum):
    """Canonical codes (google.rpc.Code) that the domain uses."""

    INVALID_ARGUMENT = 3
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    INTERNAL = 13
    UNAVAILABLE = 14
    UNAUTHENTICATED = 16


class DomainError(Exception):
    """Something that the caller is told.

    Subclasses set ``code`` and ``reason``; keyword arguments are the values for the sentence.
    A reason is UPPER_SNAKE_CASE and never changes once released.
    """

    code: Code = Code.FAILED_PRECONDITION
    reason: str = "FAILED"

    def __init__(self, **values: object) -> None:
        self.values: dict[str, str] = {name: str(value) for name, value in values.items()}
        super().__init__(f"{self.reason} {self.values}" if self.values else self.reason)


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field that cannot be taken as it is."""

    field: str
    reason: str
    values: Mapping[str, str]


class InvalidFields(DomainError):
    """Fields that cannot be taken as they are; all of them at once."""

    code = Code.INVALID_ARGUMENT
    reason = "INVALID_FIELDS"

    def __init__(self, *violations: FieldViolation) -> None:
        super().__init__()
        self.violations = violations
        self.args = (", ".join(f"{v.field}: {v.reason}" for v in violations),)


def invalid(field: str, reason: str, **values: object) -> FieldViolation:
    """A violation of ``field``; the values go into the sentence."""
    return FieldViolation(field, reason, {name: str(value) for name, value in values.items()})


class NotFound(DomainError):
    """There is no such thing."""

    code = Code.NOT_FOUND
    reason = "NOT_FOUND"


class RequestMismatch(DomainError):
    """The request id was used before with another body."""

    code = Code.ABORTED
    reason = "REQUEST_MISMATCH"


class LinkUnknown(NotFound):
    """The link of a mail is none of ours, or was deleted long ago."""

    reason = "LINK_UNKNOWN"


class LinkExpired(DomainError):
    """The link of a mail was not used in time."""

    code = Code.FAILED_PRECONDITION
    reason = "LINK_EXPIRED"


class TooManyRequests(DomainError):
    """A rate rule says no; ``retry_after_s`` is among the values."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "TOO_MANY_REQUESTS"


class Unauthenticated(DomainError):
    """The caller has not shown who it is, or its proof does not hold."""

    code = Code.UNAUTHENTICATED
    reason = "UNAUTHENTICATED"


class TokenRefused(Unauthenticated):
    """A token is expired, forged or made for somebody else."""

    reason = "TOKEN_REFUSED"


class AccessDenied(DomainError):
    """The caller is known and may not do this."""

    code = Code.PERMISSION_DENIED
    reason = "ACCESS_DENIED"


class NotYourAuthority(AccessDenied):
    """The person's roles do not cover the authority."""

    reason = "NOT_YOUR_AUTHORITY"


class Unavailable(DomainError):
    """Something that this needs is down; trying again later may work."""

    code = Code.UNAVAILABLE
    reason = "UNAVAILABLE"
