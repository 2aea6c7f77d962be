"""Passkeys in Chromium, with an authenticator of its own: added, used to sign in and to confirm, removed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.e2e.conftest import WITHIN_MS
from tests.e2e.people import OFFICER, Mailbox, sign_in
from tests.e2e.test_accessibility import NARROW, check, fits
from tests.suite import Suite

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(suite: Suite, browser: Browser) -> Iterator[Page]:
    """A page at the address for which browsers make passkeys: an address in digits is no domain."""
    context = browser.new_context(base_url=f"http://localhost:{urlsplit(suite.url).port}")
    context.set_default_timeout(WITHIN_MS)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def authenticator(page: Page) -> CDPSession:
    """The browser's authenticator, empty; the session through which it is told what to do."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return devtools


def test_passkey_is_added_signs_in_confirms_and_is_removed(
    page: Page, authenticator: CDPSession, mailbox: Mailbox
) -> None:
    sign_in(page, mailbox, OFFICER)
    page.get_by_role("link", name="Passkeys", exact=True).click()
    add(page, "Test key")
    expect(page.get_by_text("Your passkey is added.")).to_be_visible()
    everywhere(page)

    sign_out(page)
    page.goto("/sign-in?next=/me/sessions")
    everywhere(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where you are signed in")
    expect(page.get_by_role("definition").filter(has_text="With a passkey")).to_be_visible()

    page.goto("/sign-in/again?next=/console/numbers")
    everywhere(page)
    page.get_by_role("button", name="Confirm with a passkey").click()
    expect(page).to_have_url(re.compile("[0-9]/console/numbers$"))

    page.goto("/me/passkeys")
    page.get_by_role("button", name=re.compile("^Remove")).click()
    expect(page.get_by_text("You have no passkey yet.")).to_be_visible()
    sign_out(page)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("We do not know this passkey.").first).to_be_visible()


def test_device_is_not_added_twice_and_a_browser_that_stops_is_told(
    page: Page, authenticator: CDPSession, mailbox: Mailbox
) -> None:
    sign_in(page, mailbox, "passkeys@example.org")
    page.goto("/me/passkeys")
    add(page, "Test key")
    expect(page.get_by_text("Your passkey is added.")).to_be_visible()
    add(page, "The same again")
    expect(page.get_by_role("alert").filter(has_text="has a passkey for you already")).to_be_visible()
    sign_out(page)
    page.goto("/sign-in")
    refuse(authenticator)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="Your browser has stopped")).to_be_visible()
    everywhere(page)


def test_page_without_an_authenticator_or_scripts_leaves_the_mail(browser: Browser, suite: Suite) -> None:
    context = browser.new_context(base_url=suite.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Send me a link")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    context.close()


def add(page: Page, name: str) -> None:
    """Adds a passkey under a name."""
    page.get_by_label("What do you call this device?").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def refuse(devtools: CDPSession) -> None:
    """Takes the authenticator's passkeys away, so that the browser finds none."""
    devtools.send("WebAuthn.disable")
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**AUTHENTICATOR, "isUserVerified": False}})


def sign_out(page: Page) -> None:
    """Signs out from the page of the account."""
    page.goto("/me")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("[0-9]/$"))


def everywhere(page: Page) -> None:
    """The page is accessible, wide and narrow."""
    check(page)
    page.set_viewport_size({"width": NARROW, "height": 900})
    check(page)
    fits(page)
    page.set_viewport_size({"width": 1280, "height": 900})
