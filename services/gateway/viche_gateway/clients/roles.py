"""Calls to identity about roles: who holds them, giving them, taking them back."""

from dataclasses import dataclass
from datetime import datetime

import grpc
from viche.identity.v1 import identity_pb2 as pb
from viche.identity.v1 import identity_pb2_grpc as rpc

from viche_gateway.clients.calls import call


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role to give to the person with an address; without an end it holds until it is taken back."""

    request_id: str
    email: str
    role: str
    authority_slug: str
    from_at: datetime | None = None
    until_at: datetime | None = None


class Roles:
    """Roles on authorities that the caller operates, over identity's channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._authorities = rpc.AuthoritiesServiceStub(channel)

    def page(self, access_token: str, authority_id: str, page_token: str, *, over: bool) -> pb.ListGrantsResponse:
        """Grants on an authority, or on all that the caller operates."""
        request = pb.ListGrantsRequest(authority_id=authority_id, page_token=page_token, over=over)
        return call(self._authorities.ListGrants, request, access_token)

    def give(self, access_token: str, role: NewRole) -> None:
        """Gives a role."""
        request = pb.CreateGrantRequest(
            request_id=role.request_id, email=role.email, role=role.role, authority_slug=role.authority_slug
        )
        if role.from_at is not None:
            request.from_at.FromDatetime(role.from_at)
        if role.until_at is not None:
            request.until_at.FromDatetime(role.until_at)
        call(self._authorities.CreateGrant, request, access_token)

    def take_back(self, access_token: str, grant_id: str) -> None:
        """Takes a role back."""
        call(self._authorities.DeleteGrant, pb.DeleteGrantRequest(grant_id=grant_id), access_token)

    def give_again(self, access_token: str, request_id: str, grant_id: str) -> None:
        """Gives a role again that was taken back."""
        request = pb.UndeleteGrantRequest(request_id=request_id, grant_id=grant_id)
        call(self._authorities.UndeleteGrant, request, access_token)
