"""Erasure in identity's double: asked for and taken back; who is ``stale`` must confirm first."""

from datetime import UTC, datetime, timedelta
from typing import Any

from viche.identity.v1 import privacy_pb2 as pb
from viche.identity.v1 import privacy_pb2_grpc as rpc

from viche_chassis.errors import Code
from viche_gateway.testing.channel import access_token, refusal, stamp


class FakePrivacy(rpc.PrivacyServiceServicer):
    """``asked`` holds by session whether the name goes, too."""

    def __init__(self, stale: set[str]) -> None:
        self.asked: dict[str, bool] = {}
        self._stale = stale

    async def RequestErasure(self, request: Any, context: Any) -> Any:
        if access_token() in self._stale:
            raise refusal(Code.FAILED_PRECONDITION, "CONFIRM_FIRST")
        self.asked[access_token()] = request.hides_name
        return pb.RequestErasureResponse(due_at=_tomorrow())

    async def CancelErasure(self, request: Any, context: Any) -> Any:
        self.asked.pop(access_token(), None)
        return pb.CancelErasureResponse()

    async def GetErasure(self, request: Any, context: Any) -> Any:
        return pb.GetErasureResponse(due_at=_tomorrow() if access_token() in self.asked else None)

    async def ListErasures(self, request: Any, context: Any) -> Any:
        return pb.ListErasuresResponse()

    async def ReplayErasures(self, request: Any, context: Any) -> Any:
        return pb.ReplayErasuresResponse()


def _tomorrow() -> Any:
    return stamp(datetime.now(UTC) + timedelta(days=1))
