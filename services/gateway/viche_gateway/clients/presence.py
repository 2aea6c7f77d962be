"""Calls to social about the register and the presence report."""

from collections.abc import Sequence

import grpc
from viche.social.v1 import presence_pb2 as pb
from viche.social.v1 import presence_pb2_grpc, register_pb2, register_pb2_grpc

from viche_gateway.clients.calls import call

RANKED = 20
_MOST_ACCOUNTS = 100


class Presence:
    """Who is on which network, over one channel. All raise DomainError."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._presence = presence_pb2_grpc.PresenceServiceStub(channel)
        self._register = register_pb2_grpc.RegisterServiceStub(channel)

    def report(self, on: str, since: str) -> pb.GetReportResponse:
        """The report of a day; both days as YYYY-MM-DD, empty for today and for 30 days before."""
        return call(self._presence.GetReport, pb.GetReportRequest(on=on, since=since, ranking_size=RANKED))

    def accounts_of(self, authority_id: str) -> Sequence[register_pb2.Account]:
        """Accounts that an authority has today."""
        asked = register_pb2.ListAccountsRequest(body_ids=[authority_id], page_size=_MOST_ACCOUNTS)
        return call(self._register.ListAccounts, asked).accounts
