"""What the conformance kit does not know of Telegram."""

from typing import Any

import pytest

from viche_connector_telegram.errors import refusal
from viche_connector_telegram.fake import TelegramFake
from viche_connector_telegram.fake_faults import WEBHOOK_SET
from viche_connector_telegram.fake_types import BOT, CHANNEL, CHANNEL_ID, GROUP, GROUP_ID, NEIGHBOUR, administrator
from viche_connector_telegram.inbox import items_of, read
from viche_connector_telegram.spec import TELEGRAM
from viche_sdk.connectors.kit.material import media_of, plain_post
from viche_sdk.connectors.testing import Fault, Kit, Stage
from viche_sdk.connectors.types import (
    Account,
    Answer,
    Capability,
    ConnectorError,
    InboxKind,
    InvalidContent,
    MediaKind,
    Operation,
    PermissionDenied,
    Post,
    ProblemReason,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")

KIT = Kit(TELEGRAM, TelegramFake)
ACCOUNT = Account(str(CHANNEL_ID), "@example_city")
COPY = {
    "message_id": 501,
    "chat": GROUP,
    "is_automatic_forward": True,
    "forward_origin": {"type": "channel", "chat": CHANNEL, "message_id": 11},
}


def members(stage: Stage) -> dict[int, dict[str, Any]]:
    assert isinstance(stage.fake, TelegramFake)
    return stage.fake.members


def comment(**parts: Any) -> dict[str, Any]:
    message = {"message_id": 502, "date": 1_790_000_000, "chat": GROUP, "from": NEIGHBOUR, "text": "Коли?"}
    return {"update_id": 1, "message": {**message, "message_thread_id": 501, "reply_to_message": COPY, **parts}}


async def test_an_album_is_one_post_that_is_deleted_whole() -> None:
    images = TELEGRAM.limits.images
    assert images
    async with KIT.stage() as stage:
        media = tuple(media_of(images, MediaKind.IMAGE, number) for number in (1, 2, 3))
        published = await stage.publish(Post("Фото дня", "uk", media=media))
        assert published.ref == "11,12,13"
        assert [shown.alts for shown in stage.fake.shown()] == [("", "", "")]
        await stage.call(Operation.DELETE, published.ref)
        assert stage.fake.shown() == []


async def test_the_same_text_again_is_no_fault_of_an_edit() -> None:
    async with KIT.stage() as stage:
        post = plain_post(stage.limits, "Засідання о 10:00")
        published = await stage.publish(post)
        assert await stage.call(Operation.EDIT, published.ref, post) == published


async def test_an_answer_can_be_taken_away() -> None:
    async with KIT.stage() as stage:
        stage.fake.receive(InboxKind.MESSAGE, "Коли відкриють міст?", None)
        (item,), _ = await stage.inbox()
        answer = await stage.call(Operation.REPLY, item, "У липні", stage.key())
        await stage.call(Operation.DELETE, answer.ref)
        assert stage.fake.shown() == []


async def test_comments_are_granted_only_where_the_bot_reads_them() -> None:
    async with KIT.stage() as stage:
        assert Capability.INBOX_COMMENTS in (await stage.probe()).granted
        members(stage)[GROUP_ID] = {"status": "left", "user": BOT}
        assert Capability.INBOX_COMMENTS not in (await stage.probe()).granted


async def test_a_bot_that_may_not_post_is_told_so() -> None:
    async with KIT.stage() as stage:
        members(stage)[CHANNEL_ID] = administrator(BOT, can_post_messages=False)
        with pytest.raises(PermissionDenied) as told:
            await stage.probe()
        assert told.value.permission == "can_post_messages"


async def test_what_the_webhook_brings_is_not_asked_for() -> None:
    async with KIT.stage() as stage:
        stage.fake.fail_with(Fault("webhook is set", WEBHOOK_SET, ConnectorError))
        assert await stage.inbox("870001") == ([], "870001")


async def test_a_webhook_of_another_program_is_told() -> None:
    async with KIT.stage() as stage:
        del stage.fake.secrets["webhook_secret"]
        stage.fake.fail_with(Fault("webhook is set", WEBHOOK_SET, ConnectorError))
        with pytest.raises(PermissionDenied):
            await stage.inbox()


def test_a_comment_names_the_post_and_its_thread() -> None:
    (item,) = items_of(comment(), ACCOUNT)
    assert (item.kind, item.on, item.is_own) == (InboxKind.COMMENT, "11", False)
    assert (item.thread, item.answers) == (f"{GROUP['id']}:501", f"{GROUP['id']}:501")
    assert item.url == "https://t.me/example_city/11?comment=502"


def test_an_answer_to_a_comment_stays_in_the_thread() -> None:
    first = {"message_id": 502, "chat": GROUP, "from": NEIGHBOUR, "text": "Коли?"}
    (item,) = items_of(comment(message_id=503, reply_to_message=first), ACCOUNT)
    assert (item.thread, item.answers, item.on) == (f"{GROUP['id']}:501", f"{GROUP['id']}:502", "")


def test_posts_of_other_channels_are_not_taken_for_own_ones() -> None:
    foreign = {**COPY, "forward_origin": {"type": "channel", "chat": {"id": -1005}, "message_id": 11}}
    (item,) = items_of(comment(reply_to_message=foreign), ACCOUNT)
    assert item.on == ""


def test_an_edited_message_has_the_id_of_the_first() -> None:
    update = comment(text="Коли ж?")
    (first,) = items_of(comment(), ACCOUNT)
    (again,) = items_of({"update_id": 2, "edited_message": update["message"]}, ACCOUNT)
    assert (again.id, again.text) == (first.id, "Коли ж?")


@pytest.mark.parametrize("sender", [CHANNEL, GROUP], ids=["channel", "group"])
def test_what_the_authority_writes_by_hand_is_own(sender: dict[str, Any]) -> None:
    (item,) = items_of(comment(sender_chat=sender), ACCOUNT)
    assert item.is_own


IN_PRIVATE = {**comment()["message"], "chat": {"id": 555, "type": "private"}, "text": "/start"}
SERVICE = {"message_id": 5, "chat": GROUP, "from": NEIGHBOUR, "new_chat_title": "Місто"}
SILENT = {
    "start": {"update_id": 1, "message": IN_PRIVATE},
    "copy": {"update_id": 1, "message": {**COPY, "text": "Допис"}},
    "service": {"update_id": 1, "message": SERVICE},
    "other update": {"update_id": 1, "poll": {"id": "5"}},
    "chatter of the group": comment(reply_to_message=None),
}


@pytest.mark.parametrize("name", sorted(SILENT))
def test_these_are_no_items(name: str) -> None:
    assert items_of(SILENT[name], ACCOUNT) == ()


def test_an_update_of_another_shape_is_named() -> None:
    with pytest.raises(InvalidContent):
        read(b'{"update_id": 1, "message": {"text": "x", "chat": 5}}', ACCOUNT)


def test_a_picture_that_clients_cannot_show_is_found_before() -> None:
    wide = media_of(TELEGRAM.limits.images, MediaKind.IMAGE)  # pyright: ignore[reportArgumentType]
    wide = type(wide)(wide.id, wide.kind, wide.type, wide.size_bytes, wide.alt, 9_000, 1_001)
    found = TELEGRAM.connector().validate(Post("Вид", "uk", media=(wide,)), TELEGRAM.limits)
    assert [problem.reason for problem in found] == [ProblemReason.TOO_MANY_PIXELS]


def test_a_page_of_a_proxy_ends_no_consent() -> None:
    error = refusal(Answer(401, {}, b"<html>Sign in</html>", "POST"), "text")
    assert type(error).__name__ == "OutcomeUnknown"
