"""SponsorsService."""

from typing import Any
from uuid import UUID

from viche.petitions.v1 import sponsors_pb2 as pb
from viche.petitions.v1 import sponsors_pb2_grpc

from viche_chassis.access import current_caller, current_person
from viche_chassis.messages import timestamp
from viche_chassis.tokens import Verifier
from viche_petitions.domain.errors import NotSponsoring
from viche_petitions.domain.petition import Petition
from viche_petitions.domain.sponsors import most_sponsors, sponsoring_terms
from viche_petitions.scope_tokens import read_named_signer, read_pseudonym
from viche_petitions.servicer import convert
from viche_petitions.sponsors import Sponsoring, Support

Context = Any


class SponsorsServicer(sponsors_pb2_grpc.SponsorsServiceServicer):
    """Inviting and supporting.

    Args:
        tokens: checks scope tokens.
    """

    def __init__(self, sponsoring: Sponsoring, tokens: Verifier) -> None:
        self._sponsoring = sponsoring
        self._tokens = tokens

    async def GetSponsorLink(self, request: pb.GetSponsorLinkRequest, context: Context) -> pb.GetSponsorLinkResponse:
        author = read_pseudonym(current_person().author)
        found = await self._sponsoring.link(author, UUID(request.petition_id))
        return pb.GetSponsorLinkResponse(
            token=found.token, invited=found.invited, petition=convert.petition_message(found.petition)
        )

    async def CreateInvitations(
        self, request: pb.CreateInvitationsRequest, context: Context
    ) -> pb.CreateInvitationsResponse:
        person = current_person()
        caller = f"{current_caller().service}:{person.author}"
        invited = await self._sponsoring.invite(caller, read_pseudonym(person.author), request)
        return pb.CreateInvitationsResponse(invited=invited)

    async def GetInvitation(self, request: pb.GetInvitationRequest, context: Context) -> pb.GetInvitationResponse:
        found = await self._sponsoring.look(request.token)
        return pb.GetInvitationResponse(petition=convert.petition_message(found), is_open=_takes_sponsors(found))

    async def CreateSponsorship(
        self, request: pb.CreateSponsorshipRequest, context: Context
    ) -> pb.CreateSponsorshipResponse:
        author = read_pseudonym(current_person().author)
        signer, given = read_named_signer(self._tokens, request.scope_token, UUID(request.petition_id))
        support = Support(UUID(request.request_id), author, signer, given)
        signature_id, petition = await self._sponsoring.support(request.token, support)
        return pb.CreateSponsorshipResponse(signature_id=str(signature_id), petition=convert.petition_message(petition))

    async def GetInvitationMail(
        self, request: pb.GetInvitationMailRequest, context: Context
    ) -> pb.GetInvitationMailResponse:
        mail = await self._sponsoring.mail(UUID(request.invitation_id))
        return pb.GetInvitationMailResponse(
            email=mail.email, token=mail.token, language=mail.language,
            petition=convert.petition_message(mail.petition), expires_at=timestamp(mail.expires_at),
        )  # fmt: skip


def _takes_sponsors(petition: Petition) -> bool:
    try:
        terms = sponsoring_terms(petition)
    except NotSponsoring:
        return False
    return petition.sponsors < most_sponsors(terms.sponsors)
