"""The register and the presence report in social's double."""

from typing import Any

from viche.social.v1 import presence_pb2 as pb
from viche.social.v1 import presence_pb2_grpc, register_pb2, register_pb2_grpc

from viche_chassis.errors import InvalidFields, invalid

TODAY = "2026-03-10"


class FakePresence(presence_pb2_grpc.PresenceServiceServicer, register_pb2_grpc.RegisterServiceServicer):
    """One report for all days of which ``known_since`` speaks, and accounts by body."""

    def __init__(self) -> None:
        self.report = pb.GetReportResponse()
        self.accounts: list[register_pb2.Account] = []

    async def GetReport(self, request: Any, context: Any) -> Any:
        on, since = request.on or TODAY, request.since or "2026-02-08"
        if on > TODAY or since > on:
            raise InvalidFields(invalid("on" if on > TODAY else "since", "IN_THE_FUTURE"))
        is_known = bool(self.report.known_since) and self.report.known_since <= on
        answer = pb.GetReportResponse(known_since=self.report.known_since)
        if is_known:
            answer.CopyFrom(self.report)
        answer.on, answer.since = on, since
        return answer

    async def ListAccounts(self, request: Any, context: Any) -> Any:
        found = [each for each in self.accounts if not request.body_ids or each.body_id in request.body_ids]
        return register_pb2.ListAccountsResponse(accounts=found)
