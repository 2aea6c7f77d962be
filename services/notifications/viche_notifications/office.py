"""What identity, petitions and social tell about officers and what waits for them."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date

import grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc, officers_pb2, officers_pb2_grpc
from viche.petitions.v1 import moderation_pb2, office_pb2, office_pb2_grpc
from viche.social.v1 import inbox_pb2, inbox_pb2_grpc

from viche_chassis.errors import Unavailable
from viche_notifications.domain.digests import CONVERSE, GIVEN, Waits
from viche_notifications.sources import answered

log = logging.getLogger("viche.digests")

TIMEOUT_S = 30.0
SATURDAY = 5
TASKS = {
    moderation_pb2.CASE_TASK_CHECK: "check",
    moderation_pb2.CASE_TASK_COMPLAINT: "complaint",
    moderation_pb2.CASE_TASK_ANNOUNCE: "announce",
    moderation_pb2.CASE_TASK_ANSWER: "answer",
}


class Office:
    """Calls identity, petitions and social.

    Every method raises Unavailable when the service is down or answers too late, and the DomainError that it gave else.
    """

    def __init__(self, identity: grpc.aio.Channel, petitions: grpc.aio.Channel, social: grpc.aio.Channel) -> None:
        self._officers = officers_pb2_grpc.OfficersServiceStub(identity)
        self._authorities = identity_pb2_grpc.AuthoritiesServiceStub(identity)
        self._office = office_pb2_grpc.OfficeServiceStub(petitions)
        self._inbox = inbox_pb2_grpc.InboxServiceStub(social)

    async def waiting(self, day: date) -> Sequence[Waits]:
        """What waits at the authorities for which the day is a working day."""
        request = office_pb2.GetOfficeSummaryRequest(day=day.isoformat())
        answer = await answered(self._office.GetOfficeSummary(request, timeout=TIMEOUT_S))
        working = {each.authority_id: each.is_working_day for each in answer.authorities}
        of_petitions = [
            Waits(each.authority_id, TASKS[task.task], task.cases, task.overdue, task.next_day)
            for each in answer.authorities
            if each.is_working_day
            for task in each.tasks
            if task.task in TASKS
        ]
        talks = await self._conversations()
        return [*of_petitions, *(each for each in talks if working.get(each.authority_id, day.weekday() < SATURDAY))]

    async def _conversations(self) -> Sequence[Waits]:
        """Conversations that wait; while social does not answer none are told, and petitions' terms are."""
        try:
            answer = await answered(self._inbox.GetInboxSummary(inbox_pb2.GetInboxSummaryRequest(), timeout=TIMEOUT_S))
        except Unavailable:
            log.warning("conversations are left out of the digests")
            return ()
        return [
            Waits(
                each.authority_id, GIVEN if each.assignee else CONVERSE, each.waiting, each.overdue, "", each.assignee
            )
            for each in answer.summaries
        ]  # fmt: skip

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
