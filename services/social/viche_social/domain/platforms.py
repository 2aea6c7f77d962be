"""Platforms by their short names, and how accounts are written there."""

import re
from urllib.parse import urlsplit

from viche_chassis.errors import InvalidFields, invalid

ALIASES = {"twitter": "x", "fb": "facebook", "vkontakte": "vk", "ok": "odnoklassniki", "youtube_id": "youtube"}
"""Other names of platforms, as registers write them."""
ADDRESSES = {
    "facebook": "https://www.facebook.com/{}",
    "instagram": "https://www.instagram.com/{}",
    "x": "https://x.com/{}",
    "telegram": "https://t.me/{}",
    "vk": "https://vk.com/{}",
    "odnoklassniki": "https://ok.ru/{}",
    "bluesky": "https://bsky.app/profile/{}",
    "tiktok": "https://www.tiktok.com/@{}",
}
"""Where everybody finds an account, by its handle."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_FEDIVERSE = re.compile(r"([^@\s/]+)@([^@\s/]+\.[^@\s/]+)")


def platform_of(written: str) -> str:
    """The short name of a platform.

    Raises:
        InvalidFields: it is none: small letters of ASCII, digits and hyphens.
    """
    name = written.strip().lower()
    name = ALIASES.get(name, name)
    if not _NAME.fullmatch(name):
        raise InvalidFields(invalid("platform", "UNKNOWN_VALUE", choices=", ".join(sorted(ADDRESSES))))
    return name


def handle_of(written: str) -> str:
    """An account's name without spaces around it and "@" before it.

    Raises:
        InvalidFields: nothing is left, or there are spaces in it.
    """
    handle = written.strip().removeprefix("@")
    if not handle:
        raise InvalidFields(invalid("handle", "REQUIRED"))
    if any(each.isspace() for each in handle):
        raise InvalidFields(invalid("handle", "BAD_HANDLE"))
    return handle


def address_of(platform: str, handle: str) -> str:
    """Where everybody finds an account; empty where its platform has no usual address."""
    if platform in ADDRESSES:
        return ADDRESSES[platform].format(handle)
    if platform == "youtube":
        return f"https://www.youtube.com/@{handle}"
    if platform == "mastodon" and (found := _FEDIVERSE.fullmatch(handle)):
        return f"https://{found[2].lower()}/@{found[1]}"
    return ""


def check_address(url: str) -> None:
    """Looks whether it is empty or a plain web address.

    Raises:
        InvalidFields: it is something else.
    """
    try:
        parts = urlsplit(url)
        is_well = parts.scheme in ("https", "http") and bool(parts.hostname) and not set(url) & set(' "<>\\')
    except ValueError:
        is_well = False
    if url and not is_well:
        raise InvalidFields(invalid("url", "BAD_ADDRESS"))
