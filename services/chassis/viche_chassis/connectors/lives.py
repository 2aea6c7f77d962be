"""One child process from its start to its end: what it may use, what it uses, how it ended."""

import asyncio
import signal
from dataclasses import dataclass
from time import monotonic

from viche_chassis.connectors import processes
from viche_chassis.connectors.remote import Remote

SHOWN_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a child may use.

    Args:
        memory_bytes: beyond what it holds at rest; of addresses it gets twice as much, for the stacks of its threads.
        cpu_s: of the processor for each call, on average over those that overlap.
        start_s: until it answers.
        look_every_s: between two looks at it.
    """

    memory_bytes: int = 512 * 1024 * 1024
    cpu_s: float = 30.0
    start_s: float = 30.0
    look_every_s: float = 0.5


@dataclass(slots=True)
class Life:
    """One process. `ended` says why it ended."""

    process: asyncio.subprocess.Process
    remote: Remote
    ended: asyncio.Future[str]
    began_at: float
    resident_bytes: int = 0
    active: int = 0
    calls: int = 0
    cpu_s: float = 0.0
    counted_at: float = 0.0
    verdict: str = ""

    def count_anew(self) -> None:
        """Counts the processor's time and the calls from here."""
        self.calls, self.cpu_s, self.counted_at = 0, processes.cpu_s(self.process.pid), monotonic()

    def end(self, verdict: str) -> None:
        """Ends it, with what it leaves behind."""
        self.verdict = self.verdict or verdict
        processes.kill_group(self.process.pid)

    def excess(self, bounds: Bounds) -> str:
        """What it uses too much of; empty when all is well."""
        pid = self.process.pid
        if processes.resident_bytes(pid) > self.resident_bytes + bounds.memory_bytes:
            return f"it used more than {bounds.memory_bytes >> 20} MB of memory"
        if processes.has_children(pid):
            return "it started processes"
        if processes.cpu_s(pid) - self.cpu_s > bounds.cpu_s * max(1, self.calls):
            return f"it used more than {bounds.cpu_s:g} s of the processor" + ("" if self.active else " unasked")
        return ""


class Output:
    """What a child writes: its last words matter while it starts; later they may hold secrets and are dropped."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def read(self) -> str:
        """Reads to the end; gives the last words."""
        assert self._process.stdout is not None
        last = b""
        while part := await self._process.stdout.read(65536):
            last = (last + part)[-4 * SHOWN_CHARACTERS :]
        lines = last.decode("utf-8", "replace").strip().splitlines()
        return lines[-1][-SHOWN_CHARACTERS:] if lines else ""


def end_of(process: asyncio.subprocess.Process) -> str:
    code = process.returncode
    if code is None:
        return "its process ended"
    return f"its process exited with status {code}" if code >= 0 else f"its process was ended by {_signal(-code)}"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
