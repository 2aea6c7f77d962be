"""What operators switch on for a time, without scripts: a banner, a pause, maintenance; each ended by themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import OFFICER, OPERATOR
from tests.e2e.sitemap import open_petition
from tests.e2e.test_accessibility import check, fits
from tests.suite import Suite

WHY = "There is an election on Sunday."
SOON_S = 20


@pytest.fixture(autouse=True)
def nothing_stays(suite: Suite) -> Iterator[None]:
    """Other tests find the instance as it was, also after a failure here."""
    yield
    suite.command("notice", "clear")
    suite.command("maintenance", "off")
    for pause in json.loads(suite.command("pause", "list", "--json").stdout or "[]"):
        suite.command("pause", "end", pause["id"])


def looks_well(page: Page) -> None:
    page.wait_for_load_state()
    check(page)
    fits(page)


def test_a_banner_is_seen_in_every_language_before_it_goes_up(new_page: Callable[..., Page]) -> None:
    page = new_page(who=OPERATOR, width=320, java_script_enabled=False)
    page.goto("/console/notices")
    page.get_by_label("English").fill("The counter is closed until Monday.")
    page.get_by_label("Українська").fill("Приймальню зачинено до понеділка.")
    page.get_by_role("button", name="See how it will look").click()
    expect(page.get_by_text("Приймальню зачинено до понеділка.")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Put it up").click()
    expect(page.get_by_text("The banner is up.")).to_be_visible()

    citizen = new_page(width=320)
    see(citizen, "/", "The counter is closed until Monday.")
    looks_well(citizen)
    citizen.goto("/uk/help")
    expect(citizen.get_by_text("Приймальню зачинено до понеділка.")).to_be_visible()

    page.get_by_role("button", name="Take the banner down").click()
    expect(page.get_by_text("The notice is taken down.")).to_be_visible()


def test_a_pause_takes_the_place_of_the_button_until_it_is_ended(new_page: Callable[..., Page]) -> None:
    citizen = new_page(who=OFFICER, width=320)  # who has signed nothing in any other test
    path = open_petition(citizen)
    page = new_page(who=OPERATOR, width=320)
    page.goto("/console/pauses")
    authorities = page.locator("#authority option:not([value=''])").evaluate_all("found => found.map(one => one.value)")
    for authority in authorities:
        decide(page, authority)
    looks_well(page)

    see(citizen, path, "Signing is paused until")
    expect(citizen.get_by_text(WHY)).to_be_visible()
    expect(citizen.locator("main a[href$='/sign']")).to_have_count(0)
    looks_well(citizen)
    citizen.goto(f"{path}/sign")
    expect(citizen.get_by_text("Signing is paused until")).to_be_visible()
    looks_well(citizen)
    page.goto("/console")
    expect(page.get_by_text("Paused until").first).to_be_visible()
    looks_well(page)

    page.goto("/console/pauses")
    ends = page.get_by_role("button", name="End this pause now")
    for left in reversed(range(ends.count())):
        ends.first.click()
        expect(ends).to_have_count(left)  # what is said stands there already from the second one on
        expect(page.get_by_text("The pause is over.")).to_be_visible()
    looks_well(page)
    see(citizen, path, "Signing is paused until", gone=True)
    expect(citizen.locator("main a[href$='/sign']")).to_have_count(1)


def test_what_was_typed_is_sent_when_the_maintenance_is_over(new_page: Callable[..., Page], suite: Suite) -> None:
    page = new_page(width=320, java_script_enabled=False)
    page.goto("/sign-in")
    page.locator("input[name=email]").fill("patient@example.org")
    assert suite.command("maintenance", "on", "--text", "en=A new version is coming.").returncode == 0
    see(page_of_another(new_page), "/", "A new version is coming.")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We could not take this just now")
    fits(page)
    assert suite.command("maintenance", "off").returncode == 0
    send_until_taken(page)
    expect(page).to_have_url(re.compile("/sign-in/sent$"))


def send_until_taken(page: Page) -> None:
    """Sends a form that maintenance has given back, as often as it comes back: what holds is some seconds old."""
    for _ in range(SOON_S):
        page.wait_for_timeout(1_000)
        page.get_by_role("button", name="Send it once more").click()
        page.wait_for_load_state()
        if page.get_by_role("button", name="Send it once more").count() == 0:
            return
    raise AssertionError("the maintenance does not end")


def page_of_another(new_page: Callable[..., Page]) -> Page:
    page = new_page(width=320)
    page.goto("/help")
    return page


def decide(page: Page, authority: str) -> None:
    """A pause of an authority, decided on its pages."""
    page.goto("/console/pauses")
    page.locator("#authority").select_option(authority)
    page.locator("#until").fill("2099-01-01T12:00")
    page.locator("#reason_en").fill(WHY)
    page.get_by_role("button", name="See what it would stop").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Decide this pause?")
    looks_well(page)
    page.get_by_role("button", name="Decide the pause").click()
    expect(page.get_by_text("The pause is decided.")).to_be_visible()


def see(page: Page, path: str, words: str, *, gone: bool = False) -> None:
    """Opens a page until it says something, or says it no more: copies of it are a few seconds old."""
    for _ in range(SOON_S):
        page.goto(path)
        if (page.get_by_text(words).count() == 0) is gone:
            return
        page.wait_for_timeout(1_000)
    raise AssertionError(f"{path} {'still says' if gone else 'does not say'} {words!r}")
