"""Citizens answer surveys: with and without scripts, on a phone, page by page, resumed by a private link."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Response, Route, expect
from viche.surveys.v1 import surveys_pb2 as pb

from tests.e2e.asking import LANGUAGES, open_survey, texts
from tests.e2e.people import CITIZEN
from tests.e2e.test_accessibility import check, fits
from tests.e2e.test_weight import MOST_BYTES, bytes_on_the_wire
from tests.suite import Suite
from viche_gateway.portal.surveys.uploading import MOST_FORM_BYTES

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 300_000
scripted = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


def option(code: str, label: str, **more: Any) -> Mapping[str, Any]:
    return {"code": code, "label": texts(label), **more}


def question(name: str, kind: str, label: str, **more: Any) -> Mapping[str, Any]:
    return {"name": name, "kind": kind, "label": texts(label), **more}


def survey_of(*pages: list[Mapping[str, Any]], **more: Any) -> Mapping[str, Any]:
    named = [{"name": f"page{place}", "items": items} for place, items in enumerate(pages, start=1)]
    title = texts("Roads and parks")
    return {"format": "viche-survey/1", "languages": list(LANGUAGES), "title": title, "pages": named, **more}


MARKS = [option("bad", "Bad"), option("fair", "Fair"), option("good", "Good")]
ROWS = [option("roads", "Roads"), option("parks", "Parks and playgrounds")]
BRANCH = survey_of(
    [
        question("visits", "single", "How often do you come?", is_required=True,
                 options=[option("weekly", "Every week"), option("never", "Never")]),
        question("why", "text", "Why not?", is_required=True, relevant='visits == "never"'),
        question("rate", "scale", "Would you recommend us?", minimum=0, maximum=10,
                 low_label=texts("not at all"), high_label=texts("surely"), allows_dont_know=True),
    ],
    thanks=texts("We read every answer."),
)  # fmt: skip
EVERY_KIND = survey_of(
    [
        question("modes", "multiple", "How do you get around?", is_required=True, max_selected=2,
                 options=[option("bus", "Bus"), option("bike", "Bicycle"),
                          option("none", "None of these", is_exclusive=True)]),
        question("km", "number", "How far is it?", unit=texts("km"), minimum=0, maximum=300, hint=texts("One way")),
        question("marks", "matrix", "How are these?", options=MARKS, rows=ROWS),
        question("several", "matrix", "What is missing?", options=MARKS, rows=ROWS, is_multiple=True),
        question("order", "ranking", "What matters most?",
                 options=[option("safety", "Safety"), option("speed", "Speed")]),
        question("agree", "likert", "The town is safe", options=MARKS),
    ],
    [
        question("born", "date", "When were you born?"),
        question("leaves", "time", "When do you leave home?"),
        question("waited", "datetime", "When did you wait?"),
        question("mail", "email", "Your e-mail", is_personal=True),
        question("phone", "phone", "Your telephone", is_personal=True),
        question("home", "territory", "Where do you live?"),
        question("spot", "location", "Where is the worst spot?"),
        question("photo", "file", "A photo", media_types=["image/*"]),
        {"name": "children", "label": texts("Children"), "repeat": {"minimum": 0, "maximum": 3},
         "items": [question("age", "number", "How old?", minimum=0, maximum=18)]},
        question("more", "text", "Anything else?", is_long=True, max_length=300),
    ],
    [
        question("said", "note", "You said: {modes}."),
        question("consent", "consent", "My answers may be used for planning.", is_required=True),
    ],
)  # fmt: skip


@pytest.fixture(scope="module")
def branching(suite: Suite) -> int:
    """The number of a survey of one page with a branch."""
    return open_survey(suite, BRANCH)


@pytest.fixture(scope="module")
def long(suite: Suite) -> int:
    """The number of a survey with a question of every kind."""
    return open_survey(suite, EVERY_KIND)


def send(page: Page, button: str) -> None:
    page.locator(".survey__bottom").get_by_role("button", name=button).click()


@scripted
def test_branch_appears_and_its_answer_is_sent(new_page: Callable[..., Page], branching: int, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts)
    page.goto(f"/surveys/{branching}")
    page.get_by_role("button", name="Start answering").click()
    assert not page.get_by_label("Why not?").is_visible()
    page.get_by_label("Never", exact=True).check()
    if not scripts:
        send(page, "Send my answers")
        expect(page.get_by_role("status").first).to_contain_text("bring up more questions")
    page.get_by_label("Why not?").fill("Too far away")
    page.get_by_label("7", exact=True).check(force=True)
    send(page, "Send my answers")
    page.wait_for_url(re.compile(r"/thanks$"))
    expect(page.get_by_text("We read every answer.")).to_be_visible()


@scripted
def test_missing_answer_is_said_beside_it_and_nothing_is_lost(
    new_page: Callable[..., Page], branching: int, scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts, width=320)
    page.goto(f"/surveys/{branching}/answer")
    page.get_by_label("9", exact=True).check(force=True)
    send(page, "Send my answers")
    link = page.locator(".govuk-error-summary").get_by_role("link", name="Choose one of the answers.")
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_label("Every week")).to_be_focused()
    expect(page.get_by_label("9", exact=True)).to_be_checked()
    if scripts:
        check(page)
        fits(page)


def test_unknown_and_known_exclude_each_other(new_page: Callable[..., Page], branching: int) -> None:
    page = new_page()
    page.goto(f"/surveys/{branching}/answer")
    page.get_by_label("7", exact=True).check(force=True)
    page.get_by_label("I don’t know").check()
    expect(page.get_by_label("7", exact=True)).not_to_be_checked()


@scripted
def test_long_survey_is_left_resumed_and_sent(new_page: Callable[..., Page], long: int, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts)
    page.goto(f"/surveys/{long}/answer")
    page.get_by_label("Bus", exact=True).check()
    page.get_by_label("Bicycle").check()
    page.get_by_label("How far is it?").fill("12,5")
    for row in ("roads", "parks"):
        page.locator(f"input[name='marks.{row}'][value=good]").check(force=True)
    if scripts:
        page.get_by_role("button", name="Up: Speed").click()
        expect(page.get_by_label("Speed", exact=True)).to_have_value("1")
    send(page, "Continue")
    page.wait_for_url(re.compile("/pages/page2"))
    page.get_by_role("button", name="Add one").click()
    page.get_by_label("How old?").fill("99")
    page.locator("input[type=file]").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": PNG})
    send(page, "Continue")
    expect(page.locator(".govuk-error-summary")).to_contain_text("This must be 18 or less.")
    page.get_by_label("How old?").fill("9")
    send(page, "Save and come back later")
    page.wait_for_url(re.compile("/saved$"))
    link = page.locator("[data-private-link]").input_value()
    other = new_page(java_script_enabled=scripts)
    other.goto(link)
    if other.get_by_label("How old?").count():
        expect(other.get_by_label("How old?")).to_have_value("9")
        send(other, "Continue")
    expect(other.get_by_text("You said: Bus, Bicycle.")).to_be_visible()
    other.get_by_role("button", name="Back", exact=True).click()
    expect(other.get_by_text("A file has been added.")).to_be_visible()
    send(other, "Continue")
    other.get_by_label("My answers may be used").check()
    send(other, "Send my answers")
    other.wait_for_url(re.compile("/thanks$"))


@scripted
def test_files_that_are_too_large_are_refused_with_a_page_and_no_reset_connection(
    new_page: Callable[..., Page], suite: Suite, tmp_path: Path, scripts: bool
) -> None:
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.write(PNG)
        file.truncate(MOST_FORM_BYTES + 10_000_000)
    number = open_survey(suite, survey_of([question("photo", "file", "A photo", media_types=["image/*"])]))
    page = new_page(java_script_enabled=scripts)
    page.goto(f"/surveys/{number}/answer")
    page.get_by_label("A photo").set_input_files(large)
    send(page, "Send my answers")
    expect(page.get_by_text("choose smaller files")).to_be_visible(timeout=30_000)


def test_going_on_moves_the_focus_to_the_heading_and_back_works(new_page: Callable[..., Page], long: int) -> None:
    page = new_page()
    page.goto(f"/surveys/{long}/answer")
    page.get_by_label("Bus", exact=True).check()
    page.get_by_label("How far is it?").press("Enter")
    page.wait_for_url(re.compile("/pages/page2"))
    expect(page.locator("h1")).to_be_focused()
    page.get_by_role("button", name="Back", exact=True).click()
    page.wait_for_url(re.compile("/pages/page1"))
    expect(page.get_by_label("Bus", exact=True)).to_be_checked()
    page.go_back()
    expect(page.get_by_label("When do you leave home?")).to_be_visible()


def test_person_answers_once(new_page: Callable[..., Page], suite: Suite) -> None:
    settings = pb.SurveySettings(admission=pb.ADMISSION_PERSON, results=pb.RESULTS_VISIBILITY_LIVE, is_listed=True)
    number = open_survey(suite, survey_of([question("name", "text", "What should it be called?")]), settings)
    stranger = new_page()
    stranger.goto(f"/surveys/{number}/answer")
    assert "/sign-in?next=" in stranger.url
    page = new_page(who=CITIZEN)
    page.goto(f"/surveys/{number}/answer")
    page.get_by_label("What should it be called?").fill("Lime Square")
    send(page, "Send my answers")
    page.wait_for_url(re.compile("/thanks$"))
    page.goto(f"/surveys/{number}/answer")
    expect(page.get_by_role("heading", name="You have answered this survey already.")).to_be_visible()
    check(page)


def test_what_is_added_gets_the_focus(new_page: Callable[..., Page], long: int) -> None:
    page = new_page()
    page.goto(f"/surveys/{long}/answer")
    page.get_by_label("Bus", exact=True).check()
    send(page, "Continue")
    page.get_by_role("button", name="Add one").click()
    expect(page.get_by_label("How old?")).to_be_focused()
    page.get_by_role("button", name="Take this one away").click()
    expect(page.get_by_role("button", name="Add one")).to_be_focused()


def test_what_is_written_is_kept_by_itself(new_page: Callable[..., Page], long: int) -> None:
    page = new_page()
    page.clock.install()
    page.goto(f"/surveys/{long}/answer")
    page.get_by_label("How far is it?").fill("7")
    page.clock.run_for(21_000)
    expect(page.locator("[data-saved-at]")).to_contain_text("Saved at")
    page.reload()
    expect(page.get_by_label("How far is it?")).to_have_value("7")


def test_a_saving_that_is_slow_puts_no_older_words_back(new_page: Callable[..., Page], long: int) -> None:
    page, held = new_page(), list[Route]()
    page.clock.install()
    page.goto(f"/surveys/{long}/answer")
    page.get_by_label("Bus", exact=True).check()
    page.get_by_label("How far is it?").fill("7")
    is_saving = lambda route: route.request.headers.get("accept") == "application/json"  # noqa: E731
    page.route("**/surveys/**", lambda route: held.append(route) if is_saving(route) else route.continue_())
    page.clock.run_for(21_000)
    for _ in range(150):
        if held:
            break
        page.wait_for_timeout(100)
    page.get_by_label("How far is it?").fill("9")
    page.get_by_role("button", name="Continue").last.click()
    page.wait_for_timeout(500)
    assert len(held) == 1
    expect(page.get_by_label("How far is it?")).to_be_visible()
    held[0].continue_()
    page.wait_for_url(re.compile("/pages/page2"))
    page.get_by_role("link", name="Back").or_(page.get_by_role("button", name="Back")).first.click()
    expect(page.get_by_label("How far is it?")).to_have_value("9")


@pytest.mark.parametrize("language", ["", "/uk", "/bg", "/ru"])
def test_every_page_is_accessible_and_fits(new_page: Callable[..., Page], long: int, language: str) -> None:
    page = new_page(width=320)
    for path in ("/surveys", "/surveys?state=closed", f"/surveys/{long}"):
        page.goto(f"{language}{path}")
        check(page)
        fits(page)
    page.goto(f"{language}/surveys/{long}/answer")
    check(page)
    fits(page)
    page.get_by_label("Bus", exact=True).check()
    for place in ("page2", "page3"):
        page.locator(".survey__bottom button").first.click()
        page.wait_for_url(re.compile(f"/pages/{place}"))
        if place == "page2":
            page.locator("button[value^='add:']").click()
            page.get_by_label("How old?").wait_for()
        check(page)
        fits(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        check(page)
        page.emulate_media(color_scheme="dark")
        check(page, ["color-contrast"])
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 320, "height": 900})
    page.locator("button[value=keep]").click()
    page.wait_for_url(re.compile("/saved$"))
    check(page)
    fits(page)
    page.goto(f"{language}/surveys/{long}/thanks")
    check(page)
    fits(page)


@pytest.mark.parametrize("language", ["", "/uk"])
def test_answering_stays_within_the_budget(
    new_page: Callable[..., Page], branching: int, long: int, language: str
) -> None:
    for number, has_conditions in ((branching, True), (long, False)):
        page, responses = new_page(), list[Response]()
        page.on("response", lambda response, own=responses: own.append(response))
        page.goto(f"{language}/surveys/{number}/answer", wait_until="networkidle")
        weights = {response.url: bytes_on_the_wire(response) for response in responses}
        assert any("/expressions-" in url for url in weights) == has_conditions
        assert sum(weights.values()) <= MOST_BYTES, weights
