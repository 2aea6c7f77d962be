"""Where the engines of tests keep their data, and copies of databases."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
from psycopg import sql

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


@contextlib.contextmanager
def copied(admin_url: str, url: str) -> Iterator[str]:
    """The URL of a copy of the database at `url`, for the same role; dropped on the way out."""
    parts = urlsplit(url)
    name = f"{parts.path[1:]}_{secrets.token_hex(6)}"
    query = "CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY"  # what it copies it need not log
    names = [sql.Identifier(each) for each in (name, parts.path[1:], parts.username or "")]
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL(query).format(*names))
    yield urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(names[0]))


def copy(instance: Path, target: Path) -> None:
    """Copies the folder of a stopped instance with the accounts that own its files; the target is there whole or not
    at all."""
    draft = target.with_name(f".{target.name}")
    subprocess.run(["cp", "-a", instance, draft], check=True)
    draft.rename(target)


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
