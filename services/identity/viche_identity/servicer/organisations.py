"""OrganisationsService: people's own organisations, and operators who confirm them."""

from typing import Any
from uuid import UUID

from viche.identity.v1 import organisations_pb2 as pb
from viche.identity.v1 import organisations_pb2_grpc

from viche_chassis.access import covered_authorities, current_person
from viche_chassis.db import Pool, transaction
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.mailboxes import sending_address
from viche_identity.domain import organisations as rules
from viche_identity.domain.organisations import Asked, Kind, Organisation, Role, State
from viche_identity.domain.people import clean_name
from viche_identity.organisations import Asking, Belonging, Member, Organisations
from viche_identity.requests import Requests

_KINDS = {Kind[name.removeprefix("ORGANISATION_KIND_")]: value for name, value in pb.OrganisationKind.items() if value}
_ROLES = {Role[name.removeprefix("MEMBER_ROLE_")]: value for name, value in pb.MemberRole.items() if value}


class OrganisationsServicer(organisations_pb2_grpc.OrganisationsServiceServicer):
    """Reads and writes messages; :class:`Organisations` does the work."""

    def __init__(self, pool: Pool, requests: Requests, organisations: Organisations) -> None:
        self._pool = pool
        self._requests = requests
        self._organisations = organisations

    async def PutOrganisation(self, request: pb.PutOrganisationRequest, context: Any) -> pb.PutOrganisationResponse:
        asked = _read(request)
        id = _read_id(request.organisation_id)
        async with transaction(self._pool) as conn:
            answer = await self._requests.remembered(conn, request, pb.PutOrganisationResponse)
            if answer is None:
                put = await self._organisations.put(conn, _me(), id, asked)
                answer = pb.PutOrganisationResponse(organisation_id=str(put))
                await self._requests.remember(conn, request, answer)
        return answer

    async def ListMyOrganisations(
        self, request: pb.ListMyOrganisationsRequest, context: Any
    ) -> pb.ListMyOrganisationsResponse:
        mine = await self._organisations.of(_me())
        return pb.ListMyOrganisationsResponse(organisations=[_mine(each) for each in mine])

    async def CreateInvitation(self, request: pb.CreateInvitationRequest, context: Any) -> pb.CreateInvitationResponse:
        role = next((role for role, value in _ROLES.items() if value == request.role), None)
        if role is None:
            raise InvalidFields(invalid("role", "REQUIRED"))
        organisation_id = UUID(request.organisation_id)
        token, expires_at = await self._organisations.invite(_me(), UUID(request.request_id), organisation_id, role)
        response = pb.CreateInvitationResponse(token=token)
        response.expires_at.FromDatetime(expires_at)
        return response

    async def GetInvitation(self, request: pb.GetInvitationRequest, context: Any) -> pb.GetInvitationResponse:
        found = await self._organisations.invitation(request.token)
        return pb.GetInvitationResponse(title=found.title, role=_ROLES[found.role])

    async def AcceptInvitation(self, request: pb.AcceptInvitationRequest, context: Any) -> pb.AcceptInvitationResponse:
        joined = await self._organisations.accept(_me(), request.token)
        return pb.AcceptInvitationResponse(organisation_id=str(joined))

    async def EndMembership(self, request: pb.EndMembershipRequest, context: Any) -> pb.EndMembershipResponse:
        await self._organisations.end_membership(_me(), UUID(request.organisation_id), UUID(request.membership_id))
        return pb.EndMembershipResponse()

    async def CreateOrganisationToken(
        self, request: pb.CreateOrganisationTokenRequest, context: Any
    ) -> pb.CreateOrganisationTokenResponse:
        token = await self._organisations.prove(current_person(), UUID(request.organisation_id))
        return pb.CreateOrganisationTokenResponse(token=token)

    async def ListOrganisations(
        self, request: pb.ListOrganisationsRequest, context: Any
    ) -> pb.ListOrganisationsResponse:
        found = await self._organisations.asking({UUID(each) for each in covered_authorities()})
        return pb.ListOrganisationsResponse(organisations=[_asking(each) for each in found])

    async def ConfirmOrganisation(
        self, request: pb.ConfirmOrganisationRequest, context: Any
    ) -> pb.ConfirmOrganisationResponse:
        await self._decide(request, pb.ConfirmOrganisationResponse, "")
        return pb.ConfirmOrganisationResponse()

    async def RefuseOrganisation(
        self, request: pb.RefuseOrganisationRequest, context: Any
    ) -> pb.RefuseOrganisationResponse:
        reason = request.reason.strip()
        if found := list(rules.reason_violations(reason)):
            raise InvalidFields(*found)
        await self._decide(request, pb.RefuseOrganisationResponse, reason)
        return pb.RefuseOrganisationResponse()

    async def GetDecisionMail(self, request: pb.GetDecisionMailRequest, context: Any) -> pb.GetDecisionMailResponse:
        found, person = await self._organisations.told(UUID(request.membership_id))
        return pb.GetDecisionMailResponse(
            email=sending_address(person.email),
            name=person.name,
            language=person.language,
            title=found.asked.title,
            is_confirmed=found.state is State.CONFIRMED,
            reason=found.reason,
        )

    async def _decide(
        self,
        request: pb.ConfirmOrganisationRequest | pb.RefuseOrganisationRequest,
        answer: type[pb.ConfirmOrganisationResponse | pb.RefuseOrganisationResponse],
        reason: str,
    ) -> None:
        async with transaction(self._pool) as conn:
            if await self._requests.remembered(conn, request, answer) is None:
                id = UUID(request.organisation_id)
                await self._organisations.decide(conn, current_person(), id, request.version, reason)
                await self._requests.remember(conn, request, answer())
        self._organisations.wake()


def _me() -> UUID:
    return UUID(current_person().id)


def _read(request: pb.PutOrganisationRequest) -> Asked:
    """What an organisation is to be confirmed as.

    Raises:
        InvalidFields: it cannot be.
    """
    title, number = " ".join(clean_name(request.title).split()), rules.clean_number(request.register_number)
    kind = next((kind for kind, value in _KINDS.items() if value == request.kind), None)
    found = list(rules.asked_violations(title, number, kind))
    if found or kind is None:
        raise InvalidFields(*found)
    return Asked(title, number, kind, UUID(request.authority_id))


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise rules.OrganisationUnknown() from error


def _organisation(one: Organisation) -> pb.RegisteredOrganisation:
    message = pb.RegisteredOrganisation(
        id=str(one.id),
        title=one.asked.title,
        register_number=one.asked.register_number,
        kind=_KINDS[one.asked.kind],
        authority_id=str(one.asked.authority_id),
        version=one.version,
        state=pb.OrganisationState.Value(f"ORGANISATION_STATE_{one.state.name}"),
        reason=one.reason,
    )
    message.asked_at.FromDatetime(one.asked_at)
    if one.decided_at is not None:
        message.decided_at.FromDatetime(one.decided_at)
    return message


def _asking(asking: Asking) -> pb.RegisteredOrganisation:
    message = _organisation(asking.organisation)
    message.representatives.extend(_member(each, is_me=False) for each in asking.representatives)
    return message


def _mine(belonging: Belonging) -> pb.MyOrganisation:
    mine = belonging.membership
    return pb.MyOrganisation(
        organisation=_organisation(belonging.organisation),
        membership_id=str(mine.id),
        role=_ROLES[mine.role],
        members=[_member(each, is_me=each.membership.id == mine.id) for each in belonging.members],
    )


def _member(member: Member, *, is_me: bool) -> pb.OrganisationMember:
    held = member.membership
    message = pb.OrganisationMember(
        id=str(held.id), name=member.name, role=_ROLES[held.role], is_me=is_me, email=member.email
    )
    message.from_at.FromDatetime(held.from_at)
    return message
