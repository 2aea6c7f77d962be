"""Signing in, the session's cookie, and how long a session is believed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.gateway.conftest import Browser
from viche_chassis.errors import DomainError
from viche_gateway.devices import device_words
from viche_gateway.portal.signing_in import safe_path
from viche_gateway.sessions import SessionCache
from viche_gateway.testing import World, make_world

Browse = Callable[..., Browser]
AT_WORK = "018f5c1e-0000-7000-8000-0000000000aa"


def test_link_is_used_by_the_press_and_not_by_the_visit(browse: Browse) -> None:
    browser = browse()
    page = browser.open("/sign-in/ann")
    assert "viche_session" not in str(page.headers)
    answer = browser.send("/sign-in/ann")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("viche_session=ann")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.open("/me").status_code == 200


def test_cookie_is_secure_where_the_portal_is(world: World) -> None:
    client = world.app(public_url="https://viche.example.org").test_client()
    browser = Browser(client)
    browser.open("/sign-in/ann", base_url="https://localhost")
    browser._client.environ_base["wsgi.url_scheme"] = "https"
    assert "Secure" in browser.send("/sign-in/ann").headers["Set-Cookie"]


def test_signing_out_ends_the_session_everywhere(browse: Browse, world: World) -> None:
    browser = browse("ann")
    browser.open("/me")
    browser.send("/sign-out")
    assert "ann" not in world.identity.people
    assert browse("ann").open("/me").status_code == 303


def test_mail_brings_back_to_the_page_that_asked(browse: Browse, world: World) -> None:
    browser = browse()
    browser.open("/sign-in?next=/petitions/700001/sign")
    browser.send("/sign-in", email="ann@example.org")
    [link] = world.identity.links
    assert (link.return_path, link.language) == ("/petitions/700001/sign", "en")


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "/\\evil.example", "me", "/\nme", ""])
def test_return_path_stays_on_the_portal(path: str) -> None:
    assert safe_path(path) == ""


def test_session_is_asked_for_again_after_a_minute() -> None:
    world = make_world()
    seconds = [1_000_000_000.0]
    asked: list[str] = []

    def get(token: str) -> object:
        asked.append(token)
        return clients_get(world, token)

    cache = SessionCache(get, clock=lambda: seconds[0])  # pyright: ignore[reportArgumentType]
    cache.get("ann")
    cache.get("ann")
    seconds[0] += 61
    cache.get("ann")
    assert asked == ["ann", "ann"]


def test_ended_session_is_none() -> None:
    world = make_world()
    cache = SessionCache(lambda token: clients_get(world, token))  # pyright: ignore[reportArgumentType]
    assert cache.get("nobody") is None


def test_identity_down_is_not_a_sign_out(browse: Browse, world: World) -> None:
    browser = browse("ann")
    world.channels["identity"].is_down = True
    answer = browser.open("/me")
    assert answer.status_code == 503
    assert "Set-Cookie" not in answer.headers


def clients_get(world: World, token: str) -> object:
    app = world.app()
    try:
        return app.extensions["viche.clients"].identity.get_session(token)
    except DomainError:
        raise


def test_people_sign_out_elsewhere(browse: Browse, world: World) -> None:
    for name in (AT_WORK, "ann-on-the-phone"):
        world.identity.add_person(name, name="Ann Adams").email = "ann@example.org"
    browser = browse("ann")
    page = browser.open("/me/sessions").text
    assert page.count("Firefox, Linux") > 3
    assert "This one" in page
    browser.send(f"/me/sessions/{AT_WORK}/end")
    assert AT_WORK not in world.identity.people
    browser.open("/me/sessions")
    browser.send("/me/sessions/end-others")
    assert {"ann", "otto"} <= set(world.identity.people)
    assert "ann-on-the-phone" not in world.identity.people


def test_officer_who_signed_in_long_ago_confirms_and_comes_back(browse: Browse, world: World) -> None:
    world.identity.stale.add("otto")
    browser = browse("otto")
    answer = browser.open("/console/simulator?workflow=petition-local")
    assert answer.status_code == 303
    browser.open(answer.headers["Location"])
    browser.send("/sign-in/again")
    [link] = world.identity.links
    assert (link.email, link.return_path) == ("otto@example.org", "/console/simulator?workflow=petition-local")
    browser.open("/sign-in/otto")
    browser.send("/sign-in/otto")
    assert browser.open("/console").status_code == 200


def test_roles_that_stopped_working_do_not_close_the_portal(browse: Browse, world: World) -> None:
    world.identity.stale.add("otto")
    assert browse("otto").open("/me").status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36",
         "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
         "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("curl/8.5.0", "curl"),
        ("<script>", ""),
    ],
)  # fmt: skip
def test_a_device_is_told_in_a_few_words(user_agent: str, words: str) -> None:
    assert device_words(user_agent) == words
