"""What a refused body still brings is read, so that the refusal is heard."""

from __future__ import annotations

import io
from typing import Any

import pytest

from viche_gateway import draining
from viche_gateway.draining import Drained


class Sender(io.RawIOBase):
    """Sends so many bytes, each read a second later, and counts those that were read."""

    def __init__(self, size: int, takes_s: float = 0.0) -> None:
        self.size, self.sent, self.now_s, self._takes_s = size, 0, 0.0, takes_s

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        part = min(self.size - self.sent, size if size >= 0 else self.size)
        self.sent += part
        self.now_s += self._takes_s
        return b"x" * part


def refusing(read_first: int = 0) -> Any:
    """An application that reads so much and refuses."""

    def app(environ: Any, start_response: Any) -> list[bytes]:
        environ["wsgi.input"].read(read_first)
        start_response("413 Content Too Large", [])
        return [b"too much"]

    return app


def ask(app: Any, sender: Sender, length: str) -> bytes:
    environ = {"wsgi.input": sender, "CONTENT_LENGTH": length}
    return b"".join(Drained(app, lambda: sender.now_s)(environ, lambda *_: lambda _: None))  # pyright: ignore


@pytest.mark.parametrize("read_first", [0, 1000, 3_000_000])
def test_a_refused_body_is_read_to_its_end_and_no_further(read_first: int) -> None:
    sender = Sender(5_000_000)
    assert ask(refusing(read_first), sender, "3000000") == b"too much"
    assert sender.sent == 3_000_000


def test_who_hangs_up_or_sends_for_too_long_is_not_waited_for() -> None:
    assert ask(refusing(), Sender(10), "1000") == b"too much"
    slow = Sender(draining.MOST_BYTES, takes_s=draining.WITHIN_S / 2)
    assert ask(refusing(), slow, str(slow.size)) == b"too much"
    assert slow.sent < slow.size


@pytest.mark.parametrize("length", ["", "0", "x", str(draining.MOST_BYTES + 1)])
def test_a_body_that_is_not_there_or_far_too_long_is_left_alone(length: str) -> None:
    sender = Sender(10_000_000)
    assert ask(refusing(), sender, length) == b"too much"
    assert sender.sent == 0
