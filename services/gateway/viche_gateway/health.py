"""Whether the process lives and wants requests, for whoever routes them; outside of Flask, for any name of the host.

Neither asks another service: a portal whose services are down still shows what it knows and says what is wrong, and
restarting it would help nobody. Before the process ends, whoever ends it makes the file VICHE_DRAIN_FILE: then it says
that it is not ready, and closes each connection after its answer, so that none is closed under a request.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LIVE = "/health/live"
READY = "/health/ready"


def begin(drain_file: str) -> None:
    """Forgets that a process before this one drained, in the same container for instance; to be called once, at start.

    Raises:
        OSError: the file cannot be removed.
    """
    if drain_file:
        Path(drain_file).unlink(missing_ok=True)


class Health:
    """WSGI middleware that answers ``/health/live`` and ``/health/ready``.

    Args:
        drain_file: its presence says that the process ends soon; empty for none.
    """

    def __init__(self, wsgi_app: "WSGIApplication", drain_file: str = "") -> None:
        self._wsgi_app = wsgi_app
        self._drain_file = drain_file

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        draining = bool(self._drain_file) and os.path.exists(self._drain_file)
        path = environ["PATH_INFO"]
        if path not in (LIVE, READY):
            return self._wsgi_app(environ, _closing(start_response) if draining else start_response)
        ready = path == LIVE or not draining
        text = b"ok\n" if ready else b"draining\n"
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(text))), ("Cache-Control", "no-store")]
        start_response("200 OK" if ready else "503 Service Unavailable", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else text]


def _closing(start_response: "StartResponse") -> "StartResponse":
    def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        return start_response(status, [*headers, ("Connection", "close")], *error)

    return start  # pyright: ignore[reportReturnType]
