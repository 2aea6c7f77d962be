"""Providers of identity: what of their claims counts here, by the operator's mapping; pure.

A claim is named by its key, or by a path of keys with dots between them; a number in a path is a place in a list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from viche_chassis.errors import Code, DomainError, NotFound, Unavailable
from viche_identity.domain.people import NAME_MAX_CHARACTERS, Assurance, clean_name, name_violations

ATTEMPT_LIFE_MINUTES = 10
CLOCK_SKEW = timedelta(seconds=60)
NAMELESS = "oauth2:"  # stands before the name of a provider that has no issuer
SUBJECT_MAX_CHARACTERS = 255  # OpenID Connect Core 1.0, section 2


class Kind(StrEnum):
    """What a provider speaks."""

    OIDC = "oidc"
    OAUTH2 = "oauth2"


class ClientAuth(StrEnum):
    """How we prove to a provider who we are (RFC 6749, section 2.3.1; public clients do not)."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"
    NONE = "none"


class Purpose(StrEnum):
    """Why somebody visits a provider."""

    SIGN_IN = "sign_in"
    CONNECT = "connect"
    CONFIRM = "confirm"


class ProviderUnknown(NotFound):
    """The operator lists no such provider."""

    reason = "PROVIDER_UNKNOWN"


class ProviderUnavailable(Unavailable):
    """The provider does not answer, or not in time."""

    reason = "PROVIDER_UNAVAILABLE"


class ProviderRefused(DomainError):
    """What the provider says cannot be relied on, or it refuses us."""

    code = Code.FAILED_PRECONDITION
    reason = "PROVIDER_REFUSED"


class TurnedBack(DomainError):
    """The person did not agree at the provider."""

    code = Code.FAILED_PRECONDITION
    reason = "TURNED_BACK"


class AttemptOver(DomainError):
    """Nothing is under way under this state in this browser: it expired, was used, or began elsewhere."""

    code = Code.FAILED_PRECONDITION
    reason = "ATTEMPT_OVER"


class AlreadyConnected(DomainError):
    """Who the provider names has another account here, or is not connected with it any more."""

    code = Code.ALREADY_EXISTS
    reason = "ALREADY_CONNECTED"


class OtherPerson(DomainError):
    """The provider names somebody else than who is signed in."""

    code = Code.FAILED_PRECONDITION
    reason = "OTHER_PERSON"


class NotAskedAnew(DomainError):
    """The provider does not say that it has just asked the person who it is."""

    code = Code.FAILED_PRECONDITION
    reason = "NOT_ASKED_ANEW"


class LastWayIn(DomainError):
    """Without this connection the person could not sign in any more."""

    code = Code.FAILED_PRECONDITION
    reason = "LAST_WAY_IN"


class AddressHeld(DomainError):
    """The person has an e-mail address already."""

    code = Code.FAILED_PRECONDITION
    reason = "ADDRESS_HELD"


@dataclass(frozen=True, slots=True)
class ClaimTable:
    """A claim and what its values mean here; without a table they are taken as they are."""

    claim: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def read(self, claims: Mapping[str, Any]) -> list[str]:
        """What the claim means; a list of values means several things, in its order."""
        found = value_at(claims, self.claim) if self.claim else None
        texts = [_text(each) for each in (found if isinstance(found, list) else [found])]
        if not self.values:
            return [text for text in texts if text]
        return [self.values[text] for text in texts if text in self.values]


@dataclass(frozen=True, slots=True)
class ClaimMapping:
    """Which claims mean what; ``email_verified`` is a claim, or what holds for every address of the provider."""

    subject: str = "sub"
    name: tuple[str, ...] = ("name",)
    email: str = "email"
    email_verified: str | bool = "email_verified"
    assurance: ClaimTable = ClaimTable()
    residence: ClaimTable = ClaimTable()


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as the operator lists it. Where ``kind`` is "oidc", the endpoints are discovered.

    ``hosts`` are those that we may call. ``asks_each_time`` says that nobody comes back from it without having shown
    just then who they are.
    """

    name: str
    title: Mapping[str, str]
    kind: Kind
    issuer: str
    client_id: str
    client_secret: str
    client_auth: ClientAuth
    scopes: tuple[str, ...]
    hosts: frozenset[str]
    mapping: ClaimMapping
    authorize_url: str = ""
    token_url: str = ""
    userinfo_url: str = ""
    asks_each_time: bool = False

    @property
    def can_confirm(self) -> bool:
        """Whether it can be asked to let the person show anew who they are."""
        return self.kind == Kind.OIDC or self.asks_each_time


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a provider says of a person, in our words; empty where it says nothing."""

    subject: str
    name: str = ""
    email: str = ""
    is_email_verified: bool = False
    assurance: Assurance = Assurance.EMAIL
    residence_code: str = ""


def claimed(mapping: ClaimMapping, claims: Mapping[str, Any]) -> Claimed:
    """What ``claims`` mean by ``mapping``.

    A value that says nothing here is passed over; a level that the table does not know gives the lowest assurance.

    Raises:
        ProviderRefused: they name nobody.
    """
    subject = _text(value_at(claims, mapping.subject))
    if not 0 < len(subject) <= SUBJECT_MAX_CHARACTERS:
        raise ProviderRefused()
    levels = [Assurance[word.upper()] for word in mapping.assurance.read(claims)]
    residences = mapping.residence.read(claims)
    return Claimed(
        subject=subject,
        name=_name(claims, mapping.name),
        email=_text(value_at(claims, mapping.email)),
        is_email_verified=_is_verified(claims, mapping.email_verified),
        assurance=max(levels, default=Assurance.EMAIL),
        residence_code=residences[0] if residences else "",
    )


def value_at(claims: Mapping[str, Any], path: str) -> Any:
    """The claim at ``path``; None where there is none. A key with dots in it is found before a path of keys."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found


def is_asked_anew(provider: Provider, asked_at: datetime | None, began_at: datetime) -> bool:
    """Whether the person has shown at the provider who they are since ``began_at``.

    Args:
        asked_at: the provider's auth_time (OpenID Connect Core 1.0, section 2); None when it tells none.
    """
    if asked_at is None:
        return provider.asks_each_time
    return asked_at >= began_at - CLOCK_SKEW


def _name(claims: Mapping[str, Any], paths: Sequence[str]) -> str:
    parts = [_text(value_at(claims, path)) for path in paths]
    name = clean_name(" ".join(part for part in parts if part))[:NAME_MAX_CHARACTERS]
    return "" if any(name_violations(name)) else name


def _is_verified(claims: Mapping[str, Any], rule: str | bool) -> bool:
    # some providers write the boolean as a text
    return rule if isinstance(rule, bool) else value_at(claims, rule) in (True, "true")


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()
