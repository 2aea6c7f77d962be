"""Each role may do its own work; at which authorities, and all that it may not, is in the matrix of access."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from viche.petitions.v1 import answers_pb2, answers_pb2_grpc, moderation_pb2, moderation_pb2_grpc
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions import world as worlds
from tests.integration.petitions.world import CITY, World, person, request_id
from viche_chassis.access import Caller, Grant
from viche_chassis.testing import FakeRpcError


@pytest.fixture
async def world(migrated: Callable[[str], str], tmp_path: Path) -> AsyncIterator[World]:
    async with worlds.world(migrated("petitions"), tmp_path) as made:
        await made.configure()
        yield made


def holder(role: str) -> Caller:
    """Somebody who holds one role."""
    caller = person(role)
    assert caller.person is not None
    grants = (Grant(role, str(CITY), frozenset({str(CITY)})),)
    return replace(caller, person=replace(caller.person, grants=grants))


async def test_moderators_decide_what_opens_and_answer_nothing(world: World) -> None:
    moderator = holder("moderator")
    rejected, opened = await world.draft(), await world.draft("another")
    moderation = world._stub(moderation_pb2_grpc.ModerationServiceStub, moderator)  # pyright: ignore[reportPrivateUsage]
    await moderation.RejectPetition(
        moderation_pb2.RejectPetitionRequest(
            request_id=request_id(), petition_id=rejected.id, reason="advertising", note="It praises a shop.",
            language="en",
        )
    )  # fmt: skip
    await world.on(moderator).OpenPetition(pb.OpenPetitionRequest(request_id=request_id(), petition_id=opened.id))
    answers = world._stub(answers_pb2_grpc.AnswersServiceStub, moderator)  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await answers.GetAnswerDraft(answers_pb2.GetAnswerDraftRequest(petition_id=opened.id))


async def test_the_press_office_writes_answers_and_decides_no_opening(world: World) -> None:
    press, waiting, opened = holder("press"), await world.draft(), await world.open("another")
    answers = world._stub(answers_pb2_grpc.AnswersServiceStub, press)  # pyright: ignore[reportPrivateUsage]
    await answers.GetAnswerDraft(answers_pb2.GetAnswerDraftRequest(petition_id=opened.id))
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await world.on(press).OpenPetition(pb.OpenPetitionRequest(request_id=request_id(), petition_id=waiting.id))
