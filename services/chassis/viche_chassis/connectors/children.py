"""Connectors in child processes: cut, ended and begun anew without touching anybody else.

A child survives here what a connector does to itself: spinning, leaking, exiting, crashing. It is no wall against
malice, since it runs under the account of its parent; what nobody trusts runs as a pod.
"""

import asyncio
import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import grpc

from viche_chassis.connectors import processes
from viche_chassis.connectors.calls import Call, Fault, FaultKind, NotAsked, Outcome
from viche_chassis.connectors.child import Order
from viche_chassis.connectors.given import Networks
from viche_chassis.connectors.remote import Refused, Remote, outcome_of_failure
from viche_chassis.tasks import cancel_all
from viche_chassis.tokens import ServiceIdentity
from viche_sdk.connectors.types import ConnectorSpec

log = logging.getLogger("viche.connectors")

INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""All of the environment that a child sees."""
SHOWN_CHARACTERS = 500
IDLE_S = 60.0
BACKOFF_S, LONGEST_BACKOFF_S = 0.5, 60.0
"""A child that ends is begun anew after a pause that doubles; one that lived as long as the longest begins at once."""


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
class _Life:
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


class Child:
    """The connectors of one plugin in a process of their own.

    Args:
        plugin: name of its entry point.
        identity: who calls.
        public_key: proves that it does, PEM.
        environment: of which a child gets what INHERITED names.
    """

    def __init__(
        self,
        plugin: str,
        identity: ServiceIdentity,
        public_key: str,
        *,
        environment: Mapping[str, str],
        networks: Networks | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        self._plugin = plugin
        self._identity = identity
        self._public_key = public_key
        inherited = {name: environment[name] for name in INHERITED if name in environment}
        # each arena would reserve 64 MB of the address space (mallopt(3))
        self._environment = {**inherited, "MALLOC_ARENA_MAX": "2"}
        self._networks = networks or Networks()
        self._bounds = bounds or Bounds()
        self._folder = Path(tempfile.mkdtemp(prefix="viche-connector-"))
        self._life: _Life | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self.specs: tuple[ConnectorSpec, ...] = ()
        self.trouble = "it is starting"
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        """Of the process that serves just now."""
        return self._life.process.pid if self._life else None

    async def start(self) -> None:
        """Starts the process; returns when it answers, or did not come to that."""
        self._keeping = asyncio.create_task(self._keep())
        await self._tried.wait()

    async def perform(self, call: Call) -> Outcome:
        """Makes a call."""
        life = self._life
        if life is None:
            return Outcome(NotAsked(self.trouble))
        if not life.active:
            life.count_anew()
        life.active, life.calls = life.active + 1, life.calls + 1
        try:
            return await life.remote.perform(call)
        except grpc.aio.AioRpcError as error:
            return await self._failed(life, call, error)
        finally:
            life.active -= 1
            if not life.active:
                life.count_anew()

    async def close(self) -> None:
        """Ends the process."""
        await cancel_all([self._keeping] if self._keeping else [])
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _failed(self, life: _Life, call: Call, error: grpc.aio.AioRpcError) -> Outcome:
        """What a call without an answer means: of a process that does not answer nothing more is expected."""
        outcome = outcome_of_failure(call, error)
        if not isinstance(outcome.ending, Fault):
            return outcome
        incident = str(life.process.pid)
        if outcome.ending.kind is FaultKind.TIME:
            life.end(f"a call of {call.connector} did not end within {call.limit_s:g} s and could not be cut")
            return Outcome(Fault(FaultKind.TIME, outcome.ending.detail, incident))
        try:
            async with asyncio.timeout(2 * self._bounds.look_every_s + 1):
                reason = await asyncio.shield(life.ended)
        except TimeoutError:
            life.end(outcome.ending.detail)
            reason = outcome.ending.detail
        return Outcome(Fault(FaultKind.ENDED, reason, incident))

    async def _keep(self) -> None:
        pause_s = BACKOFF_S
        while True:
            began_at = monotonic()
            try:
                self.trouble = await self._live()
            except OSError as fault:
                self.trouble = f"it cannot be started: {fault}"
            self._tried.set()
            log.warning("connector ended", extra={"plugin": self._plugin, "reason": self.trouble})
            pause_s = BACKOFF_S if monotonic() - began_at > LONGEST_BACKOFF_S else pause_s
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_BACKOFF_S)
            self.restarts += 1

    async def _live(self) -> str:
        """One life of the process, from its start to its end; gives why it ended."""
        socket = self._folder / "socket"
        socket.unlink(missing_ok=True)
        process = await self._spawn(socket)
        remote = Remote(f"unix:{socket}", self._plugin, self._identity)
        life = _Life(process, remote, asyncio.get_running_loop().create_future(), monotonic())
        output = asyncio.create_task(_Output(process).read())
        try:
            trouble = await self._begin(life, output)
            reason = trouble or await self._watch(life)
        except BaseException:
            life.ended.set_result("it is being ended")
            raise
        finally:
            self._life = None
            processes.kill_group(process.pid)
            await process.wait()
            await cancel_all([output])
            await remote.close()
        life.ended.set_result(reason)
        return reason

    async def _spawn(self, socket: Path) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "viche_chassis.connectors.child"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self._environment,
            cwd=self._folder,
            start_new_session=True,
        )
        assert process.stdin is not None
        trusted, name = self._networks.trusted, self._identity.name
        order = Order(self._plugin, f"unix:{socket}", name, self._public_key, trusted, os.getpid())
        process.stdin.write(order.line())
        process.stdin.close()
        return process

    async def _begin(self, life: _Life, output: "asyncio.Task[str]") -> str:
        """Waits until it answers; gives why it does not."""
        describing = asyncio.create_task(life.remote.describe(self._bounds.start_s))
        ending = asyncio.create_task(life.process.wait())
        try:
            await asyncio.wait([describing, ending], return_when=asyncio.FIRST_COMPLETED)
            if not describing.done():
                said = await asyncio.wait_for(output, 1)
                return f"{_end_of(life.process)} while starting{': ' if said else ''}{said}"
            self.specs = describing.result()
        except Refused as refused:
            return str(refused)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.DEADLINE_EXCEEDED:
                return f"it does not say what it brings: {error.code().name}"
            return f"it did not start within {self._bounds.start_s:g} s"
        finally:
            await cancel_all([describing, ending])
        life.resident_bytes = processes.resident_bytes(life.process.pid)
        processes.limit_memory(life.process.pid, 2 * self._bounds.memory_bytes)
        life.count_anew()
        self._life, self.trouble = life, ""
        self._tried.set()
        return ""

    async def _watch(self, life: _Life) -> str:
        """Looks at it until it has ended; gives why it has."""
        while True:
            try:
                await asyncio.wait_for(life.process.wait(), self._bounds.look_every_s)
            except TimeoutError:
                if excess := life.excess(self._bounds):
                    life.end(excess)
                elif not life.active and monotonic() - life.counted_at > IDLE_S:
                    life.count_anew()
            else:
                return life.verdict or _end_of(life.process)


class _Output:
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


def _end_of(process: asyncio.subprocess.Process) -> str:
    code = process.returncode
    if code is None:
        return "its process ended"
    return f"its process exited with status {code}" if code >= 0 else f"its process was ended by {_signal(-code)}"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
