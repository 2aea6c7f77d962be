"""Hosts and proxies over a real socket and the web server that the gateway runs under."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, request

from viche_cli.infra import ports
from viche_gateway.branding.current import here
from viche_gateway.testing import make_world

ROOT = Path(__file__).resolve().parents[3]
PORTAL = "petitions.dibrova.example"
BRAND = '[authority.town]\nhost = "verbiv.example"\n'
SERVE = "from viche_gateway.serving import serve; import os; serve(os.environ['FACTORY'], os.environ['LISTEN'])"
Ask = Callable[..., str]


def build() -> Flask:
    """The gateway over doubles, with one page that tells what it sees of a request."""
    app = make_world().app(
        public_url=f"https://{PORTAL}", trusted_proxies=os.environ["TRUSTED"], brand=os.environ["BRAND"]
    )
    app.add_url_rule("/seen", "seen", lambda: f"from {request.remote_addr} at {here().url} by {request.scheme}")
    return app


@pytest.fixture(params=["0", "1", "127.0.0.0/8", "192.0.2.0/24"], ids=lambda trusted: f"trusting {trusted}")
def trusted(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def ask(trusted: str, tmp_path: Path) -> Iterator[Ask]:
    """Sends a raw request and gives the whole answer."""
    brand = tmp_path / "brand.toml"
    brand.write_text(BRAND)
    port = ports.free_port()
    environment = {
        **os.environ, "FACTORY": f"{__name__}:build", "LISTEN": f"127.0.0.1:{port}", "TRUSTED": trusted,
        "BRAND": str(brand), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", SERVE], env=environment, cwd=ROOT) as server:
        try:
            _wait(port)
            yield lambda *headers, path="/seen", version="1.1": _send(port, path, version, headers)
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(900):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError


def _send(port: int, path: str, version: str, headers: tuple[str, ...]) -> str:
    lines = [f"GET {path} HTTP/{version}", *headers, "Connection: close", "", ""]
    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        connection.sendall("\r\n".join(lines).encode())
        parts = iter(lambda: connection.recv(65_536), b"")
        return b"".join(parts).decode()


def test_forwarded_headers_are_believed_from_our_proxies_alone(ask: Ask, trusted: str) -> None:
    believes = trusted in ("1", "127.0.0.0/8")
    said = ask(
        f"Host: {PORTAL}", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 198.51.100.7",
        "X-Forwarded-Host: verbiv.example", "X-Forwarded-Proto: https",
    )  # fmt: skip
    expected = "from 198.51.100.7 at https://verbiv.example by https"
    assert (expected if believes else f"from 127.0.0.1 at https://{PORTAL} by http") in said
    # another spelling, which the web server takes for the same header
    underscored = ask(f"Host: {PORTAL}", "X_Forwarded_For: 198.51.100.7")
    assert ("from 198.51.100.7 " if believes else "from 127.0.0.1 ") in underscored
    assert ask(f"Host: {PORTAL}", "X-Forwarded-Host: evil.example").startswith(f"HTTP/1.1 {421 if believes else 200}")
    assert "198.51.100.7" not in ask(f"Host: {PORTAL}", "Forwarded: for=198.51.100.7;host=verbiv.example")


@pytest.mark.parametrize("trusted", ["0"], indirect=True)
def test_only_hosts_of_ours_are_served(ask: Ask) -> None:
    assert "at https://verbiv.example" in ask("Host: VERBIV.example:8443")
    for headers in (("Host: evil.example",), (f"Host: {PORTAL}", "Host: evil.example"), ("Host: a b",)):
        answer = ask(*headers, path="/")
        assert answer.startswith("HTTP/1.1 421")
        assert f'href="https://{PORTAL}/"' in answer
        assert "evil" not in answer
        assert "location:" not in answer.lower()
    absolute = ask(f"Host: {PORTAL}", path="http://evil.example/")
    assert "evil" not in absolute


@pytest.mark.parametrize("trusted", ["0"], indirect=True)
def test_probes_reach_the_portal_without_a_name(ask: Ask) -> None:
    assert ask("Host: 127.0.0.1:8080").startswith("HTTP/1.1 200")
    assert ask("Host: [::1]").startswith("HTTP/1.1 200")
    assert ask(version="1.0").startswith("HTTP/1.0 200")
