"""How much CPU time processes have used."""

from __future__ import annotations

import os
from pathlib import Path

from viche_cli.bench.memory import PROC, descendants


def named(root: int, word: str, proc: Path = PROC) -> list[int]:
    """`root` and its descendants with this word in their command; PostgreSQL's name the database that they serve."""
    return [pid for pid in descendants(root, proc) if word in _command(proc / str(pid))]


def used_s(pids: list[int], proc: Path = PROC) -> float:
    """User and system time of these processes together; nothing for those that have ended."""
    return sum(_ticks(proc / str(pid)) for pid in pids) / os.sysconf("SC_CLK_TCK")


def _command(folder: Path) -> str:
    try:
        return (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def _ticks(folder: Path) -> int:
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])  # utime and stime: proc_pid_stat(5), counted after the name
