"""The double of the public list of signers; a page's token is its place in the list."""

from typing import Any

from viche.petitions.v1 import signers_pb2 as pb
from viche.petitions.v1 import signers_pb2_grpc as rpc

from viche_chassis.errors import Code, InvalidFields, invalid
from viche_gateway.testing.channel import refusal
from viche_gateway.testing.petitions import FakePetitions


class FakeSigners(rpc.SignersServiceServicer):
    """Names by petition, in the order of signing."""

    def __init__(self, known: FakePetitions) -> None:
        self.names: dict[str, list[pb.SignerName]] = {}
        self._known = known

    def add(self, petition_id: str, name: str, day: str) -> None:
        """One more line."""
        self.names.setdefault(petition_id, []).append(pb.SignerName(name=name, day=day, name_from="self"))

    async def ListSignerNames(self, request: Any, context: Any) -> Any:
        if self._known.found(request.petition_id).terms.signers_shown != "names":
            raise refusal(Code.NOT_FOUND, "NAMES_NOT_PUBLIC")
        names = self.names.get(request.petition_id, [])
        start = self._start(request, names)
        end = start + request.page_size
        return pb.ListSignerNamesResponse(
            names=names[start:end],
            next_page_token=str(end) if end < len(names) else "",
            previous_page_token=str(max(0, start - request.page_size)) if start else "",
        )

    def _start(self, request: Any, names: list[pb.SignerName]) -> int:
        if not request.page_token:
            return sum(each.day < request.from_day for each in names)
        if not request.page_token.isdigit():
            raise InvalidFields(invalid("page_token", "BAD_PAGE_TOKEN"))
        return int(request.page_token)
