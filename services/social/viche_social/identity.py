"""What social asks of identity: which authorities there are."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc, officers_pb2, officers_pb2_grpc

from viche_chassis.status import from_rpc_error
from viche_social.domain.errors import UnknownAuthority

FRESH_S = 60.0
SOONEST_S = 1.0
"""For an authority that is not known identity is asked again after so long."""


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority of this instance; ``level`` is empty where it is not known."""

    id: UUID
    slug: str
    title: str
    level: str
    parent_id: UUID | None


class Region:
    """Authorities by id; asked for once a minute. What was said goes on holding while identity is down."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = identity_pb2_grpc.AuthoritiesServiceStub(channel)
        self._officers = officers_pb2_grpc.OfficersServiceStub(channel)
        self._known: Mapping[UUID, Authority] = {}
        self._asked_at = float("-inf")

    async def authorities(self, *, is_fresh: bool = False) -> Mapping[UUID, Authority]:
        """All of them, parents before children.

        Args:
            is_fresh: whether identity is asked now, however lately it was asked.
        Raises:
            DomainError: identity does not answer and has not answered before.
        """
        if is_fresh or not self._known or time.monotonic() - self._asked_at > FRESH_S:
            await self._ask()
        return self._known

    async def get(self, authority_id: UUID) -> Authority:
        """The authority with that id.

        Raises:
            UnknownAuthority: there is none.
            DomainError: identity does not answer, and has not told of this one before.
        """
        known = await self.authorities()
        if authority_id not in known:
            known = await self.authorities(is_fresh=time.monotonic() - self._asked_at > SOONEST_S)
        if authority_id not in known:
            raise UnknownAuthority(authority_id=authority_id)
        return known[authority_id]

    async def roles(self, authority_id: UUID, pseudonym: bytes) -> frozenset[str]:
        """Roles that somebody (of the scope "authors") holds at an authority now.

        Raises:
            DomainError: identity does not answer.
        """
        asked = officers_pb2.GetOfficerRolesRequest(authority_id=str(authority_id), pseudonym=pseudonym)
        try:
            return frozenset((await self._officers.GetOfficerRoles(asked)).roles)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error

    async def _ask(self) -> None:
        try:
            response = await self._stub.ListAuthorities(identity_pb2.ListAuthoritiesRequest())
        except grpc.RpcError as error:
            if not self._known:
                raise from_rpc_error(error) from error
            return
        ids = {each.slug: UUID(each.id) for each in response.authorities}
        self._known = {
            ids[each.slug]: Authority(
                ids[each.slug], each.slug, _title(each), each.level, ids.get(each.parent_slug)
            )
            for each in response.authorities
        }  # fmt: skip
        self._asked_at = time.monotonic()


def _title(authority: identity_pb2.Authority) -> str:
    texts = authority.name.texts
    return texts.get("en") or next(iter(texts.values()), "") or authority.slug
