"""The double of what keeps counts true: it remembers what officers decide and carries it out at once."""

from typing import Any

from viche.petitions.v1 import integrity_pb2 as pb
from viche.petitions.v1 import integrity_pb2_grpc as rpc
from viche.petitions.v1 import petitions_pb2

from viche_chassis.errors import Code, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import refusal


class FakeIntegrity(rpc.IntegrityServiceServicer):
    """Attributes:

    meant: how many signatures every filter means.
    """

    def __init__(self) -> None:
        self.meant = 0
        self.asked: list[pb.SignatureFilter] = []
        self.batches: list[pb.PaperBatch] = []
        self.decisions: list[pb.Invalidation] = []
        self.trends: list[pb.Trend] = []
        self.hours: list[pb.HourCount] = []
        self.recounts: list[pb.PetitionRecount] = []

    async def CreatePaperBatch(self, request: Any, context: Any) -> Any:
        if any(each.reference == request.reference for each in self.batches):
            raise refusal(Code.ALREADY_EXISTS, "REFERENCE_TAKEN")
        batch = pb.PaperBatch(
            id=str(new_id()), reference=request.reference, signatures=request.signatures, counting=request.signatures,
            received_on=request.received_on, territory_code=(["", *request.residence_path])[-1], note=request.note,
        )  # fmt: skip
        self.batches.append(batch)
        return pb.CreatePaperBatchResponse(batch=batch)

    async def ListPaperBatches(self, request: Any, context: Any) -> Any:
        return pb.ListPaperBatchesResponse(batches=self.batches)

    async def GetTrends(self, request: Any, context: Any) -> Any:
        found = pb.GetTrendsResponse(trends=self.trends, hours=self.hours)
        if self.hours:
            found.since.CopyFrom(self.hours[0].hour)
        return found

    async def GetInvalidationPreview(self, request: Any, context: Any) -> Any:
        if not request.filter.ByteSize():
            raise InvalidFields(invalid("filter", "REQUIRED"))
        self.asked.append(request.filter)
        found = pb.GetInvalidationPreviewResponse(
            signatures=self.meant, signature_count=self.meant,
            channels=[petitions_pb2.ChannelCount(channel="person", signature_count=self.meant)],
        )  # fmt: skip
        found.cutoff_at.GetCurrentTime()
        return found

    async def CreateInvalidation(self, request: Any, context: Any) -> Any:
        if request.signatures != self.meant:
            raise refusal(Code.ABORTED, "PREVIEW_STALE", signatures=str(self.meant))
        made = pb.Invalidation(
            id=str(new_id()), petition_id=request.petition_id, reason=request.reason, note=request.note,
            is_silent=request.is_silent, signatures=request.signatures, worked_off=request.signatures,
            changed=request.signatures, state=pb.INVALIDATION_STATE_DONE, filter=request.filter,
        )  # fmt: skip
        made.created_at.GetCurrentTime()
        self.decisions.insert(0, made)
        return pb.CreateInvalidationResponse(invalidation=made)

    async def ListInvalidations(self, request: Any, context: Any) -> Any:
        return pb.ListInvalidationsResponse(invalidations=self.decisions)

    async def CancelInvalidation(self, request: Any, context: Any) -> Any:
        found = self._found(request.invalidation_id)
        found.state = pb.INVALIDATION_STATE_CANCELLED
        return pb.CancelInvalidationResponse(invalidation=found)

    async def UndoInvalidation(self, request: Any, context: Any) -> Any:
        undone = self._found(request.invalidation_id)
        made = pb.Invalidation()
        made.CopyFrom(undone)
        made.id, made.undoes = str(new_id()), undone.id
        undone.undone_by = made.id
        self.decisions.insert(0, made)
        return pb.UndoInvalidationResponse(invalidation=made)

    async def ListRecounts(self, request: Any, context: Any) -> Any:
        found = [each for each in self.recounts if each.counted != each.published or not request.only_wrong]
        return pb.ListRecountsResponse(recounts=found)

    def _found(self, invalidation_id: str) -> pb.Invalidation:
        for each in self.decisions:
            if each.id == invalidation_id:
                return each
        raise refusal(Code.NOT_FOUND, "INVALIDATION_NOT_FOUND")
