"""What cannot be taken is refused with a problem (RFC 9457) that names the reason and the fields."""

import json
import logging
from typing import Any

import pytest
from flask.testing import FlaskClient

from viche_chassis.errors import Code
from viche_chassis.status import received
from viche_gateway.testing import COUNCIL, World, make_world

ANN = {"Authorization": "Bearer ann"}
DRAFT = {"title": "Plant trees on Market Square", "authority_id": COUNCIL, "language": "en"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.app().test_client()


def test_a_problem_says_type_title_status_detail_reason_and_trace(client: FlaskClient) -> None:
    answer = client.get("/api/v1/petitions/99")
    problem = _problem(answer, 404)
    assert problem["type"] == "http://127.0.0.1:8080/api/docs#reason-PETITION_NOT_FOUND"
    assert problem["title"] == "Petition not found"
    assert problem["detail"] == "There is no petition at this address."
    assert problem["reason"] == "PETITION_NOT_FOUND"
    assert len(problem["trace_id"]) == 32
    assert answer.cache_control.no_store


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"title": None}, "title", "WRONG_TYPE"),
        ({"title": 7}, "title", "WRONG_TYPE"),
        ({"title": ""}, "title", "REQUIRED"),
        ({"title": "x" * 151}, "title", "TOO_LONG"),
        ({"title": "short"}, "title", "TOO_SHORT"),
        ({"title": "nul \x00 byte in it"}, "title", "NUL_BYTE"),
        ({"title": "half a pair \ud800"}, "title", "NOT_TEXT"),
        ({"authority_id": "council"}, "authority_id", "NOT_A_UUID"),
        ({"submit": "true"}, "submit", "WRONG_TYPE"),
        ({"colour": "red"}, "colour", "UNKNOWN_FIELD"),
    ],
)
def test_a_bad_field_is_named(client: FlaskClient, body: dict[str, Any], field: str, reason: str) -> None:
    problem = _problem(client.post("/api/v1/petitions", headers=ANN, json=DRAFT | body), 400)
    assert problem["reason"] == "INVALID_FIELDS"
    fault = problem["errors"][0]
    assert (fault["field"], fault["reason"], fault["pointer"], fault["in"]) == (field, reason, f"#/{field}", "body")
    assert fault["detail"]


def test_all_bad_fields_are_named_at_once(client: FlaskClient) -> None:
    problem = _problem(client.post("/api/v1/petitions", headers=ANN, json={}), 400)
    assert {fault["field"] for fault in problem["errors"]} == {"title", "authority_id", "language"}


@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [
        ("state=resting", "state", "UNKNOWN_VALUE"),
        ("page_size=0", "page_size", "OUT_OF_RANGE"),
        ("page_size=many", "page_size", "WRONG_TYPE"),
        ("authority=1", "authority", "NOT_A_UUID"),
        ("sort=up", "sort", "UNKNOWN_FIELD"),
        ("q=%00", "q", "NUL_BYTE"),
    ],
)
def test_a_bad_query_is_named(client: FlaskClient, query: str, field: str, reason: str) -> None:
    fault = _problem(client.get(f"/api/v1/petitions?{query}"), 400)["errors"][0]
    assert (fault["field"], fault["reason"], fault["in"]) == (field, reason, "query")


@pytest.mark.parametrize(
    ("body", "media_type", "status", "reason"),
    [
        (b"{", "application/json", 400, "NOT_JSON"),
        (b'{"a": NaN}', "application/json", 400, "NOT_JSON"),
        (b"[" * 100_000, "application/json", 400, "NOT_JSON"),
        (b'{"title": "\xff"}', "application/json", 400, "NOT_UTF8"),
        (b"[]", "application/json", 400, "INVALID_FIELDS"),
        (b"title=x", "application/x-www-form-urlencoded", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"{}", "", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b'"' + b"x" * 300_000 + b'"', "application/json", 413, "BODY_TOO_LARGE"),
    ],
)
def test_an_unreadable_body_is_refused(
    client: FlaskClient, body: bytes, media_type: str, status: int, reason: str
) -> None:
    answer = client.post("/api/v1/petitions", headers=ANN, data=body, content_type=media_type)
    assert _problem(answer, status)["reason"] == reason


def test_a_query_that_is_not_utf8_is_refused(client: FlaskClient) -> None:
    assert _problem(client.get("/api/v1/petitions?q=%ff"), 400)["reason"] == "NOT_UTF8"


def test_an_idempotency_key_must_be_a_uuid(client: FlaskClient) -> None:
    answer = client.post("/api/v1/petitions", headers={**ANN, "Idempotency-Key": "1"}, json=DRAFT)
    fault = _problem(answer, 400)["errors"][0]
    assert (fault["field"], fault["in"], fault["reason"]) == ("Idempotency-Key", "header", "NOT_A_UUID")


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer nobody", "Basic ann", "Bearer " + "x" * 300])
def test_a_call_without_a_session_is_refused(client: FlaskClient, header: str | None) -> None:
    answer = client.get("/api/v1/me", headers={"Authorization": header} if header else {})
    assert _problem(answer, 401)["reason"] == "UNAUTHENTICATED"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_cookie_is_no_session_here(client: FlaskClient) -> None:
    client.set_cookie("viche_session", "ann")
    assert client.get("/api/v1/me").status_code == 401


def test_an_officers_call_needs_a_role(client: FlaskClient) -> None:
    answer = client.post(f"/api/v1/petitions/{COUNCIL}/open", headers=ANN)
    assert _problem(answer, 403)["reason"] == "ACCESS_DENIED"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/petitions/0", f"/api/v1/petitions/{2**63}", "/x.json"])
def test_an_unknown_address_is_a_problem(client: FlaskClient, path: str) -> None:
    assert _problem(client.get(path), 404)["reason"] == "NOT_FOUND"


@pytest.mark.parametrize("path", ["/petitions/{}", "/petitions/{}/sign", "/petitions/{}.json", "/api/v1/petitions/{}"])
def test_a_number_that_no_petition_can_have_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path.format(10**20)).status_code == 404


def test_an_unknown_method_says_which_are_known(client: FlaskClient) -> None:
    answer = client.put("/api/v1/petitions", json={})
    assert _problem(answer, 405)["reason"] == "METHOD_NOT_ALLOWED"
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_service_that_is_down_is_said_so(world: World, client: FlaskClient) -> None:
    world.channels["petitions"].is_down = True
    answer = client.get("/api/v1/petitions")
    assert _problem(answer, 503)["reason"] == "UNAVAILABLE"
    assert answer.headers["Retry-After"]


def test_the_same_key_with_another_body_is_a_conflict(world: World, client: FlaskClient) -> None:
    world.channels["petitions"].refusal = received(Code.ABORTED, "REQUEST_MISMATCH", {})
    answer = client.post("/api/v1/petitions", headers=ANN, json=DRAFT)
    assert _problem(answer, 409)["reason"] == "REQUEST_MISMATCH"


def test_a_rate_rule_of_a_service_says_when_to_come_again(world: World, client: FlaskClient) -> None:
    client.get("/help")  # so that the gateway knows that nothing keeps it from taking what is sent
    world.channels["identity"].refusal = received(Code.RESOURCE_EXHAUSTED, "TOO_MANY_REQUESTS", {"retry_after_s": "90"})
    answer = client.post("/api/v1/sign-in-links", json={"email": "ann@example.org", "language": "en"})
    assert _problem(answer, 429)["reason"] == "TOO_MANY_REQUESTS"
    assert answer.headers["Retry-After"] == "90"


@pytest.mark.parametrize(("asked", "language"), [("uk-UA,uk;q=0.9", "uk"), ("bg", "bg"), ("fr", "en"), ("", "en")])
def test_the_sentence_is_in_the_language_that_is_asked_for(client: FlaskClient, asked: str, language: str) -> None:
    answer = client.get("/api/v1/petitions/99", headers={"Accept-Language": asked})
    assert answer.headers["Content-Language"] == language


def test_a_refusal_is_logged_without_what_was_sent(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    client.post("/api/v1/sign-in-links", json={"email": "secret at example", "language": "en"})
    lines = [json.dumps(vars(record), default=str) for record in caplog.records]
    assert any("BAD_EMAIL" in line or "INVALID_FIELDS" in line for line in lines)
    assert not any("secret at example" in line for line in lines)


def _problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.data
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.data)
    assert problem["status"] == status
    return problem
