"""Calls to petitions about sponsors: links, invitations, support."""

from collections.abc import Sequence

import grpc
from viche.petitions.v1 import sponsors_pb2 as pb
from viche.petitions.v1 import sponsors_pb2_grpc as rpc

from viche_gateway.clients.calls import call


class Sponsors:
    """The part of the petitions service that knows of sponsors."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = rpc.SponsorsServiceStub(channel)

    def link(self, access_token: str, petition_id: str) -> pb.GetSponsorLinkResponse:
        """The link that the person passes on, of a petition of their own."""
        return call(self._stub.GetSponsorLink, pb.GetSponsorLinkRequest(petition_id=petition_id), access_token)

    def invite(self, access_token: str, request_id: str, petition_id: str, emails: Sequence[str], language: str) -> int:
        """Has the link sent to addresses and returns how many mails go out."""
        request = pb.CreateInvitationsRequest(
            request_id=request_id, petition_id=petition_id, emails=emails, language=language
        )
        return call(self._stub.CreateInvitations, request, access_token).invited

    def invitation(self, token: str) -> pb.GetInvitationResponse:
        """What a link invites to."""
        return call(self._stub.GetInvitation, pb.GetInvitationRequest(token=token))

    def support(
        self, access_token: str, request_id: str, petition_id: str, token: str, scope_token: str
    ) -> pb.CreateSponsorshipResponse:
        """Supports a petition for the person."""
        request = pb.CreateSponsorshipRequest(
            request_id=request_id, petition_id=petition_id, token=token, scope_token=scope_token
        )
        return call(self._stub.CreateSponsorship, request, access_token)
