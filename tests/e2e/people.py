"""What people do: read their mail, sign in, look."""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Page, expect

from tests.suite import Suite
from viche_cli.demo.people import NAMED, everyone
from viche_cli.demo.stories import PETITIONS


def _author_of(key: str) -> str:
    """The address of whoever starts a petition of the demo."""
    number = next(number for number, demo in enumerate(PETITIONS) if demo.key == key)
    return everyone()[len(NAMED) + number].email


CITIZEN = "petar@example.org"
NEIGHBOUR = "sergei@example.org"
AUTHOR = "anna@example.org"
WRITES_UKRAINIAN = "iryna@example.org"
OFFICER = "officer@example.org"
OPERATOR = "operator@example.org"
COLLEAGUE = "officer.kalynove@example.org"
SPONSORED = _author_of("tools")
"""The author of the demo's petition that looks for supporters."""
REJECTED = _author_of("highway")
"""The author of the demo's petition that was rejected for its authority."""
MAIL_WITHIN_S = 60.0


class Mailbox:
    """The mail catcher of an instance."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite

    def wait_for(self, email: str, path: str, *, after: int = 0) -> str:
        """The newest link with ``path`` in it, without scheme and host, in the mails to ``email``.

        The first ``after`` mails that came are passed over.
        """
        deadline = time.monotonic() + MAIL_WITHIN_S
        while time.monotonic() < deadline:
            mails = self._suite.mails(email)
            for mail in mails[: len(mails) - after]:
                if link := self._link(mail, path):
                    return link
            time.sleep(0.2)
        raise AssertionError(f"no mail with {path} came to {email} within {MAIL_WITHIN_S:.0f} s")

    def count(self, email: str) -> int:
        """How many mails have come to ``email``."""
        return len(self._suite.mails(email))

    def naming(self, email: str, path: str) -> list[str]:
        """Subjects of the mails to ``email`` that link to ``path``, newest first."""
        return [mail["subject"] for mail in self._suite.mails(email) if any(path in link for link in mail["links"])]

    def subjects(self, email: str) -> list[str]:
        """Subjects of the mails to ``email``, newest first."""
        return [mail["subject"] for mail in self._suite.mails(email)]

    def _link(self, mail: dict[str, Any], path: str) -> str | None:
        found = re.search(rf"{re.escape(self._suite.url)}(\S*{path}\S+)", mail["text"])
        return found.group(1) if found else None


def sign_in(page: Page, mailbox: Mailbox, email: str) -> None:
    """Signs in by the link in the mail."""
    before = mailbox.count(email)
    page.goto("/sign-in")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Look into your mailbox")
    page.goto(mailbox.wait_for(email, "/sign-in/", after=before))
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("/me$"))


def signature_count(page: Page) -> int:
    """The count on a petition's page."""
    return int(re.sub(r"\D", "", page.locator(".petition__count").inner_text()))


def hand_in(page: Page, title: str) -> None:
    """Writes a petition, one question a page, and hands it in."""
    page.goto("/petitions/start")
    page.get_by_label("What do you ask for?").fill(title)
    _save(page)
    page.wait_for_url(re.compile("/(text|similar)$"))
    if page.url.endswith("/similar"):
        page.get_by_role("button", name="Mine is different, go on").click()
    page.get_by_label("Why is it needed?").fill(
        "People in Soniachne have asked for it for three years, and nobody has answered them."
    )
    _save(page)
    page.get_by_label("Soniachne").check()
    _save(page)
    page.get_by_label("I myself").check()
    _save(page)
    page.get_by_label("Under which name?").fill("Anna")
    _save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your petition")
    page.get_by_role("button", name="Hand in this petition").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your petition is handed in")


def sign_by_email(page: Page, mailbox: Mailbox, path: str, email: str) -> None:
    """Signs by e-mail and confirms on the page that the mail opens."""
    page.goto(ask_by_email(page, mailbox, path, email))
    page.get_by_role("button", name="Confirm my signature").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, your signature counts")


def ask_by_email(page: Page, mailbox: Mailbox, path: str, email: str) -> str:
    """Fills in the sign form; gives the link of the mail that asks for confirmation."""
    page.goto(f"{path}/sign")
    page.get_by_label("Your name").fill("Marta Reader")
    page.get_by_label("Your e-mail address").fill(email)
    _live_in(page, "Soniachne")
    page.locator("main form button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Look into your mailbox")
    return mailbox.wait_for(email, "/confirm/")


def _live_in(page: Page, place: str) -> None:
    """Chooses the place where the signer lives."""
    page.get_by_label("Where you live").select_option(label=place)


def _save(page: Page) -> None:
    """Goes on to the next question."""
    page.get_by_role("button", name="Save and go on").click()
