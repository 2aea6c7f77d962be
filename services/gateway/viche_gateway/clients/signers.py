"""Calls to petitions for the public list of signers."""

from collections.abc import Iterator

import grpc
from viche.petitions.v1 import signers_pb2 as pb
from viche.petitions.v1 import signers_pb2_grpc as rpc

from viche_gateway.clients.calls import call

_AT_ONCE = 1_000


class Signers:
    """The list of signers, over one channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._signers = rpc.SignersServiceStub(channel)

    def page(
        self, petition_id: str, page_size: int, page_token: str = "", from_day: str = ""
    ) -> pb.ListSignerNamesResponse:  # fmt: skip
        """A page of names; without a token the first one, or that on which a day begins."""
        request = pb.ListSignerNamesRequest(
            petition_id=petition_id, page_size=page_size, page_token=page_token, from_day=from_day
        )
        return call(self._signers.ListSignerNames, request)

    def all(self, petition_id: str) -> Iterator[pb.SignerName]:
        """The whole list, fetched page by page as it is read."""
        page = self.page(petition_id, _AT_ONCE)
        yield from page.names
        while page.next_page_token:
            page = self.page(petition_id, _AT_ONCE, page.next_page_token)
            yield from page.names
