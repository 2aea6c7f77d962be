"""AuthoritiesService: the trees of territories and authorities, and the roles on them."""

from typing import Any

from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.db import Pool, transaction
from viche_identity.servicer.messages import authority_message, territory_message
from viche_identity.servicer.regions import read_region
from viche_identity.servicer.roles import Roles
from viche_identity.store import region


class AuthoritiesServicer(identity_pb2_grpc.AuthoritiesServiceServicer):
    """Authorities, territories, grants."""

    def __init__(self, pool: Pool, roles: Roles) -> None:
        self._pool = pool
        self._roles = roles

    async def ListAuthorities(
        self, request: identity_pb2.ListAuthoritiesRequest, context: Any
    ) -> identity_pb2.ListAuthoritiesResponse:
        async with transaction(self._pool) as conn:
            found = await region.authorities(conn)
        return identity_pb2.ListAuthoritiesResponse(authorities=[authority_message(each) for each in found])

    async def ListTerritories(
        self, request: identity_pb2.ListTerritoriesRequest, context: Any
    ) -> identity_pb2.ListTerritoriesResponse:
        async with transaction(self._pool) as conn:
            found = await region.territories(conn)
        return identity_pb2.ListTerritoriesResponse(territories=[territory_message(each) for each in found])

    async def PutRegion(self, request: identity_pb2.PutRegionRequest, context: Any) -> identity_pb2.PutRegionResponse:
        async with transaction(self._pool) as conn:
            await region.lock(conn)
            territories, authorities = read_region(
                request, await region.territories(conn), await region.authorities(conn)
            )
            await region.put_territories(conn, territories)
            await region.set_territory_paths(conn)
            await region.put_authorities(conn, authorities)
            stored = {each.slug: each for each in await region.authorities(conn)}
        messages = [authority_message(stored[each.slug]) for each in authorities]
        return identity_pb2.PutRegionResponse(authorities=messages)

    async def CreateGrant(
        self, request: identity_pb2.CreateGrantRequest, context: Any
    ) -> identity_pb2.CreateGrantResponse:
        return await self._roles.give(request)

    async def DeleteGrant(
        self, request: identity_pb2.DeleteGrantRequest, context: Any
    ) -> identity_pb2.DeleteGrantResponse:
        return await self._roles.take_back(request)

    async def UndeleteGrant(
        self, request: identity_pb2.UndeleteGrantRequest, context: Any
    ) -> identity_pb2.UndeleteGrantResponse:
        return await self._roles.give_again(request)

    async def ListGrants(
        self, request: identity_pb2.ListGrantsRequest, context: Any
    ) -> identity_pb2.ListGrantsResponse:
        return await self._roles.list(request)
