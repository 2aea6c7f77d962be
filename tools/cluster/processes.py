"""Processes of the cluster: started with a log, ended by their process id."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.cluster.places import Places
from tools.running import Fault

ENDS_WITHIN_S = 20.0
LAST_LINES = 15


def start(places: Places, name: str, argv: Sequence[str | Path], more: Mapping[str, str] | None = None) -> None:
    """Starts a part in the background unless it runs."""
    if is_running(places, name):
        return
    places.logs.mkdir(parents=True, exist_ok=True)
    places.run.mkdir(parents=True, exist_ok=True)
    with (places.logs / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={**os.environ, **(more or {})},
            start_new_session=True,
        )
    # the time of its start tells it from another process that gets its number later
    places.pid(name).write_text(f"{process.pid} {_started(process.pid)}", encoding="utf-8")


def is_running(places: Places, name: str) -> bool:
    """Whether the process that was started is still there."""
    return _pid(places, name) is not None


def stop(places: Places, name: str) -> None:
    """Ends a part, and waits until it is gone."""
    pid = _pid(places, name)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        if not _within(ENDS_WITHIN_S, lambda: _pid(places, name) is None):
            os.kill(pid, signal.SIGKILL)
            _within(ENDS_WITHIN_S, lambda: _pid(places, name) is None)
    places.pid(name).unlink(missing_ok=True)


def wait_for(places: Places, name: str, is_ready: Callable[[], bool], within_s: float = 120.0) -> None:
    """Waits until a part is ready. Raises Fault with its last words when it ends or takes too long."""
    if _within(within_s, lambda: is_ready() or not is_running(places, name)) and is_running(places, name):
        return
    log = places.logs / f"{name}.log"
    said = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
    raise Fault(f"{name} is not ready; {log} ends with\n" + "\n".join(said))


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        if holds():
            return True
        time.sleep(0.1)
    return holds()


def _pid(places: Places, name: str) -> int | None:
    try:
        pid, began = places.pid(name).read_text(encoding="utf-8").split()
    except (FileNotFoundError, ValueError):
        return None
    return int(pid) if began and _started(int(pid)) == began else None


def _started(pid: int) -> str:
    """When it was started, in ticks since the machine's; empty when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if stat[0] == "Z" else stat[19]
