"""Natural batching: calls that wait together travel together.

The first call goes at once; those that arrive while it is under way form the next batch.
So a quiet system pays no delay, and a busy one pays one round trip for many calls.
A batch runs in the context (trace, caller) of one of its calls, the first where nothing is recorded.
"""

import asyncio
import contextvars
import queue
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from typing import Generic, TypeVar, cast

from viche_chassis.telemetry import batch_span, leading

T = TypeVar("T")
R = TypeVar("R")
Context = contextvars.Context


class Batcher(Generic[T, R]):
    """Coalesces concurrent awaits of :meth:`call` into batches for one handler.

    Args:
        handle: takes a batch, returns one result per item in the same order. When it raises, every item of that
            batch gets the exception, and the next batch goes on.
        name: of the batch's span.
        max_items: largest batch.
        lanes: how many batches may be under way at once.
    """

    def __init__(
        self,
        handle: Callable[[Sequence[T]], Awaitable[Sequence[R]]],
        *,
        name: str = "calls",
        max_items: int = 500,
        lanes: int = 1,
    ) -> None:
        self._handle = handle
        self._name = name
        self._max_items = max_items
        self._free = lanes
        self._waiting: deque[tuple[T, asyncio.Future[R], Context]] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def call(self, item: T) -> R:
        """The handler's result for ``item``."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future, contextvars.copy_context()))
        if self._free:
            self._free -= 1
            task = asyncio.create_task(self._run())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return await future

    async def _run(self) -> None:
        try:
            while self._waiting:
                size = min(self._max_items, len(self._waiting))
                await self._run_batch([self._waiting.popleft() for _ in range(size)])
        finally:
            self._free += 1

    async def _run_batch(self, batch: list[tuple[T, "asyncio.Future[R]", Context]]) -> None:
        try:
            contexts = [context for _, _, context in batch]
            leader = leading(contexts)
            running = self._run_handler([item for item, _, _ in batch], leader, contexts)
            results = await asyncio.create_task(running, context=leader)
        except Exception as error:
            for _, future, _ in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future, _), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)

    async def _run_handler(self, items: list[T], leader: Context, contexts: list[Context]) -> Sequence[R]:
        with batch_span(self._name, leader, contexts):
            return await self._handle(items)


class _Waiting(Generic[T, R]):
    """A thread that waits for its result, and the one that waits behind it."""

    __slots__ = ("_woken", "behind", "context", "error", "item", "result")

    def __init__(self, item: T) -> None:
        self.item = item
        self.context = contextvars.copy_context()
        self.result: R | None = None
        self.error: Exception | None = None
        self.behind: _Waiting[T, R] | None = None
        self._woken = threading.Lock()
        self._woken.acquire()

    def wait(self) -> None:
        """Blocks until woken, and then wakes the next."""
        self._woken.acquire()
        if self.behind is not None:
            self.behind.wake()

    def wake(self) -> None:
        """Lets the thread go on."""
        self._woken.release()


class ThreadBatcher(Generic[T, R]):
    """The same for threads: :meth:`call` blocks until the batch with its item is answered.

    Its worker threads, one per lane, start with the first call and end with the process.
    The threads of a batch wake one another in turn: all at once they would do nothing but contend for the interpreter.
    """

    def __init__(
        self,
        handle: Callable[[Sequence[T]], Sequence[R]],
        *,
        name: str = "calls",
        max_items: int = 500,
        lanes: int = 1,
    ) -> None:
        self._handle = handle
        self._name = name
        self._max_items = max_items
        self._lanes = lanes
        self._started = threading.Lock()
        self._waiting: queue.SimpleQueue[_Waiting[T, R]] = queue.SimpleQueue()

    def call(self, item: T) -> R:
        """The handler's result for ``item``."""
        waiting: _Waiting[T, R] = _Waiting(item)
        self._waiting.put(waiting)
        if self._started.acquire(blocking=False):  # never released: the workers are started once
            for _ in range(self._lanes):
                threading.Thread(target=self._work, name="batcher", daemon=True).start()
        waiting.wait()
        if waiting.error is not None:
            raise waiting.error
        return cast(R, waiting.result)

    def _work(self) -> None:
        while True:
            batch = [self._waiting.get()]
            while len(batch) < self._max_items:
                try:
                    batch.append(self._waiting.get_nowait())
                except queue.Empty:
                    break
            self._run_batch(batch)

    def _run_batch(self, batch: list[_Waiting[T, R]]) -> None:
        try:
            contexts = [waiting.context for waiting in batch]
            leader = leading(contexts)
            results = leader.run(self._run_handler, [waiting.item for waiting in batch], leader, contexts)
            for waiting, result in zip(batch, results, strict=True):
                waiting.result = result
        except Exception as error:
            for waiting in batch:
                waiting.error = error
        for waiting, behind in pairwise(batch):
            waiting.behind = behind
        batch[0].wake()

    def _run_handler(self, items: list[T], leader: Context, contexts: list[Context]) -> Sequence[R]:
        with batch_span(self._name, leader, contexts):
            return self._handle(items)
