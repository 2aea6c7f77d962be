"""Answers that are the same for everybody, kept for seconds in front of Flask.

Whether an answer may be kept is said by itself, as to any shared cache (RFC 9111): 200, ``Cache-Control: public`` with
a ``max-age``, no cookie. Everything else passes through.
A count that a page shows is at most ``STALE_S`` seconds old while the services answer.
When many ask for the same at once, one asks Flask and the others get its answer or, within ``STALE_S``, the last one.
While Flask answers 5xx, the last good answer is given for up to ``STALE_IF_ERROR_S``.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from viche_chassis.metrics import kept_pages
from viche_gateway.kept import Answer, keep

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from viche_gateway.kept import Kept

FRESH_S = 3.0
STALE_S = 5.0
STALE_IF_ERROR_S = 60.0
# files whose name changes with their content need no second look for a while
FRESH_FILE_S = 300.0
FILE_MAX_AGE_S = 3600
MOST_BYTES = 32 * 1024 * 1024
_WAIT_S = 10.0
_PASS_S = 30.0
_MOST_PASSING = 10_000
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    kept: "Kept"
    kept_at: float
    fresh_until: float


class PageCache:
    """WSGI middleware that keeps public answers.

    Args:
        wsgi_app: what makes the answers.
        clock: seconds, never going back.
        is_streamed: whether what stands at a path may be of any length; it passes through, whatever it says.
    """

    def __init__(
        self,
        wsgi_app: "WSGIApplication",
        clock: Callable[[], float] = time.monotonic,
        is_streamed: Callable[[str], bool] = lambda path: False,
    ) -> None:
        self._wsgi_app = wsgi_app
        self._clock = clock
        self._is_streamed = is_streamed
        self._lock = threading.Lock()
        self._entries: dict[Key, _Entry] = {}
        self.size_bytes = 0
        self._flights: dict[Key, threading.Event] = {}
        self._passing: dict[str, float] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
            return self._wsgi_app(environ, start_response)
        if self._is_streamed(environ["PATH_INFO"]):
            return self._wsgi_app(environ, start_response)
        key = _key(environ)
        entry = self._entries.get(key)
        now = self._clock()
        if entry is not None and now < entry.fresh_until:
            kept_pages.add(1)
            return entry.kept.send(environ, start_response)
        if "HTTP_RANGE" in environ or self._passing.get(environ["PATH_INFO"], 0.0) > now:
            return self._wsgi_app(environ, start_response)
        return self._refresh(key, entry, environ, start_response)

    def _refresh(
        self, key: Key, old: _Entry | None, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        with self._lock:
            flight = self._flights.get(key)
            if is_first := flight is None:
                flight = self._flights[key] = threading.Event()
        if is_first:
            try:
                return self._ask(key, old, environ)(environ, start_response)
            finally:
                with self._lock:
                    del self._flights[key]
                flight.set()
        if old is None or self._clock() >= old.kept_at + STALE_S:
            flight.wait(_WAIT_S)
            old = self._entries.get(key)
        if old is not None and self._clock() < old.kept_at + STALE_S:
            kept_pages.add(1)
            return old.kept.send(environ, start_response)
        return self._wsgi_app(environ, start_response)

    def _ask(self, key: Key, old: _Entry | None, environ: "WSGIEnvironment") -> Callable[..., Iterable[bytes]]:
        """What sends the answer; it is kept if it says so."""
        answer = _whole(self._wsgi_app, environ)
        now = self._clock()
        if answer.status_code >= 500 and old is not None and now < old.kept_at + STALE_IF_ERROR_S:
            return old.kept.send
        if answer.max_age_s and (kept := keep(answer)):
            fresh_s = FRESH_FILE_S if answer.max_age_s >= FILE_MAX_AGE_S else min(FRESH_S, answer.max_age_s)
            self._put(key, _Entry(kept, now, now + fresh_s))
            return kept.send
        if answer.status_code < 400:
            self._pass(environ["PATH_INFO"], now)
        return answer.send

    def _put(self, key: Key, entry: _Entry) -> None:
        with self._lock:
            self._drop(key)
            self._entries[key] = entry
            self.size_bytes += entry.kept.size_bytes
            while self.size_bytes > MOST_BYTES:  # the one that was kept first
                self._drop(next(iter(self._entries)))

    def _drop(self, key: Key) -> None:
        if old := self._entries.pop(key, None):
            self.size_bytes -= old.kept.size_bytes

    def _pass(self, path: str, now: float) -> None:
        """Lets requests for this address through without waiting for each other for a while."""
        with self._lock:
            if len(self._passing) >= _MOST_PASSING:
                self._passing.clear()
            self._passing[path] = now + _PASS_S


def _key(environ: "WSGIEnvironment") -> Key:
    # host and scheme as our own proxies say them (viche_gateway.proxies); an answer for a forged host stays under it
    get = environ.get
    return (
        environ["PATH_INFO"],
        get("QUERY_STRING", ""),
        get("SCRIPT_NAME", ""),
        get("HTTP_HOST", ""),
        get("wsgi.url_scheme", ""),
    )


def _whole(wsgi_app: "WSGIApplication", environ: "WSGIEnvironment") -> Answer:
    """The whole answer to an unconditional GET of the same address."""
    asked: dict[str, Any] = {name: value for name, value in environ.items() if name not in _CONDITIONS}
    asked["REQUEST_METHOD"] = "GET"
    head: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        head[:] = [status, headers]
        return _no_write

    parts = wsgi_app(asked, start)
    try:
        body = b"".join(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    return Answer(head[0], head[1], body)


def _no_write(_: bytes) -> object:
    raise NotImplementedError("the write() of PEP 3333 is for old applications")
