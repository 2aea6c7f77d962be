"""`viche check` calls the hosts of authorities as people do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from viche_chassis.brand import Brand, Look, OwnHost
from viche_cli.check.brand import check_hosts
from viche_cli.check.findings import Level


class Portal(BaseHTTPRequestHandler):
    """Answers as the gateway does, or as something else."""

    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def found(url: str, host: str, slug: str = "city") -> tuple[Level, str]:
    (finding,) = check_hosts(Brand(authorities={slug: OwnHost(slug, host, Look())}), ["city"], url)
    return finding.level, finding.said


@pytest.mark.parametrize(("status", "level"), [(200, Level.OK), (421, Level.FAIL), (502, Level.WARN)])
def test_host_is_called(url: str, status: int, level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Portal, "status", status)
    assert found(url, "localhost")[0] == level


def test_host_that_does_not_answer_fails(url: str) -> None:
    assert found(url, "nowhere.invalid")[0] == Level.FAIL


def test_authority_that_is_not_there_fails(url: str) -> None:
    level, said = found(url, "localhost", "village")
    assert level == Level.FAIL
    assert "there is no authority 'village'" in said
