"""What the conformance kit does not know of webhooks."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from viche_connector_webhook.fake import WebhookFake
from viche_connector_webhook.spec import WEBHOOK
from viche_sdk.connectors.testing import Fault, Kit, Stage, reply
from viche_sdk.connectors.types import ConnectorError, Happening, Operation, OutcomeUnknown, PermissionDenied, Post

pytestmark = pytest.mark.usefixtures("socket_enabled")

KIT = Kit(WEBHOOK, WebhookFake)
PAGE = Path(__file__).resolve().parents[3] / "docs/connectors/webhook.md"


def example() -> dict[str, Any]:
    """The receiver of the documentation."""
    names: dict[str, Any] = {}
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(code, names)
    return names


def last_event(stage: Stage) -> dict[str, Any]:
    return stage.fake.requests[-1].json


async def test_the_receiver_of_the_documentation_takes_what_is_sent() -> None:
    receiver = example()
    receive: Callable[..., int] = receiver["receive"]
    async with KIT.stage() as stage:
        published = await stage.publish(Post("Міст відкрито", "uk"))
        await stage.call(Operation.EDIT, published.ref, Post("Міст відкрито о 9:00", "uk"))
        secret = stage.fake.secrets["secret"]
        with time_machine.travel(stage.clock.now(), tick=False):
            answers = [receive(secret, each.headers, each.body) for each in stage.fake.requests]
            forged = receive(secret, stage.fake.requests[-1].headers, b'{"type":"post.withdrawn"}')
    assert (answers, forged) == ([204, 204, 204], 401)
    assert [post["text"] for post in receiver["posts"].values()] == ["Міст відкрито о 9:00"]


async def test_an_event_goes_with_its_times() -> None:
    at = datetime(2026, 4, 1, 16, 0, tzinfo=UTC)
    async with KIT.stage() as stage:
        await stage.publish(
            Post("Слухання", "uk", event=Happening("Слухання", at, at, "Зала 2", "https://a.example/1"))
        )
        assert last_event(stage)["data"]["event"] == {
            "title": "Слухання",
            "starts_at": "2026-04-01T16:00:00+00:00",
            "ends_at": "2026-04-01T16:00:00+00:00",
            "place": "Зала 2",
            "link": "https://a.example/1",
        }


async def test_the_receiver_may_say_where_the_post_is() -> None:
    async with KIT.stage() as stage:
        stage.fake.fail_with(Fault("taken", reply({"url": "https://city.example/posts/1"}, 201), ConnectorError))
        assert (await stage.publish(Post("Міст", "uk"))).url == "https://city.example/posts/1"
        stage.fake.fail_with(Fault("taken", reply({"url": "javascript:alert(1)"}, 201), ConnectorError))
        assert (await stage.publish(Post("Міст", "uk"))).url == ""


async def test_a_page_for_people_is_no_receipt() -> None:
    async with KIT.stage() as stage:
        stage.fake.fail_with(Fault("page", type(reply({}))(200, b"<html>", "text/html; charset=utf-8"), OutcomeUnknown))
        with pytest.raises(OutcomeUnknown):
            await stage.publish(Post("Міст", "uk"))


async def test_the_account_does_not_show_what_stands_behind_the_question_mark() -> None:
    async with KIT.stage() as stage:
        info = await stage.probe()
    assert (info.id, info.handle) == ("city.example/hooks/viche", "city.example")


async def test_a_secret_that_is_none_is_told_before_anything_is_sent() -> None:
    async with KIT.stage() as stage:
        stage.fake.secrets["secret"] = "whsec_"
        before = len(stage.fake.requests)
        with pytest.raises(PermissionDenied):
            await stage.publish(Post("Міст", "uk"))
        assert len(stage.fake.requests) == before
