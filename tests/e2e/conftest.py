"""A whole instance with the demo, and Chromium to walk through it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.e2e.people import Mailbox, sign_in
from tests.programs import cannot
from tests.suite import Suite

WITHIN_MS = 15_000
ARCHIVE = Path(__file__).with_name("archive.json")


@pytest.fixture(scope="package")
def suite(engine_folder: Path) -> Iterator[Suite]:
    """`viche up` with the demo region; limits are wide, because every signer here comes from one address.

    VICHE_TEST_HOME names the folder of an instance that runs already, for those who write these tests.
    """
    if home := os.environ.get("VICHE_TEST_HOME"):
        running = Suite(Path(home))
        running.url = running.details()["public_url"].rstrip("/")
        yield running
        return
    one = Suite(engine_folder / "e2e", environment={"VICHE_RATE_FACTOR": "1000", "VICHE_PUBLIC_PRESENCE": "true"})
    try:
        one.start()
        imported = one.command("import", "petitions", str(ARCHIVE))
        assert imported.returncode == 0, imported.stderr
        yield one
        assert one.refused_by_nats() == []
    finally:
        if one.process is not None and one.process.poll() is None:
            one.stop()


@pytest.fixture(scope="package")
def mailbox(suite: Suite) -> Mailbox:
    """Mails that the instance has sent."""
    return Mailbox(suite)


@pytest.fixture(scope="package")
def driver() -> Iterator[Playwright]:
    """Playwright itself. It keeps an event loop in this thread until these tests have ended, so no longer than that."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(driver: Playwright) -> Iterator[Browser]:
    """Chromium as it comes."""
    chromium = launch(driver)
    yield chromium
    chromium.close()


def launch(driver: Playwright, *arguments: str) -> Browser:
    """Chromium of the machine, or what VICHE_CHROMIUM names; a test without one is skipped, with CI=true it fails.

    The shell without windows comes first: a whole Chromium draws the frame of a window for each page that nobody sees.
    It heeds fewer of the browser's own settings, so what asks for some as ``arguments`` gets a whole one.
    """
    shells = () if arguments else ("chromium-headless-shell",)
    names = (*shells, "chromium", "chromium-browser")
    path = os.environ.get("VICHE_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        cannot("Chromium is missing; on Debian or Ubuntu: sudo apt-get install chromium")
    return driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", *arguments])


@pytest.fixture(scope="package")
def sessions(suite: Suite, browser: Browser, mailbox: Mailbox) -> Callable[[str], list[dict[str, str]]]:
    """Cookies of people who have signed in, by address; each signs in once."""
    known: dict[str, list[dict[str, str]]] = {}
    tried: set[str] = set()

    def cookies(email: str) -> list[dict[str, str]]:
        assert email not in tried or email in known, f"{email} could not sign in"
        tried.add(email)
        if email not in known:
            context = browser.new_context(base_url=suite.url)
            sign_in(context.new_page(), mailbox, email)
            known[email] = [dict(cookie) for cookie in context.cookies()]  # pyright: ignore[reportArgumentType]
            context.close()
        return known[email]

    return cookies


@pytest.fixture
def new_page(
    suite: Suite, browser: Browser, sessions: Callable[[str], list[dict[str, str]]]
) -> Iterator[Callable[..., Page]]:
    """Opens a fresh browser; ``who`` is the address of somebody who is signed in, the rest are Playwright's options.

    A message on the console, for instance of the content security policy, fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(*, who: str = "", width: int = 1280, **options: object) -> Page:
        viewport = {"width": width, "height": 900}
        context = browser.new_context(base_url=suite.url, viewport=viewport, **options)  # pyright: ignore
        context.set_default_timeout(WITHIN_MS)
        if who:
            context.add_cookies(sessions(who))  # pyright: ignore[reportArgumentType]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []
