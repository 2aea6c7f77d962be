"""Mail that comes back keeps further mail from an address, until its person confirms it."""

import asyncio
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from viche.notifications.v1 import bounces_pb2 as pb
from viche.notifications.v1 import bounces_pb2_grpc as rpc

from tests.integration.notifications.world import FACTS, PETITION_ID, World, running
from viche_chassis.access import Caller
from viche_chassis.db import transaction
from viche_chassis.testing import FakeChannel, FakeRpcError
from viche_notifications import bouncing
from viche_notifications.bounces import BouncesServicer
from viche_notifications.domain.bounces import MOST_TEMPORARY, Refusal
from viche_notifications.domain.messages import Lane
from viche_notifications.janitor import Janitor

ANN = "ann@city.example"


def bounces_of(world: World) -> Any:
    servicer = BouncesServicer(world.pool, world.contacts, world.returns)
    channel: Any = FakeChannel(partial(rpc.add_BouncesServiceServicer_to_server, servicer), caller=Caller("cli"))
    return rpc.BouncesServiceStub(channel)


async def sent(world: World, kind: str = "petition_closed", email: str = ANN, **more: Any) -> UUID:
    """A message that went out."""
    message_id = await world.queue(kind, email, **more)
    await world.rows("UPDATE messages SET state = 'sent', ended_at = now() WHERE id = %(id)s", id=message_id)
    return message_id


async def report(world: World, message_id: UUID, status: str = "5.1.1", **more: Any) -> pb.ReportBounceResponse:
    token = world.returns.token(message_id)
    request = pb.ReportBounceRequest(token=token, status=status, domain="city.example", **more)
    return await bounces_of(world).ReportBounce(request)


async def is_held_back(world: World, email: str = ANN) -> bool:
    standing = await bounces_of(world).GetAddressStanding(pb.GetAddressStandingRequest(email=email))
    return standing.HasField("undeliverable_since")


async def test_a_mail_goes_out_under_an_address_of_its_own(world: World) -> None:
    message_id = await world.queue()
    async with running(world.worker(Lane.BULK).run):
        await world.ends(message_id, "sent")
    assert world.office.senders == [f"bounces+{world.returns.token(message_id)}@viche.example"]
    assert world.office.mails[0][1]["From"] == "Viche <mail@viche.example>"


async def test_a_mailbox_that_the_server_does_not_know_gets_no_further_mail(world: World) -> None:
    world.office.replies[ANN] = f"550 5.1.1 <{ANN}>: no such user"
    first = await world.queue(email=ANN)
    async with running(world.worker(Lane.BULK).run, world.worker(Lane.URGENT).run):
        await world.ends(first, "permanent_failure")
        world.office.replies.clear()
        campaign, own = await world.queue(email=ANN), await world.queue("petition_rejected", ANN)
        asked, other = await world.queue("sign_in", ANN), await world.queue(email="bob@city.example")
        await world.ends(campaign, "suppressed")
        await world.ends(own, "suppressed")
        await world.ends(asked, "sent")
        await world.ends(other, "sent")
    assert [receiver for receiver, _ in world.office.mails].count(ANN) == 1


async def test_a_server_that_refuses_without_saying_why_teaches_nothing(world: World) -> None:
    world.office.replies[ANN] = "550 relaying denied"
    for _ in range(3):
        message_id = await world.queue(email=ANN)
        async with running(world.worker(Lane.BULK).run):
            await world.ends(message_id, "permanent_failure")
    assert not await is_held_back(world)


async def test_a_server_that_refuses_for_another_reason_is_asked_twice(world: World) -> None:
    world.office.replies[ANN] = "552 5.2.2 over quota"
    for held_back in (False, True):
        message_id = await world.queue(email=ANN)
        async with running(world.worker(Lane.BULK).run):
            await world.ends(message_id, "permanent_failure")
        assert await is_held_back(world) is held_back


async def test_tries_that_are_put_off_do_not_count_but_giving_up_does(world: World) -> None:
    world.office.replies[ANN] = "451 4.2.1 not now"
    message_id = await world.queue("sign_in", ANN)

    # in one look, since giving up ends the message and counts in one transaction
    look = "SELECT ended_at, attempts, (SELECT count(*) FROM bounces) AS bounces FROM messages WHERE id = %(id)s"
    async with running(world.worker(Lane.URGENT).run):
        while (seen := (await world.rows(look, id=message_id))[0]).ended_at is None:
            assert seen.bounces == 0, seen
            await world.make_due()
            await asyncio.sleep(0.05)
    rows = await world.rows("SELECT kind, status, domain FROM bounces")
    assert [tuple(row) for row in rows] == [("temporary", "4.2.1", "city.example")]


async def test_a_report_holds_further_mail_back(world: World) -> None:
    answer = await report(world, await sent(world))
    assert (answer.outcome, answer.bounce_class) == (pb.BOUNCE_OUTCOME_COUNTED, pb.BOUNCE_CLASS_HARD)
    message_id = await world.queue(email="Ann+petitions@city.example")
    async with running(world.worker(Lane.BULK).run):
        await world.ends(message_id, "suppressed")
    assert world.office.mails == []


async def test_the_same_report_counts_once(world: World) -> None:
    message_id = await sent(world)
    for expected in (pb.BOUNCE_OUTCOME_COUNTED, pb.BOUNCE_OUTCOME_REPEATED, pb.BOUNCE_OUTCOME_REPEATED):
        assert (await report(world, message_id, "5.2.2")).outcome == expected
    assert not await is_held_back(world)
    await report(world, await sent(world), "5.2.2")
    assert await is_held_back(world)


async def test_a_full_mailbox_is_given_time(world: World) -> None:
    for count in range(1, MOST_TEMPORARY + 1):
        await report(world, await sent(world), "4.2.2")
        assert await is_held_back(world) is (count == MOST_TEMPORARY)


async def test_a_mail_that_arrived_meanwhile_clears_what_was_before(world: World) -> None:
    for _ in range(MOST_TEMPORARY - 1):
        await report(world, await sent(world), "4.2.2")
    await world.rows("UPDATE bounces SET at = now() - interval '5 days'")
    arrived = await sent(world)
    await world.rows("UPDATE messages SET ended_at = now() - interval '4 days' WHERE id = %(id)s", id=arrived)
    await report(world, await sent(world), "4.2.2")
    assert not await is_held_back(world)
    await report(world, arrived, "4.2.2")
    assert await is_held_back(world)


async def test_reports_that_come_at_once_are_added_up(world: World) -> None:
    ids = [await sent(world) for _ in range(2)]
    index = world.contacts.index(ANN)

    async def note(message_id: UUID) -> None:
        async with transaction(world.pool) as conn:
            await bouncing.note(conn, message_id, index, Refusal("5.2.2", ""))
            await asyncio.sleep(0.2)

    await asyncio.gather(*map(note, ids))
    assert await is_held_back(world)


async def test_a_refusal_for_what_we_are_is_counted_and_nothing_else(world: World) -> None:
    for _ in range(5):
        await report(world, await sent(world), "5.7.1")
    assert not await is_held_back(world)
    counts = await bounces_of(world).GetBounces(pb.GetBouncesRequest())
    assert [(each.bounce_class, each.mails) for each in counts.classes] == [(pb.BOUNCE_CLASS_POLICY, 5)]


async def test_nobody_else_can_report(world: World) -> None:
    message_id = await sent(world)
    stub = bounces_of(world)
    for token in ("a" * 42, str(message_id), world.returns.token(UUID(int=5))):
        answer = await stub.ReportBounce(pb.ReportBounceRequest(token=token, status="5.1.1"))
        assert (answer.outcome, answer.bounce_class) == (pb.BOUNCE_OUTCOME_UNKNOWN, 0)
    assert not await is_held_back(world)


async def test_a_report_that_comes_too_late_changes_nothing(world: World) -> None:
    message_id = await sent(world)
    await world.rows("UPDATE messages SET ended_at = now() - interval '15 days'")
    assert (await report(world, message_id)).outcome == pb.BOUNCE_OUTCOME_UNKNOWN
    await Janitor(world.pool).sweep()
    assert (await world.message(message_id)).address_index is None


async def test_success_is_no_bounce(world: World) -> None:
    assert (await report(world, await sent(world), "2.1.5")).outcome == pb.BOUNCE_OUTCOME_NO_FAILURE


async def test_a_complaint_stops_what_people_can_stop_and_nothing_else(world: World) -> None:
    digest = await sent(world, "office_digest", subject="office")
    for expected in (pb.BOUNCE_OUTCOME_COUNTED, pb.BOUNCE_OUTCOME_REPEATED):
        assert (await report(world, digest, "", is_complaint=True)).outcome == expected
    assert not await is_held_back(world)
    campaign = await world.queue(email=ANN, subject=f"petition:{PETITION_ID}")
    next_digest = await world.queue("office_digest", ANN, subject="office")
    own = await world.queue("petition_opened", ANN, params={**FACTS, "last_day": ""})
    async with running(world.worker(Lane.BULK).run, world.worker(Lane.URGENT).run):
        await world.ends(campaign, "suppressed")
        await world.ends(next_digest, "suppressed")
        await world.ends(own, "sent")


async def test_a_person_who_confirms_the_address_gets_mail_again(world: World) -> None:
    message_id = await sent(world)
    await report(world, message_id)
    stub = bounces_of(world)
    for was_held_back in (True, False):
        answer = await stub.ConfirmAddress(pb.ConfirmAddressRequest(email=ANN))
        assert answer.was_undeliverable is was_held_back
    assert (await report(world, message_id)).outcome == pb.BOUNCE_OUTCOME_REPEATED
    assert not await is_held_back(world)
    later = await world.queue(email=ANN)
    async with running(world.worker(Lane.BULK).run):
        await world.ends(later, "sent")


async def test_operators_see_numbers_but_no_domain_that_could_be_a_persons_own(world: World) -> None:
    for number in range(3):
        await report(world, await sent(world, email=f"p{number}@city.example"))
    token = world.returns.token(await sent(world, email="me@own.example"))
    stub = bounces_of(world)
    await stub.ReportBounce(pb.ReportBounceRequest(token=token, status="5.1.1", domain="own.example"))
    counts = await stub.GetBounces(pb.GetBouncesRequest())
    assert [(each.bounce_class, each.mails) for each in counts.classes] == [(pb.BOUNCE_CLASS_HARD, 4)]
    assert [(each.domain, each.mails) for each in counts.domains] == [("city.example", 3)]
    assert counts.undeliverable_addresses == 4


@pytest.mark.parametrize("days", [-1, 91])
async def test_there_are_not_so_many_days(world: World, days: int) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await bounces_of(world).GetBounces(pb.GetBouncesRequest(days=days))
    assert refused.value.reason == "INVALID_FIELDS"


async def test_no_address_is_kept_in_clear(world: World) -> None:
    await report(world, await sent(world))
    for table in ("bounces", "undeliverable_addresses", "messages"):
        assert "ann" not in str(await world.rows(f"SELECT * FROM {table}"))


async def test_what_came_back_is_forgotten_in_time(world: World) -> None:
    await report(world, await sent(world))
    await world.rows("UPDATE bounces SET at = now() - interval '91 days'")
    await world.rows("UPDATE undeliverable_addresses SET since = now() - interval '364 days'")
    await Janitor(world.pool).sweep()
    assert await world.rows("SELECT * FROM bounces") == []
    assert await is_held_back(world)
    await world.rows("UPDATE undeliverable_addresses SET since = now() - interval '366 days'")
    await Janitor(world.pool).sweep()
    assert not await is_held_back(world)
