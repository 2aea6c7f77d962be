"""What surveys asks of identity: which authorities and territories there are."""

import time
from collections.abc import Mapping
from uuid import UUID

import grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.status import from_rpc_error
from viche_surveys.domain.errors import UnknownAuthority
from viche_surveys.domain.territories import levels_of

FRESH_S = 60.0


class Region:
    """Authorities and territories; asked for once a minute. What was said goes on holding while identity is down."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = identity_pb2_grpc.AuthoritiesServiceStub(channel)
        self._authorities: frozenset[UUID] = frozenset()
        self._authorities_at = float("-inf")
        self._territories: Mapping[str, identity_pb2.Territory] = {}
        self._levels: Mapping[str, int] = {}
        self._territories_at = float("-inf")

    async def check_authority(self, authority_id: UUID) -> None:
        """Looks whether there is an authority.

        Raises:
            UnknownAuthority: there is none.
            DomainError: identity does not answer, and has not told of this one before.
        """
        if authority_id not in self._authorities or time.monotonic() - self._authorities_at > FRESH_S:
            await self._ask_for_authorities(authority_id)
        if authority_id not in self._authorities:
            raise UnknownAuthority(authority_id=authority_id)

    async def territories(self) -> Mapping[str, identity_pb2.Territory]:
        """Territories by code; parents come before children.

        Raises:
            DomainError: identity does not answer and has not answered before.
        """
        if time.monotonic() - self._territories_at > FRESH_S:
            try:
                response = await self._stub.ListTerritories(identity_pb2.ListTerritoriesRequest())
            except grpc.RpcError as error:
                if not self._territories:
                    raise from_rpc_error(error) from error
                return self._territories
            self._territories = {each.code: each for each in response.territories}
            self._levels = levels_of({each.code: each.parent_code for each in response.territories})
            self._territories_at = time.monotonic()
        return self._territories

    async def levels(self) -> Mapping[str, int]:
        """How deep in the codifier each territory lies, 1 at the top.

        Raises:
            DomainError: as :meth:`territories`.
        """
        await self.territories()
        return self._levels

    async def _ask_for_authorities(self, wanted: UUID) -> None:
        try:
            response = await self._stub.ListAuthorities(identity_pb2.ListAuthoritiesRequest())
        except grpc.RpcError as error:
            if wanted not in self._authorities:
                raise from_rpc_error(error) from error
            return
        self._authorities = frozenset(UUID(each.id) for each in response.authorities)
        self._authorities_at = time.monotonic()
