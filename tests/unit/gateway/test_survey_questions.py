"""Questions, groups and limits of a survey are written in the console."""

from __future__ import annotations

import json
import re

from viche.surveys.v1 import surveys_pb2 as pb

from tests.unit.gateway.survey_desk import AGE, QUESTION, Browse, asked, document, filled, send, started
from viche_gateway.testing import World
from viche_gateway.testing.survey_office import NONSENSE


def test_a_question_shows_what_it_says_and_saving_it_unchanged_changes_nothing(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    browser = browse("otto")
    browser.open(f"{path}/items/transport")
    values = filled(browser)
    assert values["options.en"] == "bus | By bus\nfoot | On foot"
    send(browser, f"{path}/items/transport", **values)
    assert asked(world, path) == document(QUESTION)


def test_a_condition_that_cannot_be_understood_is_saved_and_said_beside_its_field(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE)
    browser = browse("otto")
    browser.open(f"{path}/items/age")
    answer = send(browser, f"{path}/items/age", **{**filled(browser), "relevant": NONSENSE})
    page = browser.open(answer.headers["Location"]).text
    assert 'id="relevant-error"' in page
    assert "cannot be understood" in page
    overview = browser.open(path).text
    assert "cannot be understood" in overview
    assert f'href="{path}/open"' not in overview


def test_an_open_survey_takes_no_change_with_faults_and_loses_nothing(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE, state=pb.SURVEY_STATE_OPEN)
    browser = browse("otto")
    browser.open(f"{path}/items/age")
    values = {**filled(browser), "relevant": NONSENSE, "label.en": "Your age?"}
    page = send(browser, f"{path}/items/age", **values)
    assert page.status_code == 400
    assert 'id="relevant-error"' in page.text
    assert "Your age?" in page.text
    assert "becomes version 2" in page.text
    assert asked(world, path) == document(QUESTION, AGE)


def test_numbers_and_names_are_checked_before_anything_is_saved(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE)
    browser = browse("otto")
    browser.open(f"{path}/items/age")
    page = send(browser, f"{path}/items/age", **{**filled(browser), "minimum": "many", "name": "transport"}).text
    assert 'id="minimum-error"' in page
    assert "Something else is called transport already." in page
    assert asked(world, path) == document(QUESTION, AGE)


def test_levels_of_places_are_offered_with_examples_and_kept_as_numbers(browse: Browse, world: World) -> None:
    town = {"name": "town", "kind": "territory", "label": {"en": "Where do you live?"}, "levels": [7]}
    path = started(world, town)
    browser = browse("otto")
    page = browser.open(f"{path}/items/town").text
    assert "Level 1, the largest, for instance Dibrova Region" in page
    assert re.search(r'value="7"[^>]* checked', page)
    assert "Level 7, which has no places" in page
    send(browser, f"{path}/items/town", **{**filled(browser), "levels": ["2", "1", "x"]})
    assert asked(world, path) == document({**town, "levels": [1, 2]})
    browser.open(f"{path}/items/town")
    send(browser, f"{path}/items/town", **filled(browser))
    assert "levels" not in asked(world, path)["pages"][0]["items"][0]


def test_what_another_changed_in_the_same_question_is_shown_and_nothing_is_lost(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE)
    mine, theirs = browse("otto"), browse("olga")
    mine.open(f"{path}/items/age")
    theirs.open(f"{path}/items/age")
    send(theirs, f"{path}/items/age", **{**filled(theirs), "label.en": "Age, please"})
    page = send(mine, f"{path}/items/age", **{**filled(mine), "label.en": "Your age?"})
    assert page.status_code == 409
    assert "Somebody has changed this meanwhile" in page.text
    assert "<ins>Age, please</ins>" in page.text
    assert filled(mine)["label.en"] == "Your age?"
    assert send(mine, f"{path}/items/age", **filled(mine)).status_code == 303
    assert asked(world, path)["pages"][0]["items"][1]["label"]["en"] == "Your age?"


def test_changes_of_different_questions_at_once_are_both_kept(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE)
    mine = browse("otto")
    mine.open(f"{path}/items/age")
    theirs = document({**QUESTION, "label": {"en": "How do you get around?"}}, AGE)
    world.survey_office.before_update = lambda: world.survey_office.change(path.split("/")[3], theirs)
    assert send(mine, f"{path}/items/age", **{**filled(mine), "label.en": "Your age?"}).status_code == 303
    labels = [each["label"]["en"] for each in asked(world, path)["pages"][0]["items"]]
    assert labels == ["How do you get around?", "Your age?"]


def test_a_form_that_is_sent_twice_is_taken_once(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    browser = browse("otto")
    new = f"{path}/items?kind=text&to=page_1"
    page = browser.open(new)
    fields = {"label.en": "Why?", "name": "why"}
    assert send(browser, new, **fields).status_code == 303
    browser.page = page
    assert send(browser, new, **fields).status_code == 303
    assert len(asked(world, path)["pages"][0]["items"]) == 2


def test_questions_are_moved_copied_taken_away_and_put_back(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE)
    browser = browse("otto")
    browser.open(path)
    browser.send(f"{path}/items/age/act", act="up")
    browser.open(path)
    browser.send(f"{path}/items/age/act", act="copy")
    assert [each["name"] for each in asked(world, path)["pages"][0]["items"]] == ["age", "age_2", "transport"]
    browser.open(path)
    page = browser.send(f"{path}/items/age_2/act", act="delete")
    assert "is taken away" in page.text
    assert len(asked(world, path)["pages"][0]["items"]) == 2
    send(browser, f"{path}/restore")
    assert [each["name"] for each in asked(world, path)["pages"][0]["items"]] == ["age", "age_2", "transport"]


def test_a_question_moves_to_another_page(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE)
    browser = browse("otto")
    browser.open(f"{path}/items?kind=page")
    send(browser, f"{path}/items?kind=page", **{"title.en": "You", "name": "you"})
    assert "You" in browser.open(f"{path}/items/age/move").text
    assert send(browser, f"{path}/items/age/move", container="nowhere").status_code == 400
    send(browser, f"{path}/items/age/move", container="you")
    assert [each["name"] for page in asked(world, path)["pages"] for each in page["items"]] == ["transport", "age"]


def test_groups_and_limits_are_written(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    browser = browse("otto")
    new = f"{path}/items?kind=repeat&to=page_1"
    browser.open(new)
    send(browser, new, **{"label.en": "Children", "name": "children", "repeat_maximum": "9"})
    assert asked(world, path)["pages"][0]["items"][1]["repeat"] == {"maximum": 9}
    new = f"{path}/items?kind=quota"
    browser.open(new)
    send(browser, new, condition='transport == "bus"', limit="100", name="buses")
    assert asked(world, path)["quotas"] == [{"name": "buses", "condition": 'transport == "bus"', "limit": 100}]
    assert "at most 100 where" in browser.open(path).text


def test_limit_that_was_taken_away_is_put_back_where_it_was(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    limits = [{"name": name, "condition": f'transport == "{name}"', "limit": 100} for name in ("bus", "foot")]
    world.survey_office.known[path.split("/")[3]].definition_json = json.dumps(document(QUESTION, quotas=limits))
    browser = browse("otto")
    browser.open(f"{path}/limits/bus")
    page = send(browser, f"{path}/limits/bus", act="delete").text
    assert "“bus” is taken away." in page
    assert [each["name"] for each in asked(world, path)["quotas"]] == ["foot"]
    send(browser, f"{path}/restore")
    assert asked(world, path)["quotas"] == limits
    send(browser, f"{path}/restore")  # pressed twice
    assert asked(world, path)["quotas"] == limits
