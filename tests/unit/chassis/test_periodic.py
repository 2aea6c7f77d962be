"""Work that comes again does so whatever is down, and stops when it is told to."""

from __future__ import annotations

import asyncio

import pytest

from viche_chassis.errors import Code, DomainError, Unavailable
from viche_chassis.periodic import every
from viche_chassis.status import received


@pytest.mark.parametrize("down", [Unavailable(what="database"), received(Code.UNAVAILABLE, "UNAVAILABLE", {})])
async def test_work_comes_again_also_when_what_it_needs_is_down(
    caplog: pytest.LogCaptureFixture, down: DomainError
) -> None:
    turns = 0
    done = asyncio.Event()

    async def work() -> None:
        nonlocal turns
        turns += 1
        if turns == 3:
            done.set()
        raise down

    task = asyncio.create_task(every(0, work, "sweeping"))
    await asyncio.wait_for(done.wait(), 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert {record.getMessage() for record in caplog.records} == {"periodic work waits"}


async def test_a_fault_ends_the_work_so_that_it_is_seen() -> None:
    async def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await every(0, work, "sweeping")


async def test_what_another_service_refuses_is_a_fault() -> None:
    async def work() -> None:
        raise received(Code.PERMISSION_DENIED, "REFUSED", {})

    with pytest.raises(DomainError):
        await every(0, work, "sweeping")
