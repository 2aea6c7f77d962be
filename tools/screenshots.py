"""Pictures of the main pages into screenshots/, from an instance of its own with the demo.

Arguments are names of pages; without any, all are taken. VICHE_TEST_HOME names an instance that runs already.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.people import AUTHOR, CITIZEN, OFFICER, Mailbox, sign_in
from tests.e2e.sitemap import case, draft, open_petition
from tests.suite import Suite

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "screenshots"
WIDE = 1280
NARROW = 360


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture; ``path`` may hold {petition}, {bus}, {draft} or {case}. A clipped one shows the first screen."""

    name: str
    path: str
    who: str = ""
    width: int = WIDE
    scheme: str = "light"
    is_clipped: bool = False


PICTURES = (
    Picture("readme", "{bus}", is_clipped=True),
    Picture("home", "/"),
    Picture("home-ukrainian", "/uk/"),
    Picture("home-phone", "/bg/", width=NARROW),
    Picture("petitions", "/petitions"),
    Picture("petition", "{petition}"),
    Picture("petition-phone", "/uk{petition}", width=NARROW),
    Picture("petition-dark", "{petition}", scheme="dark"),
    Picture("sign", "{petition}/sign"),
    Picture("sign-signed-in", "{petition}/sign", CITIZEN),
    Picture("thanks", "{petition}/thanks", CITIZEN),
    Picture("my-participation", "/me", AUTHOR),
    Picture("draft", "/drafts/{draft}/text", AUTHOR),
    Picture("check", "/drafts/{draft}/check", AUTHOR),
    Picture("surveys", "/surveys"),
    Picture("survey", "/surveys/1"),
    Picture("answer-phone", "/uk/surveys/1/answer", width=NARROW),
    Picture("results", "/surveys/1/results", is_clipped=True),
    Picture("survey-console", "/console/surveys", OFFICER),
    Picture("presence", "/console/presence", OFFICER),
    Picture("help", "/help"),
    Picture("not-found", "/no-such-page"),
    Picture("data", "/api/docs"),
    Picture("console", "/console", OFFICER),
    Picture("case", "{case}", OFFICER),
    Picture("open", "{case}/open", OFFICER),
)


def main(names: list[str]) -> int:
    """Takes the pictures and says where they are."""
    chromium = os.environ.get("VICHE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.stderr.write("Chromium is missing; on Debian or Ubuntu: sudo apt-get install chromium\n")
        return 1
    FOLDER.mkdir(exist_ok=True)
    with _instance() as suite, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        _take([picture for picture in PICTURES if not names or picture.name in names], suite, browser)
        browser.close()
    print(f"pictures are in {FOLDER}")
    return 0


@contextmanager
def _instance() -> Iterator[Suite]:
    if home := os.environ.get("VICHE_TEST_HOME"):
        running = Suite(Path(home))
        running.url = running.details()["public_url"]
        yield running
        return
    folder = Path(tempfile.mkdtemp(prefix="viche-screenshots-"))
    folder.chmod(0o755)
    suite = Suite(folder / "home")
    try:
        suite.start()
        yield suite
    finally:
        if suite.process is not None and suite.process.poll() is None:
            suite.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _take(pictures: list[Picture], suite: Suite, browser: Browser) -> None:
    mailbox = Mailbox(suite)
    for who in dict.fromkeys(picture.who for picture in pictures):
        cookies = _signed_in(suite, browser, mailbox, who) if who else []
        for picture in (picture for picture in pictures if picture.who == who):
            context = browser.new_context(
                base_url=suite.url,
                viewport={"width": picture.width, "height": 800},
                color_scheme=picture.scheme,  # pyright: ignore[reportArgumentType]
            )
            context.add_cookies(cookies)  # pyright: ignore[reportArgumentType]
            page = context.new_page()
            page.goto(_path(picture.path, page), wait_until="networkidle")
            page.screenshot(path=FOLDER / f"{picture.name}.png", full_page=not picture.is_clipped)
            context.close()


def _signed_in(suite: Suite, browser: Browser, mailbox: Mailbox, email: str) -> list[dict[str, str]]:
    context = browser.new_context(base_url=suite.url)
    sign_in(context.new_page(), mailbox, email)
    cookies = [dict(cookie) for cookie in context.cookies()]
    context.close()
    return cookies  # pyright: ignore[reportReturnType]


def _path(path: str, page: Page) -> str:
    for name, find in (("{petition}", open_petition), ("{bus}", _bus), ("{draft}", draft), ("{case}", case)):
        if name in path:
            path = path.replace(name, find(page))
    return path


def _bus(page: Page) -> str:
    page.goto("/petitions?q=night+bus")
    return page.locator(".petitions__title a").first.get_attribute("href") or ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
