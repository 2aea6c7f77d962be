"""Officers' labels are learnt from, in a process of its own, and what comes in next is proposed by what was learnt."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from viche.social.v1 import inbox_pb2, inbox_pb2_grpc, learning_pb2_grpc
from viche.social.v1 import learning_pb2 as pb

from tests.integration.social import letterbox, seeding
from tests.integration.social.world import CITY, PRESS, VILLAGE, World, person, request_id
from viche_chassis.errors import DomainError
from viche_social.store.channels import Channel

STREETS = ("Зеленій", "Липовій", "Річковій", "Шкільній", "Садовій", "Новій", "Польовій")
WAYS = ("знову", "вже місяць", "третій день", "вдруге", "постійно")
WORDS = {"roads": "вибоїна, провалля", "waste": "не вивозять мотлох, бак повний"}
TEXTS = [(topic, f"{words} на {street} {way}") for topic, words in WORDS.items() for street in STREETS for way in WAYS]


def learning(world: World, caller: Any = PRESS) -> Any:
    return world.stub(learning_pb2_grpc.LearningServiceStub, caller)


async def put(world: World, channel: Channel, texts: list[tuple[str, str]]) -> None:
    """Messages with the topic that an officer says each is about."""
    await world.social.inbox.taking.ready()
    for place, (_, text) in enumerate(texts):
        await seeding.take(world, channel, letterbox.item(f"{place}-{uuid4()}", text))
    threads = await world.rows("SELECT id FROM threads WHERE channel_id = %s ORDER BY number", channel.id)
    stub = world.stub(inbox_pb2_grpc.InboxServiceStub, PRESS)
    for (thread_id,), (topic, _) in zip(threads, texts, strict=True):
        request = inbox_pb2.LabelThreadRequest(
            request_id=request_id(), thread_id=str(thread_id), language="uk", topic=topic, tone=inbox_pb2.TONE_NEUTRAL
        )
        await stub.LabelThread(request)


async def state(world: World) -> pb.GetLearningResponse:
    return await learning(world).GetLearning(pb.GetLearningRequest(authority_id=str(CITY)))


def part(found: pb.GetLearningResponse, kind: str) -> pb.LearnedPart:
    return next(each for each in found.parts if each.kind == kind)


async def proposed(world: World, channel: Channel, text: str) -> str:
    """The topic that is proposed for a new message."""
    await seeding.take(world, channel, letterbox.item(str(uuid4()), text))
    (row,) = await world.rows("SELECT topic FROM threads ORDER BY number DESC LIMIT 1")
    return row[0]


async def test_what_officers_say_is_learnt_and_proposed_and_can_be_stopped(world: World) -> None:
    channel = await seeding.put_channel(world)
    await put(world, channel, TEXTS)
    assert await proposed(world, channel, "Яка вибоїна на Соборній!") == ""

    await world.social.inbox.learning.look()

    topics = part(await state(world), "topic")
    assert (topics.language, topics.labels, topics.model.version) == ("uk", len(TEXTS), 1)
    assert topics.model.is_adopted
    assert topics.model.precision >= 0.9
    assert topics.model.macro_f1 > topics.model.words_f1
    assert await proposed(world, channel, "Яка вибоїна на Соборній, провалля!") == "roads"
    assert not part(await state(world), "tone").HasField("model")  # all of one tone

    request = pb.SetLearningRequest(request_id=request_id(), authority_id=str(CITY), is_on=False)
    await learning(world).SetLearning(request)
    await world.social.inbox.learning.look()
    stopped = await state(world)
    assert not stopped.is_on
    assert not any(each.HasField("model") for each in stopped.parts)
    assert await proposed(world, channel, "Яка вибоїна на Соборній, провалля!") == ""


async def test_labels_of_forgotten_messages_are_learnt_from_no_more(world: World) -> None:
    channel = await seeding.put_channel(world)
    await put(world, channel, TEXTS)
    await world.social.inbox.learning.look()
    (item,) = await world.rows("SELECT id FROM items ORDER BY id LIMIT 1")
    erasing = inbox_pb2.EraseAuthorRequest(request_id=request_id(), item_id=str(item[0]))
    await world.stub(inbox_pb2_grpc.InboxServiceStub, PRESS).EraseAuthor(erasing)
    gone = (await world.rows("SELECT count(*) FROM items WHERE erased_at IS NOT NULL"))[0][0]
    assert (await state(world)).erased_labels == 3 * gone

    request = pb.ForgetErasedLabelsRequest(request_id=request_id(), authority_id=str(CITY))
    assert (await learning(world).ForgetErasedLabels(request)).labels == 3 * gone
    await world.social.inbox.learning.look()

    found = await state(world)
    assert found.erased_labels == 0
    assert [each for each in found.parts if each.HasField("model")] == []  # all by one author: nothing is left
    assert await world.rows("SELECT 1 FROM labels") == []


async def test_labels_that_cannot_be_learnt_from_keep_nobody_from_working(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    channel = await seeding.put_channel(world)
    await put(world, channel, TEXTS)
    await world.rows("UPDATE item_contents SET sealed = 'nothing that opens'")
    await world.social.inbox.learning.look()
    assert not part(await state(world), "topic").HasField("model")
    assert "not learnt from" in caplog.text


async def test_nobody_looks_twice_within_the_pause(world: World) -> None:
    channel = await seeding.put_channel(world)
    await put(world, channel, TEXTS[:1])
    await world.social.inbox.learning.look()
    (before,) = await world.rows("SELECT looked_at FROM learning WHERE authority_id = %s", CITY)
    await world.social.inbox.learning.look()
    (after,) = await world.rows("SELECT looked_at FROM learning WHERE authority_id = %s", CITY)
    assert before == after


async def test_others_neither_see_nor_change_what_is_learnt(world: World) -> None:
    stranger = person("stranger", at=VILLAGE)
    with pytest.raises(DomainError, match="NOT_YOUR_AUTHORITY"):
        await learning(world, stranger).GetLearning(pb.GetLearningRequest(authority_id=str(CITY)))
    with pytest.raises(DomainError, match="NOT_YOUR_AUTHORITY"):
        await learning(world, stranger).SetLearning(
            pb.SetLearningRequest(request_id=request_id(), authority_id=str(CITY), is_on=False)
        )
