"""Petitions like the one that somebody starts: offered while it is typed or once after it, and never in the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import World

Browse = Callable[..., Browser]
TITLE = "Plant more trees on Market Square"


def start(browser: Browser, title: str = TITLE, **fields: str) -> str:
    browser.open("/petitions/start")
    return browser.send("/petitions/start", title=title, **fields).headers["Location"]


def test_part_of_a_page_names_petitions_with_state_and_count(browse: Browse, world: World) -> None:
    world.petitions.add(number=7, signature_count=1_234)
    world.petitions.add(title="Something else entirely")
    answer = browse().open("/petitions/similar", query_string={"title": TITLE})
    assert "We found one petition like yours" in answer.text
    assert 'href="/petitions/7"' in answer.text
    assert "Collecting signatures" in answer.text
    assert "1,234 signatures" in answer.text
    assert "Something else" not in answer.text
    assert answer.cache_control.public
    assert answer.cache_control.max_age == 60


@pytest.mark.parametrize("title", ["", "Plant", "Free beer for all of us", "\x00", "Plant \ufffd %_"])
def test_part_of_a_page_is_empty_where_nothing_is_similar(browse: Browse, world: World, title: str) -> None:
    world.petitions.add()
    answer = browse().open("/petitions/similar", query_string={"title": title})
    assert (answer.status_code, answer.text.strip()) == (200, "")


def test_title_is_a_text_and_no_markup(browse: Browse, world: World) -> None:
    world.petitions.add(title="<script>alert(1)</script> on the square")
    answer = browse().open("/petitions/similar", query_string={"title": "<script>alert(1)</script> on the square"})
    assert "&lt;script&gt;" in answer.text
    assert "<script>" not in answer.text


def test_field_of_the_title_says_where_similar_ones_are(browse: Browse) -> None:
    page = browse("ann").open("/petitions/start").text
    assert 'data-similar="/petitions/similar"' in page
    assert 'aria-live="polite"' in page
    assert "/static/built/similar-" in page


def test_without_the_script_similar_ones_are_asked_about_once(browse: Browse, world: World) -> None:
    other = world.petitions.add(number=7)
    browser = browse("ann")
    path = start(browser)
    page = browser.open(path).text
    assert "Is yours among these?" in page
    assert other.title in page
    assert 'href="/petitions/7/sign"' in page
    onward = path.replace("/similar", "/text")
    assert f'href="{onward}"' in page
    assert "Mine is different, go on" in page
    back = onward.replace("/text", "/title")
    browser.open(back)
    assert browser.send(back, title=TITLE).headers["Location"] == onward


def test_closed_petition_is_shown_without_a_way_to_sign(browse: Browse, world: World) -> None:
    world.petitions.add(number=7, state=pb.PETITION_STATE_CLOSED)
    world.petitions.add(number=8, is_archived=True)
    browser = browse("ann")
    page = browser.open(start(browser)).text
    assert "/petitions/7" in page
    assert "/sign" not in page.replace("/sign-in", "")


def test_what_the_script_has_shown_is_not_asked_again(browse: Browse, world: World) -> None:
    world.petitions.add()
    assert start(browse("ann"), similar_to=TITLE).endswith("/text")
    assert start(browse("otto"), similar_to=TITLE[:-3]).endswith("/similar")


def test_title_changed_from_the_check_leads_back_to_it(browse: Browse, world: World) -> None:
    browser = browse("ann")
    title = start(browser, "Free beer for all of us").replace("/text", "/title")
    world.petitions.add()
    browser.open(f"{title}?back=check")
    path = browser.send(f"{title}?back=check", title=TITLE).headers["Location"]
    assert path.endswith("/similar?back=check")
    assert f'href="{title.replace("/title", "/check")}"' in browser.open(path).text


def test_nothing_similar_leads_straight_on(browse: Browse, world: World) -> None:
    world.petitions.add()
    browser = browse("ann")
    path = start(browser, "Free beer for all of us")
    assert path.endswith("/text")
    assert browser.open(path.replace("/text", "/similar")).headers["Location"] == path


def test_draft_of_somebody_else_is_not_found(browse: Browse, world: World) -> None:
    world.petitions.add()
    path = start(browse("ann"))
    assert path.endswith("/similar")
    assert browse("otto").open(path).status_code == 404


def test_draft_goes_on_where_similar_ones_cannot_be_had(browse: Browse, world: World) -> None:
    world.petitions.add()
    world.similar.is_down = True
    browser = browse("ann")
    path = start(browser)
    assert path.endswith("/text")
    assert browser.open(path).status_code == 200
    assert browser.open(path.replace("/text", "/similar")).headers["Location"] == path
    assert browse().open("/petitions/similar", query_string={"title": TITLE}).status_code == 503


def test_api_tells_petitions_and_how_similar_they_are(browse: Browse, world: World) -> None:
    petition = world.petitions.add(number=7)
    answer = browse().open("/api/v1/petitions/similar", query_string={"title": petition.title, "language": "en"})
    [found] = answer.get_json()["petitions"]
    assert (found["petition"]["number"], found["similarity"]) == (7, 1)
    assert answer.cache_control.public


@pytest.mark.parametrize(
    ("query", "field"), [({}, "title"), ({"title": "x" * 301}, "title"), ({"title": "Plant", "limit": "11"}, "limit")]
)
def test_api_names_the_field_that_it_cannot_take(browse: Browse, query: dict[str, str], field: str) -> None:
    answer = browse().open("/api/v1/petitions/similar", query_string=query)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]
