"""Surveys over the API of the real services: a form is drawn, answered whole and page by page, once for each key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from viche.surveys.v1 import surveys_pb2 as pb

from tests.e2e.asking import OPEN, TWO_PAGES, open_survey
from tests.suite import Suite

IRYNA = "iryna@example.org"
ANSWERS = {"park": "lamps", "why": "It is dark there."}


@pytest.fixture(scope="module")
def suite(with_demo: Callable[..., Suite]) -> Iterator[Suite]:
    suite = with_demo("api-surveys", environment={"VICHE_RATE_FACTOR": "1000"})
    suite.start()
    yield suite
    suite.stop()


@pytest.fixture(scope="module")
def api(suite: Suite) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{suite.url}/api/v1", trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def iryna(suite: Suite) -> dict[str, str]:
    return {"Authorization": f"Bearer {suite.sign_in(IRYNA)}"}


@pytest.fixture
def number(suite: Suite) -> int:
    return open_survey(suite, TWO_PAGES)


@pytest.fixture
def of_persons(suite: Suite) -> int:
    settings = pb.SurveySettings()
    settings.CopyFrom(OPEN)
    settings.admission = pb.ADMISSION_PERSON
    return open_survey(suite, TWO_PAGES, settings)


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_form_is_drawn_and_answered_once_for_each_key(api: httpx.Client, number: int) -> None:
    form = api.get(f"/surveys/{number}/form", params={"language": "uk"}).raise_for_status().json()
    body = {"version": form["version"], "seed": form["seed"], "answers": ANSWERS}
    key = {"Idempotency-Key": str(uuid4())}

    first, again = [api.post(f"/surveys/{number}/responses", json=body, headers=key) for _ in range(2)]
    other = api.post(f"/surveys/{number}/responses", json={"answers": {"park": "benches"}}, headers=key)

    assert [page["name"] for page in form["pages"]] == ["wish", "reason"]
    assert form["language"] == "uk"
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert refused(other, 409)["reason"] == "REQUEST_MISMATCH"


def test_faults_have_their_places(api: httpx.Client, number: int) -> None:
    answers = {"park": "swings", "unknown": 1}
    problem = refused(api.post(f"/surveys/{number}/responses", json={"answers": answers}), 400)
    assert {(each["pointer"], each["reason"]) for each in problem["errors"]} == {
        ("#/answers/park", "NOT_OFFERED"), ("#/answers/unknown", "UNKNOWN_QUESTION"),
    }  # fmt: skip


def test_an_answer_goes_page_by_page(api: httpx.Client, number: int) -> None:
    address = f"/surveys/{number}/drafts"
    missing = api.post(address, json={"page": "wish", "fields": {}}).raise_for_status().json()
    first = api.post(address, json={"page": "wish", "fields": {"park": "lamps"}}).raise_for_status().json()
    resumed = api.post(f"{address}/resume", json={"token": first["token"]}).raise_for_status().json()
    body = {"token": first["token"], "page": "reason", "fields": {"why": ["Dark"]}}
    last = api.post(address, json=body).raise_for_status().json()

    (asked,) = missing["page"]["items"]
    assert missing["has_faults"]
    assert [each["reason"] for each in asked["question"]["faults"]] == ["REQUIRED"]
    assert first["page"]["name"] == resumed["page"]["name"] == "reason"
    assert (last["page"], bool(last["response_id"])) == (None, True)
    gone = api.post(f"{address}/resume", json={"token": first["token"]})
    assert refused(gone, 404)["reason"] == "DRAFT_NOT_FOUND"


def test_a_person_answers_once_and_needs_a_session(api: httpx.Client, of_persons: int, iryna: dict[str, str]) -> None:
    address = f"/surveys/{of_persons}/responses"
    stranger = refused(api.post(address, json={"answers": ANSWERS}), 401)
    hidden = refused(api.get(f"/surveys/{of_persons}/form"), 401)
    sent = api.post(address, json={"answers": ANSWERS}, headers=iryna)
    again = refused(api.post(address, json={"answers": ANSWERS}, headers=iryna), 409)

    assert stranger["reason"] == hidden["reason"] == "SIGN_IN_NEEDED"
    assert sent.status_code == 201
    assert again["reason"] == "ALREADY_ANSWERED"
    assert again["detail"].startswith("You have answered this survey already.")


def test_few_answers_show_no_number(api: httpx.Client, number: int) -> None:
    api.post(f"/surveys/{number}/responses", json={"answers": ANSWERS}).raise_for_status()
    found = api.get(f"/surveys/{number}/results").raise_for_status().json()
    assert found["is_withheld"]
    assert all(cell["count"] is None for each in found["questions"] for cell in each["cells"])
    assert api.get(f"/surveys/{number}").json()["response_count"] is None


def test_answers_that_no_database_takes_are_refused(api: httpx.Client, number: int) -> None:
    sent = api.post(
        f"/surveys/{number}/responses",
        content=b'{"answers": {"park": "lamps", "why": "\\ud800"}}',
        headers={"Content-Type": "application/json"},
    )
    assert [each["reason"] for each in refused(sent, 400)["errors"]] == ["NOT_TEXT"]
