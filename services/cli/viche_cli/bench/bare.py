"""A process that answers every request with one line from Flask: what the other figures are held against."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from viche_cli.bench.load import Target
from viche_cli.faults import Fault
from viche_cli.infra import ports, process

if TYPE_CHECKING:
    from flask import Flask

READY_WITHIN_S = 30.0
PATH = "/"


def build() -> Flask:
    """The application."""
    from flask import Flask

    app = Flask("bare")
    app.add_url_rule(PATH, view_func=lambda: "one line\n", endpoint="line")
    return app


@contextlib.contextmanager
def running(log: Path) -> Iterator[Target]:
    """The process while it answers. Raises Fault when it does not."""
    port = ports.free_port()
    child = process.spawn([sys.executable, "-m", "viche_cli.bench.bare", str(port)], log=log)
    try:
        if not process.wait_until(lambda: ports.answers(port) or child.poll() is not None, READY_WITHIN_S):
            raise Fault(f"The bare Flask application does not answer: see {log}.")
        yield Target(ports.LOOPBACK, port)
    finally:
        process.stop(child)


def main(port: int) -> None:
    """Serves until SIGTERM as the gateway does."""
    from viche_gateway.serving import serve

    serve("viche_cli.bench.bare:build", f"{ports.LOOPBACK}:{port}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
