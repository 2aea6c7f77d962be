"""Spans of gRPC calls and of SQL: one place that turns the instrumentations on."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from opentelemetry import propagate
from opentelemetry.trace import SpanKind, StatusCode

from viche_chassis.telemetry import is_recording, rpc_duration, tracer


def server_behaviour(method: str, behaviour: Callable[[Any, Any], Awaitable[Any]]) -> Callable[[Any, Any], Any]:
    """Wraps a unary servicer: a span in the caller's trace, and its duration by status."""
    attributes = {"rpc.system": "grpc", "rpc.method": method.lstrip("/")}

    async def traced(request: Any, context: Any) -> Any:
        began = time.perf_counter()
        carrier = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
        parent = propagate.extract(carrier)
        with tracer.start_as_current_span(method, parent, SpanKind.SERVER, attributes) as span:
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


def inject(metadata: list[tuple[str, str]]) -> None:
    """Adds the current trace to the metadata of an outgoing call."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    metadata.extend(carrier.items())


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
