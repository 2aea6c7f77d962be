"""Organisations in doubles of identity and petitions; an invitation's token is "ORGANISATION ROLE"."""

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from viche.identity.v1 import organisations_pb2 as pb
from viche.identity.v1 import organisations_pb2_grpc as rpc
from viche.petitions.v1 import organisations_pb2 as authors_pb
from viche.petitions.v1 import organisations_pb2_grpc as authors_rpc
from viche.petitions.v1 import petitions_pb2

from viche_chassis.errors import Code
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import access_token, refusal, stamp
from viche_gateway.testing.petitions import FakePetitions

REPRESENTATIVE, MEMBER = pb.MEMBER_ROLE_REPRESENTATIVE, pb.MEMBER_ROLE_MEMBER


def membership_id(session: str, organisation_id: str) -> str:
    """The id under which somebody belongs to an organisation."""
    return str(uuid5(NAMESPACE_URL, f"{session} {organisation_id}"))


class FakeOrganisations(rpc.OrganisationsServiceServicer, authors_rpc.OrganisationAuthorsServiceServicer):
    """Organisations by id, and roles by session and organisation."""

    def __init__(self, petitions: FakePetitions) -> None:
        self.organisations: dict[str, pb.RegisteredOrganisation] = {}
        self.roles: dict[tuple[str, str], int] = {}
        self._petitions = petitions

    def add(self, session: str, title: str = "Clean river", **fields: Any) -> pb.RegisteredOrganisation:
        """An organisation for which somebody acts; it waits unless ``fields`` say otherwise."""
        values = {
            "id": str(new_id()), "title": title, "register_number": "12345", "version": 1,
            "kind": pb.ORGANISATION_KIND_ASSOCIATION, "state": pb.ORGANISATION_STATE_WAITING,
            "asked_at": stamp(datetime.now(UTC)), "decided_at": stamp(datetime.now(UTC)),
        }  # fmt: skip
        found = pb.RegisteredOrganisation(**{**values, **fields})
        self.organisations[found.id] = found
        self.roles[session, found.id] = REPRESENTATIVE
        return found

    async def PutOrganisation(self, request: Any, context: Any) -> Any:
        fields = {name: getattr(request, name) for name in ("title", "register_number", "kind", "authority_id")}
        known = self.organisations.get(request.organisation_id)
        if known is None:
            known = self.add(access_token(), **fields)
        for name, value in fields.items():
            setattr(known, name, value)
        known.state, known.version = pb.ORGANISATION_STATE_WAITING, known.version + 1
        return pb.PutOrganisationResponse(organisation_id=known.id)

    async def ListMyOrganisations(self, request: Any, context: Any) -> Any:
        mine = [(id, role) for (session, id), role in self.roles.items() if session == access_token()]
        return pb.ListMyOrganisationsResponse(
            organisations=[
                pb.MyOrganisation(
                    organisation=self.organisations[id], membership_id=membership_id(access_token(), id), role=role,  # pyright: ignore
                    members=self._members(id) if role == REPRESENTATIVE else (),
                )
                for id, role in mine
            ]
        )  # fmt: skip

    async def CreateInvitation(self, request: Any, context: Any) -> Any:
        return pb.CreateInvitationResponse(token=f"{request.organisation_id}-{request.role}")

    async def GetInvitation(self, request: Any, context: Any) -> Any:
        id, role = self._invited(request.token)
        return pb.GetInvitationResponse(title=self.organisations[id].title, role=role)  # pyright: ignore

    async def AcceptInvitation(self, request: Any, context: Any) -> Any:
        id, role = self._invited(request.token)
        self.roles[access_token(), id] = role
        return pb.AcceptInvitationResponse(organisation_id=id)

    async def EndMembership(self, request: Any, context: Any) -> Any:
        held = {key: role for key, role in self.roles.items() if key[1] == request.organisation_id}
        ending = next(key for key in held if membership_id(*key) == request.membership_id)
        if [key for key, role in held.items() if role == REPRESENTATIVE] == [ending]:
            raise refusal(Code.FAILED_PRECONDITION, "LAST_REPRESENTATIVE")
        del self.roles[ending]
        return pb.EndMembershipResponse()

    async def CreateOrganisationToken(self, request: Any, context: Any) -> Any:
        if self.organisations[request.organisation_id].state != pb.ORGANISATION_STATE_CONFIRMED:
            raise refusal(Code.FAILED_PRECONDITION, "ORGANISATION_NOT_CONFIRMED")
        return pb.CreateOrganisationTokenResponse(token=request.organisation_id)

    async def ListOrganisations(self, request: Any, context: Any) -> Any:
        found = sorted(self.organisations.values(), key=lambda each: each.state)
        for each in found:
            acting = [member for member in self._members(each.id) if member.role == REPRESENTATIVE]
            del each.representatives[:]
            each.representatives.extend(acting)
        return pb.ListOrganisationsResponse(organisations=found)

    async def ConfirmOrganisation(self, request: Any, context: Any) -> Any:
        self._decide(request, pb.ORGANISATION_STATE_CONFIRMED, "")
        return pb.ConfirmOrganisationResponse()

    async def RefuseOrganisation(self, request: Any, context: Any) -> Any:
        self._decide(request, pb.ORGANISATION_STATE_REFUSED, request.reason)
        return pb.RefuseOrganisationResponse()

    async def GetDecisionMail(self, request: Any, context: Any) -> Any:
        raise refusal(Code.PERMISSION_DENIED, "ACCESS_DENIED")  # mails are not the gateway's

    async def SetAuthorOrganisation(self, request: Any, context: Any) -> Any:
        confirmed = self.organisations[request.organisation_token]
        author = self._petitions.petitions[request.petition_id].author
        author.kind = petitions_pb2.AUTHOR_KIND_ORGANISATION
        author.organisation.name = confirmed.title
        author.organisation.register_number = confirmed.register_number
        author.organisation.confirmed_at.CopyFrom(confirmed.decided_at)
        return authors_pb.SetAuthorOrganisationResponse()

    def _members(self, id: str) -> list[pb.OrganisationMember]:
        now = stamp(datetime.now(UTC))
        held: list[tuple[str, Any]] = [(session, role) for (session, each), role in self.roles.items() if each == id]
        return [
            pb.OrganisationMember(
                id=membership_id(session, id), name=session, role=role, is_me=session == access_token(), from_at=now
            )
            for session, role in held
        ]

    def _invited(self, token: str) -> tuple[str, int]:
        id, _, role = token.rpartition("-")
        if id not in self.organisations:
            raise refusal(Code.NOT_FOUND, "LINK_UNKNOWN")
        return id, int(role)

    def _decide(self, request: Any, state: Any, reason: str) -> None:
        known = self.organisations[request.organisation_id]
        if known.version != request.version:
            raise refusal(Code.ABORTED, "ORGANISATION_CHANGED")
        known.state, known.reason, known.version = state, reason, known.version + 1
