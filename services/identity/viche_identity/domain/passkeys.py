"""Passkeys: what they are called, how many, and why one does not sign in."""

from collections.abc import Iterator

from viche_chassis.errors import Code, DomainError, FieldViolation, NotFound, invalid
from viche_identity.domain.people import name_violations

NAME_MAX_CHARACTERS = 60
MOST = 20
CHALLENGE_LIFE_MINUTES = 5


class PasskeysOff(DomainError):
    """Browsers make no passkeys for the portal's address."""

    code = Code.FAILED_PRECONDITION
    reason = "PASSKEYS_OFF"


class NoPasskey(DomainError):
    """The person has none."""

    code = Code.FAILED_PRECONDITION
    reason = "NO_PASSKEY"


class CeremonyOver(DomainError):
    """The challenge was answered before, too late, by somebody else or in another browser."""

    code = Code.FAILED_PRECONDITION
    reason = "CEREMONY_OVER"


class PasskeyRefused(DomainError):
    """What the browser sent does not prove that it has the key."""

    code = Code.INVALID_ARGUMENT
    reason = "PASSKEY_REFUSED"


class PasskeyUnknown(NotFound):
    """The passkey is nobody's here, or not of the person who is to confirm."""

    reason = "PASSKEY_UNKNOWN"


class PasskeyUnverified(DomainError):
    """The authenticator has not checked who uses it, which is needed for this person."""

    code = Code.PERMISSION_DENIED
    reason = "PASSKEY_UNVERIFIED"


class PasskeyCopied(DomainError):
    """The counter went back: there are two authenticators with this key."""

    code = Code.PERMISSION_DENIED
    reason = "PASSKEY_COPIED"


class PasskeyTaken(DomainError):
    """The passkey was added before."""

    code = Code.ALREADY_EXISTS
    reason = "PASSKEY_TAKEN"


class TooManyPasskeys(DomainError):
    """The person has as many as one person may have."""

    code = Code.FAILED_PRECONDITION
    reason = "TOO_MANY_PASSKEYS"


def passkey_name_violations(name: str) -> Iterator[FieldViolation]:
    """Why a passkey cannot be called by this (clean) name."""
    if not name:
        yield invalid("name", "REQUIRED")
    elif len(name) > NAME_MAX_CHARACTERS:
        yield invalid("name", "TOO_LONG", limit=NAME_MAX_CHARACTERS)
    else:
        yield from name_violations(name)


def is_copied(kept_count: int, count: int) -> bool:
    """Whether a counter that went from ``kept_count`` to ``count`` tells of a copy (WebAuthn Level 3, 7.2, step 22).

    Authenticators that do not count always say 0; passkeys that are synchronised are among them.
    """
    return (kept_count > 0 or count > 0) and count <= kept_count
