"""What the system says of a process, and how it is limited and ended (proc_pid_stat(5), prlimit(2))."""

import os
import resource
import signal
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def cpu_s(pid: int) -> float:
    """Seconds of the processor that it has used; 0 where nothing can be said."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int:
    """Memory that it holds; 0 where nothing can be said."""
    return _pages(pid, 1)


def limit_memory(pid: int, more_bytes: int) -> None:
    """Lets it have as much address space beyond what it has now; a request for more fails inside it."""
    held = _pages(pid, 0)
    if held and hasattr(resource, "prlimit"):
        with suppress(ProcessLookupError, PermissionError):
            resource.prlimit(pid, resource.RLIMIT_AS, (held + more_bytes, held + more_bytes))


def has_children(pid: int) -> bool:
    """Whether it has started processes, where the system says."""
    for path in (PROC / str(pid) / "task").glob("*/children"):
        with suppress(OSError):
            if path.read_text().strip():
                return True
    return False


def kill_group(pid: int) -> None:
    """Ends a process that leads a group, and all of the group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _pages(pid: int, place: int) -> int:
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[place]) * resource.getpagesize()
    except OSError:
        return 0
