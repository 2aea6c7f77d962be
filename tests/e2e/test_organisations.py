"""An organisation from its founding to a petition in its name, and a member who joins by a link."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.people import AUTHOR, CITIZEN, OPERATOR
from tests.e2e.test_accessibility import check

NAME = "Friends of the Clean River"


def test_confirmed_organisation_starts_a_petition(new_page: Callable[..., Page]) -> None:
    author = new_page(who=AUTHOR)
    author.goto("/me/organisations/new")
    author.get_by_label("Its name").fill(NAME)
    author.get_by_label("Its number in the register").fill("12 345 678")
    author.get_by_label("What it is").select_option(label="An association")
    author.get_by_label("Which authority should confirm it?").select_option(index=1)
    author.get_by_role("button", name="Ask to have it confirmed").click()
    expect(author.get_by_role("heading", name=NAME)).to_be_visible()
    check(author)

    invite(author, new_page(who=CITIZEN))
    confirm(new_page(who=OPERATOR))

    author.goto("/petitions/start")
    author.get_by_label("What do you ask for?").fill("Clean the banks of the river before summer")
    save(author)
    author.wait_for_url(re.compile("/(text|similar)$"))
    if author.url.endswith("/similar"):
        author.get_by_role("button", name="Mine is different, go on").click()
    author.get_by_label("Why is it needed?").fill("Children play there, and glass lies between the stones.")
    save(author)
    author.get_by_label("Soniachne").check()
    save(author)
    author.get_by_label(NAME).check()
    check(author)
    save(author)
    expect(author.get_by_text(re.compile("^Confirmed on"))).to_be_visible()
    author.get_by_label("What you are there (optional)").fill("chair")
    check(author)
    save(author)
    author.get_by_label("Under which name?").fill("Anna")
    save(author)
    expect(author.get_by_role("heading", level=1)).to_have_text("Check your petition")
    expect(author.locator("main")).to_contain_text(f"by {NAME} (12345678, confirmed), Anna, chair")


def invite(author: Page, member: Page) -> None:
    """Lets a member join by a link."""
    author.get_by_role("button", name="Invite a member").click()
    expect(author.get_by_role("heading", level=1)).to_have_text("Pass on this link")
    check(author)
    link = author.locator("main .govuk-inset-text").inner_text()
    member.goto(link[link.index("/organisations/") :])
    check(member)
    member.get_by_role("button", name="Join").click()
    expect(member.get_by_text("You belong to it.")).to_be_visible()


def confirm(operator: Page) -> None:
    """Confirms the organisation."""
    operator.goto("/console/people")
    operator.get_by_role("link", name="Organisations that ask to be confirmed").click()
    expect(operator.get_by_role("link", name=NAME)).to_be_visible()
    check(operator)
    operator.get_by_role("link", name=NAME).click()
    expect(operator.get_by_role("button", name="Confirm the organisation")).to_be_visible()
    check(operator)
    operator.get_by_role("button", name="Confirm the organisation").click()
    expect(operator.get_by_text("The organisation is confirmed.")).to_be_visible()


def save(page: Page) -> None:
    """Goes on to the next question."""
    page.get_by_role("button", name="Save and go on").click()
