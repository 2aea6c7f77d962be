"""How the rules explain themselves: from the start form to the rules, and from a petition to how a date was found."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import AUTHOR, OFFICER
from tests.e2e.sitemap import draft


def test_author_reads_the_rules_on_the_way(new_page: Callable[..., Page]) -> None:
    page = new_page(who=AUTHOR, java_script_enabled=False)
    page.goto(f"/drafts/{draft(page)}/authority")
    page.get_by_role("link", name=re.compile("^How this works.*Soniachne")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("How this works")
    expect(page.get_by_role("heading", name="Step by step")).to_be_visible()
    expect(page.get_by_text("45 days", exact=True)).to_be_visible()
    expect(page.get_by_text("5 signatures:", exact=False).first).to_be_visible()


@pytest.mark.parametrize(
    ("prefix", "summary", "start", "length"),
    [
        ("", "How this date was found", "The petition opens for signatures", "the day of the start is not counted"),
        ("/uk", "Як визначено цю дату", "Петицію відкрито для підписів", "день початку не рахують"),
    ],
)
def test_deadline_of_a_petition_says_how_it_was_found(
    new_page: Callable[..., Page], prefix: str, summary: str, start: str, length: str
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{prefix}/petitions?state=open")
    page.locator(".petitions__title a").first.click()
    section = page.locator("section[aria-labelledby=deadlines]")
    section.get_by_text(summary).last.click()  # the first may be the term for the check
    facts = section.locator(".reference").last
    expect(facts).to_be_visible()
    expect(facts).to_contain_text(start)
    expect(facts).to_contain_text(length)


def test_deadlines_come_as_a_calendar(new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto("/petitions?state=open")
    page.locator(".petitions__title a").first.click()
    link = page.get_by_role("link", name="Put these dates into your calendar").get_attribute("href") or ""
    answer = page.request.get(link)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert re.search(r"\r\nDTSTART;VALUE=DATE:\d{8}\r\n", answer.text())


def test_officer_simulates_and_passes_the_address_on(new_page: Callable[..., Page]) -> None:
    page = new_page(who=OFFICER, java_script_enabled=False)
    page.goto("/console/simulator?workflow=petition-local")
    page.get_by_role("button", name="Simulate").click()
    expect(page.get_by_role("alert")).to_contain_text("This must be set.")
    page.get_by_label("Signatures needed for an answer").fill("250")
    page.get_by_label("Days for collecting signatures").fill("45")
    page.get_by_label("Authority", exact=True).select_option(label="Soniachne Village Council")
    page.get_by_label("First day on which it is open").fill("2026-03-02")
    page.get_by_role("button", name="Simulate").click()
    expect(page.get_by_role("heading", name="What would hold")).to_be_visible()
    expect(page.get_by_text("Until Thursday, 16 April 2026")).to_be_visible()

    other = new_page(who=OFFICER)
    other.goto(page.url)
    expect(other.get_by_text("Until Thursday, 16 April 2026")).to_be_visible()
