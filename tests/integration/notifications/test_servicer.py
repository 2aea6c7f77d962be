"""The RPCs of notifications."""

from typing import Any

import pytest
from viche.notifications.v1 import notifications_pb2 as pb
from viche.notifications.v1 import notifications_pb2_grpc as pb_grpc

from tests.integration.notifications.world import World, running
from viche_chassis.access import Caller
from viche_chassis.ids import new_id
from viche_chassis.testing import FakeChannel, FakeRpcError
from viche_notifications.domain.messages import Lane
from viche_notifications.sealing import Subscription
from viche_notifications.servicer import registrations

SUBJECT = "petition:01890000-0000-7000-8000-000000000001"


def channel(world: World) -> FakeChannel:
    return FakeChannel(*registrations(world.pool, world.links, world.contacts), caller=Caller("gateway"))


def messages_of(world: World) -> Any:
    return pb_grpc.MessagesServiceStub(channel(world))  # pyright: ignore


def subscriptions_of(world: World) -> Any:
    return pb_grpc.SubscriptionsServiceStub(channel(world))  # pyright: ignore


async def test_the_queue_is_counted_by_state(world: World) -> None:
    for _ in range(3):
        await world.queue()
    queue = await messages_of(world).GetQueue(pb.GetQueueRequest())
    assert [(item.state, item.messages) for item in queue.states] == [(pb.MESSAGE_STATE_QUEUED, 3)]
    assert 0 <= queue.oldest_waiting_s < 60


async def test_an_empty_queue_has_no_age(world: World) -> None:
    queue = await messages_of(world).GetQueue(pb.GetQueueRequest())
    assert (list(queue.states), queue.oldest_waiting_s) == ([], 0)


async def test_a_message_tells_its_state(world: World) -> None:
    world.office.replies["ann@example.org"] = "550 no"
    message_id = await world.queue()
    async with running(world.worker(Lane.BULK).run):
        await world.ends(message_id, "permanent_failure")
    message = (await messages_of(world).GetMessage(pb.GetMessageRequest(message_id=str(message_id)))).message
    assert (message.state, message.attempts) == (pb.MESSAGE_STATE_PERMANENT_FAILURE, 1)
    assert message.last_reply == "550 no"
    assert message.HasField("ended_at")


async def test_an_unknown_message_is_not_found(world: World) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await messages_of(world).GetMessage(pb.GetMessageRequest(message_id=str(new_id())))
    assert refused.value.reason == "MESSAGE_NOT_FOUND"


async def test_failed_messages_come_newest_first_page_by_page(world: World) -> None:
    ids = [str(await world.queue(email=f"p{number}@example.org")) for number in range(5)]
    await world.rows("UPDATE messages SET state = 'technical_failure', ended_at = now()")
    await world.rows("UPDATE messages SET state = 'sent' WHERE id = %(id)s", id=ids.pop(2))
    stub, seen, token = messages_of(world), [], ""
    for _ in range(2):
        page = await stub.ListFailedMessages(pb.ListFailedMessagesRequest(page_size=2, page_token=token))
        seen += [message.id for message in page.messages]
        token = page.next_page_token
    assert seen == ids[::-1]
    assert token == ""


@pytest.mark.parametrize("request_", [{"page_size": -1}, {"page_token": "x"}])
async def test_a_page_that_is_none_of_ours_is_refused(world: World, request_: dict[str, object]) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await messages_of(world).ListFailedMessages(pb.ListFailedMessagesRequest(**request_))  # pyright: ignore
    assert refused.value.reason == "INVALID_FIELDS"


async def test_unsubscribing_and_coming_back(world: World) -> None:
    stub = subscriptions_of(world)
    token = world.links.token(Subscription(SUBJECT, b"i" * 16))
    before = await stub.GetSubscription(pb.GetSubscriptionRequest(token=token))
    for _ in range(2):
        assert (await stub.Unsubscribe(pb.UnsubscribeRequest(token=token))).subject == SUBJECT
    stopped = await stub.GetSubscription(pb.GetSubscriptionRequest(token=token))
    for _ in range(2):
        assert (await stub.Resubscribe(pb.ResubscribeRequest(token=token))).subject == SUBJECT
    after = await stub.GetSubscription(pb.GetSubscriptionRequest(token=token))
    assert before.subject == SUBJECT
    assert [item.is_unsubscribed for item in (before, stopped, after)] == [False, True, False]


@pytest.mark.parametrize("name", ["GetSubscription", "Unsubscribe", "Resubscribe"])
async def test_a_link_that_is_not_ours_is_unknown(world: World, name: str) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await getattr(subscriptions_of(world), name)(getattr(pb, f"{name}Request")(token="AAAA"))
    assert refused.value.reason == "LINK_UNKNOWN"


async def test_an_address_stops_and_wants_again_whatever_its_spelling(world: World) -> None:
    stub = subscriptions_of(world)

    async def stopped(email: str) -> list[str]:
        asked = pb.ListStoppedSubjectsRequest(email=email, subjects=[SUBJECT, "petition:other"])
        return list((await stub.ListStoppedSubjects(asked)).subjects)

    async def put(email: str, *, is_stopped: bool) -> None:
        await stub.SetSubscription(pb.SetSubscriptionRequest(email=email, subject=SUBJECT, is_stopped=is_stopped))

    for _ in range(2):
        await put("Ann@example.org", is_stopped=True)
    assert await stopped("ann@EXAMPLE.org") == [SUBJECT]
    assert await stopped("bob@example.org") == []
    token = world.links.token(Subscription(SUBJECT, world.contacts.index("ann@example.org")))
    assert (await stub.GetSubscription(pb.GetSubscriptionRequest(token=token))).is_unsubscribed
    for _ in range(2):
        await put("ann@example.org", is_stopped=False)
    assert await stopped("ann@example.org") == []
