"""A lean HTTP load generator: one thread, keep-alive connections, every answer checked.

It reads just enough of HTTP/1.1 to know where an answer ends, so that it costs a fraction of what it measures.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat

from viche_cli.faults import Fault

CONNECTIONS = 64
ANSWER_WITHIN_S = 30.0
_READ_BYTES = 1 << 18
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_BODYLESS = (b"204", b"304")


@dataclass(frozen=True, slots=True)
class Target:
    """A server on this machine."""

    host: str
    port: int

    @property
    def authority(self) -> str:
        """As in the header Host."""
        return f"{self.host}:{self.port}"

    def get(self, path: str) -> bytes:
        """A GET request."""
        return f"GET {path} HTTP/1.1\r\nHost: {self.authority}\r\nAccept: */*\r\n\r\n".encode()


@dataclass(frozen=True, slots=True)
class Expected:
    """What a good answer looks like: its status and something that head or body contains."""

    status: bytes
    contains: bytes = b""

    def is_met(self, answer: bytes) -> bool:
        """Whether the answer is as it should be."""
        return answer[9:12] == self.status and self.contains in answer


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load; `waits_s` has one entry for each answer."""

    seconds: float
    waits_s: array[float]

    @property
    def answers(self) -> int:
        """How many good answers came; there were no others."""
        return len(self.waits_s)

    @property
    def per_s(self) -> float:
        """Good answers a second."""
        return self.answers / self.seconds


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    began_at_s: float = 0.0
    received: bytes = field(default=b"")


def drive(
    target: Target,
    requests: Iterable[bytes],
    expected: Expected,
    *,
    seconds: float,
    connections: int = CONNECTIONS,
) -> Load:
    """Sends requests for so many seconds, on each connection the next one as soon as the answer is there.

    Raises Fault at the first answer that is not as expected.
    """
    return _Driver(target, requests, expected, repeat(0.0), seconds).run(connections)


def drive_by_times(
    target: Target,
    requests: Iterable[bytes],
    expected: Expected,
    due_s: Iterable[float],
    *,
    connections: int = CONNECTIONS,
) -> Load:
    """Sends each request at its time, in seconds from now; later when all connections wait for answers.

    Waits are counted from the time when a request was due, so that a stall shows.
    """
    return _Driver(target, requests, expected, due_s, None).run(connections)


class _Driver:
    """One load."""

    def __init__(
        self,
        target: Target,
        requests: Iterable[bytes],
        expected: Expected,
        due_s: Iterable[float],
        seconds: float | None,
    ) -> None:
        self._target = target
        self._requests = iter(requests)
        self._expected = expected
        self._due_s: Iterator[float] = iter(due_s)
        self._seconds = seconds
        self._selector = selectors.DefaultSelector()
        self._idle: list[_Connection] = []
        self._busy = 0
        self._waits_s = array("d")
        self._next_s: float | None = None

    def run(self, connections: int) -> Load:
        """Runs until time, requests or due times are used up and all answers are there."""
        opened = [self._connect() for _ in range(connections)]
        began_s = time.perf_counter()
        try:
            self._next_s = next(self._due_s, None)
            while self._next_s is not None or self._busy:
                self._send_due(began_s)
                ready = self._selector.select(self._pause_s(began_s))
                if not ready and not self._idle:
                    raise Fault(f"{self._target.authority} gave no answer within {ANSWER_WITHIN_S:.0f} s.")
                for key, _ in ready:
                    self._receive(key.data)
        finally:
            self._selector.close()
            for connection in opened:
                connection.socket.close()
        return Load(time.perf_counter() - began_s, self._waits_s)

    def _connect(self) -> _Connection:
        try:
            opened = socket.create_connection((self._target.host, self._target.port), timeout=ANSWER_WITHIN_S)
        except OSError as error:
            raise Fault(f"{self._target.authority} takes no connections ({error.strerror or error}).") from error
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = _Connection(opened)
        self._selector.register(opened, selectors.EVENT_READ, connection)
        self._idle.append(connection)
        return connection

    def _send_due(self, began_s: float) -> None:
        now_s = time.perf_counter() - began_s
        if self._seconds is not None and now_s >= self._seconds:
            self._next_s = None
        while self._idle and self._next_s is not None and self._next_s <= now_s:
            request = next(self._requests, None)
            if request is None:
                self._next_s = None
                return
            connection = self._idle.pop()
            connection.began_at_s = began_s + (now_s if self._seconds is not None else self._next_s)
            connection.socket.sendall(request)
            self._busy += 1
            self._next_s = next(self._due_s, None)

    def _pause_s(self, began_s: float) -> float:
        if self._next_s is None or not self._idle:
            return ANSWER_WITHIN_S if self._busy else 0.0
        return max(0.0, self._next_s - (time.perf_counter() - began_s))

    def _receive(self, connection: _Connection) -> None:
        part = connection.socket.recv(_READ_BYTES)
        if not part:
            raise Fault(f"{self._target.authority} closed a connection instead of answering.")
        answer = connection.received + part if connection.received else part
        if not is_whole(answer):
            connection.received = answer
            return
        connection.received = b""
        self._waits_s.append(time.perf_counter() - connection.began_at_s)
        if not self._expected.is_met(answer):
            raise Fault(f"{self._target.authority} gave an answer that was not expected: {_opening(answer)}")
        self._busy -= 1
        self._idle.append(connection)


def is_whole(answer: bytes) -> bool:
    """Whether these bytes are an answer to its end (RFC 9112, section 6.3)."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return False
    if length := _LENGTH.search(answer, 0, end):
        return len(answer) >= end + 4 + int(length[1])
    if _CHUNKED.search(answer, 0, end):
        return answer.endswith(b"\r\n0\r\n\r\n")
    return answer[9:12] in _BODYLESS


def quantile_s(waits_s: Iterable[float], part: float) -> float:
    """The wait that this part of all waits does not exceed; 0.5 is the median."""
    ordered = sorted(waits_s)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def _opening(answer: bytes) -> str:
    head, _, body = answer.partition(b"\r\n\r\n")
    status = head.partition(b"\r\n")[0].decode("latin-1")
    return f"{status}; {' '.join(body[:2000].decode('utf-8', 'replace').split())[:300]}"
