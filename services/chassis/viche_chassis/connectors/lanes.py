"""Connectors in this process, each in a thread with a loop of its own: one that blocks holds back no other.

A call that does not end in time is cancelled; one that does not heed that is left behind with its thread, and the
connector gets a new one. What spins without letting go of the interpreter, or ends the process, is not survived here:
that is what child processes are for.
"""

import asyncio
import threading
import traceback
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from inspect import isawaitable
from typing import Any

from viche_chassis.connectors import convert
from viche_chassis.connectors.answers import sieved, sieved_error
from viche_chassis.connectors.calls import VALIDATE, Call, Fault, FaultKind, NotAsked, Outcome
from viche_chassis.connectors.given import MOST_CHARACTERS, HostClock, HostFiles, Lines, Networks
from viche_sdk.connectors.http import GuardedHttp, hosts_of
from viche_sdk.connectors.redaction import Redactor
from viche_sdk.connectors.types import Connector, ConnectorError, ConnectorSpec, Context, HeldSession

HEED_S = 1.0
"""How long a call that was cancelled may take to end."""

MOST_HELD = 5
"""A connector that holds as many threads is asked no more until it lets one go."""


class _Thread:
    """A thread with a loop."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._endings: set[Future[Any]] = set()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._thread.is_alive()

    def submit(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> Future[Any]:
        """Does work in the loop; a thread that is held never begins it."""
        ending: Future[Any] = Future()
        self._endings.add(ending)
        self._loop.call_soon_threadsafe(self._begin, work, ending)
        return ending

    def stop(self, ending: object) -> None:
        """Ends it as soon as it is let go; whatever waits for it ends now, with `ending`."""
        for each in list(self._endings):
            self._end(each, ending)
        with suppress(RuntimeError):  # it has ended
            self._loop.call_soon_threadsafe(self._loop.stop)

    def _begin(self, work: Callable[[], Coroutine[Any, Any, Any]], ending: Future[Any]) -> None:
        task = self._loop.create_task(work())
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._done(done, ending))

    def _done(self, task: asyncio.Task[Any], ending: Future[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            self._end(ending, task.result())

    def _end(self, each: Future[Any], ending: object) -> None:
        self._endings.discard(each)
        with suppress(InvalidStateError):  # who waited has gone, or the other thread was faster
            each.set_result(ending)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        for task in list(self._tasks):
            task.cancel()
        while pending := asyncio.all_tasks(self._loop):
            self._loop.run_until_complete(asyncio.wait(pending))
        self._loop.close()


class Lane:
    """One connector and its thread."""

    def __init__(self, spec: ConnectorSpec, networks: Networks) -> None:
        self.spec = spec
        self._networks = networks
        self._connector: Connector | None = None
        self._thread: _Thread | None = None
        self._left: list[_Thread] = []
        self.left_behind = 0

    async def perform(self, call: Call) -> Outcome:
        """Makes a call; ends within its limit whatever the connector does."""
        self._left = [thread for thread in self._left if thread.is_alive]
        if len(self._left) >= MOST_HELD:
            return Outcome(NotAsked(f"it holds {len(self._left)} threads that do not end"))
        redactor = Redactor(secret.reveal() for secret in call.secrets.values())
        lines, session = Lines(redactor), HeldSession(call.session, redactor)
        host = asyncio.get_running_loop()
        if self._thread is None:
            self._thread = _Thread(f"connector-{self.spec.name}")
        thread = self._thread
        ending = thread.submit(lambda: self._guarded(call, lines, session, host))
        await asyncio.wait([asyncio.wrap_future(ending)], timeout=call.limit_s + HEED_S)
        if not ending.done():
            self._leave(thread, Fault(FaultKind.TIME, f"it did not end within {call.limit_s:g} s, and blocks"))
        return Outcome(ending.result(), lines.taken(), session.changed)

    def close(self) -> None:
        """Ends the thread, unless the connector holds it."""
        thread, self._thread = self._thread, None
        if thread:
            thread.stop(NotAsked("it is being ended"))

    def _leave(self, thread: _Thread, fault: Fault) -> None:
        """Gives up a thread that is held."""
        if self._thread is thread:
            self._thread = None
            self._left.append(thread)
            self.left_behind += 1
        thread.stop(fault)

    async def _guarded(self, call: Call, lines: Lines, session: HeldSession, host: asyncio.AbstractEventLoop) -> Any:
        """The ending of a call, cut when it is time."""
        task = asyncio.ensure_future(self._ending(call, lines, session, host))
        done, _ = await asyncio.wait([task], timeout=call.limit_s)
        if done:
            return task.result()
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=HEED_S / 2)
        heeds = "" if done else ", and does not heed that it is cancelled"
        return Fault(FaultKind.TIME, f"it did not end within {call.limit_s:g} s{heeds}")

    async def _ending(self, call: Call, lines: Lines, session: HeldSession, host: asyncio.AbstractEventLoop) -> Any:
        try:
            return sieved(call.method, await self._answer(call, lines, session, host))
        except ConnectorError as error:
            return sieved_error(error, lines.redactor)
        except convert.NotConvertible as fault:
            return Fault(FaultKind.WRONG_ANSWER, lines.redactor.clean(f"it answered something else: {fault}"))
        except BaseException as fault:  # whatever a stranger's code raises; SystemExit would end the loop
            return Fault(FaultKind.RAISED, lines.redactor.clean(_place_of(fault)))

    async def _answer(self, call: Call, lines: Lines, session: HeldSession, host: asyncio.AbstractEventLoop) -> Any:
        if self._connector is None:
            self._connector = self.spec.connector()
        method = getattr(self._connector, call.method)
        if call.method == VALIDATE:
            return method(*call.arguments)
        http = self._http(call, lines.redactor)
        try:
            answer = method(self._context(call, http, lines, session, host), *call.arguments)
            return await answer if isawaitable(answer) else answer
        finally:
            await http.aclose()

    def _http(self, call: Call, redactor: Redactor) -> GuardedHttp:
        return GuardedHttp(
            hosts_of(self.spec, call.account.values),
            trusted=self._networks.read(),
            allows_loopback=self._networks.has_loopback,
            redactor=redactor,
        )

    def _context(
        self, call: Call, http: GuardedHttp, lines: Lines, session: HeldSession, host: asyncio.AbstractEventLoop
    ) -> Context:
        media = HostFiles(call.media, host)
        return Context(call.account, call.secrets, http, HostClock(call.now), media, lines, session)


class Lanes:
    """The connectors of one plugin in this process."""

    def __init__(self, specs: Iterable[ConnectorSpec], networks: Networks | None = None) -> None:
        self._lanes = {spec.name: Lane(spec, networks or Networks()) for spec in specs}

    async def start(self) -> None:
        """There is nothing to begin."""

    @property
    def specs(self) -> tuple[ConnectorSpec, ...]:
        """What the connectors declare."""
        return tuple(lane.spec for lane in self._lanes.values())

    @property
    def trouble(self) -> str:
        """It always works."""
        return ""

    @property
    def restarts(self) -> int:
        """How many threads were left behind."""
        return sum(lane.left_behind for lane in self._lanes.values())

    async def perform(self, call: Call) -> Outcome:
        """Makes a call."""
        return await self._lanes[call.connector].perform(call)

    async def close(self) -> None:
        """Ends the threads."""
        for lane in self._lanes.values():
            lane.close()


def _place_of(fault: BaseException) -> str:
    """What was raised, and where."""
    last = traceback.extract_tb(fault.__traceback__)[-1:]
    place = "".join(f", {frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in last)
    try:
        said = str(fault)[:MOST_CHARACTERS]
    except Exception:
        said = "an error that cannot be shown"
    return f"it raised {type(fault).__name__}: {said}{place}"
