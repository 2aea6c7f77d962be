"""Long lists in which people type to search: by keyboard and pointer, in a frame, without scripts or a connection.

The portal stands over doubles of the services here, since the demo's region has few places.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from viche.identity.v1 import identity_pb2
from viche.surveys.v1 import answers_pb2 as pb
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from tests.e2e.hosts import Host, host
from tests.e2e.test_accessibility import check, fits
from viche_cli.infra import ports
from viche_gateway.testing import COUNCIL, World, make_world
from viche_gateway.testing.surveys import question

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LANGUAGES = ("en", "uk", "bg", "ru")
MANY = [f"Place {number}" for number in range(60)]
ALIKE = ["Кам’янка", "Кам'янське", "Нова Кам'янка"]
WITHIN_MS = 15_000
STEP = "Write a part of the name of the place"


class Quiet(WSGIRequestHandler):
    """Says nothing of what is asked."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal with two surveys: one asks for one of all places, the other for one of some."""

    world: World
    url: str
    many: int
    some: int


@pytest.fixture(scope="module")
def school() -> Iterator[Host]:
    """A partner's origin."""
    with host() as one:
        yield one


@pytest.fixture(scope="module")
def portal(school: Host) -> Iterator[Portal]:
    """The portal, at an address of its own."""
    world = make_world()
    world.partners.add(school.origin)
    for number, name in enumerate([*MANY, *ALIKE]):
        level = "R1" if number < 40 else "R"
        text = identity_pb2.LocalizedText(texts={"en": name})
        world.identity.territories.append(identity_pb2.Territory(code=f"P{number}", parent_code=level, name=text))
    town = question(pb.QUESTION_KIND_TERRITORY, "town", is_required=True)
    near = question(pb.QUESTION_KIND_TERRITORY, "near", levels=["3"], allows_dont_know=True)
    why = question(pb.QUESTION_KIND_TEXT, "why")
    many, some = world.surveys.add([town, why]), world.surveys.add([near])
    port = ports.free_port()
    url = f"http://127.0.0.1:{port}"
    with served(world.app(public_url=url), port):
        yield Portal(world, url, many.number, some.number)


def whole(app: Flask) -> WSGIApplication:
    """The application with each answer in one piece: Werkzeug's server leaves a file open when a browser has gone."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        parts = ClosingIterator(app(environ, start_response))
        try:
            return [b"".join(parts)]
        finally:
            parts.close()

    return answer


class served:
    """Serves an application until the end of the block."""

    def __init__(self, app: Flask, port: int) -> None:
        self._server = make_server("127.0.0.1", port, whole(app), threaded=True, request_handler=Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def open_page(portal: Portal, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a fresh browser; a complaint of it fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(*, width: int = 320, who: str = "", **options: Any) -> Page:
        context = browser.new_context(base_url=portal.url, viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(WITHIN_MS)
        if who:
            context.add_cookies([{"name": "viche_session", "value": who, "url": portal.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def field(page: Page) -> Locator:
    return page.get_by_role("combobox").first


def options(page: Page) -> Locator:
    return page.locator("[role=option]")


def send(page: Page) -> None:
    page.locator(".survey__bottom").get_by_role("button").first.click()


def test_place_is_chosen_with_the_keyboard_alone(portal: Portal, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"/surveys/{portal.many}/answer")
    expect(field(page)).to_have_accessible_name(STEP)
    expect(page.get_by_role("button", name="Find")).to_be_hidden()
    field(page).press_sequentially("камян")
    expect(options(page)).to_have_count(3)
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text="Found: 3.")).to_have_count(1)
    field(page).press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    field(page).press("ArrowDown")
    first = options(page).first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field(page)).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "none")
    check(page)
    fits(page)
    field(page).press("Enter")
    expect(field(page)).to_have_value("Кам'янське (Dibrova Region)")
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    field(page).press("Enter")
    page.wait_for_url(re.compile("/thanks$"))
    assert portal.world.surveys.taken[-1]["town"] == ["P61"]


def test_what_was_written_and_not_chosen_is_not_lost(portal: Portal, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"/surveys/{portal.many}/answer")
    before = len(portal.world.surveys.taken)
    field(page).press_sequentially("place")
    expect(page.get_by_text("The list has more than is shown.")).to_be_visible()
    field(page).press("Escape")
    expect(options(page)).to_have_count(0)
    send(page)
    expect(page.get_by_text("Choose one from the list")).to_be_visible()
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("place")
    check(page)
    assert len(portal.world.surveys.taken) == before
    field(page).fill("xyz")
    expect(page.get_by_text("Nothing in the list has “xyz”")).to_be_visible()
    field(page).fill("place 59")
    expect(options(page)).to_have_count(1)
    send(page)  # with the list open above the button, and the only place that fits
    page.wait_for_url(re.compile("/thanks$"))
    assert portal.world.surveys.taken[-1]["town"] == ["P59"]


def test_who_writes_faster_than_answers_come_gets_what_was_written(
    portal: Portal, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"/surveys/{portal.many}/answer")
    before = len(portal.world.surveys.taken)
    field(page).fill("place 59")
    expect(options(page)).to_have_count(1)
    page.route("**/surveys/places*", lambda route: (page.wait_for_timeout(500), route.continue_()))
    field(page).press_sequentially("9")
    page.keyboard.press("Tab")  # the list still shows the one place that fitted before
    expect(page.get_by_text("Choose one from the list")).to_be_visible()
    expect(field(page)).to_have_value("place 599")
    field(page).fill("place 58")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/thanks$"))
    assert [answer["town"] for answer in portal.world.surveys.taken[before:]] == [["P58"]]


@pytest.mark.parametrize("fail", [Route.abort, lambda route: None], ids=["refused", "never answered"])
def test_without_a_connection_the_step_of_the_server_stays(
    portal: Portal, open_page: Callable[..., Page], fail: Callable[[Route], None]
) -> None:
    page = open_page()
    page.route("**/surveys/places*", lambda route: fail(route))
    page.goto(f"/surveys/{portal.many}/answer")
    field(page).fill("янське")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("Кам'янське").check()
    check(page)
    send(page)
    page.wait_for_url(re.compile("/thanks$"))
    assert portal.world.surveys.taken[-1]["town"] == ["P61"]


def test_without_scripts_a_place_is_found_in_a_step(portal: Portal, open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"/surveys/{portal.many}/answer")
    page.get_by_label("Why?").fill("It is quiet")
    page.get_by_label(STEP).fill("Камян")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("Нова Кам'янка").check()
    send(page)
    page.wait_for_url(re.compile("/thanks$"))
    assert portal.world.surveys.taken[-1] == {"town": ["P62"], "why": ["It is quiet"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_step_and_list_are_accessible_in_every_language(
    portal: Portal, open_page: Callable[..., Page], language: str
) -> None:
    prefix = "" if language == "en" else f"/{language}"
    page = open_page()
    page.route("**/static/built/lookup-*.js", lambda route: route.abort())
    page.goto(f"{prefix}/surveys/{portal.many}/answer")
    check(page)
    page.locator(".question__find input[type=text]").fill("камян")
    page.locator(".question__find button").click()
    expect(page.get_by_role("radio")).to_have_count(3)
    check(page)
    fits(page)
    page = open_page()
    page.goto(f"{prefix}/surveys/{portal.many}/answer")
    field(page).press_sequentially("камян")
    expect(options(page)).to_have_count(3)
    check(page)
    fits(page)


def test_select_of_some_places_is_searched_and_forgotten_with_i_do_not_know(
    portal: Portal, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"/surveys/{portal.some}/answer")
    expect(field(page)).to_have_accessible_name(re.compile("^Near"))
    field(page).click()
    expect(options(page)).to_have_count(40)
    check(page)
    fits(page)
    options(page).filter(has_text=re.compile("^Place 7 ")).click()
    expect(field(page)).to_have_value(re.compile("^Place 7"))
    page.get_by_label("I don’t know").check()
    expect(field(page)).to_have_value("")
    field(page).fill("place 39")
    page.keyboard.press("Tab")  # the only one that fits is meant
    expect(page.get_by_label("I don’t know")).not_to_be_checked()
    expect(field(page)).to_have_value(re.compile("^Place 39"))
    send(page)
    page.wait_for_url(re.compile("/thanks$"))
    assert portal.world.surveys.taken[-1] == {"near": ["P39"]}


def test_list_opens_in_a_frame_and_the_frame_grows_with_it(
    portal: Portal, school: Host, open_page: Callable[..., Page]
) -> None:
    page = open_page(width=800)
    tag = f'<viche-survey id="{portal.many}" lang="uk"></viche-survey>'
    page.goto(school.put(f'{tag}<script src="{portal.url}/embed.js" async></script>'))
    inside = page.locator("viche-survey iframe").content_frame
    expect(inside.get_by_role("combobox")).to_be_visible()
    page.wait_for_function("document.querySelector('viche-survey').frame.offsetHeight > 0")
    before = page.evaluate("document.querySelector('viche-survey').frame.offsetHeight")
    inside.get_by_role("combobox").press_sequentially("камян")
    expect(inside.locator("[role=option]")).to_have_count(3)
    page.wait_for_function("before => document.querySelector('viche-survey').frame.offsetHeight > before", arg=before)
    inside.locator("[role=option]").last.click()
    inside.locator(".survey__bottom button").first.click()
    page.wait_for_function("document.querySelector('viche-survey').frame.offsetHeight > 0")
    expect(inside.locator("form")).to_have_count(0)
    assert portal.world.surveys.taken[-1]["town"] == ["P62"]


def test_lists_of_the_console_and_of_signing_are_searched(portal: Portal, open_page: Callable[..., Page]) -> None:
    petition = portal.world.petitions.add()
    page = open_page()
    page.goto(f"/petitions/{petition.number}/sign")
    residence = page.get_by_role("combobox", name="Where you live")
    residence.fill("place 12")
    options(page).first.click()
    assert page.locator("select[name=residence_code]").input_value() == "P12"
    check(page)
    page = open_page(who="otto")
    page.goto(f"/console/simulator?authority_id={COUNCIL}")
    territory = page.get_by_role("combobox", name="Territory")
    expect(territory).to_have_attribute("placeholder", "That of the authority")
    territory.fill("камян")
    expect(options(page)).to_have_count(3)
    check(page)
    options(page).last.click()
    page.get_by_role("button", name="Simulate").click()
    page.wait_for_url(re.compile("territory_code=P62"))
