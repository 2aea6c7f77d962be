"""What leaves in spans: of exceptions their type alone, since databases quote rows in their texts."""

from collections.abc import Sequence

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.semconv.attributes.exception_attributes import EXCEPTION_TYPE
from opentelemetry.trace import Status


class WithoutTexts(SpanExporter):
    """Hands spans on to another exporter, without what exceptions say."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Hands them on."""
        return self._exporter.export([_without_texts(span) for span in spans])

    def shutdown(self) -> None:
        """Ends the other one."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Has the other one send what it still has."""
        return self._exporter.force_flush(timeout_millis)


def _without_texts(span: ReadableSpan) -> ReadableSpan:
    if not span.events and not span.status.description:
        return span
    # written as "ValueError: what it says"
    kind, _, _ = (span.status.description or "").partition(":")
    return ReadableSpan(
        name=span.name, context=span.context, parent=span.parent, resource=span.resource, attributes=span.attributes,
        events=[_named(each) for each in span.events], links=span.links, kind=span.kind,
        status=Status(span.status.status_code, kind or None), start_time=span.start_time, end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )  # fmt: skip


def _named(event: Event) -> Event:
    said = {key: value for key, value in (event.attributes or {}).items() if key == EXCEPTION_TYPE}
    return Event(event.name, said, event.timestamp)
