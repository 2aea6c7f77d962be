"""Stopping mails: by the page's button, and by the mail program's (RFC 8058)."""

from __future__ import annotations

from collections.abc import Callable

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import World

Browse = Callable[..., Browser]


def test_visit_stops_nothing_and_the_press_does(browse: Browse, world: World) -> None:
    world.notifications.subjects["t"] = f"petition:{world.petitions.add().id}"
    browser = browse()
    browser.open("/unsubscribe/t")
    assert world.notifications.stopped == set()
    browser.send("/unsubscribe/t")
    assert world.notifications.stopped == {"t"}
    browser.open("/unsubscribe/t")
    browser.send("/unsubscribe/t")
    assert world.notifications.stopped == set()


def test_mail_program_needs_no_form(browse: Browse, world: World) -> None:
    world.notifications.subjects["t"] = "petition:none"
    answer = world.app().test_client().post("/unsubscribe/t", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert world.notifications.stopped == {"t"}
