"""NoticesService."""

from datetime import UTC
from typing import Any

from viche.identity.v1 import identity_pb2, notices_pb2_grpc
from viche.identity.v1 import notices_pb2 as pb

from viche_chassis import acts
from viche_chassis.access import require_operator
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import InvalidFields, invalid
from viche_identity.domain import notices as rules
from viche_identity.domain.notices import Kind, Notice
from viche_identity.requests import Requests
from viche_identity.store import grants, region
from viche_identity.store import notices as store

MOST_LISTED = 100
_KINDS: dict[int, Kind] = {pb.NOTICE_KIND_BANNER: Kind.BANNER, pb.NOTICE_KIND_MAINTENANCE: Kind.MAINTENANCE}
_NUMBERS: dict[Kind, Any] = {kind: number for number, kind in _KINDS.items()}


class NoticesServicer(notices_pb2_grpc.NoticesServiceServicer):
    """What everybody has to know just now."""

    def __init__(self, pool: Pool, requests: Requests) -> None:
        self._pool = pool
        self._requests = requests

    async def GetNotices(self, request: pb.GetNoticesRequest, context: Any) -> pb.GetNoticesResponse:
        async with reading(self._pool) as conn:
            found = await store.holding(conn)
        return pb.GetNoticesResponse(notices=map(_message, found))

    async def ListNotices(self, request: pb.ListNoticesRequest, context: Any) -> pb.ListNoticesResponse:
        async with reading(self._pool) as conn:
            found = await store.said(conn, _KINDS.get(request.kind), MOST_LISTED)
        return pb.ListNoticesResponse(notices=map(_message, found))

    async def PutNotice(self, request: pb.PutNoticeRequest, context: Any) -> pb.PutNoticeResponse:
        kind, texts = _kind(request.kind), rules.cleaned(request.text.texts)
        until_at = request.until_at.ToDatetime(UTC) if request.HasField("until_at") else None
        async with transaction(self._pool) as conn:
            await _check_operator(conn, kind)
            answer = await self._requests.remembered(conn, request, pb.PutNoticeResponse)
            if answer is not None:
                return answer
            found = list(rules.violations(kind, texts, request.link, until_at, await grants.now(conn)))
            if found:
                raise InvalidFields(*found)
            await store.lock(conn)
            await store.say(conn, kind, texts, request.link, until_at, is_end=False)
            answer = pb.PutNoticeResponse(notice=_message((await store.said(conn, kind, 1))[0]))
            await self._requests.remember(conn, request, answer)
        return answer

    async def EndNotice(self, request: pb.EndNoticeRequest, context: Any) -> pb.EndNoticeResponse:
        kind = _kind(request.kind)
        async with transaction(self._pool) as conn:
            await _check_operator(conn, kind)
            answer = await self._requests.remembered(conn, request, pb.EndNoticeResponse)
            if answer is not None:
                return answer
            await store.lock(conn)
            holds = any(each.kind is kind for each in await store.holding(conn))
            if holds:
                await store.say(conn, kind, {}, "", None, is_end=True)
            answer = pb.EndNoticeResponse(ended=holds)
            await self._requests.remember(conn, request, answer)
        return answer


async def _check_operator(conn: Connection, kind: Kind) -> None:
    """A notice stands on everybody's pages, so whoever puts it up operates all authorities."""
    require_operator(str(each.id) for each in await region.authorities(conn))
    acts.about(object=f"notice:{kind}")


def _kind(number: int) -> Kind:
    if number not in _KINDS:
        raise InvalidFields(invalid("kind", "REQUIRED"))
    return _KINDS[number]


def _message(notice: Notice) -> pb.Notice:
    message = pb.Notice(
        kind=_NUMBERS[notice.kind], text=identity_pb2.LocalizedText(texts=notice.texts), link=notice.link,
        is_end=notice.is_end, holds=notice.holds,
    )  # fmt: skip
    message.at.FromDatetime(notice.at)
    if notice.until_at is not None:
        message.until_at.FromDatetime(notice.until_at)
    return message
