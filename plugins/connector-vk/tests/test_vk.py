"""The connector vk conforms, against a fake that VK's own API schema 5.199 allows."""

from pathlib import Path

import pytest

from viche_connector_vk import messages
from viche_connector_vk.fake import VkFake
from viche_connector_vk.messages import random_id
from viche_connector_vk.spec import VK
from viche_sdk.connectors.testing import Hook, Kit, Level, connector_suite
from viche_sdk.connectors.types import (
    Capability,
    Challenge,
    InboxKind,
    InvalidContent,
    MetricName,
    Operation,
    PermissionDenied,
    Post,
)

SCHEMAS = Path(__file__).resolve().parents[4] / "shared/data/api_schemas/vk"
KIT = Kit(VK, VkFake)
MANY = 62


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than one page of VK, and than one of ours, come of few messages."""
    monkeypatch.setattr(messages, "PAGE", 20)
    monkeypatch.setattr(messages, "MOST", 50)


TestVk = connector_suite("connector-vk", "vk", fake=VkFake, schemas=SCHEMAS, level=Level.SILVER)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_key_without_the_wall_is_told_at_once() -> None:
    async with KIT.stage() as stage:
        assert isinstance(stage.fake, VkFake)
        stage.fake.rights.remove("wall")
        with pytest.raises(PermissionDenied) as told:
            await stage.probe()
    assert told.value.permission == "wall"


@pytest.mark.usefixtures("socket_enabled")
async def test_a_community_that_hides_its_members_has_no_figure() -> None:
    async with KIT.stage() as stage:
        assert isinstance(stage.fake, VkFake)
        stage.fake.members = None
        (figure,) = await stage.call(Operation.METRICS, ())
    assert (figure.name, figure.value, bool(figure.reason)) == (MetricName.FOLLOWERS, None, True)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_post_is_found_at_the_wall_of_the_community() -> None:
    async with KIT.stage() as stage:
        published = await stage.publish(Post("Міст відкрито", "uk"))
    assert (published.ref, published.url) == ("-212979992_1", "https://vk.com/wall-212979992_1")


@pytest.mark.usefixtures("socket_enabled")
async def test_a_key_without_messages_grants_no_inbox() -> None:
    async with KIT.stage() as stage:
        assert isinstance(stage.fake, VkFake)
        assert Capability.REPLY in (await stage.probe()).granted
        stage.fake.rights.remove("messages")
        assert not {Capability.REPLY, Capability.INBOX_MESSAGES} & (await stage.probe()).granted


@pytest.mark.usefixtures("socket_enabled", "short_pages")
async def test_pages_of_messages_since_the_last_look_all_come() -> None:
    async with KIT.stage() as stage:
        _, cursor = await stage.inbox()
        for number in range(MANY):
            stage.fake.receive(InboxKind.MESSAGE, f"Питання {number}", None)
        items, _ = await stage.inbox(cursor)
    assert [item.text for item in items] == [f"Питання {number}" for number in range(MANY)]
    assert (items[0].author.name, items[0].author.url) == ("Оксана С.", "https://vk.com/oksana")


@pytest.mark.usefixtures("socket_enabled", "short_pages")
async def test_pages_of_conversations_all_come_once() -> None:
    async with KIT.stage() as stage:
        assert isinstance(stage.fake, VkFake)
        _, cursor = await stage.inbox()
        for number in range(MANY):
            stage.fake._put(1_000 + number, f"Питання {number}")
        items, cursor = await stage.inbox(cursor)
        again, _ = await stage.inbox(cursor)
    assert [item.text for item in items] == [f"Питання {number}" for number in range(MANY)]
    assert again == []


@pytest.mark.usefixtures("socket_enabled")
async def test_chats_and_own_messages_are_no_items() -> None:
    async with KIT.stage() as stage:
        assert isinstance(stage.fake, VkFake)
        _, cursor = await stage.inbox()
        stage.fake._put(2_000_000_001, "Балачки в чаті")
        stage.fake._put(556, "Відповідь", out=1)
        items, _ = await stage.inbox(cursor)
    assert items == []


def test_a_key_has_one_random_id() -> None:
    ids = [random_id(f"018f3c1e-7a51-7c3e-9d02-6f1f0c5b{number:04d}") for number in range(500)]
    assert ids[0] == random_id("018f3c1e-7a51-7c3e-9d02-6f1f0c5b0000")
    assert len(set(ids)) == 500
    assert all(0 < each < 2**31 for each in ids)


@pytest.mark.usefixtures("socket_enabled")
async def test_vk_sends_by_itself_only_where_a_secret_was_agreed_on() -> None:
    async with KIT.stage() as stage:
        assert Capability.WEBHOOK in (await stage.probe()).granted
        del stage.fake.secrets["callback_secret"]
        assert Capability.WEBHOOK not in (await stage.probe()).granted


@pytest.mark.usefixtures("socket_enabled")
async def test_what_vk_sends_and_what_is_asked_for_are_the_same_message() -> None:
    async with KIT.stage() as stage:
        assert isinstance(stage.fake, VkFake)
        [sent] = stage.hear(stage.fake.hook("Коли відкриють міст?", stage.clock.now()))  # pyright: ignore[reportGeneralTypeIssues]
        [asked], _ = await stage.inbox()
        edited = {**stage.fake.messages[-1], "text": "Коли відкриють мости?"}
        [changed] = stage.hear(Hook({}, stage.fake.event("message_edit", edited)))  # pyright: ignore[reportGeneralTypeIssues]
    assert (sent.id, sent.text, sent.thread, sent.written_at) == (asked.id, asked.text, asked.thread, asked.written_at)
    assert (changed.id, changed.text) == (asked.id, "Коли відкриють мости?")


@pytest.mark.usefixtures("socket_enabled")
async def test_what_is_no_message_of_a_person_is_taken_and_left() -> None:
    async with KIT.stage() as stage:
        assert isinstance(stage.fake, VkFake)
        stage.fake.hook("Так", stage.clock.now())
        message = stage.fake.messages[-1]
        for type_, about in (
            ("message_new", {"message": {**message, "peer_id": 2_000_000_007}}),
            ("message_new", {"message": {**message, "action": {"type": "chat_invite_user"}}}),
            ("message_new", {"message": {**message, "out": 1}}),
            ("group_join", {"user_id": 7}),
            ("wall_reply_new", {"id": 1}),
        ):
            assert stage.hear(Hook({}, stage.fake.event(type_, about))) == ()


@pytest.mark.usefixtures("socket_enabled")
async def test_a_server_may_be_confirmed_before_its_secret_is_entered() -> None:
    async with KIT.stage() as stage:
        event = b'{"type": "confirmation", "group_id": 212979992}'
        assert stage.hear(Hook({}, event)) == Challenge("1a2b3c4d")
        for forged in (event.replace(b"}", b', "secret": "x"}'), event.replace(b"confirmation", b"message_new")):
            with pytest.raises(PermissionDenied):
                stage.hear(Hook({}, forged))


@pytest.mark.usefixtures("socket_enabled")
async def test_another_community_and_half_a_message_are_refused() -> None:
    async with KIT.stage() as stage:
        assert isinstance(stage.fake, VkFake)
        body = stage.fake.event("confirmation")
        with pytest.raises(PermissionDenied):
            stage.hear(Hook({}, body.replace(b"212979992", b"212979993")))
        for about in (None, [], "x", {"message": {}}, {"message": {"peer_id": "x", "from_id": 1}}, {"peer_id": 5}):
            with pytest.raises(InvalidContent):
                stage.hear(Hook({}, stage.fake.event("message_new", about)))
