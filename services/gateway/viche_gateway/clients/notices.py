"""Calls to identity about notices: what everybody has to know just now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import grpc
from viche.identity.v1 import identity_pb2
from viche.identity.v1 import notices_pb2 as pb
from viche.identity.v1 import notices_pb2_grpc as rpc

from viche_chassis.status import from_rpc_error
from viche_gateway.clients.calls import call

_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A banner to put up: plain text by language, where to read more, and when it ends by itself, if it does."""

    texts: Mapping[str, str]
    link: str = ""
    until_at: datetime | None = None


class Notices:
    """Notices, over identity's channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = rpc.NoticesServiceStub(channel)

    def holding(self) -> Sequence[pb.Notice]:
        """What holds now; nothing where identity is of a release that knows no notices.

        Raises:
            DomainError: identity does not answer at once.
        """
        try:
            return self._stub.GetNotices(pb.GetNoticesRequest(), timeout=_TIMEOUT_S).notices
        except grpc.RpcError as error:
            if isinstance(error, grpc.Call) and error.code() == grpc.StatusCode.UNIMPLEMENTED:
                return ()
            raise from_rpc_error(error) from error

    def said(self, access_token: str) -> Sequence[pb.Notice]:
        """All that was said, the latest first."""
        return call(self._stub.ListNotices, pb.ListNoticesRequest(), access_token).notices

    def put_banner(self, access_token: str, request_id: str, notice: NewNotice) -> None:
        """Puts a banner up in place of the one before."""
        request = pb.PutNoticeRequest(
            request_id=request_id, kind=pb.NOTICE_KIND_BANNER, link=notice.link,
            text=identity_pb2.LocalizedText(texts=notice.texts),
        )  # fmt: skip
        if notice.until_at is not None:
            request.until_at.FromDatetime(notice.until_at)
        call(self._stub.PutNotice, request, access_token)

    def end(self, access_token: str, request_id: str, kind: "pb.NoticeKind.ValueType") -> None:
        """Takes a notice down."""
        call(self._stub.EndNotice, pb.EndNoticeRequest(request_id=request_id, kind=kind), access_token)
