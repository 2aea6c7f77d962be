"""A real HTTP server on loopback behind which a fake platform stands."""

import socket
import threading
from collections.abc import Callable
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from viche_sdk.connectors.kit.clock import KitClock
from viche_sdk.connectors.kit.messages import Failure, Reply, Request

LOGIN_PAGE = "<!doctype html><title>Вхід</title><form><input type=password></form>"

Said = Reply | Failure
"""An answer, or one of UNHEARD and HANG, which are none."""


class Cut:
    """Half of this answer is sent."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply


class Server:
    """Answers requests with what a function says, each in a thread; one request a connection."""

    def __init__(
        self,
        answer: Callable[[Request], Reply | Cut | None],
        stopped: threading.Event,
        clock: KitClock,
    ) -> None:
        self.stopped = stopped
        handler = type("Handler", (_Handler,), {"answer": staticmethod(answer), "clock": clock})
        self._server = _Quiet(("127.0.0.1", 0), handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.002,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the server; requests that hang end with it."""
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is what is being tried."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer: ClassVar[Callable[[Request], Reply | Cut | None]]
    clock: ClassVar[KitClock]

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Every method is answered."""
        if name.startswith("do_"):
            return self._one
        raise AttributeError(name)

    def _one(self) -> None:
        self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self._body(headers)
        host = headers.get("host", "").lower()
        said = type(self).answer(Request(self.command, host, self.path, headers, body))
        if said is None:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._say(said.reply, half=True) if isinstance(said, Cut) else self._say(said)

    def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(headers.get("content-length", 0)))
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _say(self, said: Reply, half: bool = False) -> None:
        self.send_response(said.status)
        self.send_header("Content-Type", said.type)
        self.send_header("Content-Length", str(len(said.body)))
        self.send_header("Connection", "close")
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(said.body[: len(said.body) // 2] if half else said.body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The header Date is by the platform's clock (RFC 9110, 6.6.1)."""
        return format_datetime(self.clock.now(), usegmt=True)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""
