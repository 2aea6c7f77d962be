"""Events that tests look at: a draft, and one that people register for, written by an officer where there is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Page

_WRITTEN = "Benches, trees and lamps"
"""Title of the event that people register for."""


def drafted_event(path: str) -> Callable[[Page], str]:
    """Finds a page about the draft of an event; starts one where there is none."""

    def find(page: Page) -> str:
        page.goto("/console/events?phase=draft")
        found = page.locator(".queue__title")
        return f"{found.first.get_attribute('href') if found.count() else _begin_event(page)}{path}"

    return find


def public_event(path: str) -> Callable[[Page], str]:
    """Finds a page about an event that people register for; writes one where there is none."""

    def find(page: Page) -> str:
        return f"{page_of_event(page)}{path}"

    return find


def office_event(path: str) -> Callable[[Page], str]:
    """Finds a page of the console about an event that people register for; writes one where there is none."""

    def find(page: Page) -> str:
        page_of_event(page)
        page.goto("/console/events?phase=coming")
        return f"{page.locator('.queue__title').filter(has_text=_WRITTEN).first.get_attribute('href')}{path}"

    return find


def page_of_event(page: Page) -> str:
    """The path of an event that people register for; an officer writes one where there is none."""
    page.goto("/events")
    found = page.locator(".petitions__title a").filter(has_text=_WRITTEN)
    if found.count():
        return found.first.get_attribute("href") or ""
    path = _begin_event(page)
    day = datetime.now(UTC) + timedelta(days=20)
    for step, fields in (
        ("text", {"title__en": _WRITTEN, "summary__en": "Come and say what you think."}),
        ("time", {"day": f"{day:%Y-%m-%d}", "begins": "18:00", "ends": "20:00"}),
        ("place", {"place__en": "Town hall", "access__en": "A ramp at the side door"}),
        ("registration", {"needed-2": "", "capacity": "30"}),
    ):
        page.goto(f"{path}/steps/{step}")
        for field, text in fields.items():
            if text:
                page.locator(f"#{field}").fill(text)
            else:
                page.locator(f"#{field}").check()
        page.locator("main form .actions button").first.click()
    page.goto(f"{path}/preview")
    page.get_by_role("button", name="Publish this event").click()
    page.wait_for_url(re.compile("done=published"))
    return page.locator("main a[href^='/events/']").first.get_attribute("href") or ""


def _begin_event(page: Page) -> str:
    page.goto("/console/events/new")
    if (authority := page.locator("#authority_id")).count():
        authority.select_option(index=1)
    page.locator("input[name=kind]").first.check()
    page.locator("main form button").click()
    page.wait_for_url(re.compile("/steps/"))
    return urlsplit(page.url).path.partition("/steps/")[0]
