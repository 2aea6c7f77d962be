"""Signing in at a real OpenID provider in Chromium: to and fro, what is said on the way, and ways to sign in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import WITHIN_MS
from tests.e2e.people import Mailbox
from tests.e2e.test_accessibility import NARROW, check, fits
from tests.providers.server import CLIENT_ID, CLIENT_SECRET, provider_server
from tests.suite import Suite

ACCOUNTS = {
    "ann": {"name": "Ann Adams", "email": "ann@example.org", "email_verified": True},
    "bob": {"name": "Bob Brown", "email": "bob@example.org", "email_verified": False},
    "eve": {"name": "Eve Evans"},
}
LISTED = """
[test-id]
title = {{ en = "Test ID", uk = "Тест-ід" }}
issuer = "{issuer}"
client_id = "{client_id}"
client_secret_file = "test-id.secret"
"""


@pytest.fixture(scope="module")
def portal(engine_folder: Path) -> Iterator[Suite]:
    """An instance without the demo whose people may sign in at the provider."""
    folder = engine_folder / "providers"
    folder.mkdir()
    file = folder / "providers.toml"
    one = Suite(
        engine_folder / "with-providers",
        "--no-demo",
        environment={"VICHE_RATE_FACTOR": "1000", "VICHE_IDENTITY_PROVIDERS": str(file)},
    )
    with provider_server(ACCOUNTS, f"{one.url}/sign-in/with/test-id/back") as provider:
        file.write_text(LISTED.format(issuer=provider.issuer, client_id=CLIENT_ID), encoding="utf-8")
        (folder / "test-id.secret").write_text(CLIENT_SECRET, encoding="utf-8")
        folder.chmod(0o755)
        try:
            one.start()
            yield one
        finally:
            if one.process is not None and one.process.poll() is None:
                one.stop()


@pytest.fixture
def page(portal: Suite, browser: Browser) -> Iterator[Page]:
    """A fresh browser, as narrow as a phone; what the content security policy stops fails the test."""
    context = browser.new_context(base_url=portal.url, viewport={"width": NARROW, "height": 900})
    context.set_default_timeout(WITHIN_MS)
    page = context.new_page()
    complaints: list[str] = []

    def note(text: str) -> None:
        if "Policy" in text and page.url.startswith(portal.url):
            complaints.append(text)

    page.on("console", lambda message: note(message.text))
    yield page
    context.close()
    assert complaints == []


def test_one_comes_back_to_where_one_was_and_sees_the_ways_to_sign_in(page: Page, portal: Suite) -> None:
    page.goto("/uk/sign-in?next=/me/providers")
    looked_at(page)
    page.locator("a[href*='/sign-in/with/test-id']").click()
    at_provider(page, "ann")
    expect(page).to_have_url(f"{portal.url}/uk/me/providers")
    expect(page.locator(".govuk-summary-list__key")).to_have_text("Тест-ід")
    looked_at(page)
    page.goto("/me")
    expect(page.get_by_text("Ann Adams")).to_be_visible()


def test_who_cancels_is_told_so_and_can_try_again(page: Page) -> None:
    begin(page)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", name="That did not work")).to_be_visible()
    looked_at(page)
    page.get_by_role("button", name="Try again with Test ID").click()
    at_provider(page, "ann")
    expect(page.get_by_role("heading", name="My participation")).to_be_visible()


def test_an_unchecked_address_is_confirmed_by_the_link_in_the_same_browser(page: Page, portal: Suite) -> None:
    begin(page)
    at_provider(page, "bob")
    expect(page.get_by_text("bob@example.org")).to_be_visible()
    looked_at(page)
    page.goto(Mailbox(portal).wait_for("bob@example.org", "/sign-in/"))
    page.get_by_role("button", name="Sign in").click()
    page.goto("/me/providers")
    expect(page.get_by_role("button", name="End the connection")).to_be_visible()


def test_who_has_no_address_is_let_in_and_gives_one_later(page: Page, portal: Suite) -> None:
    begin(page)
    at_provider(page, "eve")
    page.goto("/me/providers")
    expect(page.get_by_text("Your only way in")).to_be_visible()
    looked_at(page)
    page.get_by_role("link", name="Add an address").click()
    looked_at(page)
    page.get_by_label("Your e-mail address").fill("eve@example.org")
    page.get_by_role("button", name="Send me a link").click()
    page.goto(Mailbox(portal).wait_for("eve@example.org", "/sign-in/"))
    page.get_by_role("button", name="Sign in").click()
    page.goto("/me")
    expect(page.get_by_text("eve@example.org")).to_be_visible()


def begin(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with Test ID").click()


def at_provider(page: Page, login: str) -> None:
    """Signs in there, and agrees where it asks."""
    page.get_by_placeholder("Enter any login").fill(login)
    page.get_by_placeholder("and password").fill("-")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def looked_at(page: Page) -> None:
    page.wait_for_load_state()
    check(page)
    fits(page)
