"""A whole instance for tests: `viche up` as people start it, in a folder and on ports of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import psutil

from viche_cli.home import Home
from viche_cli.infra import ports, process

READY_WITHIN_S = 180.0
# a page, a call or a mail on a machine where everything else runs, too
ANSWER_WITHIN_S = 60.0
# the gateway, the services and the engines end one after the other, each in a time limit of its own
STOPPED_WITHIN_S = 120.0
COMMAND_WITHIN_S = 200.0
# `viche up` passes these on; what the shell of the developer holds must not change a test
UNWANTED = ("VICHE_", "OTEL_")


class Suite:
    """One instance; start it, stop it, start it again."""

    def __init__(self, folder: Path, *options: str, environment: Mapping[str, str] | None = None) -> None:
        """`folder` must be one that every account may enter; `options` go to `viche up`."""
        self.home = Home(folder)
        self.port = ports.free_port()
        self.url = f"http://{ports.LOOPBACK}:{self.port}"
        self.log = folder.with_suffix(".out")
        self.process: subprocess.Popen[bytes] | None = None
        self._options = options
        self._environment = environment or {}

    def start(self) -> None:
        """Starts it and waits until it is ready. AssertionError, with what it said, when it is not."""
        self.process = self.spawn()
        running = self.process
        process.wait_until(lambda: running.poll() is not None or self.is_ready(), READY_WITHIN_S)
        assert self.is_ready(), self.said()

    def spawn(self) -> subprocess.Popen[bytes]:
        """Starts another `viche up` with the same folder and port."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(UNWANTED)}
        return process.spawn(
            viche("up", "--home", str(self.home.path), "--port", str(self.port), *self._options),
            env={**inherited, **self._environment},
            log=self.log,
            parent_death_signal=signal.SIGTERM,
        )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends it as a person would, and gives its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(STOPPED_WITHIN_S)

    def is_ready(self) -> bool:
        """Whether the process that we started has announced where it answers."""
        try:
            return self.process is not None and self.details()["pid"] == self.process.pid
        except FileNotFoundError:
            return False

    def details(self) -> dict[str, Any]:
        """What `viche up` announced: pids, grpc, databases, mail_url, …"""
        return json.loads(self.home.instance_file.read_text())

    def said(self) -> str:
        """All that it printed."""
        return self.log.read_text() if self.log.exists() else ""

    def refused_by_nats(self) -> list[str]:
        """What NATS refused of what services wanted, as its log has it."""
        log = (self.home.logs / "nats.log").read_text()
        return [line for line in log.splitlines() if " Violation - " in line]

    def get(self, path: str) -> httpx.Response:
        """A page of the portal."""
        return httpx.get(self.url + path, timeout=ANSWER_WITHIN_S, trust_env=False)

    def mails(self, to: str) -> list[dict[str, Any]]:
        """Mails that were sent to an address, newest first, with text and links."""
        url = f"{self.details()['mail_url']}/messages.json"
        sent = {"to": to, "full": "1"}
        return httpx.get(url, params=sent, timeout=ANSWER_WITHIN_S, trust_env=False).json()["messages"]

    def sign_in(self, email: str) -> str:
        """A session token of the person, by the link in a mail, over the API. Sign each person in once: an earlier
        link would be found first and is used up."""
        with httpx.Client(base_url=self.url, timeout=ANSWER_WITHIN_S, trust_env=False) as client:
            client.post("/api/v1/sign-in-links", json={"email": email, "language": "en"}).raise_for_status()
            process.wait_until(lambda: bool(self._links(email, "/sign-in/")), ANSWER_WITHIN_S)
            token = self._links(email, "/sign-in/")[0].rsplit("/", 1)[-1]
            return client.post("/api/v1/sessions", json={"token": token}).raise_for_status().json()["session_token"]

    def _links(self, to: str, part: str) -> list[str]:
        return [link for mail in self.mails(to) for link in mail["links"] if part in link]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs a command against this instance."""
        argv = viche(*words, "--home", str(self.home.path))
        return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=COMMAND_WITHIN_S)


def runs(one: psutil.Process) -> bool:
    """Whether a process has not ended yet."""
    try:
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it went between the two looks
        return False


def viche(*words: str) -> Sequence[str]:
    """The `viche` command of this environment."""
    return [sys.executable, "-m", "viche_cli.main", *words]
