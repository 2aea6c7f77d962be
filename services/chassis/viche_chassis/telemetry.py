"""OpenTelemetry: traces, metrics and log lines, from the gateway to SQL and across NATS.

Standard ``OTEL_*`` settings decide where traces and metrics go; without an exporter, spans carry their ids and nothing
is recorded. Which metrics there are is said in :mod:`viche_chassis.metrics`.
"""

import json
import logging
import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import Context
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from opentelemetry import metrics, propagate, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import Link, Span, SpanKind

from viche_chassis.metrics import log_records

tracer = trace.get_tracer("viche")
_records = True
"""Whether any span of this process may be recorded."""

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
    resource = Resource.create(
        {"service.name": f"viche-{service}", "service.namespace": "viche", "service.version": version("viche-chassis")}
    )
    _set_up_traces(resource)
    _set_up_metrics(resource, metrics_listen)
    # from zero on, so that the first one is seen as a rise
    log_records.add(0, {"viche.log.level": "ERROR"})


def is_recording() -> bool:
    """Whether spans go anywhere: an exporter is set and the SDK is not disabled."""
    exports = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    return bool(exports) and os.environ.get("OTEL_TRACES_EXPORTER", "").lower() != "none" and _is_on()


def _is_on() -> bool:
    return os.environ.get("OTEL_SDK_DISABLED", "").lower() != "true"


def _set_up_traces(resource: Resource) -> None:
    global _records
    _records = is_recording()
    if not _records:
        trace.set_tracer_provider(TracerProvider(resource=resource, sampler=ALWAYS_OFF))
        return
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from viche_chassis.exporting import WithoutTexts

    provider = TracerProvider(resource=resource)  # the sampler comes from OTEL_TRACES_SAMPLER
    provider.add_span_processor(BatchSpanProcessor(WithoutTexts(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)


def _set_up_metrics(resource: Resource, listen: str) -> None:
    readers: list[MetricReader] = []
    if listen:
        from opentelemetry.exporter.prometheus import PrometheusMetricReader
        from prometheus_client import start_http_server

        host, _, port = listen.rpartition(":")
        readers.append(PrometheusMetricReader(scope_info_enabled=False))
        start_http_server(int(port), addr=host)
    if os.environ.get("OTEL_METRICS_EXPORTER", "").lower() == "otlp" and _is_on():
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

        readers.append(PeriodicExportingMetricReader(OTLPMetricExporter()))
    if readers:
        metrics.set_meter_provider(MeterProvider(resource=resource, metric_readers=readers))


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
    if isinstance(error, BaseExceptionGroup):
        line["within"] = [_without_values(each) for each in error.exceptions]
    return {**line, "cause": _without_values(cause)} if cause else line


def _count(record: logging.LogRecord) -> bool:
    if record.levelno >= logging.WARNING:
        log_records.add(1, {"viche.log.level": record.levelname})
    return True


def _set_up_logging(service: str, level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(service))
    handler.addFilter(_count)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("psycopg.pool", "grpc", "nats", "opentelemetry"):
        logging.getLogger(noisy).setLevel("ERROR")


@contextmanager
def publishing_span(subject: str, traceparent: str, headers: dict[str, str]) -> Iterator[None]:
    """A span for sending an event on, in the trace of what caused it; its place goes into the headers."""
    if traceparent:
        headers["traceparent"] = traceparent
    attributes = _messaging(subject, "send")
    with tracer.start_as_current_span(
        f"{subject} publish", propagate.extract(headers), SpanKind.PRODUCER, attributes
    ) as span:
        if span.is_recording():
            propagate.inject(headers)
        yield


@contextmanager
def consuming_span(subject: str, headers: Mapping[str, str]) -> Iterator[None]:
    """A span for handling an event, in the trace of what caused it."""
    attributes = _messaging(subject, "process")
    with tracer.start_as_current_span(
        f"{subject} process", propagate.extract(headers), SpanKind.CONSUMER, attributes
    ):  # fmt: skip
        yield


@contextmanager
def later_span(name: str, traceparent: str, attributes: Mapping[str, str]) -> Iterator[Span]:
    """A span for a call out that was put off by way of the database, in the trace of what caused it."""
    parent = propagate.extract({"traceparent": traceparent} if traceparent else {})
    with tracer.start_as_current_span(name, parent, SpanKind.CLIENT, dict(attributes)) as span:
        yield span


def _messaging(subject: str, operation: str) -> dict[str, str]:
    return {
        "messaging.system": "nats",
        "messaging.destination.name": subject,
        "messaging.operation.type": operation,
    }


def leading(contexts: Sequence[Context]) -> Context:
    """The context that a batch runs in: of the first item that is recorded, else of the first."""
    if len(contexts) > 1 and _records:
        return next((each for each in contexts if _span_in(each).is_recording()), contexts[0])
    return contexts[0]


@contextmanager
def batch_span(name: str, leader: Context, contexts: Sequence[Context]) -> Iterator[None]:
    """A span for what travels together, in the trace of the leader, with links to the others and back.

    Args:
        leader: one of the contexts; the present one.
    """
    current = trace.get_current_span()
    if len(contexts) == 1 or not current.is_recording():
        yield
        return
    spans = [_span_in(each) for each in contexts if each is not leader]
    others = [span for span in spans if span is not current and span.is_recording()]
    links = [Link(span.get_span_context()) for span in others]
    attributes = {"viche.batch.size": len(contexts)}
    with tracer.start_as_current_span(f"{name} batch", attributes=attributes, links=links) as batch:
        for span in others:
            span.add_link(batch.get_span_context())
        yield


def link_current(traceparents: Iterable[str]) -> None:
    """Links the present span to the requests that what it does comes from, other than those of its own trace."""
    span = trace.get_current_span()
    if not span.is_recording():
        return
    own = span.get_span_context().trace_id
    for traceparent in traceparents:
        found = trace.get_current_span(propagate.extract({"traceparent": traceparent})).get_span_context()
        if found.is_valid and found.trace_id != own:
            span.add_link(found)


def _span_in(context: Context) -> Span:
    return context.run(trace.get_current_span)


def current_traceparent() -> str:
    """The W3C traceparent of the current span; empty outside of one."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent", "")
