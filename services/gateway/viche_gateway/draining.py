"""Reads what a refused body still brings, so that whoever sends it hears why.

A server that answers and hangs up while a browser is still sending makes it tell of a reset connection instead of
showing the answer (RFC 9112, section 9.6). So the rest is read and thrown away first, within bounds.
"""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 256_000_000
WITHIN_S = 20.0
_AT_ONCE = 256 * 1024


class Drained:
    """WSGI middleware that leaves no body unread; one that is longer than ``MOST_BYTES`` is not looked at."""

    def __init__(self, wsgi_app: "WSGIApplication", clock: Callable[[], float] = time.monotonic) -> None:
        self._wsgi_app = wsgi_app
        self._clock = clock

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH", "")
        if not length.isdecimal() or not 0 < int(length) <= MOST_BYTES:
            return self._wsgi_app(environ, start_response)
        body = environ["wsgi.input"] = _Counted(environ["wsgi.input"], int(length))
        answer = self._wsgi_app(environ, start_response)
        give_up_at = self._clock() + WITHIN_S
        while body.left > 0 and self._clock() < give_up_at:
            if not body.read(min(body.left, _AT_ONCE)):
                break  # the sender has hung up
        return answer


class _Counted:
    """A body, and how much of it is still to come."""

    def __init__(self, stream: Any, length: int) -> None:
        self._stream = stream
        self.left = length

    def read(self, size: int = -1) -> bytes:
        return self._counted(self._stream.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self._stream.readline(size))

    def readlines(self, hint: int = -1) -> list[bytes]:
        return [self._counted(line) for line in self._stream.readlines(hint)]

    def __iter__(self) -> Iterable[bytes]:
        return iter(self.readline, b"")

    def _counted(self, part: bytes) -> bytes:
        self.left -= len(part)
        return part
