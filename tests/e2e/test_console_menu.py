"""What the menu of the console leads to opens, whatever the role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize("who", ["press@example.org", "officer@example.org", "operator@example.org"])
def test_the_menu_leads_to_pages_that_open(new_page: Callable[..., Page], who: str) -> None:
    page = new_page(who=who)
    page.goto("/console")
    menu = page.get_by_role("navigation", name="Main menu").get_by_role("link")
    addresses = [str(link.get_attribute("href")) for link in menu.all()]

    assert len(addresses) > 5
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
