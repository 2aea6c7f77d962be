"""The trails of the services, read as one: what officers did, the latest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import grpc
from viche.identity.v1 import audit_pb2 as pb
from viche.identity.v1 import audit_pb2_grpc as identity_rpc
from viche.petitions.v1 import audit_pb2 as petitions_pb
from viche.petitions.v1 import audit_pb2_grpc as petitions_rpc
from viche.social.v1 import audit_pb2 as social_pb
from viche.social.v1 import audit_pb2_grpc as social_rpc
from viche.surveys.v1 import audit_pb2 as surveys_pb
from viche.surveys.v1 import audit_pb2_grpc as surveys_rpc

from viche_gateway.clients.calls import call

PAGE = 50
Action = pb.OfficerAction | petitions_pb.OfficerAction | surveys_pb.OfficerAction | social_pb.OfficerAction


@dataclass(frozen=True, slots=True)
class Page:
    """Acts, those who did them by pseudonym, and the act that the next page begins after (empty on the last)."""

    actions: Sequence[Action]
    officers: Mapping[bytes, pb.Officer]
    next: str


class Trail:
    """What officers did, over the channels of the services by their names."""

    def __init__(self, channels: Mapping[str, grpc.Channel]) -> None:
        self._identity = identity_rpc.AuditServiceStub(channels["identity"])
        stubs: tuple[tuple[Any, Any], ...] = (
            (self._identity, pb),
            (petitions_rpc.AuditServiceStub(channels["petitions"]), petitions_pb),
            (surveys_rpc.AuditServiceStub(channels["surveys"]), surveys_pb),
            (social_rpc.AuditServiceStub(channels["social"]), social_pb),
        )
        self._trails = [(stub.ListOfficerActions, module.ListOfficerActionsRequest) for stub, module in stubs]

    def page(self, access_token: str, before: str, since: datetime | None, person: bytes) -> Page:
        """A page of all trails together; ids of entries sort by time in all of them."""
        asked: dict[str, Any] = {"before_id": before, "since": since, "person": person, "page_size": PAGE + 1}
        actions: list[Any] = []
        for rpc, request in self._trails:
            actions += call(rpc, request(**asked), access_token).actions
        actions.sort(key=lambda each: each.id, reverse=True)
        shown = actions[:PAGE]
        people = sorted({each.person for each in shown if each.person})
        found = self._resolve(access_token, pb.ResolveOfficersRequest(pseudonyms=people)) if people else []
        return Page(shown, {each.pseudonym: each for each in found}, shown[-1].id if len(actions) > PAGE else "")

    def officer(self, access_token: str, email: str) -> pb.Officer | None:
        """Who has this address, among those who hold or held a role."""
        return next(iter(self._resolve(access_token, pb.ResolveOfficersRequest(email=email))), None)

    def colleagues(self, access_token: str, authority_id: str) -> Mapping[bytes, str]:
        """Names of those who work or worked for an authority, by pseudonym; the address where one has no name."""
        return {each.pseudonym: each.name or each.email for each in self.officers_of(access_token, authority_id)}

    def officers_of(self, access_token: str, authority_id: str) -> Sequence[pb.Officer]:
        """Those who work or worked for an authority."""
        asked = pb.ListColleaguesRequest(authority_id=authority_id)
        return call(self._identity.ListColleagues, asked, access_token).officers

    def _resolve(self, access_token: str, request: pb.ResolveOfficersRequest) -> Sequence[pb.Officer]:
        return call(self._identity.ResolveOfficers, request, access_token).officers
