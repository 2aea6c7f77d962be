"""What petitions asks of identity: authorities, and the person behind a confirmed address."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.status import from_rpc_error
from viche_petitions.domain.errors import UnknownAuthority
from viche_petitions.domain.signing import Signer
from viche_petitions.scope_tokens import scope_of
from viche_sdk.types import Level, Situation

FRESH_S = 60.0
SOONEST_S = 1.0
ASSURANCE = "email"
AUTHORS = "authors"  # the scope in which people write petitions


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who signs by e-mail; ``network`` is the address block that the form came from, if known."""

    email: str
    name: str
    residence_code: str
    language: str
    network: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """What rules may depend on: the territory that it serves, its level, how many live there; None where not known.

    ``parent`` is the slug of the one above it, empty at the top.
    """

    id: UUID
    territory_code: str
    level: Level | None = None
    population: int | None = None
    slug: str = ""
    parent: str = ""

    def situation(self, on: date) -> Situation:
        """That of a petition to it which opens on a day; being opened is being registered here."""
        return Situation(self.territory_code, self.level, self.population, opened_on=on, registered_on=on)


class Authorities:
    """Authorities by id; asked for once a minute, and for one that is not known once a second at most."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = identity_pb2_grpc.AuthoritiesServiceStub(channel)
        self._known: Mapping[UUID, Authority] = {}
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()
        self._paths: Mapping[str, tuple[str, ...]] = {}
        self._paths_asked_at = float("-inf")

    async def get(self, authority_id: UUID) -> Authority:
        """The authority with that id.

        Raises:
            UnknownAuthority: there is no such authority.
            DomainError: identity does not answer, and what it said before does not know the authority.
        """
        if time.monotonic() - self._asked_at > FRESH_S:
            await self._refresh(authority_id)
        if authority_id not in self._known:
            await self._ask_again(authority_id)
        if authority_id not in self._known:
            raise UnknownAuthority(authority_id=authority_id)
        return self._known[authority_id]

    async def _ask_again(self, wanted: UUID) -> None:
        """Asks for one that may be new; those who wait together share the answer."""
        began = time.monotonic()
        async with self._asking:
            if self._asked_at < began:
                await asyncio.sleep(max(0.0, SOONEST_S - (began - self._asked_at)))
                await self._refresh(wanted)

    async def ids(self) -> list[str]:
        """Ids of all authorities.

        Raises:
            DomainError: identity does not answer and has not answered before.
        """
        if time.monotonic() - self._asked_at > FRESH_S:
            await self._refresh(None)
        return [str(authority_id) for authority_id in self._known]

    async def below(self, authority_id: UUID) -> tuple[UUID, ...]:
        """The authority and all below it.

        Raises:
            UnknownAuthority: there is no such authority.
            DomainError: identity does not answer, and what it said before does not know the authority.
        """
        found = [await self.get(authority_id)]
        for above in found:
            found += [each for each in self._known.values() if each.parent and each.parent == above.slug]
        return tuple(each.id for each in found)

    async def above(self, authority_id: UUID) -> tuple[UUID, ...]:
        """The authority and all above it, the nearest first.

        Raises:
            UnknownAuthority: there is no such authority.
            DomainError: identity does not answer, and what it said before does not know the authority.
        """
        found = [await self.get(authority_id)]
        for below in found:
            found += [each for each in self._known.values() if below.parent and each.slug == below.parent]
        return tuple(each.id for each in found)

    async def paths(self) -> Mapping[str, tuple[str, ...]]:
        """Territories by code, each with all above it, outermost first; asked for once a minute.

        Raises:
            DomainError: identity does not answer and has not answered before.
        """
        if time.monotonic() - self._paths_asked_at > FRESH_S:
            try:
                response = await self._stub.ListTerritories(identity_pb2.ListTerritoriesRequest())
            except grpc.RpcError as error:
                if not self._paths:
                    raise from_rpc_error(error) from error
                return self._paths
            self._paths = _paths_of(response.territories)
            self._paths_asked_at = time.monotonic()
        return self._paths

    async def _refresh(self, wanted: UUID | None) -> None:
        try:
            response = await self._stub.ListAuthorities(identity_pb2.ListAuthoritiesRequest())
        except grpc.RpcError as error:
            if wanted not in self._known and (wanted or not self._known):
                raise from_rpc_error(error) from error
            return  # what is known goes on holding while identity is down
        self._known = {found.id: found for found in map(_read, response.authorities)}
        self._asked_at = time.monotonic()


def _read(message: identity_pb2.Authority) -> Authority:
    level = Level(message.level) if message.level in list(Level) else None  # a newer identity may know more of them
    return Authority(
        UUID(message.id), message.territory_code, level, message.population or None, message.slug, message.parent_slug
    )


def _paths_of(territories: Iterable[identity_pb2.Territory]) -> Mapping[str, tuple[str, ...]]:
    paths: dict[str, tuple[str, ...]] = {}
    for each in territories:  # parents come before children
        paths[each.code] = (*paths.get(each.parent_code, ()), each.code)
    return paths


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Somebody who has confirmed an address; ``names`` is the pseudonym under which their published name is kept."""

    signer: Signer
    names: bytes


class People:
    """The persons behind confirmed addresses."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = identity_pb2_grpc.PeopleServiceStub(channel)

    async def ensure(self, contact: Contact, petition_id: UUID, mailbox_member: int) -> Confirmed:
        """The person who has confirmed an address, as the petition knows them.

        Args:
            mailbox_member: which of those who share the mailbox, from 0.
        """
        request = identity_pb2.EnsureEmailPersonRequest(
            email=contact.email, name=contact.name, residence_code=contact.residence_code, language=contact.language,
            scope=scope_of(petition_id), mailbox_member=mailbox_member,
        )  # fmt: skip
        try:
            response = await self._stub.EnsureEmailPerson(request)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error
        signer = Signer(petition_id, response.pseudonym, ASSURANCE, tuple(response.residence_path))
        return Confirmed(signer, response.names_pseudonym)

    async def author(self, email: str, language: str) -> bytes:
        """The pseudonym under which whoever owns an address writes petitions, whether they are known or not.

        Args:
            language: of the person, where they are new.

        Raises:
            DomainError: the address or the language is none, or identity does not answer.
        """
        request = identity_pb2.EnsureEmailPersonRequest(email=email, language=language, scope=AUTHORS)
        try:
            return (await self._stub.EnsureEmailPerson(request)).pseudonym
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error
