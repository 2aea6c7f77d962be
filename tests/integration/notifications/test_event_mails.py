"""Mails to people who register for public events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from viche.notifications.v1 import event_mails_pb2 as pb
from viche.notifications.v1 import event_mails_pb2_grpc

from tests.integration.notifications.world import CITY, LANGUAGES, World, running
from viche_chassis.access import Caller
from viche_chassis.ids import new_id
from viche_chassis.testing import FakeChannel, FakeRpcError
from viche_notifications.domain.messages import Lane
from viche_notifications.event_mails import KINDS, EventMailsServicer
from viche_notifications.waking import Bell

FILE = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:event-7@viche.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
STARTS = datetime(2126, 10, 27, 16, 30, tzinfo=UTC)


def office(world: World) -> Any:
    bells = {lane: Bell() for lane in Lane}
    servicer = EventMailsServicer(world.pool, world.contacts, world.sources.sites, LANGUAGES, bells)

    def register(server: Any) -> None:
        event_mails_pb2_grpc.add_EventMailsServiceServicer_to_server(servicer, server)

    return event_mails_pb2_grpc.EventMailsServiceStub(FakeChannel(register, caller=Caller("social")))  # pyright: ignore


def wanted(kind: int, **fields: Any) -> pb.SendEventMailRequest:
    given: dict[str, Any] = {
        "request_id": str(new_id()), "email": "ann@example.org", "name": "Ann", "token": "s3cret", "number": 7,
        "title": {"en": "A new school"}, "time_zone": "Europe/Kyiv", "place": {"en": "Town hall, Main square 1"},
        "seats": 2, "language": "en", "authority_id": CITY, **fields,
    }  # fmt: skip
    request = pb.SendEventMailRequest(kind=kind, **given)  # pyright: ignore[reportArgumentType]
    request.starts_at.FromDatetime(STARTS)
    if kind == pb.EVENT_MAIL_KIND_CONFIRM:
        request.held_until.FromDatetime(datetime.now(UTC) + timedelta(minutes=30))
    return request


async def sent(world: World, request: pb.SendEventMailRequest) -> EmailMessage:
    """The mail of a request, as its reader gets it."""
    await office(world).SendEventMail(request)
    ((message_id, lane),) = await world.rows("SELECT id, lane FROM messages")
    async with running(world.worker(Lane(lane)).run):
        await world.ends(message_id, "sent")
    (mail,) = world.office.to(request.email)
    return mail


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n").replace("\xa0", " ")


@pytest.mark.parametrize("kind", sorted(KINDS), ids=lambda kind: KINDS[kind].name)
async def test_every_mail_says_when_where_and_leads_back(world: World, kind: int) -> None:
    text = text_of(await sent(world, wanted(kind)))

    leads_to_event = kind in (pb.EVENT_MAIL_KIND_CANCELLED, pb.EVENT_MAIL_KIND_REMOVED)
    path = "/events/7" if leads_to_event else "/events/registrations/s3cret"
    assert f"{path}\n" in text
    assert "When: 27 October 2126, 18:30" in text  # clocks were put back the night before
    assert "Town hall, Main square 1" in text
    assert ("2 seats" in text) != leads_to_event


async def test_the_calendar_file_goes_along(world: World) -> None:
    mail = await sent(world, wanted(pb.EVENT_MAIL_KIND_REGISTERED, calendar=FILE))

    (file,) = mail.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "event.ics")
    assert file.get_param("method") == "PUBLISH"
    assert file.get_content().replace("\r\n", "\n").strip() == FILE.replace("\r\n", "\n").strip()


async def test_reasons_and_places_on_the_list_are_said(world: World) -> None:
    assert "The hall is flooded." in text_of(
        await sent(world, wanted(pb.EVENT_MAIL_KIND_CANCELLED, reason="The hall is flooded."))
    )


async def test_the_place_on_the_waiting_list_is_said(world: World) -> None:
    assert "You are number 3 on the list." in text_of(await sent(world, wanted(pb.EVENT_MAIL_KIND_WAITING, position=3)))


async def test_a_zone_that_is_not_the_regions_is_named(world: World) -> None:
    text = text_of(await sent(world, wanted(pb.EVENT_MAIL_KIND_REMINDER, time_zone="Asia/Tokyo")))

    assert "When: 28 October 2126, 01:30 (Japan" in text


async def test_a_repeat_sends_no_second_mail(world: World) -> None:
    request = wanted(pb.EVENT_MAIL_KIND_REMINDER)
    for _ in range(2):
        await office(world).SendEventMail(request)

    assert [row[0] for row in await world.rows("SELECT state FROM messages")] == ["queued"]


async def test_what_is_for_the_reader_alone_is_sealed(world: World) -> None:
    request = wanted(
        pb.EVENT_MAIL_KIND_REMOVED, online_url="https://meet.example/hush", reason="Because.", calendar=FILE
    )
    await office(world).SendEventMail(request)

    rows = await world.rows("SELECT m.params, c.sealed FROM messages m JOIN message_contacts c ON c.message_id = m.id")
    for secret in ("ann@", "Ann", "s3cret", "hush", "Because", "VCALENDAR"):
        assert secret not in str(rows)


@pytest.mark.parametrize("fields", [{"email": "nowhere"}, {"time_zone": "Nowhere/Land"}, {"kind": 0}], ids=str)
async def test_what_cannot_be_sent_is_told(world: World, fields: dict[str, Any]) -> None:
    given = {"kind": pb.EVENT_MAIL_KIND_CONFIRM, **fields}
    with pytest.raises(FakeRpcError) as refused:
        await office(world).SendEventMail(wanted(**given))

    assert refused.value.reason == "INVALID_FIELDS"
    assert await world.rows("SELECT 1 FROM messages") == []
