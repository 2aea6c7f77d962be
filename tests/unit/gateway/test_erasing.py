"""Erasing my account: asked once, a day to think, the way back."""

from __future__ import annotations

from collections.abc import Callable

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import World

Browse = Callable[..., Browser]


def test_an_account_is_erased_after_one_question_and_kept_with_one_press(browse: Browse, world: World) -> None:
    browser = browse("ann")
    page = browser.open("/me/erase").text
    assert "your signatures stay counted" in page
    browser.send("/me/erase", hides_name="yes")
    assert world.privacy.asked == {"ann": True}
    assert "Your account will be erased" in browser.open("/me/erase").text
    answer = browser.send("/me/erase/cancel")
    assert world.privacy.asked == {}
    assert "Your account stays as it is" in browser.open(answer.headers["Location"]).text


def test_whoever_signed_in_long_ago_confirms_and_comes_back(browse: Browse, world: World) -> None:
    world.identity.stale.add("ann")
    browser = browse("ann")
    browser.open("/me/erase")
    answer = browser.send("/me/erase")
    browser.open(answer.headers["Location"])
    browser.send("/sign-in/again")
    [link] = world.identity.links
    assert (link.email, link.return_path) == ("ann@example.org", "/me/erase")
    assert world.privacy.asked == {}
