"""Every message ends in a named state, whatever the mail server does; fault 20: it takes a mail and falls silent."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.integration.notifications.world import FAST, HASTY, World, running, until
from viche_chassis.db import transaction
from viche_notifications.domain.messages import CONFIRM_SIGNATURE, MAX_COPIES, Lane, Outcome, State
from viche_notifications.sealing import Subscription
from viche_notifications.smtp import Envelope, SmtpLine, parse_smtp_url
from viche_notifications.store import messages, suppressions

ANN = "ann@example.org"


async def test_a_message_is_sent_and_its_contact_erased(world: World) -> None:
    message_id = await world.queue()
    async with running(world.worker(Lane.BULK).run):
        row = await world.ends(message_id, "sent")
    assert len(world.office.to(ANN)) == 1
    assert (row.attempts, row.unclear) == (1, 0)
    assert row.last_reply == "250 taken"
    assert await world.rows("SELECT * FROM message_contacts") == []


async def test_a_refused_address_ends_as_a_permanent_failure_without_being_named(world: World) -> None:
    world.office.replies[ANN] = f"550 5.1.1 <{ANN}>: no such user"
    refused, taken = await world.queue(), await world.queue(email="bob@example.org")
    async with running(world.worker(Lane.BULK).run):
        row = await world.ends(refused, "permanent_failure")
        await world.ends(taken, "sent")
    assert row.attempts == 1
    assert row.last_reply.startswith("550 5.1.1")
    assert "ann" not in row.last_reply
    assert world.office.sessions == 1


async def test_a_temporary_refusal_is_tried_again_later(world: World) -> None:
    world.office.replies[ANN] = "451 4.7.1 greylisted"
    message_id = await world.queue("sign_in")
    began_at = datetime.now(UTC)
    async with running(world.worker(Lane.URGENT).run):

        async def was_tried() -> bool:
            return (await world.message(message_id)).last_reply != ""

        await until(was_tried)
        row = await world.message(message_id)
        tried_at = row.next_attempt_at - timedelta(seconds=5)
        assert (row.state, row.attempts, row.unclear) == ("queued", 1, 0)
        assert began_at <= tried_at <= datetime.now(UTC)
        world.office.replies.clear()
        await world.make_due()
        await world.ends(message_id, "sent")


async def test_a_message_whose_tries_are_used_up_ends_as_a_technical_failure(world: World) -> None:
    world.office.replies[ANN] = "451 4.7.1 not now"
    message_id = await world.queue("sign_in")

    async def has_ended() -> bool:
        await world.make_due()
        return (await world.message(message_id)).ended_at is not None

    async with running(world.worker(Lane.URGENT).run):
        await until(has_ended)
    row = await world.message(message_id)
    assert (row.state, row.attempts) == ("technical_failure", 7)
    assert row.last_reply == "451 4.7.1 not now"


async def test_while_the_mail_server_is_down_no_try_is_used_up(world: World) -> None:
    await world.office.close()
    message_id = await world.queue()
    async with running(world.worker(Lane.BULK).run):
        await asyncio.sleep(1)
        row = await world.message(message_id)
        assert (row.state, row.attempts) == ("queued", 0)
        await world.office.open()
        await world.ends(message_id, "sent")
    assert len(world.office.mails) == 1


async def test_a_server_that_takes_mails_and_falls_silent_makes_a_bounded_number_of_copies(world: World) -> None:
    world.office.silent = 100
    message_id = await world.queue()

    async def has_ended() -> bool:
        row = await world.message(message_id)
        if row.state == "queued":
            await world.make_due()
        return row.ended_at is not None

    async with running(world.worker(Lane.BULK, replace(world.desk, pace=HASTY)).run):
        await until(has_ended)
        await asyncio.sleep(0.3)
    row = await world.message(message_id)
    assert (row.state, row.unclear) == ("technical_failure", MAX_COPIES)
    copies = world.office.to(ANN)
    assert len(copies) == MAX_COPIES
    assert {copy["Message-ID"] for copy in copies} == {f"<{message_id}@viche.example>"}


async def test_a_silence_that_ends_leaves_the_message_sent(world: World) -> None:
    world.office.silent = 1
    message_id = await world.queue()
    async with running(world.worker(Lane.BULK, replace(world.desk, pace=HASTY)).run):

        async def was_tried() -> bool:
            row = await world.message(message_id)
            return (row.state, row.unclear) == ("queued", 1)

        await until(was_tried)
        await world.make_due()
        await world.ends(message_id, "sent")
    assert len(world.office.to(ANN)) == 2


async def test_the_message_of_a_worker_that_died_is_sent_by_another(world: World) -> None:
    message_id = await world.queue()
    async with transaction(world.pool) as conn:
        claimed = await messages.claim(conn, Lane.BULK, timedelta(seconds=0.3))
    assert claimed is not None
    async with running(world.worker(Lane.BULK).run):
        row = await world.ends(message_id, "sent")
    assert (row.attempts, row.unclear) == (2, 1)


async def test_a_message_that_kills_every_worker_is_put_aside(world: World) -> None:
    message_id = await world.queue()
    for _ in range(MAX_COPIES):
        async with transaction(world.pool) as conn:
            assert await messages.claim(conn, Lane.BULK, timedelta()) is not None
    async with running(world.worker(Lane.BULK).run):
        row = await world.ends(message_id, "technical_failure")
    assert row.unclear == MAX_COPIES
    assert world.office.mails == []


async def test_a_mail_that_was_sent_ends_its_message_even_after_the_lease(world: World) -> None:
    message_id = await world.queue()
    async with transaction(world.pool) as conn:
        first = await messages.claim(conn, Lane.BULK, timedelta())
    async with transaction(world.pool) as conn:
        second = await messages.claim(conn, Lane.BULK, timedelta(seconds=5))
        assert first is not None
        assert second is not None
    async with transaction(world.pool) as conn:
        await messages.postpone(conn, first, timedelta(), "late", is_clear=True)
        assert not await messages.end(conn, first, State.PERMANENT_FAILURE, "late", is_clear=True)
        assert await messages.end(conn, first, State.SENT, "250", is_clear=True)
    assert (await world.message(message_id)).state == "sent"


async def test_one_connection_carries_many_mails(world: World) -> None:
    ids = [await world.queue(email=f"p{number}@example.org") for number in range(20)]
    async with running(world.worker(Lane.BULK).run):
        await world.ends(ids[-1], "sent")
    assert world.office.sessions == 1


async def test_a_connection_that_was_closed_meanwhile_costs_no_try(world: World) -> None:
    first = await world.queue()
    async with running(world.worker(Lane.BULK).run):
        await world.ends(first, "sent")
        world.office.hang_up()
        second = await world.queue(email="bob@example.org")
        row = await world.ends(second, "sent")
    assert row.attempts == 1
    assert world.office.sessions == 2


async def test_a_connection_that_is_lost_before_a_mail_is_written_is_made_anew(world: World) -> None:
    line = SmtpLine(parse_smtp_url(world.office.url), local_name="viche.example", timeout_s=FAST.step_s)
    await line.open()
    world.office.hang_up()

    async def is_lost() -> bool:
        return not line.is_open

    await until(is_lost)
    reply = await line.send(Envelope("mail@viche.example", ANN, b"Subject: Roads\r\n\r\nNorth.\r\n"))
    await line.close()
    assert (reply.outcome, world.office.sessions) == (Outcome.SENT, 2)
    assert len(world.office.to(ANN)) == 1


async def test_workers_at_once_send_each_message_once(world: World) -> None:
    ids = [await world.queue(email=f"p{number}@example.org") for number in range(60)]
    async with running(*(world.worker(Lane.BULK).run for _ in range(4))):
        for message_id in ids:
            await world.ends(message_id, "sent")
    assert sorted(address for address, _ in world.office.mails) == sorted(
        f"p{number}@example.org" for number in range(60)
    )


async def test_a_campaign_over_a_slow_server_does_not_delay_a_sign_in_mail(world: World) -> None:
    for number in range(200):
        await world.queue(email=f"p{number}@example.org")
        world.office.slow[f"p{number}@example.org"] = 60  # none of them gets through as long as the test lasts
    desk = replace(world.desk, pace=replace(FAST, drain_s=0))

    async def bulk_is_held_up() -> bool:
        return len(await world.rows("SELECT id FROM messages WHERE state = 'sending'")) == 2

    async with running(*(world.worker(lane, desk).run for lane in Lane for _ in range(2))):
        await until(bulk_is_held_up)
        message_id = await world.queue("sign_in")
        world.bells[Lane.URGENT].ring()
        await world.ends(message_id, "sent")
        assert [address for address, _ in world.office.mails] == [ANN]


async def test_a_mail_whose_link_has_expired_is_not_sent(world: World) -> None:
    message_id = await world.queue("sign_in", expires_at=datetime.now(UTC) - timedelta(seconds=1))
    async with running(world.worker(Lane.URGENT).run):
        await world.ends(message_id, "expired")
    assert world.office.mails == []


async def test_who_has_unsubscribed_gets_no_more_of_the_subject(world: World) -> None:
    async with transaction(world.pool) as conn:
        subscription = Subscription("petition:x", world.contacts.index(ANN))
        await suppressions.add(conn, subscription)
    stopped, other = await world.queue(), await world.queue()
    await world.rows("UPDATE messages SET subject = 'petition:x' WHERE id = %(id)s", id=stopped)
    async with running(world.worker(Lane.BULK).run):
        await world.ends(stopped, "suppressed")
        await world.ends(other, "sent")
    assert len(world.office.mails) == 1
    assert await world.rows("SELECT * FROM message_contacts") == []


async def test_an_address_gets_its_share_of_confirmations_and_no_more(world: World) -> None:
    most = CONFIRM_SIGNATURE.cap.most
    ids = [await world.queue("confirm_signature") for _ in range(most + 3)]
    other = await world.queue("sign_in")
    async with running(world.worker(Lane.URGENT).run):
        for message_id in ids[most:]:
            await world.ends(message_id, "capped")
        await world.ends(other, "sent")
    assert len(world.office.to(ANN)) == most + 1


async def test_two_workers_at_once_exceed_a_share_by_one_at_most(world: World) -> None:
    most = CONFIRM_SIGNATURE.cap.most
    ids = [await world.queue("confirm_signature") for _ in range(most + 3)]
    async with running(*(world.worker(Lane.URGENT).run for _ in range(2))):
        ends = [(await world.ends(message_id, "capped", "sent")).state for message_id in ids]
    assert most <= ends.count("sent") <= most + 1


async def test_a_message_that_cannot_be_written_does_not_stop_the_others(world: World) -> None:
    broken = await world.queue(params={})
    nowhere = await world.queue(email="no address")
    good = await world.queue(email="bob@example.org")
    async with running(world.worker(Lane.BULK).run):
        await world.ends(broken, "technical_failure")
        await world.ends(nowhere, "permanent_failure")
        await world.ends(good, "sent")
    assert await world.rows("SELECT * FROM message_contacts") == []


async def test_a_mail_on_its_way_is_seen_through_when_the_process_ends(world: World) -> None:
    world.office.slow[""] = 0.6
    message_id = await world.queue()
    async with running(world.worker(Lane.BULK).run):
        await world.ends(message_id, "sending", "sent")
    assert (await world.message(message_id)).state == "sent"
    assert len(world.office.mails) == 1


async def test_the_credentials_of_the_address_are_shown_to_the_server(world: World) -> None:
    world.office.login = (b"viche", b"hunter2")
    message_id = await world.queue()
    async with running(world.worker(Lane.BULK).run):
        await world.ends(message_id, "sent")


async def test_a_server_that_does_not_let_us_in_costs_no_try(world: World) -> None:
    world.office.login = (b"viche", b"hunter2")
    worker = world.worker(Lane.BULK)
    world.office.login = (b"viche", b"other")
    message_id = await world.queue()
    async with running(worker.run):
        await asyncio.sleep(0.5)
    row = await world.message(message_id)
    assert (row.state, row.attempts) == ("queued", 0)


async def test_a_kind_that_this_version_does_not_know_waits_for_one_that_does(world: World) -> None:
    unknown, known = await world.queue(), await world.queue(email="bob@example.org")
    await world.rows("UPDATE messages SET template = 'from_the_future' WHERE id = %(id)s", id=unknown)
    async with running(world.worker(Lane.BULK).run):
        await world.ends(known, "sent")
    assert (await world.message(unknown)).attempts == 0


async def test_an_address_in_other_letters_is_written_to(world: World) -> None:
    message_id = await world.queue(email="анна@пошта.укр")
    async with running(world.worker(Lane.BULK).run):
        await world.ends(message_id, "sent")
    assert [address for address, _ in world.office.mails] == ["анна@xn--80a1acn3a.xn--j1amh"]
