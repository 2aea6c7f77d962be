"""Children are restarted when they die, and none outlives its supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from viche_cli.faults import Fault
from viche_cli.infra import process
from viche_cli.up.supervisor import Child, Supervisor

SLEEP = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)
WITH_CHILD = (
    "import subprocess, sys, time;"
    "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True); time.sleep(60)"
)
TOLD_BESIDE_FORK = """
import os, signal, sys
from viche_cli.infra import process

def end(number, frame):
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)

signal.signal(signal.SIGTERM, end)
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGTERM))
try:
    process.spawn([sys.executable, "-c", "import time; time.sleep(60)"])
finally:
    left = True
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        left = False
    print("left" if left else "nothing left")
"""


def python(name: str, code: str, folder: Path) -> Child:
    log = folder / f"{name}.log"
    return Child(name, lambda: process.spawn([sys.executable, "-c", code], env=os.environ, log=log), log)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until_logged(log: Path) -> str:
    assert process.wait_until(lambda: log.exists() and log.read_text().strip() != "", 60)
    return log.read_text().strip()


def test_child_that_dies_is_restarted_and_said_so(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    supervisor.add(python("petitions", SLEEP, tmp_path))
    first = supervisor.pids()["petitions"]
    try:
        os.kill(first, signal.SIGKILL)
        supervisor.run_until(lambda: supervisor.pids()["petitions"] != first, timeout_s=60, what="petitions")
    finally:
        supervisor.kill()
    assert said == ["petitions ended (killed by SIGKILL); it is started again now."]


def test_child_that_keeps_failing_at_the_start_is_a_fault_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda line: None)
    supervisor.add(python("identity", "raise SystemExit('VICHE_LISTEN is not set')", tmp_path))
    with pytest.raises(Fault, match="identity does not start: VICHE_LISTEN is not set"):
        supervisor.run_until(lambda: False, timeout_s=60, what="identity")
    supervisor.kill()


def test_child_that_does_not_heed_the_signal_is_killed_in_time(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda line: None)
    child = python("stubborn", STUBBORN, tmp_path)
    supervisor.add(child)
    until_logged(child.log)
    began_s = time.monotonic()
    supervisor.stop(["stubborn"], timeout_s=0.5)
    assert time.monotonic() - began_s < 30  # it sleeps for twice as long
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL


def test_signal_that_comes_while_a_child_is_made_is_heard_and_the_child_ends() -> None:
    done = subprocess.run([sys.executable, "-c", TOLD_BESIDE_FORK], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (128 + signal.SIGTERM, "nothing left\n", "")


def test_what_a_killed_child_had_started_ends_too(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda line: None)
    child = python("gateway", WITH_CHILD, tmp_path)
    supervisor.add(child)
    grandchild = int(until_logged(child.log))
    supervisor.kill()
    assert process.wait_until(lambda: not is_alive(grandchild), 30)


def test_child_ends_with_a_killed_supervisor(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    starter = os.fork()
    if starter == 0:
        child = process.spawn([sys.executable, "-c", SLEEP], env=os.environ)
        pid_file.write_text(str(child.pid))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(starter, 0)
    assert process.wait_until(lambda: not is_alive(int(pid_file.read_text())), 30)
