"""AuthoritiesService: the trees of territories and authorities, and the roles on them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.access import require_operator
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_identity.domain import region as rules
from viche_identity.records import Records, ensure
from viche_identity.requests import Requests
from viche_identity.servicer.messages import authority_message, grant_message, territory_message
from viche_identity.servicer.regions import read_region
from viche_identity.store import region


class AuthoritiesServicer(identity_pb2_grpc.AuthoritiesServiceServicer):
    """Authorities, territories, grants.

    Args:
        language: of persons who are created by being given a role.
    """

    def __init__(self, pool: Pool, records: Records, requests: Requests, language: str) -> None:
        self._pool = pool
        self._records = records
        self._requests = requests
        self._language = language

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
        found = list(rules.role_violations(request.role))
        if found:
            raise InvalidFields(*found)
        async with transaction(self._pool) as conn:
            answer = await self._requests.remembered(conn, request, identity_pb2.CreateGrantResponse)
            if answer is None:
                grants = await self._grant(conn, request)
                answer = identity_pb2.CreateGrantResponse(grants=[grant_message(each) for each in grants])
                await self._requests.remember(conn, request, answer)
        return answer

    async def DeleteGrant(
        self, request: identity_pb2.DeleteGrantRequest, context: Any
    ) -> identity_pb2.DeleteGrantResponse:
        async with transaction(self._pool) as conn:
            if not await region.end_grant(conn, UUID(request.grant_id)):
                raise rules.GrantUnknown()
        return identity_pb2.DeleteGrantResponse()

    async def _grant(self, conn: Connection, request: identity_pb2.CreateGrantRequest) -> Sequence[rules.Grant]:
        named = await region.authority_ids(conn, request.authority_slug)
        if not named and request.authority_slug:
            raise InvalidFields(invalid("authority_slug", "UNKNOWN_AUTHORITY", slug=request.authority_slug))
        if not named:
            raise rules.NoAuthorities()
        require_operator(str(authority_id) for authority_id in named)
        person = self._records.new_person(request.email, language=self._language)
        (person_id,), _ = await ensure(conn, [person])
        new = [region.NewGrant(new_id(), person_id, request.role, authority_id) for authority_id in named]
        await region.add_grants(conn, new)
        held = await region.grants_of(conn, person_id)
        return [each for each in held if each.role == request.role and each.authority_id in named]
