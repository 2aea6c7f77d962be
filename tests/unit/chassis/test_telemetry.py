"""Spans of what travels together lead to all that it comes from, and nothing is done where nothing is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextvars import Context, copy_context

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from viche_chassis import telemetry
from viche_chassis.batching import Batcher
from viche_chassis.exporting import WithoutTexts
from viche_chassis.tracing import begin_call

STRANGER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(WithoutTexts(exporter)))
    monkeypatch.setattr(telemetry, "tracer", provider.get_tracer("test"))
    yield exporter
    provider.shutdown()


def within(span: trace.Span) -> Context:
    """The context of whoever is in the span."""

    def enter() -> Context:
        with trace.use_span(span):
            return copy_context()

    return copy_context().run(enter)


def ids(links: Sequence[trace.Link]) -> set[int]:
    return {link.context.span_id for link in links}


async def test_a_batch_is_linked_with_all_that_are_in_it(exporter: InMemorySpanExporter) -> None:
    requests = [telemetry.tracer.start_span(f"request {number}") for number in range(3)]
    entered = asyncio.Event()

    async def handle(items: Sequence[int]) -> Sequence[int]:
        if items == [0]:
            await entered.wait()
        return items

    batcher: Batcher[int, int] = Batcher(handle, name="signatures")
    first = asyncio.create_task(batcher.call(0))
    await asyncio.sleep(0)
    rest = [asyncio.create_task(batcher.call(number), context=within(requests[number])) for number in (1, 2)]
    await asyncio.sleep(0)
    entered.set()
    await asyncio.gather(first, *rest)
    for request in requests:
        request.end()

    finished = {span.name: span for span in exporter.get_finished_spans()}
    batch, leader, other = finished["signatures batch"], finished["request 1"], finished["request 2"]
    assert batch.parent is not None
    assert batch.parent.span_id == leader.context.span_id
    assert ids(batch.links) == {other.context.span_id}
    assert ids(other.links) == {batch.context.span_id}


def test_a_batch_runs_in_the_trace_of_one_that_is_recorded(exporter: InMemorySpanExporter) -> None:
    unrecorded = TracerProvider(sampler=ALWAYS_OFF).get_tracer("test").start_span("unrecorded")
    recorded = telemetry.tracer.start_span("recorded")

    contexts = [within(unrecorded), within(recorded)]

    assert telemetry.leading(contexts) is contexts[1]
    assert telemetry.leading(contexts[:1]) is contexts[0]


def test_a_call_leads_to_the_requests_of_other_traces(exporter: InMemorySpanExporter) -> None:
    with telemetry.tracer.start_as_current_span("call"):
        telemetry.link_current([STRANGER, telemetry.current_traceparent(), "", "nonsense"])

    (call,) = exporter.get_finished_spans()
    assert ids(call.links) == {int(STRANGER.split("-")[2], 16)}


def test_an_event_goes_on_from_the_span_that_sends_it(exporter: InMemorySpanExporter) -> None:
    headers: dict[str, str] = {}
    with telemetry.publishing_span("viche.x.v1.Happened", STRANGER, headers):
        pass

    (published,) = exporter.get_finished_spans()
    assert _parent_of(published) == STRANGER.split("-")[2]
    assert headers["traceparent"].split("-")[2] == f"{published.context.span_id:016x}"


def test_a_span_tells_which_exception_ended_it_and_not_what_that_says(exporter: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="olena"), telemetry.consuming_span("viche.x.v1.Happened", {}):
        raise ValueError("Key (email)=(olena@example.org) already exists")

    (handled,) = exporter.get_finished_spans()
    assert handled.status.description == "ValueError"
    assert [(event.name, event.attributes) for event in handled.events] == [
        ("exception", {"exception.type": "ValueError"})
    ]
    assert "olena" not in handled.to_json()


def test_a_call_out_has_no_span_where_nothing_is_recorded() -> None:
    metadata: list[tuple[str, str]] = []
    assert begin_call("/viche.x.v1.Service/Do", metadata) is None


@pytest.mark.parametrize(
    ("settings", "records"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x:4317"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x:4317"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x:4317", "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x:4317", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_spans_are_recorded_where_they_go_somewhere(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], records: bool
) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert telemetry.is_recording() is records


def _parent_of(span: ReadableSpan) -> str:
    assert span.parent is not None
    return f"{span.parent.span_id:016x}"
