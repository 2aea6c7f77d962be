"""Spans of HTTP requests say what was asked and how it ended, and no address that holds a token."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, abort
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from viche_chassis.telemetry import current_traceparent
from viche_gateway.telemetry import Traced

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def client(spans: InMemorySpanExporter) -> Any:
    app = Flask("traced")
    app.add_url_rule("/confirm/<token>", "confirm", lambda token: current_traceparent())
    app.add_url_rule("/broken", "broken", lambda: abort(503))
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    app.wsgi_app = Traced(app.wsgi_app, provider.get_tracer("test"))  # pyright: ignore[reportAttributeAccessIssue]
    return app.test_client()


def test_a_span_has_the_route_and_not_the_address(client: Any, spans: InMemorySpanExporter) -> None:
    client.get("/confirm/secret?token=secret")

    (span,) = spans.get_finished_spans()
    assert span.name == "GET /confirm/<token>"
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/confirm/<token>",
        "http.response.status_code": 200,
    }
    assert "secret" not in span.to_json()


def test_a_request_goes_on_with_the_trace_that_it_names(client: Any, spans: InMemorySpanExporter) -> None:
    answer = client.get("/confirm/x", headers={"traceparent": PARENT})

    (span,) = spans.get_finished_spans()
    assert f"{span.context.trace_id:032x}" == TRACE
    assert answer.text.split("-")[1] == TRACE


def test_an_address_without_a_route_and_an_odd_method_have_names_of_their_own(
    client: Any, spans: InMemorySpanExporter
) -> None:
    client.open("/secret", method="BREW")

    assert spans.get_finished_spans()[0].name == "_OTHER"


def test_a_failed_request_is_an_error(client: Any, spans: InMemorySpanExporter) -> None:
    client.get("/broken")

    assert spans.get_finished_spans()[0].status.status_code.name == "ERROR"
