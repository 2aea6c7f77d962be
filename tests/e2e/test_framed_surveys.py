"""Surveys that are answered inside a partner's page, in a browser that blocks cookies of third parties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Playwright, expect

from tests.e2e.asking import TWO_PAGES, open_survey
from tests.e2e.conftest import launch
from tests.e2e.hosts import BLOCKING, HEARD, Host, host, register, script
from tests.e2e.people import OFFICER
from tests.e2e.test_accessibility import check, fits
from tests.suite import Suite


@pytest.fixture(scope="module")
def blocking(driver: Playwright) -> Iterator[Browser]:
    """Chromium that blocks cookies of third parties."""
    chromium = launch(driver, BLOCKING)
    yield chromium
    chromium.close()


@pytest.fixture(scope="module")
def school() -> Iterator[Host]:
    """A partner's origin; :func:`partner` registers it."""
    with host() as one:
        yield one


@pytest.fixture
def partner(school: Host, new_page: Callable[..., Page]) -> Host:
    """The origin, registered in the console."""
    register(new_page(who=OFFICER), school, "School No. 2")
    return school


@pytest.fixture(scope="module")
def survey(suite: Suite) -> int:
    """The number of an open survey of two pages."""
    return open_survey(suite, TWO_PAGES)


@pytest.fixture
def page(blocking: Browser) -> Iterator[Page]:
    """A visitor of the partner's pages."""
    context = blocking.new_context(viewport={"width": 800, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.add_init_script(HEARD)
    yield page
    context.close()


def tag(suite: Suite, number: int, language: str = "en") -> str:
    link = f'<a href="{suite.url}/surveys/{number}">The survey</a>'
    return f'<viche-survey id="{number}" lang="{language}">{link}</viche-survey>{script(suite)}'


def inside(page: Page) -> FrameLocator:
    return page.locator("viche-survey iframe").content_frame


def answer(page: Page) -> None:
    """Answers both pages and waits for the thanks."""
    inside(page).get_by_label("Lamps").check()
    inside(page).get_by_role("button", name=re.compile("Continue|Next")).last.click()
    inside(page).get_by_label("Why?").fill("It is dark in the evening.")
    inside(page).get_by_role("button", name=re.compile("Send")).last.click()
    expect(inside(page).get_by_role("heading", name=re.compile("Thank you"))).to_be_visible()


def test_a_survey_is_answered_whole_inside_and_the_page_around_hears_that_alone(
    suite: Suite, partner: Host, survey: int, page: Page
) -> None:
    page.goto(partner.put(tag(suite, survey)))
    answer(page)
    page.wait_for_function("heard.length > 1")
    assert page.evaluate("heard") == [
        ["viche:ready", "viche-survey", {"id": str(survey)}], ["viche:answered", "viche-survey", {"id": str(survey)}],
    ]  # fmt: skip
    expect(page.get_by_role("link", name="The survey")).to_be_hidden()
    assert page.context.cookies() == []


def test_a_fault_is_shown_inside_and_the_frame_grows_with_it(
    suite: Suite, partner: Host, survey: int, page: Page
) -> None:
    page.goto(partner.put(tag(suite, survey)))
    expect(inside(page).get_by_label("Lamps")).to_be_visible()
    before = (page.locator("viche-survey iframe").bounding_box() or {})["height"]
    inside(page).get_by_role("button", name=re.compile("Continue|Next")).last.click()
    expect(inside(page).locator(".govuk-error-summary")).to_be_visible()
    page.wait_for_function("before => document.querySelector('viche-survey').frame.offsetHeight > before", arg=before)
    assert [name for name, *_ in page.evaluate("heard")] == ["viche:ready"]


def test_what_another_page_sends_is_refused_with_its_own_sentence(
    suite: Suite, partner: Host, survey: int, page: Page
) -> None:
    target = f"{suite.url}/embed/surveys/{survey}/answer?origin={partner.origin}"
    page.goto(partner.put(f'<form method="post" action="{target}"><button>Send</button></form>'))
    with page.expect_response(target) as sent:
        page.get_by_role("button", name="Send").click()
    assert sent.value.status == 403
    expect(page.locator("main")).to_contain_text("sent from a page at another address")


def test_the_partner_sees_that_there_are_answers_and_not_how_few(
    suite: Suite, partner: Host, survey: int, page: Page, new_page: Callable[..., Page]
) -> None:
    page.goto(partner.put(tag(suite, survey)))
    answer(page)
    console = new_page(who=OFFICER)
    console.goto("/console/partners")
    console.get_by_role("link", name="School No. 2").first.click()
    console.get_by_role("button", name="Make a new link").click()
    own = new_page()
    own.goto(console.locator("code").first.inner_text())
    expect(own.locator("main")).to_contain_text("What should the park have?")
    expect(own.locator("main")).to_contain_text("too few to tell")
    check(own)


def test_pages_of_a_survey_inside_are_accessible(
    suite: Suite, partner: Host, survey: int, new_page: Callable[..., Page]
) -> None:
    page = new_page(width=320)
    for language in ("en", "uk", "bg", "ru"):
        for path in ("", "/thanks"):
            page.goto(
                f"/embed/surveys/{survey}{path}?origin={partner.origin}&lang={language}&paper=fff7d6&accent=7a1f3d"
            )
            assert page.locator("html").get_attribute("lang") == language
            check(page)
            fits(page)
