"""A preview shows a survey page by page and keeps nothing."""

from __future__ import annotations

import html
import json
import re

from viche.surveys.v1 import answers_pb2

from tests.unit.gateway.survey_desk import QUESTION, Browse, started
from viche_gateway.testing import World
from viche_gateway.testing.surveys import question


def previewed(world: World) -> str:
    """The path of a survey whose pages the doubles show; the first of its two pages has a question that must be."""
    public = world.surveys.add(
        [question(answers_pb2.QUESTION_KIND_TEXT, "name", is_required=True)],
        [question(answers_pb2.QUESTION_KIND_TEXT, "why")],
    )
    return started(world, QUESTION, id=public.id)


def test_a_preview_goes_page_by_page_and_keeps_nothing(browse: Browse, world: World) -> None:
    path = previewed(world)
    browser = browse("otto")
    assert "nothing of what you fill in is kept" in browser.open(f"{path}/preview").text
    carried = {"-page": "page1", "-shown": "name", "-carried": "{}"}
    assert "This needs another look" in browser.send(f"{path}/preview", **carried, name="").text
    page = browser.send(f"{path}/preview", **carried, name="Ann")
    assert 'name="why"' in page.text
    kept = re.search(r'name="-carried" value="([^"]*)"', page.text)
    assert kept
    assert json.loads(html.unescape(kept[1])) == {"name": ["Ann"]}
    last = {"-page": "page2", "-shown": "why", "-carried": html.unescape(kept[1])}
    assert "Thank you" in browser.send(f"{path}/preview", **last).text
    assert world.surveys.taken == []


def test_a_question_that_the_answers_bring_up_keeps_the_page_of_a_preview(browse: Browse, world: World) -> None:
    path = previewed(world)
    browser = browse("otto")
    browser.open(f"{path}/preview")
    page = browser.send(f"{path}/preview", **{"-page": "page1", "-shown": "", "-carried": '{"name": ["Ann"]}'})
    assert "Your answers bring up more questions." in page.text
    assert 'name="name"' in page.text


def test_what_was_cleared_on_a_page_does_not_come_back_in_a_preview(browse: Browse, world: World) -> None:
    path = previewed(world)
    browser = browse("otto")
    browser.open(f"{path}/preview")
    carried = {"-page": "page1", "-shown": "name", "-carried": '{"name": ["Ann"], "name.dont_know": ["1"]}'}
    assert "This needs another look" in browser.send(f"{path}/preview", **carried).text
