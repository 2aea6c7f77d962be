"""The main jobs at a portal that holds the demo, as a browser without scripts does them: one table of what was seen.

python -m tools.walk URL MAIL_URL

MAIL_URL is the mail catcher's (`python -m viche_cli.mailbox`), which shows what was sent.
"""

import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from uuid import uuid4

import httpx

from viche_cli.demo.questions import LIBRARY as SURVEY
from viche_cli.demo.region import VERBIV

ANSWERS: Mapping[str, Any] = {
    "visits": "weekly",
    "books": 3,
    "rooms": ["quiet"],
    "hours": {"workdays": "evening", "saturday": "day", "sunday": "day"},
    "first": ["roof", "ramp", "garden"],
    "worth": 5,
    "age": "18_34",
    "place": VERBIV,
}
CITIZEN, PETITION = "petar@example.org", "Keep the library in Soniachne open on Saturdays"
MAIL_WITHIN_S = 60.0
SHOWN_WITHIN_S = 90.0
_HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_STYLE = re.compile(r'href="(/static/built/[^"]+\.css)"')


class Stumbled(Exception):
    """The portal did not do what it promises; the text says where."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, what was seen, and how long it took."""

    name: str
    seen: str
    took_s: float


@dataclass(slots=True)
class Walk:
    """One visitor with a browser and a mailbox."""

    url: str
    mail_url: str
    steps: list[Step] = field(default_factory=list)
    verify: bool | str = True

    def all(self) -> list[Step]:
        """Does everything, in order. Raises Stumbled at the first thing that is not as it should be."""
        with httpx.Client(
            base_url=self.url, trust_env=False, timeout=30, follow_redirects=True, verify=self.verify
        ) as browser:
            self._step("pages in two languages", lambda: self._pages(browser))
            number, before = self._step("the demo's petitions", lambda: self._petition(browser))
            self._step("sign in by the link in a mail", lambda: self._sign_in(browser))
            self._step("sign", lambda: self._sign(browser, number))
            self._step("the count goes up by one", lambda: self._counted(browser, number, before + 1))
            self._step("a second signature is none", lambda: self._signed_already(browser, number))
            self._step("answer a survey", lambda: self._answer(browser))
        return self.steps

    def _step(self, name: str, do: Callable[[], Any]) -> Any:
        began_s = time.monotonic()
        try:
            found = do()
        except httpx.HTTPError as error:
            raise Stumbled(f"{name}: {error}") from error
        seen = found if isinstance(found, str) else f"petition {found[0]}, {found[1]} signatures"
        self.steps.append(Step(name, seen, time.monotonic() - began_s))
        return found

    def _pages(self, browser: httpx.Client) -> str:
        first = _get(browser, "/")
        style = _STYLE.search(first)
        _expect(style is not None, "the first page has a style sheet")
        assert style is not None
        _get(browser, style[1])
        titles = [_heading(first), _heading(_get(browser, "/uk/"))]
        _expect(titles[0] != titles[1], "the first page speaks Ukrainian under /uk/")
        return " | ".join(titles)

    def _petition(self, browser: httpx.Client) -> tuple[int, int]:
        listed = browser.get("/petitions.json").raise_for_status().json()["data"]
        found = [each for each in listed if each["attributes"]["action"] == PETITION]
        _expect(len(found) == 1, f"the demo's petition “{PETITION}” is listed")
        number = int(found[0]["links"]["self"].rpartition("/")[2].removesuffix(".json"))
        return number, found[0]["attributes"]["signature_count"]

    def _sign_in(self, browser: httpx.Client) -> str:
        known = len(self._mails(CITIZEN))
        self._send(browser, "/sign-in", email=CITIZEN)
        deadline_s = time.monotonic() + MAIL_WITHIN_S
        while len(mails := self._mails(CITIZEN)) == known:
            _expect(time.monotonic() < deadline_s, f"a mail came within {MAIL_WITHIN_S:.0f} s")
            time.sleep(0.2)
        link = next(link for link in mails[0]["links"] if "/sign-in/" in link)
        page = self._send(browser, "/sign-in/" + link.rpartition("/")[2])
        return _heading(page)

    def _sign(self, browser: httpx.Client, number: int) -> str:
        heading = _heading(self._send(browser, f"/petitions/{number}/sign"))
        _expect("your signature counts" in heading, f"the signer is thanked, not told “{heading}”")
        return heading

    def _counted(self, browser: httpx.Client, number: int, wanted: int) -> str:
        deadline_s = time.monotonic() + SHOWN_WITHIN_S
        while (shown := self._count(browser, number)) != wanted:
            _expect(time.monotonic() < deadline_s, f"{wanted} signatures are shown, not {shown}")
            time.sleep(0.5)
        return f"{shown} signatures"

    def _count(self, browser: httpx.Client, number: int) -> int:
        return (
            browser.get(f"/petitions/{number}.json").raise_for_status().json()["data"]["attributes"]["signature_count"]
        )

    def _signed_already(self, browser: httpx.Client, number: int) -> str:
        heading = _heading(_get(browser, f"/petitions/{number}/sign"))
        _expect("have signed" in heading, "who has signed is told so")
        return heading

    def _answer(self, browser: httpx.Client) -> str:
        listed = browser.get("/api/v1/surveys").raise_for_status().json()["surveys"]
        number = next((each["number"] for each in listed if each["title"]["en"] == SURVEY.title["en"]), None)
        _expect(number is not None, f"the demo's survey “{SURVEY.title['en']}” is listed")
        answer = browser.post(
            f"/api/v1/surveys/{number}/responses", json={"answers": ANSWERS}, headers={"Idempotency-Key": str(uuid4())}
        )
        _expect(answer.status_code == 201, f"answers are taken, not answered with {answer.status_code} {answer.text}")
        return f"survey {number}"

    def _send(self, browser: httpx.Client, path: str, **fields: str) -> str:
        """Opens a page, fills in the form and sends it; gives the page that comes."""
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(_get(browser, path))}
        answer = browser.post(path, data={**hidden, **fields})
        _expect(answer.status_code == 200, f"POST {path} is taken, not answered with {answer.status_code}")
        return answer.text

    def _mails(self, to: str) -> list[Mapping[str, Any]]:
        asked = {"to": to, "full": "1"}
        answer = httpx.get(f"{self.mail_url}/messages.json", params=asked, timeout=10, trust_env=False)
        return answer.raise_for_status().json()["messages"]


def _get(browser: httpx.Client, path: str) -> str:
    return browser.get(path).raise_for_status().text


def _heading(page: str) -> str:
    found = _HEADING.search(page)
    _expect(found is not None, "a page has a heading")
    assert found is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found[1])).split())


def _expect(claim: bool, text: str) -> None:
    if not claim:
        raise Stumbled(f"expected: {text}")


def main(arguments: list[str]) -> int:
    """Walks and prints."""
    walk = Walk(arguments[0].rstrip("/"), arguments[1].rstrip("/"))
    try:
        walk.all()
        ended = 0
    except Stumbled as fault:
        sys.stderr.write(f"{fault}\n")
        ended = 1
    for step in walk.steps:
        print(f"{step.name:32}  {step.took_s:5.1f} s  {step.seen}")
    return ended


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
