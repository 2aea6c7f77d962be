"""What identity and petitions tell about officers and what waits for them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date

import grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc, officers_pb2, officers_pb2_grpc
from viche.petitions.v1 import moderation_pb2, office_pb2, office_pb2_grpc

from viche_notifications.domain.digests import Waits
from viche_notifications.sources import answered

TIMEOUT_S = 30.0
TASKS = {
    moderation_pb2.CASE_TASK_CHECK: "check",
    moderation_pb2.CASE_TASK_COMPLAINT: "complaint",
    moderation_pb2.CASE_TASK_ANNOUNCE: "announce",
    moderation_pb2.CASE_TASK_ANSWER: "answer",
}


class Office:
    """Calls identity and petitions.

    Every method raises Unavailable when the service is down or answers too late, and the DomainError that it gave else.
    """

    def __init__(self, identity: grpc.aio.Channel, petitions: grpc.aio.Channel) -> None:
        self._officers = officers_pb2_grpc.OfficersServiceStub(identity)
        self._authorities = identity_pb2_grpc.AuthoritiesServiceStub(identity)
        self._office = office_pb2_grpc.OfficeServiceStub(petitions)

    async def waiting(self, day: date) -> Sequence[Waits]:
        """What waits at the authorities for which the day is a working day."""
        request = office_pb2.GetOfficeSummaryRequest(day=day.isoformat())
        answer = await answered(self._office.GetOfficeSummary(request, timeout=TIMEOUT_S))
        return [
            Waits(each.authority_id, TASKS[task.task], task.cases, task.overdue, task.next_day)
            for each in answer.authorities
            if each.is_working_day
            for task in each.tasks
            if task.task in TASKS
        ]

    async def names(self) -> Mapping[str, Mapping[str, str]]:
        """Names of authorities by id, each by language."""
        answer = await answered(self._authorities.ListAuthorities(identity_pb2.ListAuthoritiesRequest()))
        return {each.id: dict(each.name.texts) for each in answer.authorities}

    async def officers(self) -> AsyncIterator[officers_pb2.OfficerContact]:
        """Everybody who holds a role."""
        request = officers_pb2.ListOfficersRequest()
        while True:
            page = await answered(self._officers.ListOfficers(request, timeout=TIMEOUT_S))
            for each in page.officers:
                yield each
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token
