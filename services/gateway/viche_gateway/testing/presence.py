"""The register and the presence report in social's double."""

from typing import Any

from viche.social.v1 import presence_pb2 as pb
from viche.social.v1 import presence_pb2_grpc, register_pb2, register_pb2_grpc

from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.ids import new_id

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

    async def GetPublicReport(self, request: Any, context: Any) -> Any:
        report = await self.GetReport(pb.GetReportRequest(on=request.on), context)
        return pb.GetPublicReportResponse(report=report)

    async def PutAccount(self, request: Any, context: Any) -> Any:
        if " " in request.handle:
            raise InvalidFields(invalid("handle", "BAD_HANDLE"))
        made = register_pb2.Account(
            id=str(new_id()), body_id=request.authority_id, platform=request.platform,
            handle=request.handle.removeprefix("@"), url=request.url, from_day=TODAY,
        )  # fmt: skip
        self.accounts.append(made)
        return register_pb2.PutAccountResponse(account=made)

    async def EndAccount(self, request: Any, context: Any) -> Any:
        (ended,) = [each for each in self.accounts if each.id == request.account_id]
        self.accounts.remove(ended)
        return register_pb2.EndAccountResponse(account=ended)

    async def ListAccounts(self, request: Any, context: Any) -> Any:
        found = [each for each in self.accounts if not request.body_ids or each.body_id in request.body_ids]
        return register_pb2.ListAccountsResponse(accounts=found)
