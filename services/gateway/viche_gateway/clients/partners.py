"""Calls about partners, whose pages show what this portal asks: to identity, and to surveys for totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import grpc
from viche.identity.v1 import partners_pb2 as pb
from viche.identity.v1 import partners_pb2_grpc as rpc
from viche.surveys.v1 import results_pb2
from viche.surveys.v1 import results_pb2_grpc as results_rpc

from viche_gateway.clients.calls import call

_ORIGINS_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a partner is to be: its name, and the origins of its pages as they were typed."""

    title: str
    origins: Sequence[str]


class Partners:
    """Partners, over the channels of identity and surveys."""

    def __init__(self, identity: grpc.Channel, surveys: grpc.Channel) -> None:
        self._stub = rpc.PartnersServiceStub(identity)
        self._results = results_rpc.ResultsServiceStub(surveys)

    def origins(self) -> Mapping[str, str]:
        """Ids of partners by the origins of their pages.

        Raises:
            DomainError: identity does not answer at once.
        """
        found = call(self._stub.ListOrigins, pb.ListOriginsRequest(), timeout_s=_ORIGINS_TIMEOUT_S)
        return {each.origin: each.partner_id for each in found.origins}

    def of_authorities(self, access_token: str) -> Sequence[pb.Partner]:
        """The partners of the authorities that the officer's roles cover."""
        return call(self._stub.ListPartners, pb.ListPartnersRequest(), access_token).partners

    def create(self, access_token: str, request_id: str, authority_id: str, wish: Wish) -> pb.Partner:
        """Registers a partner at an authority."""
        request = pb.CreatePartnerRequest(
            request_id=request_id, authority_id=authority_id, title=wish.title, origins=wish.origins
        )
        return call(self._stub.CreatePartner, request, access_token).partner

    def update(self, access_token: str, request_id: str, partner_id: str, wish: Wish) -> pb.Partner:
        """Gives a partner another name or other origins."""
        request = pb.UpdatePartnerRequest(
            request_id=request_id, partner_id=partner_id, title=wish.title, origins=wish.origins
        )
        return call(self._stub.UpdatePartner, request, access_token).partner

    def archive(self, access_token: str, request_id: str, partner_id: str) -> None:
        """Ends a partnership."""
        request = pb.ArchivePartnerRequest(request_id=request_id, partner_id=partner_id)
        call(self._stub.ArchivePartner, request, access_token)

    def new_link(self, access_token: str, request_id: str, partner_id: str) -> str:
        """What the address of the partner's own page ends with from now on."""
        request = pb.NewPartnerLinkRequest(request_id=request_id, partner_id=partner_id)
        return call(self._stub.NewPartnerLink, request, access_token).token

    def by_link(self, token: str) -> pb.Partner:
        """The partner whose link this is."""
        return call(self._stub.GetPartnerByLink, pb.GetPartnerByLinkRequest(token=token)).partner

    def totals(self, partner_id: str) -> Sequence[results_pb2.PartnerTotal]:
        """How many answers came to which survey from the partner's pages, the latest survey first."""
        request = results_pb2.GetPartnerTotalsRequest(partner_id=partner_id)
        return call(self._results.GetPartnerTotals, request).totals
