"""Roles in identity's double."""

from datetime import UTC, datetime
from typing import Any

from viche.identity.v1 import identity_pb2 as identity
from viche.identity.v1 import identity_pb2_grpc as identity_rpc

from viche_chassis.errors import Code, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import refusal, stamp


class FakeRoles(identity_rpc.AuthoritiesServiceServicer):
    """Grants in the order in which they were given; ``ended`` are ids of those that were taken back."""

    def __init__(self) -> None:
        self.grants: dict[str, identity.HeldGrant] = {}
        self.ended: set[str] = set()
        self.authorities: list[identity.Authority] = []

    async def CreateGrant(self, request: Any, context: Any) -> Any:
        if "@" not in request.email:
            raise InvalidFields(invalid("email", "BAD_EMAIL"))
        if request.HasField("until_at") and request.until_at.seconds <= request.from_at.seconds:
            raise InvalidFields(invalid("until_at", "TOO_EARLY"))
        authority_id = next(each.id for each in self.authorities if each.slug == request.authority_slug)
        grant = identity.Grant(id=str(new_id()), role=request.role, authority_id=authority_id)
        grant.from_at.CopyFrom(request.from_at if request.HasField("from_at") else stamp(datetime.now(UTC)))
        if request.HasField("until_at"):
            grant.until_at.CopyFrom(request.until_at)
        self.grants[grant.id] = identity.HeldGrant(grant=grant, email=request.email)
        return identity.CreateGrantResponse(grants=[grant])

    async def DeleteGrant(self, request: Any, context: Any) -> Any:
        if request.grant_id not in self.grants:
            raise refusal(Code.NOT_FOUND, "GRANT_UNKNOWN")
        self.ended.add(request.grant_id)
        return identity.DeleteGrantResponse()

    async def UndeleteGrant(self, request: Any, context: Any) -> Any:
        if request.grant_id not in self.grants:
            raise refusal(Code.NOT_FOUND, "GRANT_UNKNOWN")
        self.ended.discard(request.grant_id)
        return identity.UndeleteGrantResponse(grant=self.grants[request.grant_id].grant)

    async def ListGrants(self, request: Any, context: Any) -> Any:
        listed = [each for key, each in self.grants.items() if (key in self.ended) == request.over]
        return identity.ListGrantsResponse(grants=listed)
