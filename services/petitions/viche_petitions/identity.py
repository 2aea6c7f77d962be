"""What petitions asks of identity: authorities, and the person behind a confirmed address."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.status import from_rpc_error
from viche_petitions.domain.errors import UnknownAuthority
from viche_petitions.domain.signing import Signer
from viche_petitions.scope_tokens import scope_of

FRESH_S = 60.0
SOONEST_S = 1.0
ASSURANCE = "email"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who signs by e-mail."""

    email: str
    name: str
    residence_code: str
    language: str


class Authorities:
    """Authorities by id, with the code of the territory that each serves; asked for once a minute."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = identity_pb2_grpc.AuthoritiesServiceStub(channel)
        self._territories: Mapping[UUID, str] = {}
        self._asked_at = float("-inf")

    async def territory_of(self, authority_id: UUID) -> str:
        """The territory that an authority serves.

        Raises:
            UnknownAuthority: there is no such authority.
            DomainError: identity does not answer, and what it said before does not know the authority.
        """
        age_s = time.monotonic() - self._asked_at
        if age_s > FRESH_S or (authority_id not in self._territories and age_s > SOONEST_S):
            await self._refresh(authority_id)
        if authority_id not in self._territories:
            raise UnknownAuthority(authority_id=authority_id)
        return self._territories[authority_id]

    async def ids(self) -> list[str]:
        """Ids of all authorities.

        Raises:
            DomainError: identity does not answer and has not answered before.
        """
        if time.monotonic() - self._asked_at > FRESH_S:
            await self._refresh(None)
        return [str(authority_id) for authority_id in self._territories]

    async def _refresh(self, wanted: UUID | None) -> None:
        try:
            response = await self._stub.ListAuthorities(identity_pb2.ListAuthoritiesRequest())
        except grpc.RpcError as error:
            if wanted not in self._territories and (wanted or not self._territories):
                raise from_rpc_error(error) from error
            return  # what is known goes on holding while identity is down
        self._territories = {UUID(each.id): each.territory_code for each in response.authorities}
        self._asked_at = time.monotonic()


class People:
    """The persons behind confirmed addresses."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = identity_pb2_grpc.PeopleServiceStub(channel)

    async def ensure(self, contact: Contact, petition_id: UUID, mailbox_member: int) -> Signer:
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
        return Signer(petition_id, response.pseudonym, ASSURANCE, tuple(response.residence_path))
