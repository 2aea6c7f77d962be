"""An officer writes a post, a second person approves it, somebody posts it by hand, and everybody reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.people import OFFICER, OPERATOR
from tests.e2e.test_accessibility import NARROW, check, fits

AUTHORITY = "Dibrova"


def picture() -> bytes:
    """A small picture."""
    content = BytesIO()
    Image.new("RGB", (64, 48), "green").save(content, "PNG")
    return content.getvalue()


def looked_at(page: Page, *, scripts: bool) -> None:
    """The page is accessible and fits a phone; only scripts can look."""
    if scripts:
        page.wait_for_load_state()
        check(page)
        page.set_viewport_size({"width": NARROW, "height": 900})
        fits(page)
        check(page)
        page.set_viewport_size({"width": 1280, "height": 900})


def choose_authority(page: Page) -> None:
    page.wait_for_load_state()  # a field that the browser has not read yet is not to be taken for one that is missing
    if (authority := page.get_by_label("Authority", exact=True)).count():
        authority.select_option(label=authority.locator("option").filter(has_text=AUTHORITY).first.inner_text())


def connect(page: Page, name: str) -> None:
    """Connects a group in which people post by hand; another authority's officer may do it only once."""
    page.goto("/console/channels")
    page.get_by_role("button", name="Connect an account").click()
    page.get_by_role("button", name=re.compile("Connect.*Groups, chats, forums")).click()
    choose_authority(page)
    page.get_by_label("Language of its posts").select_option("en")
    page.get_by_label("Address", exact=True).fill("http://no")
    page.get_by_label("Name of the group").fill(name)
    page.get_by_role("button", name="Connect the account").click()
    expect(page.locator("#entered_address-error")).to_be_visible()
    expect(page.get_by_label("Name of the group")).to_have_value(name)
    page.get_by_label("Address", exact=True).fill(f"https://forum.example/{name.replace(' ', '-')}")
    page.get_by_role("button", name="Connect the account").click()
    expect(page.locator("main")).to_contain_text("The account is connected.")


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Save and go on").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_post_goes_from_one_officer_through_a_second_to_everybody(
    new_page: Callable[..., Page], *, scripts: bool
) -> None:
    name = f"Neighbours {'with' if scripts else 'without'} scripts"
    operator = new_page(who=OPERATOR, java_script_enabled=scripts)
    connect(operator, name)
    looked_at(operator, scripts=scripts)

    officer = new_page(who=OFFICER, java_script_enabled=scripts)
    path = write(officer, name, scripts=scripts)
    expect(officer.locator("main")).to_contain_text("The post waits for a colleague to approve it.")
    expect(officer.get_by_role("button", name=re.compile("Approve it"))).to_have_count(0)

    operator.goto(path)
    looked_at(operator, scripts=scripts)
    operator.get_by_label("Give it back: what is to be changed?").fill("Say how many.")
    operator.get_by_role("button", name="Give it back").click()
    expect(operator.locator("main")).to_contain_text("Given back: Say how many.")
    officer.goto(path)
    expect(officer.locator("main")).to_contain_text("Given back: Say how many.")
    officer.get_by_role("button", name="Preview").click()
    officer.get_by_role("button", name="Hand it on for approval").click()
    expect(officer.locator("main")).to_contain_text("The post waits for a colleague to approve it.")
    operator.goto(path)
    operator.get_by_role("button", name="Approve it: it goes out now").click()
    expect(operator.locator("main")).to_contain_text("To be posted by hand")

    officer.goto(path)
    looked_at(officer, scripts=scripts)
    officer.get_by_role("button", name=re.compile("It is there")).click()
    expect(officer.get_by_role("heading", level=2).first).to_be_visible()
    expect(officer.locator("main")).to_contain_text("Write a web address that begins with https://.")
    officer.get_by_label("Address of the post").fill("https://forum.example/posts/1")
    officer.get_by_role("button", name=re.compile("It is there")).click()
    expect(officer.locator("main")).to_contain_text("Published")
    officer.goto("/console/posts/calendar")
    expect(officer.locator("#today")).to_contain_text(f"Benches for {name}")
    looked_at(officer, scripts=scripts)
    read(new_page(java_script_enabled=scripts), name, scripts=scripts)
    withdraw(operator, path)


def write(page: Page, name: str, *, scripts: bool) -> str:
    """Writes a post step by step and hands it on; gives its path."""
    page.goto("/console/posts")
    page.get_by_role("button", name="Write a post").click()
    choose_authority(page)
    page.get_by_label("News in pictures").check()
    page.get_by_role("button", name="Start the draft").click()
    page.wait_for_url(re.compile("/steps/"))
    path = urlsplit(page.url).path.partition("/steps/")[0]
    page.get_by_label(re.compile(name)).check()
    looked_at(page, scripts=scripts)
    go_on(page)
    page.locator("#title__en").fill(f"Benches for {name}")
    page.locator("#text__en").fill("We have put ten benches along the river. " * 300)
    if scripts:
        expect(page.locator("[data-live]")).to_contain_text("too many")
    page.get_by_role("button", name="Save and see the preview").click()
    expect(page.locator("main")).to_contain_text("The text is too long")
    expect(page.get_by_role("button", name="Hand it on for approval")).to_have_count(0)
    looked_at(page, scripts=scripts)
    page.goto(f"{path}/steps/text")
    page.locator("#text__en").fill("We have put ten benches along the river.")
    go_on(page)
    page.get_by_label("What is claimed").fill("Ten benches")
    page.get_by_label("What it rests on").fill("Contract 17 of 2 November")
    page.get_by_role("button", name="Save and add another source").click()
    expect(page.get_by_label("What is claimed")).to_have_count(2)
    looked_at(page, scripts=scripts)
    go_on(page)
    page.locator("#file").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": b"no picture"})
    page.locator("#new_alt__en").fill("A green bench")
    page.get_by_role("button", name="Add the file").click()
    expect(page.locator("#file-error")).to_be_visible()
    expect(page.locator("#new_alt__en")).to_have_value("A green bench")
    page.locator("#file").set_input_files({"name": "bench.png", "mimeType": "image/png", "buffer": picture()})
    page.get_by_role("button", name="Add the file").click()
    expect(page.locator("main img")).to_have_count(1)
    looked_at(page, scripts=scripts)
    go_on(page)
    looked_at(page, scripts=scripts)
    go_on(page)
    looked_at(page, scripts=scripts)
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Preview")
    expect(page.locator("main")).to_contain_text("somebody posts it by hand")
    looked_at(page, scripts=scripts)
    page.get_by_role("button", name="Hand it on for approval").click()
    return path


def read(page: Page, name: str, *, scripts: bool) -> None:
    """Reads it as a citizen, from the page of the authority."""
    page.goto("/authorities/dibrova")
    looked_at(page, scripts=scripts)
    page.get_by_role("link", name=f"Benches for {name}").click()
    expect(page.locator("article")).to_contain_text("We have put ten benches along the river.")
    expect(page.locator("article")).to_contain_text("Contract 17 of 2 November")
    looked_at(page, scripts=scripts)
    for language in ("uk", "bg", "ru"):
        page.goto(f"/{language}{urlsplit(page.url).path.removeprefix('/uk').removeprefix('/bg')}")
        looked_at(page, scripts=scripts)


def withdraw(page: Page, path: str) -> None:
    """Withdraws it with a reason, which stands on its public page."""
    page.goto(path)
    page.get_by_role("link", name="Withdraw it").click()
    page.get_by_label("Why? Everybody reads this.").fill("The figure was wrong.")
    page.get_by_role("button", name="Withdraw the post").click()
    expect(page.locator("main")).to_contain_text("Withdrawn: The figure was wrong.")
