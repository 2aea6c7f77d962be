"""Calls about organisations: to identity, which keeps them, and to petitions, where they are authors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import grpc
from viche.identity.v1 import organisations_pb2 as pb
from viche.identity.v1 import organisations_pb2_grpc as rpc
from viche.petitions.v1 import organisations_pb2 as authors_pb
from viche.petitions.v1 import organisations_pb2_grpc as authors_rpc

from viche_gateway.clients.calls import call


@dataclass(frozen=True, slots=True)
class Wish:
    """An organisation to be founded, or corrected where ``id`` says which."""

    request_id: str
    id: str
    title: str
    register_number: str
    kind: int
    authority_id: str


class Organisations:
    """Organisations, over the channels of the services by their names."""

    def __init__(self, channels: Mapping[str, grpc.Channel]) -> None:
        self._kept = rpc.OrganisationsServiceStub(channels["identity"])
        self._authors = authors_rpc.OrganisationAuthorsServiceStub(channels["petitions"])

    def mine(self, access_token: str) -> Sequence[pb.MyOrganisation]:
        """The organisations that the person belongs to."""
        return call(self._kept.ListMyOrganisations, pb.ListMyOrganisationsRequest(), access_token).organisations

    def put(self, access_token: str, wish: Wish) -> None:
        """Founds or corrects an organisation, which then waits to be confirmed."""
        request = pb.PutOrganisationRequest(
            request_id=wish.request_id,
            organisation_id=wish.id,
            title=wish.title,
            register_number=wish.register_number,
            kind=wish.kind,  # pyright: ignore[reportArgumentType]
            authority_id=wish.authority_id,
        )
        call(self._kept.PutOrganisation, request, access_token)

    def invite(self, access_token: str, request_id: str, organisation_id: str, role: int) -> str:
        """The token of a link by which somebody joins; the same request gives the same."""
        request = pb.CreateInvitationRequest(
            request_id=request_id,
            organisation_id=organisation_id,
            role=role,  # pyright: ignore[reportArgumentType]
        )
        return call(self._kept.CreateInvitation, request, access_token).token

    def invitation(self, token: str) -> pb.GetInvitationResponse:
        """What a link invites to."""
        return call(self._kept.GetInvitation, pb.GetInvitationRequest(token=token))

    def accept(self, access_token: str, token: str) -> None:
        """Joins by a link."""
        call(self._kept.AcceptInvitation, pb.AcceptInvitationRequest(token=token), access_token)

    def end_membership(self, access_token: str, organisation_id: str, membership_id: str) -> None:
        """Ends a membership."""
        request = pb.EndMembershipRequest(organisation_id=organisation_id, membership_id=membership_id)
        call(self._kept.EndMembership, request, access_token)

    def act_for(self, access_token: str, petition_id: str, organisation_id: str) -> None:
        """Makes a confirmed organisation, which the person represents, the author of a draft."""
        wanted = pb.CreateOrganisationTokenRequest(organisation_id=organisation_id)
        token = call(self._kept.CreateOrganisationToken, wanted, access_token).token
        request = authors_pb.SetAuthorOrganisationRequest(
            petition_id=petition_id, organisation_id=organisation_id, organisation_token=token
        )
        call(self._authors.SetAuthorOrganisation, request, access_token)

    def asking(self, access_token: str) -> Sequence[pb.RegisteredOrganisation]:
        """Organisations that asked the authorities of the operator, those that wait first."""
        return call(self._kept.ListOrganisations, pb.ListOrganisationsRequest(), access_token).organisations

    def confirm(self, access_token: str, request_id: str, organisation_id: str, version: int) -> None:
        """Confirms an organisation as the operator saw it."""
        request = pb.ConfirmOrganisationRequest(request_id=request_id, organisation_id=organisation_id, version=version)
        call(self._kept.ConfirmOrganisation, request, access_token)

    def refuse(self, access_token: str, request_id: str, organisation_id: str, version: int, reason: str) -> None:
        """Refuses an organisation, or takes its confirmation back."""
        request = pb.RefuseOrganisationRequest(
            request_id=request_id, organisation_id=organisation_id, version=version, reason=reason
        )
        call(self._kept.RefuseOrganisation, request, access_token)
