"""A person in one language: goes to its pages, and finds buttons and fields by what the catalogues say there."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from playwright.sync_api import Locator, Page

CATALOGUES = Path(__file__).parents[2] / "services/gateway/viche_gateway/translations"


@cache
def _catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=language)


def say(language: str, text: str, **values: object) -> str:
    """The text of the portal in a language. AssertionError where the catalogue lacks it."""
    if language != "en":
        message = _catalogue(language).get(text)
        assert message is not None, f"the portal does not say {text!r}"
        assert message.string, f"{text!r} is not translated into {language}"
        text = str(message.string)
    return text % values if values else text


class Reader:
    """A browser whose person reads one language."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language

    def say(self, text: str, **values: object) -> str:
        """The text in the person's language."""
        return say(self.language, text, **values)

    def go(self, path: str) -> None:
        """Opens a page in the person's language."""
        self.page.goto(self.in_language(path))

    def in_language(self, path: str) -> str:
        """The path of a page in the person's language."""
        return path if self.language == "en" else f"/{self.language}{path}"

    def press(self, button: str) -> None:
        """Presses a button, or follows a link that looks like one."""
        name = self.say(button)
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, link: str) -> None:
        """Follows a link."""
        self.page.get_by_role("link", name=self.say(link), exact=True).first.click()

    def fill(self, label: str, value: str) -> None:
        """Fills in a field."""
        self.page.get_by_label(self.say(label), exact=True).fill(value)

    def choose(self, label: str) -> None:
        """Chooses a radio button or a box."""
        self.page.get_by_label(self.say(label), exact=True).check()

    @property
    def path(self) -> str:
        """The path of the page, without the language."""
        path = urlsplit(self.page.url).path
        return path if self.language == "en" else path.removeprefix(f"/{self.language}")

    @property
    def heading(self) -> Locator:
        """The page's heading."""
        return self.page.get_by_role("heading", level=1)
