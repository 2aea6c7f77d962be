"""Drafts for others in petitions' double."""

from datetime import UTC, datetime
from typing import Any

from viche.petitions.v1 import behalf_pb2, behalf_pb2_grpc

from viche_gateway.testing.channel import stamp


class FakeBehalf(behalf_pb2_grpc.BehalfServiceServicer):
    """What officers asked for; ``mine`` is what was written for whoever asks, ``writer`` who wrote every petition."""

    def __init__(self) -> None:
        self.asked: list[behalf_pb2.CreateDraftForRequest] = []
        self.mine: list[behalf_pb2.Written] = []
        self.writer = b""

    async def CreateDraftFor(self, request: Any, context: Any) -> Any:
        self.asked.append(request)
        return behalf_pb2.CreateDraftForResponse()

    async def ListWrittenForMe(self, request: Any, context: Any) -> Any:
        return behalf_pb2.ListWrittenForMeResponse(petitions=self.mine)

    async def GetWriter(self, request: Any, context: Any) -> Any:
        written_at = stamp(datetime(2026, 3, 1, 12, tzinfo=UTC)) if self.writer else None
        return behalf_pb2.GetWriterResponse(officer=self.writer, written_at=written_at)
