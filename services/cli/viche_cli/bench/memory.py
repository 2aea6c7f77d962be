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


def is_known(proc: Path = PROC) -> bool:
    """Whether this system tells proportional set sizes; Linux does."""
    return (proc / "self" / "smaps_rollup").exists()


def by_process(pids: list[int], proc: Path = PROC) -> list[str]:
    """One line for each process, the largest first, for people."""
    sized = sorted(((_pss_kib(proc / str(pid)) * 1024 / 1e6, _command(proc / str(pid))) for pid in pids), reverse=True)
    return [f"{size:6.1f} MB  {command}" for size, command in sized]


def forget_peak(pid: int, proc: Path = PROC) -> None:
    """Lets the most memory that a process has had be what it has now (proc_pid_clear_refs(5))."""
    (proc / str(pid) / "clear_refs").write_text("5")


def peak_mb(pid: int, proc: Path = PROC) -> float:
    """The most resident memory that a process has had, in MB of 1,000,000 bytes."""
    lines = (proc / str(pid) / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024 / 1e6


def _command(folder: Path) -> str:
    try:
        words = (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return ""
    return " ".join(Path(words[0]).name.split()[:1] + words[1:3]).strip() or words[0]


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
