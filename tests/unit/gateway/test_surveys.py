"""Surveys for everybody: the list, the page of one, and what the home page says of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import surveys_pb2

from viche_gateway.testing import COUNCIL, World
from viche_gateway.testing.channel import stamp
from viche_gateway.testing.surveys import question

PARK = question(pb.QUESTION_KIND_SINGLE, "park", "benches", "lamps")


def soon(**fields: object) -> surveys_pb2.SurveySettings:
    closes_at = stamp(datetime.now(UTC) + timedelta(days=3, hours=1))
    return surveys_pb2.SurveySettings(closes_at=closes_at, **fields)  # pyright: ignore[reportArgumentType]


def test_list_shows_open_surveys_and_leads_to_closed_ones(world: World) -> None:
    world.surveys.add([PARK], settings=soon(), authority_id=COUNCIL, responses=1200)
    world.surveys.add([PARK], title={"en": "Old question"}, state=surveys_pb2.SURVEY_STATE_CLOSED)
    page = world.app().test_client().get("/surveys").text
    assert "What should the park have?" in page
    assert "3 days left" in page
    assert "1,200" in page
    assert "Old question" not in page
    assert "Old question" in world.app().test_client().get("/surveys?state=closed").text


@pytest.mark.parametrize(("path", "said"), [("/surveys", "Nothing is asked"), ("/surveys?state=closed", "No survey")])
def test_empty_list_says_so_and_what_to_do(world: World, path: str, said: str) -> None:
    assert said in world.app().test_client().get(path).text


def test_page_says_who_asks_how_long_until_when_and_who_may_answer(world: World) -> None:
    survey = world.surveys.add([PARK], [PARK], settings=soon(), authority_id=COUNCIL, introduction={"en": "We build."})
    page = world.app().test_client().get(f"/surveys/{survey.number}").text
    for said in ("Dibrova Council", "2 questions (2 pages)", "3 days left", "Everybody", "We build.", "fewer than 10"):
        assert said in page
    assert f'href="/surveys/{survey.number}/answer"' in page
    assert f'href="/surveys/{survey.number}/results"' in page


def test_closed_survey_cannot_be_started(world: World) -> None:
    survey = world.surveys.add([PARK], state=surveys_pb2.SURVEY_STATE_CLOSED)
    assert f"/surveys/{survey.number}/answer" not in world.app().test_client().get(f"/surveys/{survey.number}").text


def test_survey_by_link_alone_says_that_one_needs_the_link(world: World) -> None:
    survey = world.surveys.add([PARK], settings=surveys_pb2.SurveySettings(admission=surveys_pb2.ADMISSION_LINK))
    page = world.app().test_client().get(f"/surveys/{survey.number}").text
    assert "open the link that you were given" in page
    assert f"/surveys/{survey.number}/answer" not in page


def test_results_are_linked_when_everybody_may_see_them(world: World) -> None:
    later = surveys_pb2.SurveySettings(results=surveys_pb2.RESULTS_VISIBILITY_CLOSED)
    survey = world.surveys.add([PARK], settings=later)
    page = world.app().test_client().get(f"/surveys/{survey.number}").text
    assert "/results" not in page
    assert "when the survey has closed" in page


def test_text_in_another_language_says_which(world: World) -> None:
    survey = world.surveys.add([PARK], title={"ro": "Ce lipsește?"}, languages=["ro"])
    assert 'lang="ro">Ce lipsește?</h1>' in world.app().test_client().get(f"/surveys/{survey.number}").text


@pytest.mark.parametrize("path", ["/surveys", "/surveys/501"])
def test_public_pages_are_cacheable(world: World, path: str) -> None:
    world.surveys.add([PARK], number=501)
    answer = world.app().test_client().get(path)
    assert answer.cache_control.public
    assert answer.headers.getlist("Set-Cookie") == []


def test_unknown_survey_is_not_found(world: World) -> None:
    answer = world.app().test_client().get("/surveys/4711")
    assert answer.status_code == 404
    assert "There is no survey at this address." in answer.text


def test_home_shows_what_closes_soon_and_does_without_it(world: World) -> None:
    app = world.app()
    assert "Surveys closing soon" not in app.test_client().get("/").text
    world.surveys.add([PARK], settings=soon())
    assert "What should the park have?" in app.test_client().get("/").text
    world.channels["surveys"].is_down = True
    assert app.test_client().get("/").status_code == 200
