"""Connectors in child processes: cut, ended and begun anew without touching anybody else.

A child survives here what a connector does to itself: spinning, leaking, exiting, crashing. It is no wall against
malice, since it runs under the account of its parent; what nobody trusts runs as a pod.
"""

import asyncio
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

import grpc

from viche_chassis.connectors import processes
from viche_chassis.connectors.calls import Call, Fault, FaultKind, NotAsked, Outcome
from viche_chassis.connectors.child import Order
from viche_chassis.connectors.given import Networks
from viche_chassis.connectors.lives import Bounds, Life, Output, end_of
from viche_chassis.connectors.remote import Refused, Remote, outcome_of_failure
from viche_chassis.tasks import cancel_all
from viche_chassis.tokens import ServiceIdentity
from viche_sdk.connectors.types import ConnectorSpec

log = logging.getLogger("viche.connectors")

INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""All of the environment that a child sees."""
IDLE_S = 60.0
NOTICE_S = 5.0
"""A process that gives no answer and has not ended by then is ended."""
BACKOFF_S, LONGEST_BACKOFF_S = 0.5, 60.0
"""A child that ends is begun anew after a pause that doubles; one that lived as long as the longest begins at once."""


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
        self._folder = Path()
        self._life: Life | None = None
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
        self._folder = Path(tempfile.mkdtemp(prefix="viche-connector-"))
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
        if self._keeping:
            await cancel_all([self._keeping])
            shutil.rmtree(self._folder, ignore_errors=True)

    async def _failed(self, life: Life, call: Call, error: grpc.aio.AioRpcError) -> Outcome:
        """What a call without an answer means: of a process that does not answer nothing more is expected."""
        outcome = outcome_of_failure(call, error)
        if not isinstance(outcome.ending, Fault):
            return outcome
        incident = str(life.process.pid)
        if outcome.ending.kind is FaultKind.TIME:
            life.end(f"a call of {call.connector} did not end within {call.limit_s:g} s and could not be cut")
            return Outcome(Fault(FaultKind.TIME, outcome.ending.detail, incident))
        try:
            async with asyncio.timeout(NOTICE_S):
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
        life = Life(process, remote, asyncio.get_running_loop().create_future(), monotonic())
        output = asyncio.create_task(Output(process).read())
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
        scratch = self._folder / "tmp"
        shutil.rmtree(scratch, ignore_errors=True)  # of the one before, which had no time to tidy up
        scratch.mkdir()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "viche_chassis.connectors.child"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**self._environment, "TMPDIR": str(scratch)},
            cwd=scratch,
            start_new_session=True,
        )
        assert process.stdin is not None
        trusted, name = self._networks.trusted, self._identity.name
        order = Order(self._plugin, f"unix:{socket}", name, self._public_key, trusted, os.getpid())
        process.stdin.write(order.line())
        process.stdin.close()
        return process

    async def _begin(self, life: Life, output: "asyncio.Task[str]") -> str:
        """Waits until it answers; gives why it does not."""
        describing = asyncio.create_task(life.remote.describe(self._bounds.start_s))
        ending = asyncio.create_task(life.process.wait())
        try:
            await asyncio.wait([describing, ending], return_when=asyncio.FIRST_COMPLETED)
            if not describing.done():
                said = await asyncio.wait_for(output, 1)
                return f"{end_of(life.process)} while starting{': ' if said else ''}{said}"
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

    async def _watch(self, life: Life) -> str:
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
                return life.verdict or end_of(life.process)
