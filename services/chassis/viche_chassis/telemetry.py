"""OpenTelemetry: traces, metrics and log lines, from the gateway to SQL and across NATS.

Standard ``OTEL_*`` settings decide where traces go; without an exporter, spans carry their ids and nothing is recorded.
Names are constants here, with their units, following the semantic conventions.
"""

import json
import logging
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from opentelemetry import metrics, propagate, trace
from opentelemetry.metrics import Histogram
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

RPC_DURATION = (
    "rpc.server.duration",
    "s",
    "Time from the arrival of a call to its answer",
)
HTTP_DURATION = (
    "http.server.request.duration",
    "s",
    "Time from the arrival of an HTTP request to its answer",
)
BATCH_SIZE = ("viche.batch.size", "{item}", "Items that travelled together")
EVENTS = ("viche.events", "{event}", "Events published, handled and dead")
SIGNATURES = ("viche.signatures", "{signature}", "Signatures by outcome")
MESSAGES = ("viche.messages", "{message}", "Messages to people by end state")
COUNT_DIFFERENCES = ("viche.count.differences", "{vote}", "Signatures or answers by which a count was wrong")
CONNECTOR_CALLS = ("viche.connector.calls", "{call}", "Calls of connectors by how they ended")
QUEUE_AGE = ("viche.message.queue.age", "s", "Age of the oldest message that waits, by lane")
# upper bounds of a histogram of durations, as the conventions for HTTP advise
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)

tracer = trace.get_tracer("viche")
meter = metrics.get_meter("viche")
_events = meter.create_counter(EVENTS[0], EVENTS[1], EVENTS[2])
_count_differences = meter.create_counter(*COUNT_DIFFERENCES)
_batch_size = meter.create_histogram(BATCH_SIZE[0], BATCH_SIZE[1], BATCH_SIZE[2])
rpc_duration: Histogram = meter.create_histogram(*RPC_DURATION, explicit_bucket_boundaries_advisory=SECONDS)
http_duration: Histogram = meter.create_histogram(*HTTP_DURATION, explicit_bucket_boundaries_advisory=SECONDS)
signatures = meter.create_counter(*SIGNATURES)
messages = meter.create_counter(*MESSAGES)
connector_calls = meter.create_counter(*CONNECTOR_CALLS)
queue_age = meter.create_gauge(*QUEUE_AGE)

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
}


def set_up(service: str, *, log_level: str = "INFO", metrics_listen: str = "") -> None:
    """Prepares logging, tracing and metrics of a process. To be called once, from ``__main__``.

    Args:
        service: becomes ``service.name``.
        metrics_listen: host:port of the Prometheus endpoint; empty for none.
    """
    _set_up_logging(service, log_level)
    resource = Resource.create({"service.name": f"viche-{service}", "service.namespace": "viche"})
    _set_up_traces(resource)
    if metrics_listen:
        _set_up_metrics(resource, metrics_listen)


def is_recording() -> bool:
    """Whether spans go anywhere: an exporter is set and the SDK is not disabled."""
    exports = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    return bool(exports) and os.environ.get("OTEL_SDK_DISABLED", "").lower() != "true"


def _set_up_traces(resource: Resource) -> None:
    if not is_recording():
        trace.set_tracer_provider(TracerProvider(resource=resource, sampler=ALWAYS_OFF))
        return
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=resource)  # the sampler comes from OTEL_TRACES_SAMPLER
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def _set_up_metrics(resource: Resource, listen: str) -> None:
    from opentelemetry.exporter.prometheus import PrometheusMetricReader
    from prometheus_client import start_http_server

    host, _, port = listen.rpartition(":")
    metrics.set_meter_provider(MeterProvider(resource=resource, metric_readers=[PrometheusMetricReader()]))
    start_http_server(int(port), addr=host)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: constant message, literal keys, ids of the trace."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({key: value for key, value in vars(record).items() if key not in _STANDARD})
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            line["trace_id"] = f"{context.trace_id:032x}"
            line["span_id"] = f"{context.span_id:016x}"
        if record.exc_info and record.exc_info[1]:
            line["error"] = _without_values(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _without_values(error: BaseException) -> dict[str, Any]:
    """Type and places of an exception. Its text stays out: databases quote rows in it."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    cause = error.__cause__ or error.__context__
    line: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__name__}",
        "at": places,
    }
    return {**line, "cause": _without_values(cause)} if cause else line


def _set_up_logging(service: str, level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("psycopg.pool", "grpc", "nats", "opentelemetry"):
        logging.getLogger(noisy).setLevel("ERROR")


def count_event(outcome: str, type_name: str) -> None:
    """Counts an event: "published", "handled" or "dead"."""
    _events.add(1, {"viche.event.outcome": outcome, "viche.event.type": type_name})


def count_difference(by: int) -> None:
    """Counts a number that a recount found to be wrong, by how many signatures or answers."""
    _count_differences.add(by)


def record_batch(name: str, size: int) -> None:
    """Notes how many items travelled together."""
    _batch_size.record(size, {"viche.batch.name": name})


@contextmanager
def consuming_span(subject: str, headers: Mapping[str, str]) -> Iterator[None]:
    """A span for handling an event, in the trace of what caused it."""
    attributes = {"messaging.system": "nats", "messaging.destination.name": subject}
    parent = propagate.extract(headers)
    with tracer.start_as_current_span(
        f"{subject} process",
        context=parent,
        kind=trace.SpanKind.CONSUMER,
        attributes=attributes,
    ):
        yield


def current_traceparent() -> str:
    """The W3C traceparent of the current span; empty outside of one."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent", "")
