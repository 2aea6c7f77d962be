"""Somebody writes below a post on the demo's network; an officer answers in the inbox, and the answer appears there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import OFFICER
from tests.e2e.test_posts import looked_at
from tests.suite import Suite

POST = "Міст на Зеленій"
READ_WITHIN_S = 90
SENT_WITHIN_S = 60


def find(page: Page, text: str, within_s: int, path: str) -> None:
    """Opens a page anew until a text stands on it: platforms are read, and written to, beside the requests."""
    for _ in range(within_s):
        page.goto(path)
        if page.locator("main", has_text=text).count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{text} is not on {path}")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_what_is_written_on_a_network_is_answered_from_the_inbox(
    new_page: Callable[..., Page], suite: Suite, *, scripts: bool
) -> None:
    network = f"{suite.details()['mail_url']}/network/"
    question = f"Is the bus {'with' if scripts else 'without'} scripts free for pupils?"
    answer = f"Yes, {'with' if scripts else 'without'} scripts too."
    neighbour = new_page(java_script_enabled=scripts)
    find(neighbour, POST, READ_WITHIN_S, network)  # the demo's posts go out beside the start
    below = neighbour.locator("#main li").filter(has_text=POST).first
    below.get_by_label("Write below it as a neighbour").fill(question)
    below.get_by_role("button", name="Write").click()

    officer = new_page(who=OFFICER, java_script_enabled=scripts)
    find(officer, question, READ_WITHIN_S, "/console/inbox")
    officer.get_by_role("link", name=question).click()
    looked_at(officer, scripts=scripts)
    officer.get_by_role("button", name="Send the answer").click()
    expect(officer.locator("#text-error")).to_be_visible()
    officer.get_by_label("Answer", exact=True).fill(answer)
    officer.get_by_role("button", name="Send the answer").click()
    expect(officer.locator("main")).to_contain_text("The answer is on its way.")
    path = officer.url.partition("?")[0]
    find(officer, "Is there", SENT_WITHIN_S, path)
    looked_at(officer, scripts=scripts)
    find(neighbour, answer, SENT_WITHIN_S, network)

    officer.get_by_label("Topic").select_option("transport")
    officer.get_by_role("button", name="Say so").click()
    expect(officer.locator("main")).to_contain_text("It is kept.")
    officer.get_by_role("button", name="Write a petition for this person").click()
    expect(officer.get_by_label("Why")).to_have_value(re.compile(re.escape(question)))
    officer.goto(path)
    expect(officer.locator("main")).to_contain_text("Began a petition for this person")
