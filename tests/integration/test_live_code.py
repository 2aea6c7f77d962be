"""The first process of a pod under Tilt: the service starts anew when its code has changed."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIVE = (ROOT / "tools" / "tilt" / "live.sh").read_text("utf-8")
WITHIN_S = 20.0
# a test makes the mistake as soon as it sees the start, so that the start looks for it before it can be seen
START = """#!/bin/sh
mistake=
[ -e "$TMPDIR/mistake" ] && mistake=yes
echo "$@" >>"$TMPDIR/starts"
[ -n "$mistake" ] && exit 7
exec sleep 60
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    start = tmp_path / "start"
    start.write_text(START)
    start.chmod(0o755)
    return tmp_path


@pytest.fixture
def pod(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "TMPDIR": str(folder)}
    with subprocess.Popen(["sh", "-c", LIVE, "live", "plugins", "serve"], env=environment) as process:
        try:
            yield process
        finally:
            process.terminate()


def starts(folder: Path) -> list[str]:
    return (folder / "starts").read_text().splitlines() if (folder / "starts").exists() else []


def has_started(folder: Path) -> bool:
    """Whether it runs and its id is written down; the file is there, and empty, a moment before."""
    return (folder / "pid").exists() and (folder / "pid").read_text() != "" and len(starts(folder)) == 1


def until(claim: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + WITHIN_S
    while not claim():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


def save(folder: Path) -> None:
    """What the Tiltfile has Tilt do after it copied files."""
    (step,) = re.findall(r'steps\.append\(run\("(.+)"\)\)', (ROOT / "Tiltfile").read_text("utf-8"))
    assert "/tmp/again" in step
    subprocess.run(["sh", "-c", step.replace("/tmp", str(folder))], check=True, timeout=WITHIN_S)


def test_a_save_starts_the_service_anew(folder: Path, pod: subprocess.Popen[bytes]) -> None:
    until(lambda: has_started(folder))
    first = (folder / "pid").read_text()

    save(folder)

    until(lambda: len(starts(folder)) == 2)
    assert starts(folder) == ["plugins serve"] * 2
    until(lambda: (folder / "pid").read_text() not in ("", first))
    assert pod.poll() is None


def test_a_mistake_waits_for_the_save_that_mends_it(folder: Path, pod: subprocess.Popen[bytes]) -> None:
    until(lambda: has_started(folder))
    (folder / "mistake").touch()
    save(folder)
    until(lambda: len(starts(folder)) == 2)
    time.sleep(0.5)
    assert (len(starts(folder)), pod.poll()) == (2, None)

    (folder / "mistake").unlink()
    save(folder)

    until(lambda: len(starts(folder)) == 3)


def test_a_first_start_that_fails_ends_the_container(folder: Path) -> None:
    (folder / "mistake").touch()
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "TMPDIR": str(folder)}
    done = subprocess.run(["sh", "-c", LIVE], env=environment, check=False, timeout=WITHIN_S)
    assert done.returncode == 7


def test_the_end_of_the_pod_ends_the_service(folder: Path, pod: subprocess.Popen[bytes]) -> None:
    until(lambda: has_started(folder))
    service = int((folder / "pid").read_text())

    pod.terminate()

    pod.wait(WITHIN_S)
    with pytest.raises(ProcessLookupError):
        os.kill(service, 0)
