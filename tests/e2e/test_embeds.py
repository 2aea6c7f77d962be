"""Petitions inside a partner's page at another origin, in a browser that blocks cookies of third parties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, FrameLocator, Page, Playwright, expect

from tests.e2e.conftest import WITHIN_MS, launch
from tests.e2e.hosts import BLOCKING, HEARD, Host, host, register, script
from tests.e2e.people import OFFICER
from tests.e2e.sitemap import open_petition
from tests.e2e.test_accessibility import RULES, check, fits
from tests.suite import Suite


@pytest.fixture(scope="module")
def school(suite: Suite) -> Iterator[Host]:
    """A partner's origin; it is registered by :func:`partner`."""
    with host() as one:
        yield one


@pytest.fixture(scope="module")
def blocking(driver: Playwright) -> Iterator[Browser]:
    """Chromium that blocks cookies of third parties."""
    chromium = launch(driver, BLOCKING)
    yield chromium
    chromium.close()


@pytest.fixture(scope="module")
def petition(suite: Suite, browser: Browser) -> str:
    """The number of a petition that collects."""
    page = browser.new_page(base_url=suite.url)
    number = open_petition(page).rpartition("/")[2]
    page.close()
    return number


@pytest.fixture
def partner(school: Host, new_page: Callable[..., Page]) -> Host:
    """The origin, registered in the console unless it is already."""
    register(new_page(who=OFFICER), school, "School No. 1")
    return school


@pytest.fixture
def visit(blocking: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of a partner's; ``said`` collects what its console says."""
    contexts = []

    def open_page(address: str, said: list[str] | None = None, **options: object) -> Page:
        context = blocking.new_context(viewport={"width": 800, "height": 900}, **options)  # pyright: ignore
        context.set_default_timeout(WITHIN_MS)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(HEARD)

        def hear(message: ConsoleMessage) -> None:
            if said is not None:
                said.append(message.text)

        page.on("console", hear)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


def tag(suite: Suite, number: str, language: str = "en", more: str = "") -> str:
    link = f'<a href="{suite.url}/petitions/{number}">The petition</a>'
    return f'<viche-petition id="{number}" lang="{language}"{more}>{link}</viche-petition>'


def wait_until_ready(page: Page, times: int = 1) -> None:
    page.wait_for_function(f"heard.filter(([name]) => name === 'viche:ready').length >= {times}")


def wait_until_settled(page: Page) -> None:
    """Waits until the frame is as high as what is in it, which grows when its fonts come."""
    inside(page).locator("html").evaluate("async () => { await document.fonts.ready }")
    content = inside(page).locator("body")
    for _ in range(WITHIN_MS // 100):
        box = page.locator("viche-petition iframe").bounding_box() or {}
        if box.get("height") == content.evaluate("body => Math.ceil(body.offsetHeight)"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the frame is not as high as what is in it")


def inside(page: Page, index: int = 0) -> FrameLocator:
    return page.locator("viche-petition iframe").nth(index).content_frame


def test_a_petition_is_shown_and_leaves_nothing_behind(
    suite: Suite, partner: Host, petition: str, visit: Callable[..., Page]
) -> None:
    said: list[str] = []
    page = visit(partner.put(tag(suite, petition) + script(suite)), said)
    wait_until_ready(page)
    assert page.evaluate("heard") == [["viche:ready", "viche-petition", {"id": petition}]]
    expect(inside(page).get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="The petition")).to_be_hidden()
    frame = page.locator("viche-petition iframe")
    assert frame.get_attribute("title") == "Petition"
    wait_until_settled(page)
    assert page.context.cookies() == []
    stored = "() => { try { return localStorage.length } catch (error) { return error.name } }"
    assert inside(page).locator("html").evaluate(stored) == "SecurityError"  # so this browser does block it
    assert said == []


def test_the_text_that_the_console_gives_shows_it(
    partner: Host, petition: str, new_page: Callable[..., Page], visit: Callable[..., Page]
) -> None:
    console = new_page(who=OFFICER)
    console.goto("/console/partners")
    console.get_by_role("link", name="School No. 1").first.click()
    console.get_by_label("What to show").select_option(f"petitions-{petition}")
    console.get_by_role("combobox", name="Language").select_option("uk")
    console.get_by_role("button", name="See the text to copy").click()
    page = visit(partner.put(console.get_by_label("Text to copy").input_value()))
    wait_until_ready(page)
    assert inside(page).locator("html").get_attribute("lang") == "uk"
    assert page.locator("viche-petition iframe").get_attribute("title") == "Петиція"


def test_signing_goes_on_in_a_new_tab_of_the_portal(
    suite: Suite, partner: Host, petition: str, visit: Callable[..., Page]
) -> None:
    page = visit(partner.put(tag(suite, petition) + script(suite)))
    wait_until_ready(page)
    with page.context.expect_page() as opened:
        inside(page).get_by_role("button", name=re.compile("Sign on the portal")).click()
    expect(opened.value).to_have_url(f"{suite.url}/petitions/{petition}/sign")
    expect(opened.value.locator("main form")).to_be_visible()


def test_several_stand_on_a_page_and_follow_changes(
    suite: Suite, partner: Host, petition: str, visit: Callable[..., Page]
) -> None:
    page = visit(partner.put(tag(suite, petition) + tag(suite, petition, "bg") + script(suite) + script(suite)))
    wait_until_ready(page, 2)
    assert [inside(page, index).locator("html").get_attribute("lang") for index in (0, 1)] == ["en", "bg"]
    page.evaluate("document.querySelector('viche-petition').lang = 'ru'")
    wait_until_ready(page, 3)
    assert inside(page).locator("html").get_attribute("lang") == "ru"
    page.evaluate("window.kept = document.querySelector('viche-petition'); kept.remove()")
    assert page.locator("iframe").count() == 1
    page.evaluate("document.body.append(kept)")
    wait_until_ready(page, 4)
    assert page.locator("iframe").count() == 2


def test_it_grows_with_what_is_in_it(suite: Suite, partner: Host, petition: str, visit: Callable[..., Page]) -> None:
    page = visit(partner.put(tag(suite, petition) + script(suite)))
    wait_until_ready(page)
    before = (page.locator("iframe").bounding_box() or {})["height"]
    page.set_viewport_size({"width": 240, "height": 900})
    page.wait_for_function("before => document.querySelector('viche-petition').frame.offsetHeight > before", arg=before)


def test_far_down_a_page_it_is_fetched_when_readers_come_near(
    suite: Suite, partner: Host, petition: str, visit: Callable[..., Page]
) -> None:
    page = visit(partner.put('<div style="height: 20000px"></div>' + tag(suite, petition) + script(suite)))
    expect(page.locator("viche-petition iframe")).to_be_attached()
    page.wait_for_timeout(1500)
    assert page.evaluate("heard") == []
    page.get_by_role("link", name="The petition").scroll_into_view_if_needed()
    wait_until_ready(page)
    expect(inside(page).get_by_role("heading", level=1)).to_be_visible()


def test_messages_of_others_change_nothing(
    suite: Suite, partner: Host, petition: str, visit: Callable[..., Page]
) -> None:
    page = visit(partner.put(tag(suite, petition) + script(suite)))
    wait_until_ready(page)
    wait_until_settled(page)
    before = page.locator("iframe").bounding_box()
    page.evaluate("postMessage({ viche: 1, type: 'height', height: 4000 }, '*')")
    page.evaluate("postMessage({ viche: 1, type: 'answered' }, '*')")
    lies = ["{ viche: 2, type: 'height', height: 4000 }", "{ viche: 1, type: 'height', height: '4000' }", "null", "'x'",
            "{ viche: 1, type: 'height', height: 1e9 }", "{ viche: 1, type: 'height', height: -1 }"]  # fmt: skip
    for lie in lies:
        inside(page).locator("html").evaluate(f"() => parent.postMessage({lie}, '*')")
    page.wait_for_timeout(300)
    assert page.locator("iframe").bounding_box() == before
    assert page.evaluate("heard.length") == 1


def test_a_theme_is_taken_over(suite: Suite, partner: Host, petition: str, visit: Callable[..., Page]) -> None:
    said = "--viche-paper: rgb(20, 20, 40); --viche-ink: white; --viche-font-size: 1.25em"
    style = f"<style>viche-petition {{ {said} }}</style>"
    page = visit(partner.put(style + tag(suite, petition) + script(suite)), color_scheme="light")
    wait_until_ready(page)
    looks = "() => { const said = getComputedStyle(document.body); return [said.backgroundColor, said.colorScheme] }"
    assert inside(page).locator("html").evaluate(looks) == ["rgb(20, 20, 40)", "dark"]
    assert inside(page).locator("html").evaluate("() => getComputedStyle(document.documentElement).fontSize") == "20px"


def test_a_page_with_a_strict_policy_needs_to_allow_two_addresses_alone(
    suite: Suite, petition: str, partner: Host, visit: Callable[..., Page]
) -> None:
    said: list[str] = []
    address = partner.put(tag(suite, petition) + script(suite))
    allowed = f"script-src {suite.url}; frame-src {suite.url}"
    partner.policy = f"default-src 'none'; img-src data:; {allowed}; require-trusted-types-for 'script'"
    try:
        page = visit(address, said)
        expect(inside(page).get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("link", name="The petition")).to_be_hidden()
    finally:
        partner.policy = ""
    assert said == []


def test_where_nobody_is_registered_the_link_stays_and_the_console_says_why(
    suite: Suite, petition: str, visit: Callable[..., Page]
) -> None:
    said: list[str] = []
    with host() as stranger:
        page = visit(stranger.put(tag(suite, petition) + script(suite)), said)
        with page.expect_console_message(
            lambda message: "shows its link alone" in message.text, timeout=WITHIN_MS
        ) as told:
            expect(page.get_by_role("link", name="The petition")).to_be_visible()
        assert stranger.origin in told.value.text
        assert page.locator("iframe").count() == 0
        expect(page.get_by_role("link", name="The petition")).to_be_visible()
        assert page.evaluate("heard") == []


def test_a_tag_without_a_number_says_so(suite: Suite, partner: Host, visit: Callable[..., Page]) -> None:
    said: list[str] = []
    page = visit(partner.put(tag(suite, "benches") + script(suite)), said)
    page.wait_for_function("customElements.get('viche-petition') !== undefined")
    for _ in range(WITHIN_MS // 100):
        page.wait_for_timeout(100)
        if said:
            break
    assert any("must be the number" in each for each in said)
    expect(page.get_by_role("link", name="The petition")).to_be_visible()


def test_without_scripts_the_link_stands(
    suite: Suite, partner: Host, petition: str, visit: Callable[..., Page]
) -> None:
    page = visit(partner.put(tag(suite, petition) + script(suite)), java_script_enabled=False)
    expect(page.get_by_role("link", name="The petition")).to_be_visible()
    assert page.locator("iframe").count() == 0


@pytest.mark.parametrize("look", ["", "&paper=ffd700&accent=0057b7", "&paper=101020&ink=ffffff&size=24"])
def test_a_page_inside_is_accessible(
    suite: Suite, partner: Host, petition: str, new_page: Callable[..., Page], look: str
) -> None:
    page = new_page(width=320)
    for language in ("en", "uk", "bg", "ru"):
        page.goto(f"/embed/petitions/{petition}?origin={partner.origin}&lang={language}{look}")
        assert page.locator("html").get_attribute("lang") == language
        check(page, RULES)
        fits(page)
    page.emulate_media(color_scheme="dark")
    check(page, ["color-contrast", "link-in-text-block"])
