"""Links back to answers that were begun, by mail to whoever asks for them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from viche.notifications.v1 import draft_links_pb2 as pb
from viche.notifications.v1 import draft_links_pb2_grpc

from tests.integration.notifications.world import CITY, LANGUAGES, World, running
from viche_chassis.access import Caller
from viche_chassis.ids import new_id
from viche_chassis.testing import FakeChannel, FakeRpcError
from viche_notifications.domain.messages import DRAFT_LINK, Lane
from viche_notifications.draft_links import DraftLinksServicer
from viche_notifications.waking import Bell


def links_of(world: World) -> Any:
    servicer = DraftLinksServicer(world.pool, world.contacts, world.sources.sites, LANGUAGES, Bell())

    def register(server: Any) -> None:
        draft_links_pb2_grpc.add_DraftLinksServiceServicer_to_server(servicer, server)

    return draft_links_pb2_grpc.DraftLinksServiceStub(FakeChannel(register, caller=Caller("gateway")))  # pyright: ignore


def wanted(email: str = "ann@example.org", **fields: Any) -> pb.SendDraftLinkRequest:
    request = pb.SendDraftLinkRequest(
        request_id=str(new_id()), email=email, token="s3cret", number=12, title={"en": "Roads", "uk": "Дороги"},
        **{"language": "uk", **fields},
    )  # fmt: skip
    request.expires_at.FromDatetime(datetime.now(UTC) + timedelta(days=30))
    return request


async def states(world: World) -> list[str]:
    return [row[0] for row in await world.rows("SELECT state FROM messages ORDER BY id")]


async def test_the_mail_leads_back_to_the_answer(world: World) -> None:
    await links_of(world).SendDraftLink(wanted())

    ((message_id,),) = await world.rows("SELECT id FROM messages")
    async with running(world.worker(Lane.URGENT).run):
        await world.ends(message_id, "sent")

    (mail,) = world.office.to("ann@example.org")
    body = mail.get_body(("plain",))
    assert "Дороги" in str(mail["Subject"])
    assert body is not None
    assert "https://viche.example/uk/surveys/12/answers/s3cret\n" in body.get_content().replace("\r\n", "\n")


async def test_a_repeat_sends_no_second_mail(world: World) -> None:
    request = wanted()
    for _ in range(2):
        await links_of(world).SendDraftLink(request)

    assert await states(world) == ["queued"]


async def test_the_address_and_the_secret_are_sealed(world: World) -> None:
    await links_of(world).SendDraftLink(wanted(authority_id=CITY))

    ((params, sealed),) = await world.rows(
        "SELECT m.params, c.sealed FROM messages m JOIN message_contacts c ON c.message_id = m.id"
    )

    assert (params["title"], params["site"]) == ("Дороги", "city")
    assert "s3cret" not in f"{params}{sealed}"
    assert "ann@" not in f"{params}{sealed}"


async def test_no_mailbox_is_flooded(world: World) -> None:
    for _ in range(DRAFT_LINK.cap.most + 2):
        await links_of(world).SendDraftLink(wanted())

    async with running(world.worker(Lane.URGENT).run):
        for (message_id,) in await world.rows("SELECT id FROM messages ORDER BY id"):
            await world.ends(message_id, "sent", "capped")

    assert sorted(await states(world)) == ["capped"] * 2 + ["sent"] * DRAFT_LINK.cap.most


async def test_what_is_no_address_is_told(world: World) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await links_of(world).SendDraftLink(wanted("nowhere"))

    assert refused.value.reason == "INVALID_FIELDS"
    assert await states(world) == []
