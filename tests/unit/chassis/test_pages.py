"""What pages carry from one to the next."""

from __future__ import annotations

from uuid import UUID

import pytest

from viche_chassis import base64url, pages
from viche_chassis.errors import InvalidFields

ID = UUID(int=1)


def test_page_token_comes_back_as_it_went() -> None:
    assert pages.read_page_token(pages.page_token("a", 5, ID), (str, int, UUID)) == ["a", 5, ID]


def test_first_page_has_no_token() -> None:
    assert pages.read_page_token("", (str,)) is None


@pytest.mark.parametrize(
    "bad",
    [
        pages.page_token("a", 5, ID)[:-3], "é", "x", pages.page_token("a"), pages.page_token("a", "b", "c"),
        pages.page_token("a", 5, 7), base64url.encode(b"[" * 5_000), base64url.encode(b"{}"),
    ],
)  # fmt: skip
def test_what_is_no_token_of_the_list_is_refused(bad: str) -> None:
    with pytest.raises(InvalidFields):
        pages.read_page_token(bad, (str, int, UUID))


@pytest.mark.parametrize(("asked", "size"), [(0, 20), (7, 7), (1_000, 100)])
def test_page_size_has_a_default_and_a_limit(asked: int, size: int) -> None:
    assert pages.page_size(asked, 20, 100) == size


def test_negative_page_size_is_refused() -> None:
    with pytest.raises(InvalidFields):
        pages.page_size(-1, 20, 100)
