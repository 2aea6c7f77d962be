"""One request is one trace: from the gateway through gRPC to SQL, and across NATS to who handles the event."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import grpc
import httpx
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from tests.suite import Suite

SIGN_RPC = "/viche.petitions.v1.SignaturesService/BatchCreateSignatures"
TOKENS_RPC = "/viche.identity.v1.ScopeTokensService/BatchCreateScopeTokens"
LINK_RPC = "/viche.identity.v1.SignInService/RequestSignInLink"
LINK_EVENT = "viche.identity.v1.SignInLinkRequested process"
EXPORTED_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Span:
    """A span as it was exported."""

    service: str
    name: str
    trace_id: bytes
    attributes: str


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """An OpenTelemetry collector that keeps what it gets."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def Export(self, request: Any, context: Any) -> Any:
        for group in request.resource_spans:
            service = {item.key: item.value.string_value for item in group.resource.attributes}["service.name"]
            for scope in group.scope_spans:
                self.spans += [Span(service, s.name, s.trace_id, str(s.attributes)) for s in scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse()

    def one(self, claim: Callable[[Span], bool]) -> Span:
        """The first span of which ``claim`` holds, as soon as it was exported."""
        deadline = time.monotonic() + EXPORTED_WITHIN_S
        while time.monotonic() < deadline:
            for span in list(self.spans):
                if claim(span):
                    return span
            time.sleep(0.1)
        raise AssertionError(f"no such span among {sorted({(s.service, s.name) for s in self.spans})}")


@pytest.fixture(scope="module")
def collector() -> Iterator[tuple[Collector, int]]:
    server = grpc.server(ThreadPoolExecutor(4))
    kept = Collector()
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(kept, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield kept, port
    server.stop(1).wait()


@pytest.fixture(scope="module")
def suite(with_demo: Callable[..., Suite], collector: tuple[Collector, int]) -> Iterator[Suite]:
    environment = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector[1]}",
        "OTEL_EXPORTER_OTLP_INSECURE": "true",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }
    suite = with_demo("traces", environment=environment)
    suite.start()
    yield suite
    suite.stop()


def test_a_sign_in_is_one_trace_from_the_gateway_across_nats_to_the_mail(
    suite: Suite, collector: tuple[Collector, int]
) -> None:
    kept = collector[0]
    suite.sign_in("olha@example.org")
    handled = kept.one(lambda span: span.name == LINK_EVENT)
    assert handled.service == "viche-notifications"
    same_trace = lambda span: span.trace_id == handled.trace_id  # noqa: E731
    kept.one(lambda span: same_trace(span) and span.name == LINK_RPC and span.service == "viche-identity")
    kept.one(lambda span: same_trace(span) and "sign-in-links" in span.name and span.service == "viche-gateway")


def test_a_signature_is_one_trace_from_the_gateway_to_sql(suite: Suite, collector: tuple[Collector, int]) -> None:
    kept = collector[0]
    session = suite.sign_in("petro@example.org")
    open_ones = suite.get("/petitions.json?state=open").json()["data"]
    with httpx.Client(base_url=suite.url, trust_env=False) as client:
        headers = {"Authorization": f"Bearer {session}"}
        answers = [
            client.post(f"/api/v1/petitions/{item['id']}/signatures", json={}, headers=headers) for item in open_ones
        ]
    assert any(answer.status_code == 201 for answer in answers) or any(answer.status_code == 200 for answer in answers)
    request = kept.one(lambda span: span.service == "viche-gateway" and "signatures" in span.name)
    same_trace = lambda span: span.trace_id == request.trace_id  # noqa: E731
    kept.one(lambda span: same_trace(span) and span.name == TOKENS_RPC)
    kept.one(lambda span: same_trace(span) and span.name == SIGN_RPC)
    kept.one(lambda span: same_trace(span) and span.service == "viche-petitions" and "db.statement" in span.attributes)


def test_no_span_holds_an_address_or_a_token(suite: Suite, collector: tuple[Collector, int]) -> None:
    kept = collector[0]
    session = suite.sign_in("hanna@example.org")
    time.sleep(1)
    for span in kept.spans:
        assert "example.org" not in span.attributes + span.name, span.name
        assert session not in span.attributes
