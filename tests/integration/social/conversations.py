"""What tests ask of conversations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from viche.social.v1 import inbox_pb2 as pb
from viche.social.v1 import inbox_pb2_grpc

from tests.integration.social.seeding import LONG_AGO
from tests.integration.social.world import CITY, PRESS, World, request_id
from viche_social.domain.dialogue import Question
from viche_social.store import questions

ASKED = "When will the bridge be open?"


def inbox(world: World, caller: Any = PRESS) -> Any:
    return world.stub(inbox_pb2_grpc.InboxServiceStub, caller)


async def threads(world: World, **asked: Any) -> list[pb.Thread]:
    return list((await inbox(world).ListThreads(pb.ListThreadsRequest(**asked))).threads)


async def whole(world: World, thread: pb.Thread) -> pb.GetThreadResponse:
    return await inbox(world).GetThread(pb.GetThreadRequest(thread_id=thread.id))


async def read(world: World) -> None:
    await world.rows("UPDATE inboxes SET next_at = now()")
    await world.social.inbox.intake.look()
    await world.social.inbox.intake.finish()


async def answer(world: World, thread: pb.Thread, text: str = "On Friday.") -> None:
    await inbox(world).AnswerThread(
        pb.AnswerThreadRequest(request_id=request_id(), thread_id=thread.id, text=text)
    )  # fmt: skip
    await send(world)


async def send(world: World) -> None:
    await world.rows("UPDATE replies SET next_at = now() WHERE task IS NOT NULL")
    await world.social.inbox.replier.look()
    await world.social.inbox.replier.finish()


def at(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


async def asked(world: World) -> list[tuple[bool, float]]:
    """Questions of the city: whether each was answered, and how long it took in hours."""
    async with world.pool.connection() as conn:
        found = await questions.talked(conn, LONG_AGO, datetime.now(UTC) + timedelta(days=1))
    mine: list[Question] = list(found[CITY].questions) if CITY in found else []
    return [
        (
            q.answered_at is not None,
            round((q.answered_at - q.asked_at).total_seconds() / 3600, 1) if q.answered_at else 0,
        )
        for q in mine
    ]
