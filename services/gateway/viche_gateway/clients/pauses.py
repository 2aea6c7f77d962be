"""Calls to petitions about pauses of authorities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import grpc
from viche.petitions.v1 import pauses_pb2 as pb
from viche.petitions.v1 import pauses_pb2_grpc as rpc
from viche.petitions.v1 import petitions_pb2

from viche_gateway.clients.calls import call

_PROLONG_S = 20.0


@dataclass(frozen=True, slots=True)
class NewPause:
    """A pause to decide; it begins at once where ``from_at`` is None."""

    authority_id: str
    from_at: datetime | None
    until_at: datetime
    reason: Mapping[str, str]
    stops_signing: bool
    stops_opening: bool
    except_numbers: Sequence[int]


class Pauses:
    """Pauses, over petitions' channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = rpc.PausesServiceStub(channel)

    def preview(self, access_token: str, pause: NewPause) -> pb.GetPausePreviewResponse:
        """What a pause would stop."""
        request = pb.GetPausePreviewRequest(authority_id=pause.authority_id, except_numbers=pause.except_numbers)
        if pause.from_at is not None:
            request.from_at.FromDatetime(pause.from_at)
        return call(self._stub.GetPausePreview, request, access_token)

    def running(self, access_token: str) -> Sequence[pb.Pause]:
        """Pauses that hold for an authority of the officer's, or will."""
        return call(self._stub.ListPauses, pb.ListPausesRequest(), access_token).pauses

    def decided(self, access_token: str) -> Sequence[pb.Pause]:
        """The same with those that are over, the latest decided first."""
        return call(self._stub.ListPauses, pb.ListPausesRequest(with_past=True), access_token).pauses

    def decide(self, access_token: str, request_id: str, pause: NewPause) -> pb.Pause:
        """Decides a pause."""
        request = pb.CreatePauseRequest(
            request_id=request_id, authority_id=pause.authority_id,
            reason=petitions_pb2.LocalizedText(texts=pause.reason), stops_signing=pause.stops_signing,
            stops_opening=pause.stops_opening, except_numbers=pause.except_numbers,
        )  # fmt: skip
        if pause.from_at is not None:
            request.from_at.FromDatetime(pause.from_at)
        request.until_at.FromDatetime(pause.until_at)
        return call(self._stub.CreatePause, request, access_token).pause

    def end(self, access_token: str, request_id: str, pause_id: str) -> None:
        """Ends a pause before its time."""
        call(self._stub.EndPause, pb.EndPauseRequest(request_id=request_id, pause_id=pause_id), access_token)

    def prolong(self, access_token: str, request_id: str, pause_id: str) -> int:
        """Prolongs the terms of some hundred petitions by a pause; gives how many petitions are left."""
        request = pb.ProlongTermsRequest(request_id=request_id, pause_id=pause_id)
        return call(self._stub.ProlongTerms, request, access_token, timeout_s=_PROLONG_S).left
