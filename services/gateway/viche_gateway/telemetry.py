"""A span and a duration for every HTTP request; what goes on inside it is in the same trace.

Names and attributes follow OpenTelemetry's conventions for HTTP servers. Spans carry the route and never the address,
because some addresses hold a token. Written by hand, because the instrumentation for Flask took as long as a third of
everything else that a signature needs here.
"""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from opentelemetry import propagate
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer

from viche_chassis.metrics import http_duration
from viche_chassis.telemetry import tracer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def instrument(app: Flask) -> None:
    """Gives every request that reaches Flask a span and a duration, by route and status."""
    app.wsgi_app = Traced(app.wsgi_app)  # pyright: ignore[reportAttributeAccessIssue]


class Traced:
    """WSGI middleware around Flask, in the trace of the client if it names one.

    Args:
        spans: makes the spans.
    """

    def __init__(self, wsgi_app: "WSGIApplication", spans: Tracer = tracer) -> None:
        self._wsgi_app = wsgi_app
        self._spans = spans

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began = time.perf_counter()
        status, route = "500", ""

        def answer(line: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            nonlocal status, route
            status, route = line[:3], _route(environ)
            return start_response(line, headers, *error)

        method = environ["REQUEST_METHOD"]
        shown = method if method in _METHODS else "_OTHER"
        with self._spans.start_as_current_span(shown, _parent(environ), SpanKind.SERVER) as span:
            try:
                return self._wsgi_app(environ, answer)
            finally:
                attributes = {
                    "http.request.method": shown,
                    "http.route": route,
                    "http.response.status_code": int(status),
                }
                http_duration.record(time.perf_counter() - began, attributes)
                if span.is_recording():
                    _describe(span, attributes)


def _parent(environ: "WSGIEnvironment") -> Any:
    if "HTTP_TRACEPARENT" not in environ:
        return None
    names = {"traceparent": "HTTP_TRACEPARENT", "tracestate": "HTTP_TRACESTATE"}
    return propagate.extract({name: environ[key] for name, key in names.items() if key in environ})


def _route(environ: "WSGIEnvironment") -> str:
    """The rule that matched, with names for its parts; empty when none did.

    Flask keeps the request here until it is answered.
    """
    rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
    return rule.rule if rule is not None else ""


def _describe(span: Span, attributes: dict[str, Any]) -> None:
    span.update_name(f"{attributes['http.request.method']} {attributes['http.route']}".rstrip())
    span.set_attributes(attributes)
    if attributes["http.response.status_code"] >= 500:
        span.set_status(StatusCode.ERROR)
