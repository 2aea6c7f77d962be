"""Social's double for what is learnt from labels."""

from typing import Any

from viche.social.v1 import learning_pb2 as pb
from viche.social.v1 import learning_pb2_grpc as rpc

NEEDED = 50


class FakeSocialLearning(rpc.LearningServiceServicer):
    """What is learnt by authority; stopping throws models away."""

    def __init__(self) -> None:
        self.known: dict[str, pb.GetLearningResponse] = {}

    def of(self, authority_id: str) -> pb.GetLearningResponse:
        """What is learnt for an authority, to be changed by tests."""
        return self.known.setdefault(authority_id, pb.GetLearningResponse(is_on=True, needed=NEEDED))

    async def GetLearning(self, request: Any, context: Any) -> Any:
        return self.of(request.authority_id)

    async def SetLearning(self, request: Any, context: Any) -> Any:
        found = self.of(request.authority_id)
        found.is_on = request.is_on
        if not request.is_on:
            for part in found.parts:
                part.ClearField("model")
        return pb.SetLearningResponse(is_on=request.is_on)

    async def ForgetErasedLabels(self, request: Any, context: Any) -> Any:
        found = self.of(request.authority_id)
        gone, found.erased_labels = found.erased_labels, 0
        return pb.ForgetErasedLabelsResponse(labels=gone)
