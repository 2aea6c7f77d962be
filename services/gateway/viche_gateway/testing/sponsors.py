"""The double of what petitions knows of sponsors: a link's token is "invite-" and the petition's id."""

from typing import Any

from viche.petitions.v1 import petitions_pb2 as petitions
from viche.petitions.v1 import sponsors_pb2 as pb
from viche.petitions.v1 import sponsors_pb2_grpc as rpc

from viche_chassis.errors import Code, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import access_token, refusal
from viche_gateway.testing.petitions import FakePetitions

PREFIX = "invite-"


class FakeSponsors(rpc.SponsorsServiceServicer):
    """Sponsors of what petitions' double was told; ``invited`` are the addresses that mails went to."""

    def __init__(self) -> None:
        self.invited: list[str] = []
        self._told: FakePetitions  # petitions' double makes itself known with `of`

    def of(self, told: FakePetitions) -> "FakeSponsors":
        """Itself, knowing those petitions."""
        self._told = told
        return self

    async def GetSponsorLink(self, request: Any, context: Any) -> Any:
        petition = self._own(request.petition_id)
        return pb.GetSponsorLinkResponse(token=f"{PREFIX}{petition.id}", invited=len(self.invited), petition=petition)

    async def CreateInvitations(self, request: Any, context: Any) -> Any:
        self._own(request.petition_id)
        faults = [
            invalid(f"emails[{line}]", "BAD_EMAIL") for line, email in enumerate(request.emails) if "@" not in email
        ]
        if faults:
            raise InvalidFields(*faults)
        fresh = [email for email in request.emails if email not in self.invited]
        self.invited += fresh
        return pb.CreateInvitationsResponse(invited=len(fresh))

    async def GetInvitation(self, request: Any, context: Any) -> Any:
        petition = self._told.petitions.get(request.token.removeprefix(PREFIX))
        if petition is None:
            raise refusal(Code.NOT_FOUND, "LINK_UNKNOWN")
        return pb.GetInvitationResponse(petition=petition, is_open=_takes_sponsors(petition))

    async def CreateSponsorship(self, request: Any, context: Any) -> Any:
        petition = self._told.petitions[request.petition_id]
        who = request.scope_token.split()[0]
        if self._told.authors.get(petition.id) == who:
            raise refusal(Code.PERMISSION_DENIED, "OWN_PETITION")
        if (petition.id, who) in self._told.signed:
            raise refusal(Code.ALREADY_EXISTS, "ALREADY_SIGNED")
        self._told.signed.add((petition.id, who))
        petition.sponsorship.count += 1
        if petition.sponsorship.count == petition.sponsorship.needed:
            petition.state = petitions.PETITION_STATE_SUBMITTED
        return pb.CreateSponsorshipResponse(signature_id=str(new_id()), petition=petition)

    def _own(self, petition_id: str) -> petitions.Petition:
        petition = self._told.petitions.get(petition_id)
        if petition is None or self._told.authors.get(petition_id) != access_token():
            raise refusal(Code.NOT_FOUND, "PETITION_NOT_FOUND")
        if not _takes_sponsors(petition):
            raise refusal(Code.FAILED_PRECONDITION, "NOT_SPONSORING")
        return petition


def _takes_sponsors(petition: petitions.Petition) -> bool:
    waiting = (petitions.PETITION_STATE_SPONSORING, petitions.PETITION_STATE_SUBMITTED)
    return petition.HasField("sponsorship") and petition.state in waiting
