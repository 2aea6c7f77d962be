"""An OpenTelemetry collector for tests, and edges between the spans that it got."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage

SERVER, CLIENT = SpanMessage.SPAN_KIND_SERVER, SpanMessage.SPAN_KIND_CLIENT
PRODUCER, CONSUMER = SpanMessage.SPAN_KIND_PRODUCER, SpanMessage.SPAN_KIND_CONSUMER
EXPORTED_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Span:
    """A span as it was exported; links are the ids of spans."""

    service: str
    name: str
    kind: int
    trace_id: bytes
    id: bytes
    parent: bytes
    links: frozenset[bytes]
    attributes: str


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Keeps what it gets.

    With ``environment`` a process sends its spans here, soon.
    """

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.environment: dict[str, str] = {}

    def Export(self, request: Any, context: Any) -> Any:
        for group in request.resource_spans:
            service = {item.key: item.value.string_value for item in group.resource.attributes}["service.name"]
            self.spans += [_span(service, each) for scope in group.scope_spans for each in scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse()

    def one(self, claim: Callable[[Span], bool]) -> Span:
        """The first span of which ``claim`` holds, as soon as it was exported."""
        deadline = time.monotonic() + EXPORTED_WITHIN_S
        while time.monotonic() < deadline:
            for span in list(self.spans):
                if claim(span):
                    return span
            time.sleep(0.1)
        raise AssertionError(f"no such span among {sorted({(s.service, s.name, s.kind) for s in self.spans})}")

    def below(self, parent: Span, service: str, name: str, kind: int) -> Span:
        """A child of the span."""
        found = self.one(
            lambda span: span.parent == parent.id and (span.service, span.name, span.kind) == (service, name, kind)
        )
        assert found.trace_id == parent.trace_id
        return found

    def called(self, parent: Span, callee: str, rpc: str) -> Span:
        """What a service did for a call that was made in the span: the call is a span at both ends."""
        return self.below(self.below(parent, parent.service, rpc, CLIENT), callee, rpc, SERVER)

    def mailed(self, cause: Span, event: str) -> Span:
        """The mail that follows from an event that was written in the span."""
        published = self.below(cause, cause.service, f"{event} publish", PRODUCER)
        handled = self.below(published, "viche-notifications", f"{event} process", CONSUMER)
        return self.below(handled, "viche-notifications", "send mail", CLIENT)

    def request(self, name: str) -> Span:
        """A request that the gateway had."""
        return self.one(lambda span: span.service == "viche-gateway" and span.name == name and span.kind == SERVER)


def _span(service: str, told: Any) -> Span:
    links = frozenset(link.span_id for link in told.links)
    said = f"{told.attributes} {told.events} {told.status} {told.trace_state}"
    return Span(service, told.name, told.kind, told.trace_id, told.span_id, told.parent_span_id, links, said)


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that listens."""
    server = grpc.server(ThreadPoolExecutor(4))
    collector = Collector()
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(collector, server)
    port = server.add_insecure_port("127.0.0.1:0")
    collector.environment = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
        "OTEL_EXPORTER_OTLP_INSECURE": "true",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }
    server.start()
    yield collector
    server.stop(1).wait()
