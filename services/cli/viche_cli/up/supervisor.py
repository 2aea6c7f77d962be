"""Children that are restarted when they die, and ended in order."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from viche_cli.faults import Fault
from viche_cli.infra import process

LOOK_EVERY_S = 0.2
# pause before a restart, by how often the child has failed in a row
BACKOFF_S = (0.0, 0.5, 1.0, 2.0, 5.0)
# a child that ran for so long is no child that cannot start: it is started again at once, however often it is killed
STEADY_AFTER_S = 10.0
# how often a child may fail before everything was ready once
STARTING_FAILURES = 2
STOP_WITHIN_S = 12.0  # a little more than services take to drain
LOG_LIMIT_BYTES = 20_000_000
LOG_CHECK_EVERY_S = 30.0


@dataclass(slots=True)
class Child:
    """A process that should run."""

    name: str
    launch: Callable[[], subprocess.Popen[bytes]]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at_s: float = 0.0
    # when to start it again; None while it runs
    retry_at_s: float | None = field(default=None)

    def start(self) -> None:
        """Starts it now."""
        self.started_at_s, self.retry_at_s = time.monotonic(), None
        self.process = self.launch()


class Supervisor:
    """Watches children. All methods belong to one thread, the one whose end ends the children."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        """`warn` is told of every child that ended by itself."""
        # called after a child was started again
        self.on_restart: Callable[[], None] = lambda: None
        self.children: dict[str, Child] = {}
        self._warn = warn
        self._logs_checked_at_s = time.monotonic()

    def add(self, child: Child) -> None:
        """Starts a child and watches it from now on."""
        self.children[child.name] = child
        child.start()

    def run_until(self, claim: Callable[[], bool], *, timeout_s: float, what: str) -> None:
        """Watches children until the claim is true. Raises Fault when a child keeps failing or the time is over."""
        deadline_s = time.monotonic() + timeout_s
        while not claim():
            self.look(most_failures=STARTING_FAILURES)
            if time.monotonic() > deadline_s:
                raise Fault(f"{what} did not get ready within {timeout_s:.0f} s: see {self._log_folder()}.")
            time.sleep(process.POLL_S)

    def run_while(self, claim: Callable[[], bool]) -> None:
        """Watches children while the claim holds, or until an exception, as a signal raises it, ends the watch."""
        while claim():
            self.look()
            time.sleep(LOOK_EVERY_S)

    def look(self, most_failures: int | None = None) -> None:
        """Starts again what has ended. Raises Fault when a child has failed more than `most_failures` times."""
        now_s = time.monotonic()
        for child in self.children.values():
            if child.retry_at_s is None and child.process is not None and child.process.poll() is not None:
                self._note_end(child, now_s, most_failures)
            if child.retry_at_s is not None and now_s >= child.retry_at_s:
                child.start()
                self.on_restart()
        if now_s - self._logs_checked_at_s > LOG_CHECK_EVERY_S:
            self._logs_checked_at_s = now_s
            for child in self.children.values():
                cut_log(child.log)

    def stop(self, names: Sequence[str], timeout_s: float = STOP_WITHIN_S) -> None:
        """Ends the named children at the same time and forgets them; by force those that take too long."""
        ending = [self.children.pop(name) for name in names if name in self.children]
        running = [child for child in ending if child.process is not None and child.process.poll() is None]
        for child in running:
            if child.process is not None:
                child.process.send_signal(child.stop_signal)
        deadline_s = time.monotonic() + timeout_s
        for child in ending:
            if child.process is not None:
                process.await_end(child.process, max(0.1, deadline_s - time.monotonic()))

    def kill(self) -> None:
        """Ends all children at once, by force."""
        for child in self.children.values():
            if child.process is not None:
                process.await_end(child.process, 0.0)
        self.children.clear()

    def pids(self) -> dict[str, int]:
        """Process ids by name."""
        return {child.name: child.process.pid for child in self.children.values() if child.process is not None}

    def _note_end(self, child: Child, now_s: float, most_failures: int | None) -> None:
        assert child.process is not None
        process.end_session(child.process)
        if now_s - child.started_at_s > STEADY_AFTER_S:
            child.failures = 0
        child.failures += 1
        if most_failures is not None and child.failures > most_failures:
            raise Fault(f"{child.name} does not start: {last_line(child.log)} (more in {child.log}).")
        pause_s = BACKOFF_S[min(child.failures, len(BACKOFF_S)) - 1]
        child.retry_at_s = now_s + pause_s
        when = f"in {pause_s:g} s" if pause_s else "now"
        self._warn(f"{child.name} ended ({describe_end(child.process.returncode)}); it is started again {when}.")

    def _log_folder(self) -> Path | str:
        return next((child.log.parent for child in self.children.values()), "the logs")


def describe_end(code: int) -> str:
    """How a process ended, for people."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def last_line(log: Path) -> str:
    """What a child said last."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8_000))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1].strip()[:500] if lines else "it says nothing"


def cut_log(log: Path) -> None:
    """Moves the content of a log that has grown too large to NAME.1; children append, so they go on in the old file."""
    try:
        if log.stat().st_size <= LOG_LIMIT_BYTES:
            return
        with log.open("rb+") as file, log.with_suffix(".log.1").open("wb") as former:
            while part := file.read(1 << 20):
                former.write(part)
            file.truncate(0)
    except OSError:
        return  # a log is no reason to stop
