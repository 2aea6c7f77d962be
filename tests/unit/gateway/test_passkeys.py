"""Passkeys on the pages: added, used, removed, and never in the way of who has none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.unit.gateway.conftest import Browser
from tests.unit.gateway.test_everything import downloaded, read
from viche_gateway.testing import World

Browse = Callable[..., Browser]


def client_of(browser: Browser) -> FlaskClient:
    return browser._client


def options(browser: Browser, path: str) -> TestResponse:
    """What the script of the open page asks for."""
    assert browser.page is not None
    token = re.findall(r'name="csrf_token" value="([^"]*)"', browser.page.text)[0]
    return client_of(browser).post(path, headers={"X-CSRFToken": token, "Accept": "application/json"})


def test_passkey_is_added_with_its_name(browse: Browse, world: World) -> None:
    browser = browse("ann")
    page = browser.open("/me/passkeys", headers={"User-Agent": "Firefox/128.0 Windows"}).text
    assert 'value="Firefox, Windows"' in page
    answer = options(browser, "/me/passkeys/options.json")
    assert answer.json == {"challenge": "QQ"}
    assert "no-store" in answer.headers["Cache-Control"]
    assert browser.send("/me/passkeys", name="My phone", credential="made").status_code == 303
    [passkey] = world.passkeys.passkeys["ann"]
    assert passkey.name == "My phone"
    assert "My phone" in browser.open("/me/passkeys?done=added").text


def test_ceremony_is_in_the_cookie_and_not_on_the_page(browse: Browse, world: World) -> None:
    browser = browse("ann")
    browser.open("/me/passkeys")
    answer = options(browser, "/me/passkeys/options.json")
    [token] = world.passkeys.ceremonies
    assert token not in answer.text
    other = browse("ann")
    other.open("/me/passkeys")
    assert "took too long" in other.send("/me/passkeys", name="Theirs", credential="made").text
    assert world.passkeys.passkeys == {}


def test_missing_name_keeps_the_page(browse: Browse) -> None:
    browser = browse("ann")
    browser.open("/me/passkeys")
    answer = browser.send("/me/passkeys", name=" ")
    assert answer.status_code == 400
    assert "This answer is missing." in answer.text


def test_who_signed_in_long_ago_is_told_by_a_reason_that_the_script_knows(browse: Browse, world: World) -> None:
    world.identity.stale.add("ann")
    browser = browse("ann")
    browser.open("/me/passkeys")
    answer = options(browser, "/me/passkeys/options.json")
    assert (answer.status_code, json.loads(answer.data)["reason"]) == (409, "CONFIRM_FIRST")


def test_passkey_is_removed(browse: Browse, world: World) -> None:
    passkey = world.passkeys.add("ann")
    browser = browse("ann")
    browser.open("/me/passkeys")
    assert browser.send(f"/me/passkeys/{passkey.id}/remove").status_code == 303
    assert world.passkeys.passkeys["ann"] == []


def test_passkey_signs_in_and_leads_to_where_people_wanted(browse: Browse, world: World) -> None:
    world.passkeys.add("ann")
    browser = browse()
    browser.open("/sign-in?next=/petitions/700001/sign", headers={"User-Agent": "Firefox/128.0 Windows"})
    options(browser, "/sign-in/passkey/options.json")
    answer = browser.send("/sign-in/passkey", credential="ann", next="/petitions/700001/sign")
    assert answer.headers["Location"] == "/petitions/700001/sign"
    assert browser.open("/me").status_code == 200


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example"])
def test_passkey_leads_nowhere_else(browse: Browse, world: World, path: str) -> None:
    world.passkeys.add("ann")
    browser = browse()
    browser.open("/sign-in")
    options(browser, "/sign-in/passkey/options.json")
    assert browser.send("/sign-in/passkey", credential="ann", next=path).headers["Location"] == "/me"


def test_unknown_passkey_leaves_the_mail(browse: Browse) -> None:
    browser = browse()
    browser.open("/sign-in")
    options(browser, "/sign-in/passkey/options.json")
    answer = browser.send("/sign-in/passkey", credential="nobody", next="/me")
    assert answer.status_code == 400
    assert "We do not know this passkey." in answer.text
    assert "Send me a link" in answer.text
    assert "viche_session" not in str(answer.headers)
    assert browser.open("/sign-in/passkey").headers["Location"] == "/sign-in"


def test_answer_in_another_browser_does_not_sign_in(browse: Browse, world: World) -> None:
    world.passkeys.add("ann")
    mine, other = browse(), browse()
    mine.open("/sign-in")
    options(mine, "/sign-in/passkey/options.json")
    other.open("/sign-in")
    answer = other.send("/sign-in/passkey", credential="ann")
    assert answer.status_code == 400
    assert "viche_session" not in str(answer.headers)


def test_officer_confirms_with_a_passkey(browse: Browse, world: World) -> None:
    world.identity.stale.add("otto")
    world.passkeys.add("otto")
    browser = browse("otto")
    page = browser.open(browser.open("/console").headers["Location"]).text
    assert "Confirm with a passkey" in page
    options(browser, "/sign-in/passkey/options.json")
    assert set(world.passkeys.ceremonies.values()) == {"otto"}
    assert browser.send("/sign-in/passkey", credential="otto", next="/console").headers["Location"] == "/console"
    [used] = world.passkeys.used
    assert used.replaced_session_token == "otto"
    assert browser.open("/console").status_code == 200


def test_officer_without_a_passkey_is_not_offered_one(browse: Browse, world: World) -> None:
    world.identity.stale.add("otto")
    assert "passkey" not in browse("otto").open("/sign-in/again").text.replace("passkeys.js", "").replace(
        "passkeys-", ""
    )


def test_stranger_cannot_confirm_for_an_officer(browse: Browse, world: World) -> None:
    world.passkeys.add("otto")
    world.passkeys.add("ann")
    browser = browse("otto")
    browser.open("/sign-in/again")
    options(browser, "/sign-in/passkey/options.json")
    answer = browser.send("/sign-in/passkey", credential="ann", next="/console")
    assert answer.status_code == 400
    assert "Confirm that it is you" in answer.text
    assert browser.open("/me").status_code == 200


def test_form_waits_for_the_script(browse: Browse) -> None:
    page = browse().open("/sign-in").text
    [form] = re.findall(r"<form [^>]*data-passkey=[^>]*>", page)
    assert " hidden " in form
    assert 'data-origin="http://localhost:8080"' in form
    assert re.search(r'src="/static/built/passkeys-\w+\.js"', page)


def test_address_without_a_domain_offers_none(world: World) -> None:
    browser = Browser(world.app(public_url="http://192.0.2.7").test_client())
    assert "data-passkey" not in browser.open("/sign-in").text
    client_of(browser).set_cookie("viche_session", "ann")
    assert "browsers make no passkeys" in browser.open("/me/passkeys").text


def test_passkeys_are_in_everything_about_me(browse: Browse, world: World) -> None:
    world.passkeys.add("ann", "Key on my ring")

    assert [each["name"] for each in read(downloaded(browse("ann")), "passkeys")] == ["Key on my ring"]


def test_list_of_sessions_says_by_what_they_were_opened(browse: Browse) -> None:
    assert "By a link in a mail" in browse("ann").open("/me/sessions").text


def test_buttons_name_what_they_are_for_and_nothing_is_markup_but_ours(browse: Browse, world: World) -> None:
    world.passkeys.add("ann", "<b>phone</b>")
    for name in ("ann-at-work", "ann-on-the-phone"):
        world.identity.add_person(name).email = "ann@example.org"
    page = browse("ann").open("/me/passkeys").text
    assert 'Remove<span class="govuk-visually-hidden"> – &lt;b&gt;phone&lt;/b&gt;</span>' in page
    page = browse("ann").open("/me/sessions").text
    assert 'Sign out<span class="govuk-visually-hidden"> – Firefox, Linux</span>' in page
