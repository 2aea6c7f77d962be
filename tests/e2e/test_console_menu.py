"""What the menu of the console leads to opens, whatever the role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize("who", ["press@example.org", "officer@example.org", "operator@example.org"])
def test_the_menu_leads_to_pages_that_open(new_page: Callable[..., Page], who: str) -> None:
    page = new_page(who=who)
    page.goto("/console")
    parts = addresses(page, "nav[aria-label='Main menu'] a")

    assert len(parts) > 4
    for part in parts:
        opens(page, part)
        for address in addresses(page, ".part-nav a"):
            opens(page, address)


def addresses(page: Page, links: str) -> list[str]:
    return [str(link.get_attribute("href")) for link in page.locator(links).all()]


def opens(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
