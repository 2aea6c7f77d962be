"""People come back to what they began: by themselves, by a link that they copy, by a link that they mail themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import FrameLocator, Page, expect
from viche.surveys.v1 import surveys_pb2 as pb

from tests.e2e.asking import OPEN, TWO_PAGES, open_survey, texts
from tests.e2e.hosts import host, register, script
from tests.e2e.people import CITIZEN, OFFICER, Mailbox
from tests.e2e.test_accessibility import check, fits
from tests.suite import Suite

scripted = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


def counting_persons(suite: Suite, title: str) -> int:
    """The number of an open survey of two pages that counts persons."""
    settings = pb.SurveySettings()
    settings.CopyFrom(OPEN)
    settings.admission = pb.ADMISSION_PERSON
    return open_survey(suite, {**TWO_PAGES, "title": texts(title)}, settings)


def begin(page: Page | FrameLocator) -> None:
    """Chooses lamps and comes back later."""
    page.get_by_label("Lamps").check()
    page.get_by_role("button", name="Save and come back later").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers are saved")


@scripted
def test_a_person_finds_what_they_began_and_what_they_sent(
    suite: Suite, new_page: Callable[..., Page], scripts: bool
) -> None:
    title = f"Lights {uuid4().hex[:6]}"
    number = counting_persons(suite, title)
    page = new_page(who=CITIZEN, java_script_enabled=scripts)
    page.goto(f"/surveys/{number}/answer")
    begin(page)

    page.goto("/me")
    begun = page.locator(".petitions__item").filter(has_text=title)
    expect(begun).to_contain_text("Begun, not sent")
    if scripts:
        check(page)
        page.set_viewport_size({"width": 320, "height": 900})
        fits(page)
    page.goto(f"/surveys/{number}/answer")  # without the link, as if it were lost
    expect(page.get_by_label("Lamps")).to_be_checked()
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("button", name="Send my answers").last.click()
    page.wait_for_url(re.compile("/thanks$"))

    page.goto("/me")
    sent = page.locator(".petitions__item").filter(has_text=title)
    expect(sent).to_contain_text("Sent on")
    sent.get_by_role("link", name="See the results").click()
    page.wait_for_url(re.compile(rf"/surveys/{number}/results$"))


@scripted
def test_the_link_comes_by_mail_and_leads_back(
    suite: Suite, new_page: Callable[..., Page], mailbox: Mailbox, scripts: bool
) -> None:
    number = open_survey(suite, TWO_PAGES)
    email = f"reader-{uuid4().hex[:8]}@example.org"
    page = new_page(java_script_enabled=scripts, width=320)
    page.goto(f"/surveys/{number}/answer")
    begin(page)
    button = page.get_by_role("button", name="Send me the link")

    page.get_by_label("Or have it sent to your e-mail address").fill("nowhere")
    button.click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    if scripts:
        check(page)
        fits(page)
    page.get_by_label("Or have it sent to your e-mail address").fill(email)
    button.click()
    expect(page.get_by_text("The link is on its way.")).to_be_visible()
    if scripts:
        check(page)
        fits(page)

    other = new_page(java_script_enabled=scripts)
    other.goto(mailbox.wait_for(email, "/answers/"))
    expect(other.get_by_label("Lamps")).to_be_checked()


@scripted
def test_the_link_stands_in_a_field_and_a_button_copies_it(
    suite: Suite, new_page: Callable[..., Page], scripts: bool
) -> None:
    number = open_survey(suite, TWO_PAGES)
    page = new_page(java_script_enabled=scripts)
    page.goto(f"/surveys/{number}/answer")
    begin(page)
    field, button = page.get_by_label("Your private link"), page.get_by_role("button", name="Copy the link")
    link = field.input_value()
    assert f"/surveys/{number}/answers/" in link
    if not scripts:
        expect(button).to_be_hidden()
        return
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button.click()
    expect(page.locator("[data-copied]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == link


def test_inside_a_partners_page_that_has_no_clipboard_the_link_is_copied_too(
    suite: Suite, new_page: Callable[..., Page]
) -> None:
    number = open_survey(suite, TWO_PAGES)
    with host() as school:
        register(new_page(who=OFFICER), school, f"School {uuid4().hex[:6]}")
        page = new_page()
        page.goto(school.put(f'<viche-survey id="{number}" lang="en"></viche-survey>{script(suite)}'))
        inside = page.locator("viche-survey iframe").content_frame
        begin(inside)
        field = inside.get_by_label("Your private link")
        inside.get_by_role("button", name="Copy the link").click()
        expect(inside.locator("[data-copied]")).to_have_text("Copied")
        other = new_page()
        other.goto(field.input_value())
        expect(other.get_by_label("Lamps")).to_be_checked()
