"""Calls that wait together travel together, and one batch's failure is its own."""

import asyncio
import contextvars
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from viche_chassis.batching import Batcher, ThreadBatcher


async def test_calls_that_arrive_during_a_batch_form_the_next_one() -> None:
    sizes: list[int] = []
    first_may_end = asyncio.Event()

    async def double(items: Sequence[int]) -> list[int]:
        sizes.append(len(items))
        await first_may_end.wait()
        return [item * 2 for item in items]

    batcher = Batcher(double)
    calls = [asyncio.create_task(batcher.call(number)) for number in range(10)]
    await asyncio.sleep(0)
    first_may_end.set()
    assert await asyncio.gather(*calls) == [number * 2 for number in range(10)]
    assert sum(sizes) == 10
    assert len(sizes) <= 2


whose: contextvars.ContextVar[str] = contextvars.ContextVar("whose")


async def test_a_batch_runs_in_the_context_of_its_first_call() -> None:
    async def say_whose(items: Sequence[int]) -> list[str]:
        return [whose.get()] * len(items)

    batcher = Batcher(say_whose)
    whose.set("first")
    first = asyncio.create_task(batcher.call(1))
    whose.set("second")
    second = asyncio.create_task(batcher.call(2))
    assert await asyncio.gather(first, second) == ["first", "first"]


def test_a_thread_batch_runs_in_the_context_of_its_first_call() -> None:
    batcher = ThreadBatcher(lambda items: [whose.get()] * len(items))
    whose.set("mine")
    assert batcher.call(1) == "mine"


async def test_a_failing_batch_fails_its_items_and_no_others() -> None:
    async def refuse_thirteen(items: Sequence[int]) -> Sequence[int]:
        if 13 in items:
            raise ValueError("thirteen")
        return items

    batcher = Batcher(refuse_thirteen, max_items=1)
    outcomes = await asyncio.gather(*(batcher.call(number) for number in (1, 13, 2)), return_exceptions=True)
    assert [outcomes[0], str(outcomes[1]), outcomes[2]] == [1, "thirteen", 2]


async def test_a_batch_is_never_larger_than_allowed() -> None:
    sizes: list[int] = []

    async def note(items: Sequence[int]) -> Sequence[int]:
        sizes.append(len(items))
        await asyncio.sleep(0)
        return items

    batcher = Batcher(note, max_items=3)
    await asyncio.gather(*(batcher.call(number) for number in range(20)))
    assert max(sizes) == 3
    assert sum(sizes) == 20


async def test_a_caller_that_gives_up_does_not_hurt_the_others() -> None:
    gate = asyncio.Event()

    async def wait(items: Sequence[int]) -> Sequence[int]:
        await gate.wait()
        return items

    batcher = Batcher(wait)
    leaver, stayer = (asyncio.create_task(batcher.call(number)) for number in (1, 2))
    await asyncio.sleep(0)
    leaver.cancel()
    gate.set()
    assert await stayer == 2
    assert await batcher.call(3) == 3


def test_threads_share_batches_and_each_gets_its_own_result() -> None:
    sizes: list[int] = []
    lock = threading.Lock()

    def double(items: Sequence[int]) -> list[int]:
        with lock:
            sizes.append(len(items))
        threading.Event().wait(0.01)
        return [item * 2 for item in items]

    batcher = ThreadBatcher(double)
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(batcher.call, range(64))) == [number * 2 for number in range(64)]
    assert sum(sizes) == 64
    assert len(sizes) < 64


def test_a_failing_batch_reaches_every_waiting_thread() -> None:
    def fail(_items: Sequence[int]) -> Sequence[int]:
        raise ValueError("no")

    batcher = ThreadBatcher(fail)
    with pytest.raises(ValueError, match="no"):
        batcher.call(1)
    with pytest.raises(ValueError, match="no"):
        batcher.call(2)
