"""The main job from end to end: with scripts switched off, and with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.people import AUTHOR, CITIZEN, OFFICER, Mailbox, hand_in, sign_by_email, sign_in, signature_count
from tests.e2e.sitemap import open_petition

TITLE = "Keep the swimming pool of Soniachne open in the evening"
LIBRARY = "Keep the library in Soniachne open on Saturdays"


def test_petition_goes_from_draft_to_signature_without_scripts(new_page: Callable[..., Page], mailbox: Mailbox) -> None:
    hand_in(new_page(who=AUTHOR, java_script_enabled=False), TITLE)
    path = open_for_signatures(new_page(who=OFFICER, java_script_enabled=False))

    citizen = new_page(who=CITIZEN, java_script_enabled=False)
    citizen.goto(path)
    citizen.get_by_role("button", name="Sign this petition").click()
    citizen.locator("main form button").click()
    expect(citizen.get_by_role("heading", level=1)).to_have_text("Thank you, your signature counts")
    assert signature_count(citizen) == 1

    stranger = new_page(java_script_enabled=False)
    sign_by_email(stranger, mailbox, path, "stranger@example.org")
    assert signature_count(stranger) == 2

    citizen.goto(f"{path}/sign")
    expect(citizen.get_by_role("heading", level=1)).to_contain_text("You have signed this petition")


def test_similar_petitions_appear_while_a_title_is_typed(new_page: Callable[..., Page]) -> None:
    page = new_page(who=AUTHOR)
    page.goto("/petitions/start")
    field = page.get_by_label("What do you ask for?")
    field.press_sequentially("Keep the library of Soniachne open on Saturday")
    expect(page.get_by_text(re.compile("^We found .+ like yours$"))).to_be_visible()
    expect(page.get_by_role("link", name=LIBRARY)).to_be_visible()
    expect(field).to_be_focused()


def test_every_signer_is_told_when_the_goal_is_reached(new_page: Callable[..., Page], mailbox: Mailbox) -> None:
    page = new_page()
    page.goto("/petitions")
    page.get_by_label("Search petitions").fill("library Saturdays")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=LIBRARY).click()
    path = re.sub(r"^https?://[^/]+", "", page.url)
    before = signature_count(page)
    goal = int(re.sub(r"\D", "", page.locator(".petition__unit").inner_text()))
    signers = [f"reader{number}@example.org" for number in range(goal - before)]
    for email in signers:
        sign_by_email(page, mailbox, path, email)
    expect(page.get_by_text(re.compile("^The goal is reached"))).to_be_visible()
    for email in signers:
        mailbox.wait_for(email, "/unsubscribe/")
    unsubscribe(page, mailbox, signers[0])


def test_keyboard_alone_is_enough_to_search_sign_in_and_sign(new_page: Callable[..., Page], mailbox: Mailbox) -> None:
    page = new_page()
    page.goto("/")
    press_until(page, "Skip to main content", "Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()
    press_until_field(page, "q")
    page.keyboard.type("crossing")
    follow(page)
    press_until(page, "A safe crossing on School Street before the new school year", "Tab")
    follow(page)
    press_until(page, "Sign this petition", "Tab")
    follow(page)
    press_until(page, "Sign in and sign with one press", "Tab")
    follow(page)
    before = mailbox.count("sergei@example.org")
    press_until_field(page, "email")
    page.keyboard.type("sergei@example.org")
    follow(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Look into your mailbox")
    page.goto(mailbox.wait_for("sergei@example.org", "/sign-in/", after=before))
    press_until(page, "Sign in", "Tab")
    follow(page)
    expect(page).to_have_url(re.compile("/sign$"))
    assert page.locator("h1").inner_text().startswith(("A safe crossing", "You have signed"))


def test_proof_of_work_is_done_while_the_form_is_filled_in(new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(f"{open_petition(page)}/sign")
    page.get_by_label("Your name").fill("Marta")
    expect(page.locator("input[name=altcha]")).not_to_have_value("", timeout=30_000)


def test_reused_sign_in_link_is_refused_with_a_sentence(new_page: Callable[..., Page], mailbox: Mailbox) -> None:
    page = new_page()
    before = mailbox.count("operator@example.org")
    sign_in(page, mailbox, "operator@example.org")
    link = mailbox.wait_for("operator@example.org", "/sign-in/", after=before)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("[0-9]/$"))
    page.goto(link)
    page.locator("main form button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("This link has been used already")


def open_for_signatures(page: Page) -> str:
    """Opens the petition in the console; gives the path of its page."""
    page.goto("/console")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Open for signatures").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Open this petition?")
    page.locator("main form button").click()
    expect(page.get_by_text("The petition is open for signatures.")).to_be_visible()
    return page.get_by_role("link", name="See its page").get_attribute("href") or ""


def unsubscribe(page: Page, mailbox: Mailbox, email: str) -> None:
    """Stops the mails about a petition, and gets them again."""
    page.goto(mailbox.wait_for(email, "/unsubscribe/"))
    page.get_by_role("button", name="Stop these mails").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("These mails are stopped")
    page.get_by_role("button", name="Send them to me again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stop these mails?")


def follow(page: Page) -> None:
    """Presses Enter and waits for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press_until(page: Page, text: str, key: str, most: int = 60) -> None:
    """Presses a key until the focus is on something with this text; the focus must be seen."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.innerText") == text:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{text!r} cannot be reached with {key} on {page.url}")


def press_until_field(page: Page, name: str, most: int = 60) -> None:
    """Presses Tab until the focus is on the field."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"the field {name} cannot be reached on {page.url}")
