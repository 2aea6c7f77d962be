"""The API over the real services: from a link in a mail to a signature that everybody sees counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.suite import Suite

OFFICER, IRYNA, ANNA = "officer@example.org", "iryna@example.org", "anna@example.org"
SEEN_WITHIN_S = 60.0
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
Api = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def suite(with_demo: Callable[..., Suite]) -> Iterator[Suite]:
    suite = with_demo("api", environment={"VICHE_RATE_FACTOR": "1000"})
    suite.start()
    yield suite
    suite.stop()


@pytest.fixture(scope="module")
def api(suite: Suite) -> Iterator[Api]:
    with httpx.Client(base_url=f"{suite.url}/api/v1", trust_env=False, timeout=60) as client:

        def call(method: str, path: str, *, session: str = "", key: str = "", **kwargs: Any) -> httpx.Response:
            headers = {"Authorization": f"Bearer {session}"} if session else {}
            return client.request(method, path, headers=headers | ({"Idempotency-Key": key} if key else {}), **kwargs)

        yield call


@pytest.fixture(scope="module")
def sessions(suite: Suite, api: Api) -> dict[str, str]:
    return {email: sign_in(suite, api, email) for email in (OFFICER, IRYNA, ANNA)}


def sign_in(suite: Suite, api: Api, email: str) -> str:
    """Signs in by the link in the mail."""
    asked_at = len(suite.mails(email))
    api("POST", "/sign-in-links", json={"email": email, "language": "en"}).raise_for_status()
    deadline = time.monotonic() + SEEN_WITHIN_S
    while len(mails := suite.mails(email)) == asked_at and time.monotonic() < deadline:
        time.sleep(0.1)
    token = next(link for link in mails[0]["links"] if "/sign-in/" in link).rsplit("/", 1)[-1]
    return api("POST", "/sessions", json={"token": token}).raise_for_status().json()["session_token"]


@pytest.fixture(scope="module")
def petition(api: Api, sessions: dict[str, str]) -> dict[str, Any]:
    """A petition to Iryna's own council that an officer has opened."""
    home = api("GET", "/me", session=sessions[IRYNA]).json()["residence_code"]
    authority = next(
        item for item in api("GET", "/authorities").json()["authorities"] if item["territory_code"] == home
    )
    draft = {
        "title": "Mend the footbridge over the river",
        "background": "Two planks are missing and children cross it every day.",
        "authority_id": authority["id"],
        "author_name": "Iryna",
        "language": "en",
    }
    made = api("POST", "/petitions", session=sessions[IRYNA], json=draft).raise_for_status().json()
    change = {"version": made["version"], "submit": True}
    api("PATCH", f"/petitions/{made['id']}", session=sessions[IRYNA], json=change).raise_for_status()
    return api("POST", f"/petitions/{made['id']}/open", session=sessions[OFFICER]).raise_for_status().json()


def test_a_signature_is_counted_once_and_seen_within_seconds(
    suite: Suite, api: Api, sessions: dict[str, str], petition: dict[str, Any]
) -> None:
    address, key = f"/petitions/{petition['number']}/signatures", str(uuid4())
    first = api("POST", address, session=sessions[IRYNA], key=key)
    repeat = api("POST", address, session=sessions[IRYNA], key=key)
    second = api("POST", address, session=sessions[IRYNA])
    assert (first.status_code, repeat.status_code, second.status_code) == (201, 201, 409)
    assert repeat.json() == first.json()
    assert second.json()["reason"] == "ALREADY_SIGNED"
    count = eventually(
        lambda: suite.get(f"/petitions/{petition['number']}.json").json()["data"]["attributes"]["signature_count"], 1
    )
    assert count == 1
    assert api("GET", f"/petitions/{petition['number']}/tally").json()["signature_count"] == 1


def eventually(look: Callable[[], Any], wanted: Any) -> Any:
    """What ``look`` gives once it is ``wanted``, or in the end."""
    deadline = time.monotonic() + SEEN_WITHIN_S
    while (seen := look()) != wanted and time.monotonic() < deadline:
        time.sleep(0.2)
    return seen


def test_the_same_key_with_another_body_is_a_conflict(api: Api) -> None:
    key, body = str(uuid4()), {"email": "somebody@example.org", "language": "en"}
    answers = [
        api("POST", "/sign-in-links", key=key, json=sent) for sent in (body, body, body | {"email": "else@example.org"})
    ]
    assert [answer.status_code for answer in answers] == [202, 202, 409]
    assert answers[2].json()["reason"] == "REQUEST_MISMATCH"


def test_who_lives_elsewhere_is_told_so(api: Api, sessions: dict[str, str], petition: dict[str, Any]) -> None:
    answer = api("POST", f"/petitions/{petition['number']}/signatures", session=sessions[ANNA])
    assert (answer.status_code, answer.json()["reason"]) == (403, "OTHER_TERRITORY")
    assert "%(" not in answer.json()["detail"]


def test_a_citizen_cannot_close_a_petition(api: Api, sessions: dict[str, str], petition: dict[str, Any]) -> None:
    answer = api("POST", f"/petitions/{petition['id']}/close", session=sessions[IRYNA])
    assert (answer.status_code, answer.json()["reason"]) == (403, "ACCESS_DENIED")


def test_a_signature_by_mail_counts_when_it_is_confirmed(suite: Suite, api: Api, petition: dict[str, Any]) -> None:
    home = petition["terms"]["territory_code"]
    email = f"signer-{uuid4().hex[:8]}@example.org"
    body = {"email": email, "name": "Eve", "residence_code": home, "language": "en"}
    asked = api("POST", f"/petitions/{petition['number']}/email-signatures", json=body)
    eventually(lambda: len(suite.mails(email)), 1)
    token = next(link for link in suite.mails(email)[0]["links"] if "/confirm/" in link).rsplit("/", 1)[-1]
    confirmed = [api("POST", "/email-signatures/confirm", json={"token": token}) for _ in range(2)]
    assert (asked.status_code, asked.content) == (202, b"")
    assert [answer.status_code for answer in confirmed] == [200, 200]
    assert confirmed[0].json() == confirmed[1].json()


def test_an_unknown_link_is_refused(api: Api) -> None:
    answer = api("POST", "/sessions", json={"token": "x" * 40})
    assert answer.status_code in (404, 410)
    assert answer.json()["reason"].startswith("LINK_")


def test_a_copy_that_is_still_good_is_not_sent_again(suite: Suite, petition: dict[str, Any]) -> None:
    address = f"{suite.url}/petitions/{petition['number']}.json"
    with httpx.Client(trust_env=False, timeout=60) as client:
        answers = []
        for _ in range(3):  # a refresh may come between two of them
            tag = client.get(address).headers["ETag"]
            answers.append(client.get(address, headers={"If-None-Match": tag}).status_code)
    assert 304 in answers


def test_answers_are_as_described(suite: Suite, sessions: dict[str, str]) -> None:
    schema = schemathesis.openapi.from_url(f"{suite.url}/api/v1/openapi.json")
    names = []
    for result in schema.get_all_operations():
        operation = result.ok()  # pyright: ignore[reportAttributeAccessIssue] (the other kind has none and fails here)
        if operation.path == "/sessions/current":
            continue  # it would sign the officer out
        names.append(operation.label)

        @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
        @given(case=operation.as_strategy())
        def hold(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {sessions[OFFICER]}"}, checks=CHECKS, timeout=60)

        hold()
    assert len(names) > 15
