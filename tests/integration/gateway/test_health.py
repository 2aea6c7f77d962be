"""The gateway's real process tells how it is, and ends without a connection closed under a request."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from viche_chassis.testing import make_key_pair
from viche_cli.infra import ports

READY_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway whose services are all down."""

    port: int
    drain_file: Path
    process: subprocess.Popen[bytes]

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


def get(connection: http.client.HTTPConnection, path: str, method: str = "GET") -> http.client.HTTPResponse:
    # a probe names the address of the pod, which is no host of the portal
    connection.request(method, path, headers={"Host": "10.1.2.3:8000"})
    return connection.getresponse()


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    make_key_pair(tmp_path, "gateway")
    (tmp_path / "secret.key").write_text("ab" * 32)
    (tmp_path / "draining").touch()  # of a process before this one, in the same container
    port, nobody = ports.free_port(), ports.free_port()
    environment = {
        **os.environ,
        "VICHE_HTTP_LISTEN": f"127.0.0.1:{port}",
        "VICHE_PUBLIC_URL": "https://petitions.dibrova.example",
        "VICHE_SERVICE_KEY": str(tmp_path / "gateway.pem"),
        "VICHE_SECRET_KEY": str(tmp_path / "secret.key"),
        "VICHE_OBJECTS_DIR": str(tmp_path),
        "VICHE_DRAIN_FILE": str(tmp_path / "draining"),
        **{
            f"VICHE_{name}_ADDRESS": f"127.0.0.1:{nobody}"
            for name in ("IDENTITY", "PETITIONS", "SURVEYS", "SOCIAL", "NOTIFICATIONS")
        },
    }
    with subprocess.Popen([sys.executable, "-m", "viche_gateway"], env=environment) as process:
        gateway = Gateway(port, tmp_path / "draining", process)
        try:
            wait_ready(gateway)
            yield gateway
        finally:
            process.terminate()


def wait_ready(gateway: Gateway) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        try:
            with contextlib.closing(gateway.connection()) as connection:
                if get(connection, "/health/ready").status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError


def test_health_is_told_while_no_service_answers_and_draining_closes_connections(gateway: Gateway) -> None:
    kept = gateway.connection()
    for path in ("/health/live", "/health/ready"):
        answer = get(kept, path)
        assert (answer.status, answer.read()) == (200, b"ok\n")
        assert answer.getheader("Cache-Control") == "no-store"
        assert answer.getheader("Set-Cookie") is None
    assert get(kept, "/health/live", "HEAD").read() == b""

    gateway.drain_file.touch()

    answer = get(kept, "/health/ready")
    assert (answer.status, answer.read()) == (503, b"draining\n")
    answer = get(kept, "/health/live")
    assert (answer.status, answer.read()) == (200, b"ok\n")
    # what is asked now is answered, and the connection is not used again
    answer = get(kept, "/assets/robots.txt")
    assert answer.getheader("Connection") == "close"
    answer.read()
    assert kept.sock is None

    gateway.process.terminate()
    assert gateway.process.wait(60) == 0
