"""Calls to petitions that keep counts true: paper, trends, signatures taken out of the count, recounts."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from viche.petitions.v1 import integrity_pb2 as pb
from viche.petitions.v1 import integrity_pb2_grpc as rpc
from viche.petitions.v1 import petitions_pb2

from viche_gateway.clients.calls import call

LONG_S = 28.0
"""For what reads the signatures of a petition one by one."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """Sheets of paper with signatures; ``residence_path`` has the territories of the signers, outermost first."""

    signatures: int
    reference: str
    received_on: str
    residence_path: Sequence[str]
    note: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer decides after a preview, with the time and the number that it showed."""

    filter: pb.SignatureFilter
    cutoff_at: Timestamp
    signatures: int
    reason: str
    note: petitions_pb2.LocalizedText
    is_silent: bool


class Integrity:
    """The integrity of counts over one channel to petitions; everything on behalf of an officer."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = rpc.IntegrityServiceStub(channel)

    def enter_paper(self, access_token: str, request_id: str, petition_id: str, sheets: Sheets) -> pb.PaperBatch:
        """Counts the signatures on sheets."""
        request = pb.CreatePaperBatchRequest(
            request_id=request_id, petition_id=petition_id, signatures=sheets.signatures, reference=sheets.reference,
            received_on=sheets.received_on, residence_path=sheets.residence_path, note=sheets.note,
        )  # fmt: skip
        return call(self._stub.CreatePaperBatch, request, access_token).batch

    def paper(self, access_token: str, petition_id: str) -> Sequence[pb.PaperBatch]:
        """Sheets of a petition, the latest first."""
        request = pb.ListPaperBatchesRequest(petition_id=petition_id)
        return call(self._stub.ListPaperBatches, request, access_token).batches

    def trends(self, access_token: str, petition_id: str) -> pb.GetTrendsResponse:
        """Where the signatures of a petition come from."""
        return call(self._stub.GetTrends, pb.GetTrendsRequest(petition_id=petition_id), access_token, LONG_S)

    def preview(
        self, access_token: str, petition_id: str, which: pb.SignatureFilter
    ) -> pb.GetInvalidationPreviewResponse:
        """What taking signatures out of the count would do."""
        request = pb.GetInvalidationPreviewRequest(petition_id=petition_id, filter=which)
        return call(self._stub.GetInvalidationPreview, request, access_token, LONG_S)

    def decide(self, access_token: str, request_id: str, petition_id: str, decision: Decision) -> pb.Invalidation:
        """Decides to take signatures out of the count."""
        request = pb.CreateInvalidationRequest(
            request_id=request_id, petition_id=petition_id, filter=decision.filter, cutoff_at=decision.cutoff_at,
            signatures=decision.signatures, reason=decision.reason, note=decision.note, is_silent=decision.is_silent,
        )  # fmt: skip
        return call(self._stub.CreateInvalidation, request, access_token, LONG_S).invalidation

    def decisions(self, access_token: str, petition_id: str) -> Sequence[pb.Invalidation]:
        """Decisions about a petition, the latest first."""
        request = pb.ListInvalidationsRequest(petition_id=petition_id)
        return call(self._stub.ListInvalidations, request, access_token).invalidations

    def stop(self, access_token: str, request_id: str, invalidation_id: str) -> pb.Invalidation:
        """Stops carrying a decision out."""
        request = pb.CancelInvalidationRequest(request_id=request_id, invalidation_id=invalidation_id)
        return call(self._stub.CancelInvalidation, request, access_token).invalidation

    def undo(self, access_token: str, request_id: str, invalidation_id: str) -> pb.Invalidation:
        """Decides to put back what a decision has taken out."""
        request = pb.UndoInvalidationRequest(request_id=request_id, invalidation_id=invalidation_id)
        return call(self._stub.UndoInvalidation, request, access_token).invalidation

    def recounts(self, access_token: str, page_token: str = "", *, only_wrong: bool = False) -> pb.ListRecountsResponse:
        """What recounts have shown."""
        request = pb.ListRecountsRequest(page_token=page_token, only_wrong=only_wrong)
        return call(self._stub.ListRecounts, request, access_token)
