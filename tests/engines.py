"""Where the engines of tests keep their data."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

FOLDER = "viche-test"
MEMORY = Path("/dev/shm")
ROOM_BYTES = 6 << 30  # four workers with the engines of several instances each


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder that every account may enter, in memory if it fits; gone on the way out."""
    base = _memory() or Path(tempfile.gettempdir())
    _sweep(base)
    made = Path(tempfile.mkdtemp(prefix=f"{FOLDER}-{os.getpid()}-", dir=base))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _memory() -> Path | None:
    """Linux' file system in memory, where making and dropping databases takes a tenth of what it takes on a disk.

    Nothing is lost with it that tests ask for: they kill processes, never the machine.
    """
    try:
        room = min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available)
    except OSError:
        return None
    return MEMORY if room > ROOM_BYTES and os.access(MEMORY, os.W_OK) else None


def _sweep(base: Path) -> None:
    """Removes what runs that were killed have left."""
    for left in base.glob(f"{FOLDER}-*-*"):
        owner = left.name.split("-")[-2]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
