"""One request is one trace: from the gateway through gRPC to SQL, and across NATS to the mail, edge by edge."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.collector import CLIENT, SERVER, Collector, collecting
from tests.suite import Suite

SIGN_RPC = "viche.petitions.v1.SignaturesService/BatchCreateSignatures"
EMAIL_RPC = "viche.petitions.v1.SignaturesService/CreateEmailSignature"
TOKENS_RPC = "viche.identity.v1.ScopeTokensService/BatchCreateScopeTokens"
LINK_RPC = "viche.identity.v1.SignInService/RequestSignInLink"
ANSWER_RPC = "viche.surveys.v1.AnswersService/BatchCreateResponses"
LINK_EVENT = "viche.identity.v1.SignInLinkRequested"
EMAIL_EVENT = "viche.petitions.v1.SignatureConfirmationRequested"
TOGETHER = 16
PLANTED = "Chornobryvets"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="module")
def suite(with_demo: Callable[..., Suite], collector: Collector) -> Iterator[Suite]:
    suite = with_demo("traces", environment={**collector.environment, "VICHE_RATE_FACTOR": "1000"})
    suite.start()
    yield suite
    suite.stop()


@pytest.fixture
def kept(collector: Collector, suite: Suite) -> Collector:
    """The collector, with nothing in it yet of what the test does."""
    time.sleep(0.5)
    collector.spans.clear()
    return collector


@pytest.fixture(scope="module")
def session(suite: Suite) -> str:
    return suite.sign_in("petro@example.org")


def post(suite: Suite, path: str, body: Any, **headers: str) -> httpx.Response:
    return httpx.post(f"{suite.url}/api/v1{path}", json=body, headers=headers, timeout=20, trust_env=False)


def open_petitions(suite: Suite) -> list[dict[str, Any]]:
    return suite.get("/petitions.json?state=open").json()["data"]


def sign_by_mail(suite: Suite, email: str) -> None:
    """Asks for the mail that confirms a signature, at the first petition that takes such."""
    said: list[str] = []
    for petition in suite.get("/api/v1/petitions?state=open").json()["petitions"]:
        home = petition["terms"]["territory_code"]
        body = {"email": email, "name": PLANTED, "residence_code": home, "language": "en"}
        answer = post(suite, f"/petitions/{petition['number']}/email-signatures", body)
        if answer.status_code == 202:
            return
        said.append(answer.text)
    raise AssertionError(said)


def test_a_sign_in_is_one_trace_from_the_gateway_across_nats_to_the_mail(suite: Suite, kept: Collector) -> None:
    suite.sign_in("olha@example.org")

    asked = kept.called(kept.request("POST /api/v1/sign-in-links"), "viche-identity", LINK_RPC)
    kept.one(lambda span: span.parent == asked.id and "db.statement" in span.attributes)
    kept.mailed(asked, LINK_EVENT)


def test_a_signature_is_one_trace_from_the_gateway_to_sql(suite: Suite, session: str, kept: Collector) -> None:
    answers = [
        post(suite, f"/petitions/{item['id']}/signatures", {}, Authorization=f"Bearer {session}")
        for item in open_petitions(suite)
    ]
    assert {answer.status_code for answer in answers} & {200, 201}

    request = kept.one(lambda span: span.name.startswith("POST") and span.name.endswith("/signatures"))
    kept.called(request, "viche-identity", TOKENS_RPC)
    signed = kept.called(request, "viche-petitions", SIGN_RPC)
    kept.one(lambda span: span.parent == signed.id and "db.statement" in span.attributes)


def test_a_signature_by_mail_is_one_trace_to_the_mail_that_asks_for_it(suite: Suite, kept: Collector) -> None:
    sign_by_mail(suite, "oksana@example.org")

    told = kept.one(lambda span: span.name == f"{EMAIL_EVENT} publish")
    request = kept.one(lambda span: span.trace_id == told.trace_id and span.name.endswith("/email-signatures"))
    kept.mailed(kept.called(request, "viche-petitions", EMAIL_RPC), EMAIL_EVENT)


def test_signatures_that_travel_together_lead_to_one_another(suite: Suite, session: str, kept: Collector) -> None:
    petition = open_petitions(suite)[0]
    url = f"{suite.url}/api/v1/petitions/{petition['id']}/signatures"
    headers = {"Authorization": f"Bearer {session}"}
    # one client: to make one takes longer than a signature, and they would come one by one
    with httpx.Client(timeout=20, trust_env=False) as client, ThreadPoolExecutor(TOGETHER) as presses:
        list(presses.map(lambda _: client.post(url, json={}, headers=headers), range(TOGETHER)))

    batch = kept.one(lambda span: span.service == "viche-gateway" and span.name == "signatures batch")
    signed = kept.called(batch, "viche-petitions", SIGN_RPC)
    assert batch.links
    for linked in batch.links:
        press = kept.one(lambda span, linked=linked: span.id == linked)
        assert press.kind == SERVER
        assert batch.id in press.links
        assert linked in signed.links
    kept.one(lambda span: span.id == batch.parent and span.kind == SERVER)


def test_an_answer_to_a_survey_is_one_trace(suite: Suite, kept: Collector) -> None:
    numbers = [item["number"] for item in suite.get("/api/v1/surveys").json()["surveys"]]
    for number in numbers:
        post(suite, f"/surveys/{number}/responses", {"answers": {}})

    calls = kept.one(lambda span: span.service == "viche-surveys" and span.name == ANSWER_RPC)
    client = kept.one(lambda span: span.id == calls.parent)
    assert (client.service, client.name, client.kind) == ("viche-gateway", ANSWER_RPC, CLIENT)
    request = kept.one(lambda span: span.id == client.parent)
    assert (request.service, request.kind) == ("viche-gateway", SERVER)


def test_what_a_platform_sends_is_one_trace_to_social(suite: Suite, kept: Collector) -> None:
    httpx.post(f"{suite.url}/hooks/{PLANTED}", content=PLANTED, timeout=10, trust_env=False)

    request = kept.request("POST /hooks/<token>")
    kept.one(lambda span: span.parent == request.id and span.kind == CLIENT)
    kept.one(lambda span: span.service == "viche-social" and span.trace_id == request.trace_id and span.kind == SERVER)


def test_no_span_holds_what_people_send(suite: Suite, kept: Collector) -> None:
    session = suite.sign_in("hanna@example.org")
    headers = {"baggage": f"who={PLANTED}", "User-Agent": PLANTED, "Referer": f"https://{PLANTED}.example.org/"}
    for path in (f"/petitions?q={PLANTED}", f"/confirm/{PLANTED}", f"/{PLANTED}"):
        httpx.get(suite.url + path, headers=headers, timeout=10, trust_env=False)
    sign_by_mail(suite, f"{PLANTED}@example.org")
    kept.one(lambda span: span.name == f"{EMAIL_EVENT} process")
    time.sleep(1)

    for span in kept.spans:
        said = f"{span.name} {span.attributes}".lower()
        assert "example.org" not in said, span.name
        assert session.lower() not in said, span.name
        assert PLANTED.lower() not in said, span.name
