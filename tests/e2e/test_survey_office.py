"""Officers write surveys: a branch of three questions, previewed and opened; a form of another tool, taken over."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import CITIZEN, OFFICER
from tests.e2e.test_accessibility import NARROW, check, fits
from tests.e2e.test_conversations import find

LISTED_WITHIN_S = 20


def form(**sheets: list[list[str]]) -> bytes:
    """An XLSForm as tutorials show it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def begin(page: Page, title: str) -> None:
    page.goto("/console/surveys")
    page.get_by_role("button", name="Write a new one").click()
    page.get_by_role("button", name="Begin with a blank survey").click()
    page.get_by_label("Title").fill(title)
    page.locator("#language").select_option("en")
    choose_authority(page)
    page.get_by_role("button", name="Start the draft").click()
    expect(page.locator("main")).to_contain_text("The draft is started")


def choose_authority(page: Page) -> None:
    page.wait_for_load_state()  # a field that the browser has not read yet is not to be taken for one that is missing
    if (authority := page.get_by_label("Authority")).count():
        authority.select_option(index=1)


def add(page: Page, kind: str, **fields: str) -> None:
    page.get_by_role("link", name="Add a question").first.click()
    page.get_by_role("link", name=kind, exact=True).click()
    page.locator("summary", has_text="Conditions and name").click()
    for name, value in fields.items():
        page.locator(f"[name='{name.replace('__', '.')}']").fill(value)
    page.get_by_role("button", name="Save", exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_an_officer_writes_a_survey_with_a_branch_looks_at_it_and_opens_it(
    new_page: Callable[..., Page], *, scripts: bool
) -> None:
    page = new_page(who=OFFICER, java_script_enabled=scripts)
    title = f"Ways to work, {'with' if scripts else 'without'} scripts"
    begin(page, title)
    expect(page.locator("main")).to_contain_text("The survey asks nothing yet.")
    add(page, "One answer of several", label__en="How do you travel?", options__en="bus | By bus\nfoot | On foot",
        name="transport")  # fmt: skip
    add(page, "Text", label__en="Which line?", name="line", relevant='transport === "bus"')
    expect(page.locator("#relevant-error")).to_be_visible()
    page.locator("[name=relevant]").fill('transport == "bus"')
    page.get_by_role("button", name="Save", exact=True).click()
    add(page, "Number", label__en="How many minutes?", minimum="0", name="minutes")
    expect(page.get_by_role("link", name="How many minutes?", exact=True)).to_be_visible()
    if scripts:
        check(page)
        page.set_viewport_size({"width": NARROW, "height": 900})
        fits(page)

    page.get_by_role("link", name="Preview").click()
    page.get_by_label("By bus").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Which line?").fill("7")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")

    page.get_by_role("link", name=title).click()
    page.get_by_role("button", name="Open the survey").click()
    expect(page.locator("main")).to_contain_text("Which line?")
    page.get_by_role("button", name="Open the survey").click()
    expect(page.locator("main")).to_contain_text("The survey is open.")
    citizen = new_page(who=CITIZEN)
    find(citizen, title, LISTED_WITHIN_S, "/surveys")  # copies of the list are a few seconds old
    expect(citizen.get_by_role("link", name=title)).to_be_visible()


def test_what_is_taken_away_comes_back(new_page: Callable[..., Page]) -> None:
    page = new_page(who=OFFICER)
    begin(page, "Undo")
    add(page, "Text", label__en="Why?", name="why")
    page.get_by_role("button", name=re.compile("Take away.*Why")).click()
    expect(page.get_by_role("link", name="Why?", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_role("link", name="Why?", exact=True)).to_be_visible()


def test_an_officer_takes_over_an_xlsform(new_page: Callable[..., Page]) -> None:
    content = form(
        survey=[
            ["type", "name", "label", "relevant"],
            ["text", "name", "What is your name?", ""],
            ["select_one yes_no", "pizza", "Do you like pizza?", ""],
            ["text", "why", "Why not?", "${pizza} = 'no'"],
            ["deviceid", "device", "", ""],
        ],
        choices=[["list_name", "name", "label"], ["yes_no", "yes", "Yes"], ["yes_no", "no", "No"]],
        settings=[["form_title", "default_language"], ["Pizza", "English (en)"]],
    )
    page = new_page(who=OFFICER)
    page.goto("/console/surveys/new/file")
    file = {"name": "pizza.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": content}
    page.get_by_label("File").set_input_files(file)  # pyright: ignore[reportArgumentType]
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("main")).to_contain_text("3 questions came over.")
    expect(page.locator("main")).to_contain_text("device")
    check(page)
    choose_authority(page)
    page.get_by_role("button", name="Save as a draft").click()
    expect(page).to_have_url(re.compile("done=created"))
    expect(page.get_by_role("link", name="Do you like pizza?", exact=True)).to_be_visible()


def test_a_form_that_does_not_compile_says_where(new_page: Callable[..., Page]) -> None:
    page = new_page(who=OFFICER)
    page.goto("/console/surveys/new/file")
    content = form(survey=[["type", "name", "label"], ["select_one nothing", "q", "Which?"]])
    file = {"name": "broken.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": content}
    page.get_by_label("File").set_input_files(file)  # pyright: ignore[reportArgumentType]
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("main")).to_contain_text("row 2")
    expect(page.get_by_role("button", name="Save as a draft")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_an_officer_renames_what_is_asked_for_and_writes_counts_of_a_poll_down(
    new_page: Callable[..., Page], *, scripts: bool
) -> None:
    page = new_page(who=OFFICER, java_script_enabled=scripts)
    begin(page, f"Places to play, {'with' if scripts else 'without'} scripts")
    add(page, "One answer of several", label__en="Where do you play?", options__en="park | In the park\nyard | At home",
        name="place", default="park")  # fmt: skip
    add(page, "Text", label__en="What is missing there?", name="missing", relevant='place == "park"')
    page.get_by_role("link", name="Where do you play?", exact=True).click()
    page.locator("summary", has_text="Conditions and name").click()
    page.get_by_label("Name", exact=True).fill("spot")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#missing")).to_contain_text('spot == "park"')

    page.get_by_role("link", name="Results").click()
    page.get_by_role("link", name="Polls on platforms").click()
    page.get_by_role("button", name="Write counts of a poll down").click()
    page.get_by_label("Where did the poll run?").select_option("Telegram")
    page.get_by_label("Which question of this survey does it repeat?").select_option("Where do you play?")
    page.get_by_label("What people could choose, and how many did").fill("In the park | 1 412\nAt home | 7")
    page.get_by_role("button", name="Save the counts").click()
    expect(page.locator(".result__poll")).to_contain_text("In the park: 1,412")
    page.get_by_role("button", name="Take them away").click()
    expect(page.locator("main")).to_contain_text("There are no counts here yet.")
    page.get_by_role("button", name="Put them back as they were").click()
    expect(page.locator(".result__poll")).to_contain_text("At home: 7")
    if scripts:
        check(page)
        page.set_viewport_size({"width": NARROW, "height": 900})
        fits(page)
