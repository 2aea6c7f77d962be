"""Spans of gRPC calls and of SQL: one place that turns the instrumentations on."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from viche_chassis.metrics import rpc_duration
from viche_chassis.telemetry import is_recording, tracer

_ending: set["asyncio.Future[None]"] = set()


def server_behaviour(method: str, behaviour: Callable[[Any, Any], Awaitable[Any]]) -> Callable[[Any, Any], Any]:
    """Wraps a unary servicer: a span in the caller's trace, and its duration by status."""
    attributes, name = _rpc(method), method.lstrip("/")

    async def traced(request: Any, context: Any) -> Any:
        began = time.perf_counter()
        carrier = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
        parent = propagate.extract(carrier)
        with tracer.start_as_current_span(name, parent, SpanKind.SERVER, attributes) as span:
            try:
                return await behaviour(request, context)
            finally:
                status = _status_name(context)
                if status != "OK":
                    span.set_status(StatusCode.ERROR, status)
                rpc_duration.record(
                    time.perf_counter() - began,
                    {**attributes, "rpc.grpc.status_code": status},
                )

    return traced


def begin_call(method: str, metadata: list[tuple[str, str]]) -> Span | None:
    """Adds the current trace to the metadata of an outgoing call, with a span of its own where that is recorded."""
    carrier: dict[str, str] = {}
    if not trace.get_current_span().is_recording():
        propagate.inject(carrier)
        metadata.extend(carrier.items())
        return None
    span = tracer.start_span(method.lstrip("/"), kind=SpanKind.CLIENT, attributes=_rpc(method))
    propagate.inject(carrier, trace.set_span_in_context(span))
    metadata.extend(carrier.items())
    return span


def end_call(span: Span, code: Any) -> None:
    """Ends the span of a call with how it ended."""
    if code is not grpc.StatusCode.OK:
        span.set_status(StatusCode.ERROR, getattr(code, "name", str(code)))
    span.end()


def end_with(span: Span, call: Any) -> None:
    """Ends the span when the call of asyncio has ended."""

    async def end(ended: Any) -> None:
        end_call(span, await ended.code())

    def note(ended: Any) -> None:
        task = asyncio.ensure_future(end(ended))
        _ending.add(task)
        task.add_done_callback(_ending.discard)

    call.add_done_callback(note)


def _rpc(method: str) -> dict[str, str]:
    return {"rpc.system": "grpc", "rpc.method": method.lstrip("/")}


def instrument_sql() -> None:
    """Turns spans of SQL statements on, where traces are recorded at all."""
    if not is_recording():
        return
    from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor

    PsycopgInstrumentor().instrument(enable_commenter=False)


def _status_name(context: Any) -> str:
    code = context.code()
    if isinstance(code, grpc.StatusCode):
        return code.name
    return "OK" if not code else str(code)
