"""Settings that several processes read: what people write is read as they mean it, or refused with the way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from viche_chassis import settings as shared
from viche_chassis.config import ConfigError, load
from viche_chassis.settings import SPOKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of a process of the tests."""

    public_url: str = shared.public_url()
    timezone: str = shared.timezone()
    languages: tuple[str, ...] = shared.languages()
    post_file_mb: int = shared.post_file_mb()


def read(**variables: str) -> Any:
    return load(Settings, {"VICHE_PUBLIC_URL": "https://petitions.example", **variables})


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("https://Petitions.Example.org/", "https://petitions.example.org"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080//", "http://[::1]:8080"),
    ],
)
def test_public_url_is_used_without_a_final_slash(written: str, used: str) -> None:
    assert read(VICHE_PUBLIC_URL=written).public_url == used


@pytest.mark.parametrize(
    "written",
    ["petitions.example.org", "ftp://example.org", "https://", "https://example.org/petitions", "https://e.org?x=1",
     "https://user@example.org", "https://example.org:port", "https://exam ple.org", "https://example.org#top"],
)  # fmt: skip
def test_what_is_no_address_of_a_portal_is_refused(written: str) -> None:
    with pytest.raises(ConfigError, match="VICHE_PUBLIC_URL"):
        read(VICHE_PUBLIC_URL=written)


def test_languages_keep_their_order_and_may_be_few() -> None:
    assert read(VICHE_LANGUAGES="uk, EN").languages == ("uk", "en")
    assert read().languages == SPOKEN


@pytest.mark.parametrize(("written", "said"), [("uk,de", "'de' is not spoken"), ("uk,uk", "twice"), (",", "choose")])
def test_languages_that_cannot_be_spoken_are_refused(written: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read(VICHE_LANGUAGES=written)


@pytest.mark.parametrize("written", ["Europe/Kiyv", "../etc/passwd", "Europe", "/etc/localtime"])
def test_zone_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(ConfigError, match="there is no time zone"):
        read(VICHE_TIMEZONE=written)


def test_zone_is_read() -> None:
    assert read(VICHE_TIMEZONE="Europe/Sofia").timezone == "Europe/Sofia"


def test_the_size_of_files_of_posts_is_a_whole_number_of_megabytes() -> None:
    assert read(VICHE_POST_FILE_MB="80").post_file_mb == 80
    with pytest.raises(ConfigError, match="write megabytes from 1 to 1000"):
        read(VICHE_POST_FILE_MB="5000")
