"""A public page is light, speaks to nobody else, and needs no script."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

from tests.e2e.sitemap import open_petition

MOST_BYTES = 100_000


@pytest.mark.parametrize("language", ["", "/uk", "/bg", "/ru"])
@pytest.mark.parametrize("name", ["home", "petitions", "petition"])
def test_public_page_stays_within_its_budget(new_page: Callable[..., Page], name: str, language: str) -> None:
    page = new_page()
    path = {"home": lambda: "/", "petitions": lambda: "/petitions", "petition": lambda: open_petition(page)}[name]()
    page, responses = new_page(), list[Response]()
    page.on("response", lambda response: responses.append(response))
    page.goto(f"{language}{path}", wait_until="networkidle")
    weights = {response.url: bytes_on_the_wire(response) for response in responses}
    assert {urlsplit(url).netloc for url in weights} == {urlsplit(page.url).netloc}
    assert not [url for url in weights if url.endswith(".js")]
    assert sum(weights.values()) <= MOST_BYTES, weights


def bytes_on_the_wire(response: Response) -> int:
    """How much its body took; asked when all have come, since the answer to that comes later than the response."""
    return response.request.sizes()["responseBodySize"]
