"""What notifications keeps of an address, for the person whose it is."""

from functools import partial
from typing import Any

from viche.notifications.v1 import bounces_pb2, notifications_pb2
from viche.notifications.v1 import privacy_pb2 as pb
from viche.notifications.v1 import privacy_pb2_grpc as rpc

from tests.integration.notifications.world import World
from viche_chassis.access import Caller
from viche_chassis.db import transaction
from viche_chassis.testing import FakeChannel
from viche_notifications import bouncing
from viche_notifications.domain.bounces import Refusal
from viche_notifications.privacy import PrivacyServicer
from viche_notifications.sealing import Subscription
from viche_notifications.store import suppressions

SUBJECT = "petition:01890000-0000-7000-8000-000000000001"


async def kept(world: World, email: str) -> pb.ListMyMessagesResponse:
    servicer = PrivacyServicer(world.pool, world.contacts)
    add = partial(rpc.add_PrivacyServiceServicer_to_server, servicer)
    channel: Any = FakeChannel(add, caller=Caller("gateway"))
    stub: Any = rpc.PrivacyServiceStub(channel)
    return await stub.ListMyMessages(pb.ListMyMessagesRequest(email=email))


async def test_a_person_sees_their_own_messages_and_what_they_stopped(world: World) -> None:
    message_id = await world.queue()
    index = world.contacts.index("ann@example.org")
    async with transaction(world.pool) as conn:
        await conn.execute(
            "UPDATE messages SET address_index = %(index)s WHERE id = %(id)s", {"index": index, "id": message_id}
        )
        await suppressions.add(conn, Subscription(SUBJECT, index))
        await bouncing.note(conn, message_id, index, Refusal("5.1.1", "example.org"))
    mine, others = await kept(world, "Ann@example.org"), await kept(world, "ivan@example.org")
    assert [each.state for each in mine.messages] == [notifications_pb2.MESSAGE_STATE_QUEUED]
    assert list(mine.stopped_subjects) == [SUBJECT]
    assert [each.bounce_class for each in mine.bounces] == [bounces_pb2.BOUNCE_CLASS_HARD]
    assert (list(others.messages), list(others.stopped_subjects), list(others.bounces)) == ([], [], [])
