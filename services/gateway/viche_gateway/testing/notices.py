"""Notices in identity's double."""

from datetime import UTC, datetime
from typing import Any, TypeAlias

from viche.identity.v1 import identity_pb2, notices_pb2, notices_pb2_grpc

from viche_chassis.errors import InvalidFields, invalid
from viche_gateway.testing.channel import stamp

Kind: TypeAlias = "notices_pb2.NoticeKind.ValueType"


class FakeNotices(notices_pb2_grpc.NoticesServiceServicer):
    """What was said, the latest first."""

    def __init__(self) -> None:
        self.said: list[notices_pb2.Notice] = []

    def put(self, kind: Kind, until_at: datetime | None = None, link: str = "", **texts: str) -> None:
        """Puts a notice up, as the command line does."""
        self._end(kind)
        notice = notices_pb2.Notice(
            kind=kind, text=identity_pb2.LocalizedText(texts=texts), link=link, holds=True, at=stamp(datetime.now(UTC))
        )
        if until_at is not None:
            notice.until_at.CopyFrom(stamp(until_at))
        self.said.insert(0, notice)

    async def GetNotices(self, request: Any, context: Any) -> Any:
        return notices_pb2.GetNoticesResponse(notices=[each for each in self.said if each.holds])

    async def ListNotices(self, request: Any, context: Any) -> Any:
        return notices_pb2.ListNoticesResponse(notices=self.said)

    async def PutNotice(self, request: Any, context: Any) -> Any:
        if request.link and not request.link.startswith("https://"):
            raise InvalidFields(invalid("link", "BAD_ADDRESS"))
        until_at = request.until_at.ToDatetime(UTC) if request.HasField("until_at") else None
        self.put(request.kind, until_at, request.link, **request.text.texts)
        return notices_pb2.PutNoticeResponse(notice=self.said[0])

    async def EndNotice(self, request: Any, context: Any) -> Any:
        held = self._end(request.kind)
        if held:
            self.said.insert(0, notices_pb2.Notice(kind=request.kind, is_end=True, at=stamp(datetime.now(UTC))))
        return notices_pb2.EndNoticeResponse(ended=held)

    def _end(self, kind: Kind) -> bool:
        holding = [each for each in self.said if each.kind == kind and each.holds]
        for each in holding:
            each.holds = False
        return bool(holding)
