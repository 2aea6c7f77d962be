"""Who calls, and whether that is enough: the access option of an RPC, read and enforced."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from google.protobuf import descriptor_pool
from viche.options.v1 import options_pb2

from viche_chassis.errors import (
    AccessDenied,
    Code,
    DomainError,
    NotYourAuthority,
    TokenRefused,
    Unauthenticated,
)
from viche_chassis.tokens import Verifier

SERVICE_METADATA = "viche-service"
PERSON_METADATA = "authorization"
PERSON_AUDIENCE = "viche"
DEFAULT_CALLERS = ("gateway",)


class AccessUnstated(DomainError):
    """The RPC does not state its access, so nobody may call it."""

    code = Code.PERMISSION_DENIED
    reason = "ACCESS_UNSTATED"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that holds for an authority and all below it."""

    role: str
    authority_id: str
    covers: frozenset[str]


@dataclass(frozen=True, slots=True)
class PersonClaims:
    """What an access token says of a signed-in person.

    ``author`` is the pseudonym of the scope "authors", ``residence`` a path of territory codes, outermost first.
    """

    id: str
    session_id: str
    assurance: str
    residence: tuple[str, ...]
    author: str
    grants: tuple[Grant, ...]

    def authorities(self, roles: Sequence[str]) -> frozenset[str]:
        """Ids of all authorities that one of ``roles`` covers."""
        return frozenset[str]().union(*(grant.covers for grant in self.grants if grant.role in roles))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes the call that is being served: a service, maybe for a person.

    ``roles`` are those of which the RPC asks for one, whether the person holds it or not.
    """

    service: str
    person: PersonClaims | None = None
    roles: tuple[str, ...] = ()


_current: ContextVar[Caller] = ContextVar("viche_caller")


def current_caller() -> Caller:
    """The caller of the RPC that is being served.

    Raises:
        Unauthenticated: outside of an RPC.
    """
    caller = _current.get(None)
    if caller is None:
        raise Unauthenticated()
    return caller


def current_person() -> PersonClaims:
    """The person on whose behalf the RPC is called.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    person = current_caller().person
    if person is None:
        raise Unauthenticated()
    return person


def covered_authorities() -> frozenset[str]:
    """Ids of all authorities for which the person holds a role that the RPC being served asks for.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    return current_person().authorities(current_caller().roles)


def require_operator(authority_ids: Iterable[str]) -> None:
    """Holds the caller against authorities that it must operate; a trusted caller without a person passes.

    Raises:
        NotYourAuthority: the person does not operate all of them.
    """
    person = current_caller().person
    if person is not None and not person.authorities(["operator"]).issuperset(authority_ids):
        raise NotYourAuthority()


@contextmanager
def called_by(caller: Caller) -> Iterator[None]:
    """The caller within the block; the one before is the caller again after it."""
    before = _current.set(caller)
    try:
        yield
    finally:
        _current.reset(before)


def access_of(method: str) -> options_pb2.Access | None:
    """The access option of a method "/package.Service/Method"; None when it states none."""
    service_name, _, method_name = method.lstrip("/").partition("/")
    try:
        service = descriptor_pool.Default().FindServiceByName(service_name)
    except KeyError:
        return None
    descriptor = service.methods_by_name.get(method_name)
    if descriptor is None or not descriptor.GetOptions().HasExtension(options_pb2.access):
        return None
    access = descriptor.GetOptions().Extensions[options_pb2.access]
    return access if access.level != options_pb2.LEVEL_UNSPECIFIED else None


class Gatekeeper:
    """Decides from an RPC's access option and the call's metadata.

    Args:
        name: the service that is called; service tokens must name it.
        services: checks tokens of services.
        people: checks access tokens; None where no RPC needs a person.
    """

    def __init__(self, name: str, services: Verifier, people: Verifier | None) -> None:
        self._name = name
        self._services = services
        self._people = people

    def admit(self, access: options_pb2.Access | None, metadata: Mapping[str, Any]) -> Caller:
        """The caller, if it may call.

        Raises:
            AccessUnstated, Unauthenticated, TokenRefused, AccessDenied: it may not.
        """
        if access is None:
            raise AccessUnstated()
        if access.level == options_pb2.LEVEL_ANONYMOUS:
            return Caller(service="")
        service = self._service(access, metadata)
        if access.level == options_pb2.LEVEL_SERVICE or service in access.trusted:
            return Caller(service, roles=tuple(access.roles))
        person = self._person(metadata)
        held = {grant.role for grant in person.grants}
        if access.level == options_pb2.LEVEL_OFFICER and held.isdisjoint(access.roles):
            raise AccessDenied()
        return Caller(service, person, tuple(access.roles))

    def _service(self, access: options_pb2.Access, metadata: Mapping[str, Any]) -> str:
        token = metadata.get(SERVICE_METADATA)
        if not token:
            raise Unauthenticated()
        claims = self._services.verify(str(token), audience=self._name)
        service = str(claims.get("iss"))
        if service != claims["kid"]:  # a service may speak for itself alone
            raise TokenRefused()
        if service not in (access.callers or DEFAULT_CALLERS):
            raise AccessDenied()
        return service

    def _person(self, metadata: Mapping[str, Any]) -> PersonClaims:
        scheme, _, token = str(metadata.get(PERSON_METADATA, "")).partition(" ")
        if scheme.lower() != "bearer" or not token or self._people is None:
            raise Unauthenticated()
        return read_person(self._people.verify(token, audience=PERSON_AUDIENCE))


def read_person(claims: Mapping[str, Any]) -> PersonClaims:
    """The claims of an access token as a value."""
    grants = tuple(
        Grant(item["role"], item["authority"], frozenset(item["covers"])) for item in claims.get("grants", ())
    )
    return PersonClaims(
        id=claims["sub"],
        session_id=claims.get("sid", ""),
        assurance=claims.get("assurance", ""),
        residence=tuple(claims.get("residence", ())),
        author=claims.get("authors", ""),
        grants=grants,
    )
