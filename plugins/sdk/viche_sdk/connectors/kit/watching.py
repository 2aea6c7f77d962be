"""Sees what a connector does behind the host's back, through the interpreter's audit events (PEP 578)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

_watch: "ContextVar[Watch | None]" = ContextVar("watch", default=None)
_installed = False

ALARMING = frozenset({"subprocess.Popen", "os.system", "os.fork", "os.exec", "os.posix_spawn", "time.sleep"})


@dataclass(slots=True)
class Watch:
    """What was seen: "socket.connect ('1.2.3.4', 443)"."""

    port: int
    seen: list[str] = field(default_factory=list[str])

    def hear(self, event: str, args: tuple[object, ...]) -> None:
        """Notes what a connector has no business with."""
        if event in ALARMING:
            self.seen.append(f"{event} {args[:1]}")
        elif event == "socket.connect" and args[1] != ("127.0.0.1", self.port):
            self.seen.append(f"{event} {args[1]}")
        elif event == "socket.getaddrinfo" and args[0] not in ("127.0.0.1", b"127.0.0.1"):
            self.seen.append(f"{event} {args[0]}")


def _hear(event: str, args: tuple[object, ...]) -> None:
    if (watch := _watch.get()) is not None:
        watch.hear(event, args)


@contextmanager
def watching(port: int) -> Iterator[Watch]:
    """While it is open, connections to anything but one port of this machine, processes and sleeping are noted."""
    global _installed
    if not _installed:
        # an audit hook stays as long as the process; it looks away outside of a watch
        sys.addaudithook(_hear)
        _installed = True
    watch = Watch(port)
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)
