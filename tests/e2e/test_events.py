"""An officer writes and publishes an event; people register by mail, wait, move up, and are checked in at the door."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import CITIZEN, OFFICER, Mailbox
from tests.e2e.test_posts import choose_authority, go_on, looked_at

REGISTRATION = "/events/registrations/"


def write(page: Page, title: str, *, scripts: bool) -> str:
    """Writes an event with one place and a waiting list, and publishes it; gives its path in the console."""
    page.goto("/console/events")
    page.get_by_role("button", name="Write an event").click()
    choose_authority(page)
    page.get_by_label("Public hearing").check()
    looked_at(page, scripts=scripts)
    page.get_by_role("button", name="Start the draft").click()
    page.wait_for_url(re.compile("/steps/"))
    path = urlsplit(page.url).path.partition("/steps/")[0]
    page.locator("#title__en").fill(title)
    page.locator("#summary__en").fill("Which streets are mended first? Come and say it.")
    looked_at(page, scripts=scripts)
    page.get_by_role("button", name="Save and see the preview").click()
    expect(page.locator("main")).to_contain_text("Say when it begins.")
    expect(page.get_by_role("button", name="Publish this event")).to_have_count(0)
    looked_at(page, scripts=scripts)
    page.get_by_role("link", name=re.compile("Mend it.*Say when it begins")).click()
    page.goto(f"{path}/steps/time")
    page.get_by_label("Day", exact=True).fill(f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}")
    page.get_by_label("Begins at").fill("18:00")
    page.get_by_label("Ends at (if you know it)").fill("20:00")
    looked_at(page, scripts=scripts)
    go_on(page)
    page.locator("#place__en").fill("Town hall, room 12")
    page.locator("#address__en").fill("Main street 1")
    page.locator("#access__en").fill("A ramp at the side door")
    page.get_by_label("Coordinates (if you know them)").fill("somewhere")
    go_on(page)
    expect(page.locator("#coordinates-error")).to_be_visible()
    expect(page.locator("#address__en")).to_have_value("Main street 1")
    page.get_by_label("Coordinates (if you know them)").fill("50.45, 30.52")
    looked_at(page, scripts=scripts)
    go_on(page)
    page.get_by_label("Address (if one can take part online)").fill("https://meet.example/streets")
    page.get_by_label("Tell it only to people who are registered").check()
    looked_at(page, scripts=scripts)
    go_on(page)
    page.locator("#agenda__en").fill("18:00 What the town plans\n19:00 What you say")
    looked_at(page, scripts=scripts)
    go_on(page)
    page.locator("#title_0__en").fill("The plan of repairs")
    page.locator("#url_0").fill("https://plan.example/streets.pdf")
    looked_at(page, scripts=scripts)
    go_on(page)
    page.get_by_label("Whom can people ask?").fill("Roads office, room 3")
    looked_at(page, scripts=scripts)
    go_on(page)
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("How many places?").fill("1")
    page.get_by_label("When all places are taken, people can wait for one").check()
    looked_at(page, scripts=scripts)
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Preview")
    looked_at(page, scripts=scripts)
    page.get_by_role("button", name="Publish this event").click()
    expect(page.locator("main")).to_contain_text("Everybody sees the event now.")
    looked_at(page, scripts=scripts)
    return path


def register(page: Page, mailbox: Mailbox, path: str, email: str, *, scripts: bool) -> None:
    """Registers by mail and presses the button on the page that the mail opens."""
    before = mailbox.count(email)
    page.goto(path)
    page.get_by_role("button", name=re.compile("Register|Put me on the waiting list")).click()
    page.locator("main form button").last.click()
    expect(page.locator("#name-error")).to_be_visible()
    page.get_by_label("Your name").fill("Marta Reader")
    page.get_by_label("Your e-mail address").fill(email)
    looked_at(page, scripts=scripts)
    page.locator("main form button").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Look into your mailbox")
    looked_at(page, scripts=scripts)
    page.goto(mailbox.wait_for(email, REGISTRATION, after=before))
    looked_at(page, scripts=scripts)
    page.get_by_role("button", name="Yes, I come").click()
    looked_at(page, scripts=scripts)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_who_waits_moves_up_when_a_place_is_given_back(
    new_page: Callable[..., Page], mailbox: Mailbox, *, scripts: bool
) -> None:
    name = "scripts" if scripts else "plain"
    title, first, second = f"Streets {name}", f"first.{name}@example.org", f"second.{name}@example.org"
    officer = new_page(who=OFFICER, java_script_enabled=scripts)
    console = write(officer, title, scripts=scripts)
    officer.get_by_role("link", name="See it on the portal").click()
    officer.wait_for_url(re.compile(r"\d/events/"))
    path = urlsplit(officer.url).path

    citizen = new_page(java_script_enabled=scripts)
    citizen.goto("/events")
    looked_at(citizen, scripts=scripts)
    citizen.get_by_role("link", name=title).click()
    expect(citizen.locator("main")).to_contain_text("1 of 1 place left")
    expect(citizen.locator("main")).not_to_contain_text("meet.example")
    looked_at(citizen, scripts=scripts)
    register(citizen, mailbox, path, first, scripts=scripts)
    expect(citizen.locator("main")).to_contain_text("You have a place")
    expect(citizen.locator("main")).to_contain_text("https://meet.example/streets")
    own = urlsplit(citizen.url).path

    waiting = new_page(java_script_enabled=scripts)
    register(waiting, mailbox, path, second, scripts=scripts)
    expect(waiting.locator("main")).to_contain_text("You are number 1.")

    known = new_page(who=CITIZEN, java_script_enabled=scripts)
    known.goto(f"{path}/register")
    looked_at(known, scripts=scripts)
    known.get_by_role("button", name="Put me on the waiting list").click()
    expect(known.locator("main")).to_contain_text("You are number 2.")
    looked_at(known, scripts=scripts)
    known.goto("/me")
    expect(known.locator("main")).to_contain_text(title)
    looked_at(known, scripts=scripts)

    citizen.goto(own)
    before = mailbox.count(second)
    citizen.get_by_role("link", name="I cannot come").click()
    looked_at(citizen, scripts=scripts)
    citizen.get_by_role("button", name="Give my place back").click()
    expect(citizen.locator("main")).to_contain_text("Given back")
    waiting.goto(mailbox.wait_for(second, REGISTRATION, after=before))
    expect(waiting.locator("main")).to_contain_text("You have a place")

    officer.goto(f"{console}/people?q=marta")
    looked_at(officer, scripts=scripts)
    officer.get_by_role("button", name=re.compile("Is here")).click()
    expect(officer.locator("main")).to_contain_text("1 of 1 is here")
    looked_at(officer, scripts=scripts)
    officer.get_by_role("button", name=re.compile("Take it back")).click()
    expect(officer.locator("main")).to_contain_text("0 of 1 is here")
    officer.goto(f"{console}/people/print")
    expect(officer.locator("main table")).to_contain_text("Marta Reader")
    looked_at(officer, scripts=scripts)
    officer.goto(console)
    officer.get_by_role("button", name="Announce it").click()
    officer.wait_for_url(re.compile("/console/posts/.*/steps/channels"))
    cancel(officer, console, scripts=scripts)
    waiting.reload()
    expect(waiting.locator("main")).to_contain_text("It does not take place: The hall is flooded.")
    looked_at(waiting, scripts=scripts)


def cancel(page: Page, console: str, *, scripts: bool) -> None:
    """Says that it does not take place."""
    page.goto(console)
    page.get_by_role("link", name="It does not take place").click()
    looked_at(page, scripts=scripts)
    page.get_by_label("Why? Everybody reads this.").fill("The hall is flooded.")
    page.get_by_role("button", name="Say that it does not take place").click()
    expect(page.locator("main")).to_contain_text("It does not take place: The hall is flooded.")
