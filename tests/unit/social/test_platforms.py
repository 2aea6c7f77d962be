"""Names of platforms and of accounts there."""

from __future__ import annotations

import pytest

from viche_chassis.errors import InvalidFields
from viche_social.domain import platforms


@pytest.mark.parametrize(
    ("written", "name"), [("Twitter", "x"), (" x ", "x"), ("VKontakte", "vk"), ("mastodon", "mastodon"), ("irc", "irc")]
)
def test_platforms_have_one_short_name(written: str, name: str) -> None:
    assert platforms.platform_of(written) == name


@pytest.mark.parametrize("written", ["", "Face book", "-x", "мережа"])
def test_what_is_no_short_name_is_refused(written: str) -> None:
    with pytest.raises(InvalidFields, match="platform: UNKNOWN_VALUE"):
        platforms.platform_of(written)


@pytest.mark.parametrize(
    ("platform", "handle", "address"),
    [
        ("x", "verbiv", "https://x.com/verbiv"),
        ("youtube", "verbiv", "https://www.youtube.com/@verbiv"),
        ("mastodon", "Verbiv@Social.Example", "https://social.example/@Verbiv"),
        ("mastodon", "verbiv", ""),
        ("irc", "verbiv", ""),
    ],
)
def test_an_account_is_found_at_its_platforms_address(platform: str, handle: str, address: str) -> None:
    assert platforms.address_of(platform, handle) == address


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://", "https://a b.example", "ftp://a.example", "//a"])
def test_an_address_is_one_of_the_web(url: str) -> None:
    with pytest.raises(InvalidFields, match="url: BAD_ADDRESS"):
        platforms.check_address(url)
