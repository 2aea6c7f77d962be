"""What `helm test` runs says of each service how it is, and fails where one is not well."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
import pytest
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from tests.chart.rendering import CHART
from viche_cli.services import SERVICES

HOST = "petitions.example.org"


class _Portal(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """As the gateway: other hosts than its own are misdirected."""
        self.send_response(200 if self.headers["Host"] == HOST else 421)
        self.end_headers()
        self.wfile.write(b"ok\n")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def portal() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Portal) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def checks() -> Iterator[tuple[health.HealthServicer, str]]:
    """What a service says of itself, and its address."""
    servicer = health.HealthServicer()
    server = grpc.server(ThreadPoolExecutor(max_workers=2))
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield servicer, f"dns:///127.0.0.1:{port}"
    server.stop(None).wait()


def walk(portal: str, address: str, **others: str) -> tuple[int, Mapping[str, str]]:
    """How it ends, and what it says of each part."""
    environment = {
        **os.environ,
        **{f"VICHE_{name.upper()}_ADDRESS": others.get(name, address) for name in SERVICES},
        "VICHE_GATEWAY": portal,
        "VICHE_PUBLIC_URL": others.get("url", f"https://{HOST}"),
        "VICHE_WAIT_S": others.get("wait_s", "0"),
    }
    argv = [sys.executable, str(CHART / "files" / "walk.py")]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, dict(line.split(": ", 1) for line in done.stdout.splitlines())


def test_a_release_that_is_well_passes(portal: str, checks: tuple[health.HealthServicer, str]) -> None:
    code, said = walk(portal, checks[1])
    assert said == dict.fromkeys((*SERVICES, "gateway", "first page"), "ok")
    assert code == 0


def test_a_service_that_does_not_serve_is_named(portal: str, checks: tuple[health.HealthServicer, str]) -> None:
    servicer, address = checks
    servicer.set("", health_pb2.HealthCheckResponse.NOT_SERVING)
    code, said = walk(portal, address, surveys="dns:///127.0.0.1:1")
    assert said["identity"].endswith("says that it does not serve")
    assert said["surveys"] == "127.0.0.1:1 does not answer: UNAVAILABLE"
    assert (said["first page"], code) == ("ok", 1)


def test_what_is_well_a_moment_later_passes(portal: str, checks: tuple[health.HealthServicer, str]) -> None:
    servicer, address = checks
    servicer.set("", health_pb2.HealthCheckResponse.NOT_SERVING)
    later = threading.Timer(2, servicer.set, ("", health_pb2.HealthCheckResponse.SERVING))
    later.start()
    code, said = walk(portal, address, wait_s="30")
    later.join()
    assert (said["identity"], code) == ("ok", 0)


def test_a_portal_that_does_not_know_its_address_is_named(
    portal: str, checks: tuple[health.HealthServicer, str]
) -> None:
    code, said = walk(portal, checks[1], url="https://elsewhere.example.org")
    assert (said["first page"], code) == ("/ answers 421", 1)
