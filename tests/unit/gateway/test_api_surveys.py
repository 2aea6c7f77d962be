"""Surveys over the API: the same surveys, forms, answers and numbers as on the portal."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from viche.surveys.v1 import answers_pb2, surveys_pb2
from werkzeug.test import TestResponse

from viche_chassis.errors import Code
from viche_chassis.ids import new_id
from viche_gateway.testing import World, make_world
from viche_gateway.testing.channel import refusal
from viche_gateway.testing.results import cell, results, single
from viche_gateway.testing.surveys import question

ANN = {"Authorization": "Bearer ann"}
NAME = question(answers_pb2.QUESTION_KIND_TEXT, "name", is_required=True)
PARK = question(answers_pb2.QUESTION_KIND_SINGLE, "park", "benches", "lamps", is_required=True)
PERSON = surveys_pb2.SurveySettings(admission=surveys_pb2.ADMISSION_PERSON)
HUMAN = surveys_pb2.SurveySettings(needs_human_check=True)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.app().test_client()


def said(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.json is not None
    return answer.json


def test_open_and_closed_surveys_are_listed_apart(world: World, client: FlaskClient) -> None:
    opened = world.surveys.add([NAME])
    closed = world.surveys.add([NAME], state=surveys_pb2.SURVEY_STATE_CLOSED)

    numbers = [
        [each["number"] for each in said(client.get(f"/api/v1/surveys{query}"))["surveys"]]
        for query in ("", "?state=open", "?state=closed")
    ]

    assert numbers == [[opened.number, closed.number], [opened.number], [closed.number]]
    assert client.get("/api/v1/surveys?state=draft").status_code == 400


def test_a_survey_says_who_may_answer_and_hides_small_counts(world: World, client: FlaskClient) -> None:
    survey = world.surveys.add([NAME], [PARK], settings=PERSON)

    found = said(client.get(f"/api/v1/surveys/{survey.number}"))

    assert (found["admission"], found["page_count"], found["response_count"]) == ("person", 2, None)
    assert said(client.get("/api/v1/surveys/7"), 404)["detail"] == "There is no survey at this address."


def test_the_form_has_all_pages_with_what_is_needed_to_draw_them(world: World, client: FlaskClient) -> None:
    number = question(answers_pb2.QUESTION_KIND_NUMBER, "age", minimum=0, relevant="park == 'benches'")
    survey = world.surveys.add([NAME], [PARK, number])

    form = said(client.get(f"/api/v1/surveys/{survey.number}/form?language=en"))

    asked = [each["question"] for page in form["pages"] for each in page["items"]]
    assert (form["version"], form["seed"], form["language"]) == (1, 7, "en")
    assert [(each["name"], each["kind"], each["is_required"]) for each in asked] == [
        ("name", "text", True), ("park", "single", True), ("age", "number", False),
    ]  # fmt: skip
    assert [each["code"] for each in asked[1]["options"]] == ["benches", "lamps"]
    assert (asked[2]["minimum"], asked[2]["maximum"], asked[2]["relevant"]) == (0, None, "park == 'benches'")


def test_a_whole_answer_is_taken_with_the_key_as_its_id(world: World, client: FlaskClient) -> None:
    survey, key = world.surveys.add([NAME], [PARK]), str(new_id())
    answers = {"name": "Ann", "park": "lamps"}

    sent = client.post(
        f"/api/v1/surveys/{survey.number}/responses", json={"answers": answers}, headers={"Idempotency-Key": key}
    )

    assert said(sent, 201)["survey_number"] == survey.number
    assert world.surveys.taken == [answers]
    assert world.surveys.asked[-1].request_id == key
    assert world.surveys.asked[-1].respondent.scope_token == ""


def test_faults_are_named_with_their_place_and_nothing_is_kept(world: World, client: FlaskClient) -> None:
    survey = world.surveys.add([NAME, PARK])

    refused = said(client.post(f"/api/v1/surveys/{survey.number}/responses", json={"answers": {"name": "Ann"}}), 400)

    assert refused["reason"] == "ANSWERS_REFUSED"
    assert refused["errors"] == [
        {"field": "answers.park", "in": "body", "pointer": "#/answers/park", "reason": "REQUIRED",
         "detail": "Write an answer."}
    ]  # fmt: skip
    assert world.surveys.taken == []


def test_question_that_needs_a_file_is_refused_with_where_files_are_taken(world: World, client: FlaskClient) -> None:
    survey = world.surveys.add([question(answers_pb2.QUESTION_KIND_FILE, "photo", is_required=True), PARK])

    refused = said(client.post(f"/api/v1/surveys/{survey.number}/responses", json={"answers": {}}), 400)

    assert [(each["field"], each["reason"]) for each in refused["errors"]] == [
        ("answers.photo", "FILES_ON_THE_PORTAL"), ("answers.park", "REQUIRED"),
    ]  # fmt: skip
    assert "on the portal" in refused["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [("[]", "WRONG_TYPE"), ('{"name": "\\u0000"}', "NUL_BYTE"), ('{"a": [{"b": "\\ud800"}]}', "NOT_TEXT"),
     ('{"name": 1e999}', "WRONG_TYPE"), ("null", "WRONG_TYPE")],
)  # fmt: skip
def test_answers_that_cannot_be_sent_on_are_refused(
    world: World, client: FlaskClient, answers: str, reason: str
) -> None:
    survey = world.surveys.add([NAME])

    sent = client.post(
        f"/api/v1/surveys/{survey.number}/responses",
        data=f'{{"answers": {answers}}}',
        content_type="application/json",
    )

    assert [each["reason"] for each in said(sent, 400)["errors"]] == [reason]


def test_a_person_answers_with_a_session_and_under_a_pseudonym(world: World, client: FlaskClient) -> None:
    survey = world.surveys.add([NAME], settings=PERSON)
    address = f"/api/v1/surveys/{survey.number}/responses"

    sent = client.post(address, json={"answers": {"name": "Ann"}}, headers=ANN)

    assert sent.status_code == 201
    assert world.surveys.asked[-1].respondent.scope_token == f"ann survey:{survey.id}"
    assert client.post(address, json={"answers": {}}, headers={"Authorization": "Bearer nobody"}).status_code == 401


def test_who_is_signed_in_stays_unknown_where_persons_are_not_counted(world: World, client: FlaskClient) -> None:
    survey = world.surveys.add([NAME])

    client.post(f"/api/v1/surveys/{survey.number}/responses", json={"answers": {"name": "Ann"}}, headers=ANN)

    assert world.surveys.asked[-1].respondent.scope_token == ""


@pytest.mark.parametrize(
    ("reason", "code", "status", "detail"),
    [
        ("NOT_OPEN", Code.FAILED_PRECONDITION, 409, "This survey takes no answers now."),
        ("QUOTA_FULL", Code.RESOURCE_EXHAUSTED, 409, "Enough people like you have answered"),
        ("SIGN_IN_NEEDED", Code.UNAUTHENTICATED, 401, "This survey counts each person once."),
    ],
)
def test_refusals_are_said_of_surveys(
    world: World, client: FlaskClient, reason: str, code: Code, status: int, detail: str
) -> None:
    survey = world.surveys.add([NAME])
    world.surveys.refusals[survey.number] = refusal(code, reason)

    refused = said(client.post(f"/api/v1/surveys/{survey.number}/responses", json={"answers": {}}), status)

    assert refused["reason"] == reason
    assert refused["detail"].startswith(detail)


def test_an_answer_goes_page_by_page(world: World, client: FlaskClient) -> None:
    survey = world.surveys.add([NAME], [PARK])
    address = f"/api/v1/surveys/{survey.number}/drafts"

    first = said(client.post(address, json={"page": "page1", "fields": {"name": "Ann"}}))
    resumed = said(client.post(f"{address}/resume", json={"token": first["token"], "page": "page2"}))
    kept = said(client.post(address, json={"token": first["token"], "page": "page2", "fields": {}}))
    last = said(client.post(address, json={"token": first["token"], "page": "page2", "fields": {"park": ["lamps"]}}))

    assert (first["page"]["name"], first["has_faults"], first["response_id"]) == ("page2", False, None)
    assert resumed["page"]["name"] == "page2"
    assert [each["question"]["faults"][0]["detail"] for each in kept["page"]["items"]] == ["Choose one of the answers."]
    assert (last["page"], last["token"]) == (None, None)
    assert last["response_id"]
    assert world.surveys.taken == [{"name": ["Ann"], "park": ["lamps"]}]


def test_a_draft_that_is_not_there_is_not_found(world: World, client: FlaskClient) -> None:
    survey = world.surveys.add([NAME])
    asked = client.post(f"/api/v1/surveys/{survey.number}/drafts/resume", json={"token": "x"})
    assert said(asked, 404)["reason"] == "DRAFT_NOT_FOUND"


def test_few_answers_without_a_solved_challenge_are_taken(world: World) -> None:
    client = world.app(rate_factor=1).test_client()
    survey = world.surveys.add([NAME], settings=HUMAN)
    address = f"/api/v1/surveys/{survey.number}/responses"

    statuses = [client.post(address, json={"answers": {"name": "x"}}).status_code for _ in range(21)]

    assert statuses == [201] * 20 + [429]


def test_results_are_those_of_the_page(world: World, client: FlaskClient) -> None:
    survey = world.surveys.add([PARK])
    numbers = single("park", cell("benches", 150, 0.75), cell("lamps", -1, -1))
    world.results.public[survey.number] = results(world.surveys, survey.number, numbers)

    found = said(client.get(f"/api/v1/surveys/{survey.number}/results"))

    assert found == said(client.get(f"/surveys/{survey.number}/results.json"))
    assert [each["count"] for each in found["questions"][0]["cells"]] == [150, None]


def test_results_that_are_not_public_are_not_told(world: World, client: FlaskClient) -> None:
    survey = world.surveys.add([PARK])
    assert said(client.get(f"/api/v1/surveys/{survey.number}/results"), 404)["reason"] == "RESULTS_NOT_PUBLIC"
