"""How much memory a process and all its descendants take."""

from __future__ import annotations

from pathlib import Path

PROC = Path("/proc")


def descendants(root: int, proc: Path = PROC) -> list[int]:
    """Process ids of `root` and everything below it."""
    parents = {int(folder.name): _parent(folder) for folder in proc.iterdir() if folder.name.isdigit()}
    found = [root]
    for each in found:  # grows while it is walked
        found.extend(child for child, parent in parents.items() if parent == each)
    return found


def pss_mb(pids: list[int], proc: Path = PROC) -> float:
    """Their proportional set size: pages that several share count once. In MB of 1,000,000 bytes."""
    return sum(_pss_kib(proc / str(pid)) for pid in pids) * 1024 / 1e6


def _parent(folder: Path) -> int:
    try:
        # the name of the program, in brackets, may hold anything (proc_pid_stat(5))
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def _pss_kib(folder: Path) -> int:
    try:
        lines = (folder / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # ended meanwhile
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
