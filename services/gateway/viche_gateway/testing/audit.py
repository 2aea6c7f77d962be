"""The trails' doubles: entries as a test puts them there, the latest first."""

from typing import Any

from viche.identity.v1 import audit_pb2 as identity
from viche.identity.v1 import audit_pb2_grpc as identity_rpc
from viche.petitions.v1 import audit_pb2 as petitions
from viche.petitions.v1 import audit_pb2_grpc as petitions_rpc
from viche.social.v1 import audit_pb2 as social
from viche.social.v1 import audit_pb2_grpc as social_rpc
from viche.surveys.v1 import audit_pb2 as surveys
from viche.surveys.v1 import audit_pb2_grpc as surveys_rpc

from viche_chassis.errors import InvalidFields, invalid


class FakeIdentityTrail(identity_rpc.AuditServiceServicer):
    """Identity's trail, and the officers who can be named."""

    def __init__(self) -> None:
        self.actions: list[identity.OfficerAction] = []
        self.officers: list[identity.Officer] = []

    async def ListOfficerActions(self, request: Any, context: Any) -> Any:
        return identity.ListOfficerActionsResponse(actions=_page(self.actions, request))

    async def ResolveOfficers(self, request: Any, context: Any) -> Any:
        if request.email and "@" not in request.email:
            raise InvalidFields(invalid("email", "BAD_EMAIL"))
        found = [each for each in self.officers if each.pseudonym in request.pseudonyms or each.email == request.email]
        return identity.ResolveOfficersResponse(officers=found)

    async def ListColleagues(self, request: Any, context: Any) -> Any:
        return identity.ListColleaguesResponse(officers=self.officers)


class FakePetitionsTrail(petitions_rpc.AuditServiceServicer):
    """The trail of petitions."""

    def __init__(self) -> None:
        self.actions: list[petitions.OfficerAction] = []

    async def ListOfficerActions(self, request: Any, context: Any) -> Any:
        return petitions.ListOfficerActionsResponse(actions=_page(self.actions, request))


class FakeSurveysTrail(surveys_rpc.AuditServiceServicer):
    """The trail of surveys."""

    def __init__(self) -> None:
        self.actions: list[surveys.OfficerAction] = []

    async def ListOfficerActions(self, request: Any, context: Any) -> Any:
        return surveys.ListOfficerActionsResponse(actions=_page(self.actions, request))


class FakeSocialTrail(social_rpc.AuditServiceServicer):
    """The trail of social."""

    def __init__(self) -> None:
        self.actions: list[social.OfficerAction] = []

    async def ListOfficerActions(self, request: Any, context: Any) -> Any:
        return social.ListOfficerActionsResponse(actions=_page(self.actions, request))


def _page(actions: Any, request: Any) -> list[Any]:
    found = [
        each
        for each in sorted(actions, key=lambda each: each.id, reverse=True)
        if (not request.before_id or each.id < request.before_id) and request.person in (b"", each.person)
        if each.at.seconds >= request.since.seconds
    ]
    return found[: request.page_size]
