"""The whole life of a petition, as its author, officers, signers and readers live it, in two languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import AUTHOR, NEIGHBOUR, OFFICER, OPERATOR, WRITES_UKRAINIAN, Mailbox, signature_count
from tests.e2e.saying import Reader
from tests.suite import Suite
from viche_cli.infra.process import wait_until

DECISION = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class Story:
    """What people write, in one language."""

    language: str
    author: str
    title: str
    why: str
    authority: str
    question: str
    hearing: str
    place: str
    summary: str
    reasons: str

    def signer(self, number: int) -> str:
        """The address of somebody who signs by e-mail."""
        return f"reader{number}@{self.language}.example"


STORIES = (
    Story(
        language="en",
        author=AUTHOR,
        title="Light the footpath along the railway in the evening",
        why="In winter it is dark from four o'clock, and children walk home along the railway.",
        authority="Soniachne Village Council",
        question="Is this path ours, or the railway's?",
        hearing="Debate in the council",
        place="Town hall, room 12",
        summary="Twelve lamps will stand along the path by 1 November.",
        reasons="The council has found the money in the budget for streets.",
    ),
    Story(
        language="uk",
        author=WRITES_UKRAINIAN,
        title="Освітіть увечері стежку від вокзалу до Шкільної вулиці",
        why="Узимку темніє о четвертій, а діти йдуть додому вздовж колії.",
        authority="Сонячненська сільська рада",
        question="Ця стежка наша чи залізниці?",
        hearing="Обговорення в раді",
        place="Ратуша, кімната 12",
        summary="До 1 листопада вздовж стежки стоятимуть дванадцять ліхтарів.",
        reasons="Рада знайшла гроші в бюджеті на вулиці.",
    ),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
def test_petition_lives_from_its_title_to_its_answer(
    story: Story, new_page: Callable[..., Page], mailbox: Mailbox, suite: Suite, tmp_path: Path
) -> None:
    def reader(who: str = "") -> Reader:
        return Reader(new_page(who=who), story.language)

    hand_in(reader(story.author), story)
    officer = reader(OFFICER)
    case = find_case(officer, story)
    ask_a_colleague(officer, story)
    advise_to_open(reader(OPERATOR), case)
    number = open_for_signatures(officer, case)

    follow(reader(OPERATOR), number)
    sign(reader(NEIGHBOUR), number)
    stranger = reader()
    for each in range(4):
        sign_by_email(stranger, mailbox, number, story.signer(each))
    stranger.go(f"/petitions/{number}")
    assert signature_count(stranger.page) == 5

    announce_hearing(officer, case, story)
    answer(officer, case, story, tmp_path)
    for email in (story.author, NEIGHBOUR, OPERATOR, story.signer(0)):
        assert wait_until(lambda of=email: len(mailbox.naming(of, f"/petitions/{number}")) >= 2, WITHIN_S), email

    citizen = reader()
    wait_until(lambda: story.summary in suite.get(citizen.in_language(f"/petitions/{number}")).text, WITHIN_S)
    citizen.go(f"/petitions/{number}")
    for text in (story.summary, story.reasons, story.place):
        expect(citizen.page.get_by_text(text).first).to_be_visible()
    document = citizen.page.get_by_role("link", name=story.hearing).get_attribute("href") or ""
    assert citizen.page.request.get(document).body() == DECISION
    assert story.summary in suite.get(f"/petitions/{number}.json").text

    remove_signatures_of(officer, case, f"{story.language}.example")
    assert wait_until(lambda: count_of(suite, number) == 1, WITHIN_S)


def hand_in(author: Reader, story: Story) -> None:
    """Writes the petition, one question a page."""
    author.go("/petitions/start")
    author.fill("What do you ask for?", story.title)
    author.press("Save and go on")
    author.page.wait_for_url(re.compile("/(text|similar)$"))
    if author.page.url.endswith("/similar"):  # which titles are alike depends on all others that are there by now
        author.press("Mine is different, go on")
    author.fill("Why is it needed?", story.why)
    author.press("Save and go on")
    author.page.get_by_label(story.authority).check()
    author.press("Save and go on")
    author.choose("I myself")
    author.press("Save and go on")
    author.fill("Under which name?", "Iryna")
    author.press("Save and go on")
    expect(author.heading).to_have_text(author.say("Check your petition"))
    author.press("Hand in this petition")
    expect(author.heading).to_have_text(author.say("Your petition is handed in"))


def find_case(officer: Reader, story: Story) -> str:
    """The path of the case in the queue; takes it over."""
    officer.go("/console")
    officer.page.get_by_role("link", name=story.title).click()
    officer.press("I take it")
    expect(officer.page.get_by_role("button", name=officer.say("Give it back"), exact=True)).to_be_visible()
    return officer.path


def ask_a_colleague(officer: Reader, story: Story) -> None:
    """Asks for a second opinion."""
    officer.follow("Ask a colleague")
    officer.page.locator("main textarea").fill(story.question)
    officer.page.locator("main form button").click()
    expect(officer.page.get_by_text(story.question)).to_be_visible()


def advise_to_open(colleague: Reader, case: str) -> None:
    """Gives the second opinion."""
    colleague.go(case)
    colleague.follow("Give your opinion")
    colleague.choose("Open it for signatures")
    colleague.fill("Your opinion", "Ours.")
    colleague.press("Give this opinion")
    expect(colleague.page.get_by_text(colleague.say("Your opinion is in the case."))).to_be_visible()


def open_for_signatures(officer: Reader, case: str) -> int:
    """Opens the petition; gives its number."""
    officer.go(case)
    expect(officer.page.get_by_text(officer.say("A colleague advises to open it"))).to_be_visible()
    officer.press("Open for signatures")
    officer.page.locator("main form button").click()
    expect(officer.page.get_by_text(officer.say("The petition is open for signatures."))).to_be_visible()
    link = officer.page.get_by_role("link", name=officer.say("See its page"))
    return int((link.get_attribute("href") or "").rpartition("/")[2])


def follow(reader: Reader, number: int) -> None:
    """Follows the petition by mail."""
    reader.go(f"/petitions/{number}/follow")
    reader.press("Follow this petition")
    expect(reader.heading).to_have_text(reader.say("You follow this petition"))


def sign(citizen: Reader, number: int) -> None:
    """Signs with one press."""
    citizen.go(f"/petitions/{number}/sign")
    citizen.page.locator("main form button").click()
    expect(citizen.heading).to_have_text(citizen.say("Thank you, your signature counts"))


def sign_by_email(stranger: Reader, mailbox: Mailbox, number: int, email: str) -> None:
    """Signs by e-mail and confirms on the page that the mail opens."""
    stranger.go(f"/petitions/{number}/sign")
    stranger.fill("Your name", "Marta")
    stranger.fill("Your e-mail address", email)
    stranger.page.get_by_label(stranger.say("Where you live")).select_option(index=1)
    stranger.page.locator("main form button").click()
    stranger.page.goto(mailbox.wait_for(email, "/confirm/"))
    stranger.press("Confirm my signature")
    expect(stranger.heading).to_have_text(stranger.say("Thank you, your signature counts"))


def announce_hearing(officer: Reader, case: str, story: Story) -> None:
    """Announces a hearing, after a look at it."""
    officer.go(case)
    officer.follow("Announce a hearing")
    officer.fill("What it is", story.hearing)
    officer.fill("Day", f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}")
    officer.fill("Hour", "18:00")
    officer.fill("Where", story.place)
    officer.press("Go on")
    expect(officer.page.locator(".preview")).to_contain_text(story.place)
    officer.press("Announce it")
    expect(officer.page.get_by_text(story.hearing).first).to_be_visible()


def answer(officer: Reader, case: str, story: Story, folder: Path) -> None:
    """Answers the petition with a document, one question a page."""
    document = folder / "decision.pdf"
    document.write_bytes(DECISION)
    officer.go(case)
    officer.press("Answer this petition")
    officer.page.locator("input[name=decision]").first.check()
    officer.press("Save and go on")
    officer.fill("What will happen", story.summary)
    officer.press("Save and go on")
    officer.fill("The reasons", story.reasons)
    officer.press("Save and go on")
    officer.fill("What it is", story.hearing)
    officer.page.locator("input[type=file]").set_input_files(document)
    officer.press("Add this document")
    officer.press("Go on")
    officer.page.locator("input[name=signed_by]").fill("Olena Koval")
    officer.press("Save and go on")
    expect(officer.page.locator(".preview")).to_contain_text(story.summary)
    officer.press("Publish this answer")
    expect(
        officer.page.get_by_text(officer.say("The answer is published. Everybody who signed is told."))
    ).to_be_visible()


def remove_signatures_of(officer: Reader, case: str, mail_domain: str) -> None:
    """Removes the signatures of a mail domain, after a look at them."""
    officer.go(f"{case}/signatures/remove?look=1&mail_domain={mail_domain}")
    officer.page.locator("input[name=reason]").first.check()
    officer.press("Continue")
    officer.page.locator("main form button").click()


def count_of(suite: Suite, number: int) -> int:
    """The published number of signatures."""
    return suite.get(f"/petitions/{number}/count.json").json()["signature_count"]
