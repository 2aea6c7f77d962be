"""Every page passes axe (WCAG 2.2 AA) and fits a narrow screen: in every language, in the dark, without our scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route

from tests.e2e.people import AUTHOR, Mailbox, ask_by_email, hand_in
from tests.e2e.sitemap import PLACES, Place, open_petition, path_of
from tests.suite import Suite

AXE = (Path(__file__).parents[2] / "services/gateway/node_modules/axe-core/axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
# what other words can break: names, the language itself, the room around what is pressed
WORDS = [
    "aria-input-field-name", "button-name", "document-title", "empty-heading", "frame-title", "html-has-lang",
    "html-lang-valid", "image-alt", "label", "label-content-name-mismatch", "link-name", "select-name", "target-size",
    "valid-lang",
]  # fmt: skip
NARROW = 320
WIDE = 1280


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_page_is_accessible(place: Place, new_page: Callable[..., Page]) -> None:
    page = new_page(who=place.who, width=NARROW)
    path = path_of(place, page)
    page.goto(path)
    check(page)
    fits(page)
    page.set_viewport_size({"width": WIDE, "height": 900})
    check(page, colours=False)
    page.emulate_media(color_scheme="dark")
    check(page, COLOURS)  # all else is as it was
    page.set_viewport_size({"width": NARROW, "height": 900})
    for language in ("uk", "bg", "ru"):
        without_scripts = language == "ru"  # pages are built alike in every language, so one of them is enough for this
        if without_scripts:
            page.route("**/static/built/*.js", _block)
        page.goto(f"/{language}{path}")
        assert page.locator("html").get_attribute("lang") == language
        check(page, RULES if without_scripts else WORDS, colours=False)
        fits(page)


def test_every_fault_of_a_form_is_accessible(new_page: Callable[..., Page]) -> None:
    page = new_page(width=NARROW)
    page.goto("/sign-in")
    page.get_by_role("button", name="Send me a link").click()
    assert page.locator(".govuk-error-summary").is_visible()
    check(page)
    fits(page)


def test_pages_behind_links_of_mails_are_accessible(new_page: Callable[..., Page], mailbox: Mailbox) -> None:
    page = new_page(width=NARROW)
    confirmation = ask_by_email(page, mailbox, open_petition(page), "axe@example.org")
    unsubscription = mailbox.wait_for("citizen", "/unsubscribe/")
    for link in (confirmation, unsubscription):
        in_every_language(page, link)


def test_page_of_a_handed_in_petition_is_accessible(new_page: Callable[..., Page]) -> None:
    page = new_page(who=AUTHOR, width=NARROW)
    hand_in(page, "Drinking water at the sports ground of Soniachne")
    in_every_language(page, urlsplit(page.url).path)


def test_the_mail_catchers_pages_are_accessible(new_page: Callable[..., Page], suite: Suite) -> None:
    page = new_page(width=NARROW)
    page.goto(suite.details()["mail_url"])
    check(page)
    fits(page)
    page.locator("main li a, main article a").first.click()
    check(page)
    fits(page)


def in_every_language(page: Page, path: str) -> None:
    """Checks the page of a path that may begin with a language."""
    plain = re.sub(r"^/(uk|bg|ru)/", "/", path)
    for prefix in ("", "/uk", "/bg", "/ru"):
        page.goto(f"{prefix}{plain}")
        check(page, RULES if not prefix else WORDS, colours=not prefix)
        fits(page)


def check(page: Page, rules: list[str] = RULES, *, colours: bool = True) -> None:
    """Runs axe, with rules or groups of rules, over the page as it is.

    Args:
        colours: whether contrasts are looked at, which takes longer than all else; they are the same in every language.
    """
    page.wait_for_load_state()  # a click is over when the next page begins
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{AXE}; 0")
    left_out = {} if colours else {rule: {"enabled": False} for rule in COLOURS}
    options = {"runOnly": rules, "resultTypes": ["violations"], **({"rules": left_out} if left_out else {})}
    result: dict[str, Any] = page.evaluate("options => axe.run(options)", options)
    found = [
        f"{violation['id']} ({violation['help']}): {node['html']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
    assert found == [], f"{page.url}:\n" + "\n".join(found)


def fits(page: Page) -> None:
    """Nothing scrolls sideways (WCAG 1.4.10)."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW, f"{page.url} is {width} px wide"


def _block(route: Route) -> None:
    route.abort()
