"""PrivacyService: erasing persons."""

from datetime import UTC
from typing import Any
from uuid import UUID

from viche.identity.v1 import privacy_pb2, privacy_pb2_grpc

from viche_chassis.access import current_person
from viche_chassis.db import Pool, transaction
from viche_chassis.ids import new_id
from viche_chassis.pages import page_token, read_page_token
from viche_identity.domain.erasures import CONFIRMED_WITHIN_MINUTES, WAIT_HOURS, ConfirmFirst
from viche_identity.erasing import Erasing
from viche_identity.store import erasures, sessions

PAGE = 1_000


class PrivacyServicer(privacy_pb2_grpc.PrivacyServiceServicer):
    """Takes down what people ask for; :class:`Erasing` does it."""

    def __init__(self, pool: Pool, erasing: Erasing) -> None:
        self._pool = pool
        self._erasing = erasing

    async def RequestErasure(
        self, request: privacy_pb2.RequestErasureRequest, context: Any
    ) -> privacy_pb2.RequestErasureResponse:
        person = current_person()
        async with transaction(self._pool) as conn:
            if not await sessions.is_fresh(conn, UUID(person.session_id), CONFIRMED_WITHIN_MINUTES):
                raise ConfirmFirst()
            due_at = await erasures.request(conn, UUID(person.id), hides_name=request.hides_name, hours=WAIT_HOURS)
        response = privacy_pb2.RequestErasureResponse()
        response.due_at.FromDatetime(due_at)
        return response

    async def CancelErasure(
        self, request: privacy_pb2.CancelErasureRequest, context: Any
    ) -> privacy_pb2.CancelErasureResponse:
        async with transaction(self._pool) as conn:
            await erasures.cancel(conn, UUID(current_person().id))
        return privacy_pb2.CancelErasureResponse()

    async def GetErasure(self, request: privacy_pb2.GetErasureRequest, context: Any) -> privacy_pb2.GetErasureResponse:
        async with transaction(self._pool) as conn:
            due_at = await erasures.due_at(conn, UUID(current_person().id))
        response = privacy_pb2.GetErasureResponse()
        if due_at is not None:
            response.due_at.FromDatetime(due_at)
        return response

    async def ListErasures(
        self, request: privacy_pb2.ListErasuresRequest, context: Any
    ) -> privacy_pb2.ListErasuresResponse:
        (after,) = read_page_token(request.page_token, [UUID]) or [UUID(int=0)]
        async with transaction(self._pool) as conn:
            rows = await erasures.page(conn, after, PAGE + 1)
        response = privacy_pb2.ListErasuresResponse(erasures=[_message(each) for each in rows[:PAGE]])
        if len(rows) > PAGE:
            response.next_page_token = page_token(rows[PAGE - 1].id)
        return response

    async def ReplayErasures(
        self, request: privacy_pb2.ReplayErasuresRequest, context: Any
    ) -> privacy_pb2.ReplayErasuresResponse:
        done = {
            each.person_hash: erasures.Done(new_id(), each.person_hash, each.erased_at.ToDatetime(UTC), each.hides_name)
            for each in request.erasures
        }
        return privacy_pb2.ReplayErasuresResponse(erased=await self._erasing.replay(done))


def _message(done: erasures.Done) -> privacy_pb2.Erasure:
    message = privacy_pb2.Erasure(person_hash=done.person_hash, hides_name=done.hides_name)
    message.erased_at.FromDatetime(done.erased_at)
    return message
