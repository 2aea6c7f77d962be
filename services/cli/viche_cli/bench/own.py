"""The instance that is measured: `viche up` over a temporary folder, ended in any case."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from viche_cli import instance
from viche_cli.bench.load import Target
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.infra import ports, process
from viche_cli.instance import Instance
from viche_cli.up.supervisor import last_line

READY_WITHIN_S = 120.0
STOP_WITHIN_S = 60.0
# limits stay on and are counted, but thousands of citizens come from one address here
SETTINGS = {
    "VICHE_RATE_FACTOR": "100000",
    "VICHE_IDENTITY_ALLOW_DIRECT_SESSIONS": "true",
    "VICHE_REGION_NAME": "Bench",
}


@dataclass(frozen=True, slots=True)
class Running:
    """The instance while it runs."""

    instance: Instance
    target: Target
    pid: int
    ready_s: float

    @property
    def database(self) -> str:
        """URL of the database of petitions, as its owner."""
        return self.instance.details["databases"]["petitions"]


@contextlib.contextmanager
def temporary_home() -> Iterator[Home]:
    """A folder that PostgreSQL's account may enter, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="viche-bench-"))
    folder.chmod(0o755)
    try:
        yield Home(folder / "home")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running(home: Home, more: Mapping[str, str] | None = None) -> Iterator[Running]:
    """The suite over this folder until the block ends, with more settings. Raises Fault when it does not get ready."""
    port = ports.free_port()
    log = home.path.parent / "up.log"
    command = [sys.executable, "-m", "viche_cli.main", "up", "--home", str(home.path), "--port", str(port), "--no-demo"]
    began_s = time.perf_counter()
    settings = environment(os.environ) | dict(more or {})
    child = process.spawn(command, env=settings, log=log, parent_death_signal=signal.SIGTERM)
    try:
        ready = process.wait_until(lambda: home.instance_file.exists() or child.poll() is not None, READY_WITHIN_S)
        if not ready or child.poll() is not None:
            raise Fault(f"The instance to be measured did not start: {last_line(log)}")
        ready_s = time.perf_counter() - began_s
        yield Running(instance.connect(home.path), Target(ports.LOOPBACK, port), child.pid, ready_s)
    finally:
        _end(child)


def environment(outside: Mapping[str, str]) -> dict[str, str]:
    """Ours, without the settings of an instance that may run beside it; OTEL_* settings stay."""
    kept = {name: value for name, value in outside.items() if not name.startswith("VICHE_")}
    return kept | SETTINGS


def _end(child: subprocess.Popen[bytes]) -> None:
    process.stop(child, timeout_s=STOP_WITHIN_S)
