"""What platforms send by themselves, at the door of the gateway."""

from __future__ import annotations

import pytest

from viche_gateway.hooks import MOST_BODY_BYTES
from viche_gateway.testing import World
from viche_gateway.testing.social_inbox import HOOK

BODY = b'{"text":  "As it came"}\r\n'


def test_what_is_sent_goes_on_as_it_came(world: World) -> None:
    client = world.app().test_client()
    client.set_cookie("viche_session", "otto")

    answer = client.post(
        f"/hooks/{HOOK}?Page=7", data=BODY, headers={"X-Signature": "right", "Content-Type": "application/json"}
    )

    (received,) = world.inbox.received
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert received.body == BODY
    assert (received.headers["content-type"], received.headers["query-page"]) == ("application/json", "7")
    assert "cookie" not in received.headers


def test_a_platform_hears_its_challenge_as_text(world: World) -> None:
    answer = world.app().test_client().get(f"/hooks/{HOOK}?challenge=<b>42</b>")

    assert (answer.status_code, answer.text) == (200, "<b>42</b>")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("token", "signature", "status"), [(HOOK, "wrong", 403), ("another", "right", 404), (HOOK, "", 403)]
)
def test_what_nobody_signed_or_asked_for_is_refused(world: World, token: str, signature: str, status: int) -> None:
    answer = world.app().test_client().post(f"/hooks/{token}", data=BODY, headers={"X-Signature": signature})

    assert answer.status_code == status
    assert world.inbox.received == []


def test_too_much_is_refused(world: World) -> None:
    answer = world.app().test_client().post(
        f"/hooks/{HOOK}", data=b"x" * (MOST_BODY_BYTES + 1), headers={"X-Signature": "right"}
    )  # fmt: skip

    assert answer.status_code == 413


def test_a_platform_sends_again_when_social_is_away(world: World) -> None:
    app = world.app()
    world.channels["social"].is_down = True

    assert app.test_client().post(f"/hooks/{HOOK}", data=BODY).status_code == 503
