"""Operators speak to everybody, and stop what people send, on the machine and from afar."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.suite import Suite, viche


@pytest.fixture(scope="module")
def suite(with_demo: Callable[..., Suite]) -> Iterator[Suite]:
    suite = with_demo("notices")
    suite.start()
    yield suite
    suite.stop()


@pytest.fixture(scope="module")
def token(suite: Suite) -> str:
    return suite.sign_in("operator@example.org")


def run(suite: Suite, token: str, *words: str) -> str:
    """What a command says that an operator gives from afar."""
    environment = {**os.environ, "VICHE_URL": suite.url, "VICHE_TOKEN": token}
    done = subprocess.run(viche(*words), env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def soon(suite: Suite, words: str, *, gone: bool = False) -> None:
    """Waits until the first page says something, or says it no more."""
    ends_at = time.monotonic() + 60
    while (words in suite.get("/").text) is gone:
        assert time.monotonic() < ends_at, f"{words!r} {'stays' if gone else 'does not come'}"
        time.sleep(0.2)


def checked(suite: Suite, subject: str) -> str:
    """What `viche check` says of something."""
    lines = suite.command("check").stdout.splitlines()
    return "\n".join(line for line in lines if line.partition(":")[0].endswith(f" {subject}"))


def ask_for_link(suite: Suite) -> httpx.Response:
    body = {"email": "a@example.org", "language": "en"}
    return httpx.post(f"{suite.url}/api/v1/sign-in-links", json=body, timeout=60)


def test_a_banner_goes_up_and_down(suite: Suite, token: str) -> None:
    run(suite, token, "notice", "set", "--text", "en=The counter is closed", "--text", "uk=Зачинено")
    soon(suite, "The counter is closed")
    assert "`viche notice clear` takes it down" not in checked(suite, "maintenance")
    assert "`viche notice clear` takes it down" in checked(suite, "banner")
    (shown,) = json.loads(run(suite, token, "notice", "show", "--json"))
    assert (shown["kind"], shown["text"]["uk"], shown["holds"]) == ("banner", "Зачинено", True)
    run(suite, token, "notice", "clear")
    soon(suite, "The counter is closed", gone=True)
    assert len(json.loads(run(suite, token, "notice", "show", "--history", "--json"))) == 2


def test_a_pause_is_looked_at_decided_and_ended(suite: Suite, token: str) -> None:
    words = ("pause", "add", "--authority", "kalynove", "--until", "2099-01-01", "--reason", "en=There is an election.")
    assert "run on" in run(suite, token, *words, "--check")
    assert json.loads(run(suite, token, "pause", "list", "--json")) == []
    run(suite, token, *words, "--opening", "off")
    (decided,) = json.loads(run(suite, token, "pause", "list", "--json"))
    assert (decided["authority"], decided["stops_signing"], decided["stops_opening"]) == ("kalynove", True, True)
    assert f"viche pause end {decided['id']}" in checked(suite, "pause")
    run(suite, token, "pause", "end", decided["id"])
    (over,) = json.loads(run(suite, token, "pause", "list", "--over", "--json"))
    assert over["ended_at"]


def test_maintenance_is_ended_by_the_command_that_it_would_refuse(suite: Suite, token: str) -> None:
    run(suite, token, "maintenance", "on", "--text", "en=A new version is coming")
    soon(suite, "A new version is coming")  # which the portal shows when it knows, and it refuses from then on
    assert "`viche maintenance off` ends it" in checked(suite, "maintenance")
    asked = ask_for_link(suite)
    assert (asked.status_code, asked.json()["reason"]) == (503, "MAINTENANCE")
    assert suite.get("/petitions").status_code == 200
    assert "is off" in run(suite, token, "maintenance", "off")
    soon(suite, "A new version is coming", gone=True)
    assert ask_for_link(suite).status_code < 300
