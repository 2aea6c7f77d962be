"""Calls to social about the register and the presence report."""

from collections.abc import Sequence

import grpc
from viche.social.v1 import presence_pb2 as pb
from viche.social.v1 import presence_pb2_grpc, register_pb2, register_pb2_grpc

from viche_gateway.clients.calls import call

RANKED = 20
_MOST_BODIES, _MOST_ACCOUNTS = 200, 1_000


class Presence:
    """Who is on which network, over one channel. All raise DomainError."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._presence = presence_pb2_grpc.PresenceServiceStub(channel)
        self._register = register_pb2_grpc.RegisterServiceStub(channel)

    def report(self, access_token: str, on: str, since: str) -> pb.GetReportResponse:
        """The report of a day; both days as YYYY-MM-DD, empty for today and for 30 days before."""
        asked = pb.GetReportRequest(on=on, since=since, ranking_size=RANKED)
        return call(self._presence.GetReport, asked, access_token)

    def public_report(self, on: str) -> pb.GetReportResponse:
        """What everybody may see of the report of a day, as YYYY-MM-DD; empty for today."""
        return call(self._presence.GetPublicReport, pb.GetPublicReportRequest(on=on)).report

    def accounts_of(self, *authority_ids: str) -> Sequence[register_pb2.Account]:
        """Accounts that authorities have today, by authority and platform; none of no authority."""
        if not authority_ids:
            return ()
        asked = register_pb2.ListAccountsRequest(body_ids=authority_ids[:_MOST_BODIES], page_size=_MOST_ACCOUNTS)
        return call(self._register.ListAccounts, asked).accounts

    def put_account(self, access_token: str, request: register_pb2.PutAccountRequest) -> register_pb2.Account:
        """Enters an account of an authority."""
        return call(self._register.PutAccount, request, access_token).account

    def end_account(self, access_token: str, request_id: str, account_id: str) -> register_pb2.Account:
        """Ends an account today."""
        request = register_pb2.EndAccountRequest(request_id=request_id, account_id=account_id)
        return call(self._register.EndAccount, request, access_token).account
