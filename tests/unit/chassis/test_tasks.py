"""Background tasks end when they are told to, also where a cancellation gets lost on the way."""

from __future__ import annotations

import asyncio

from viche_chassis.tasks import cancel_all


async def losing_one_cancellation() -> None:
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(60)


async def failing() -> None:
    raise ZeroDivisionError


async def test_a_task_that_loses_a_cancellation_ends() -> None:
    task = asyncio.create_task(losing_one_cancellation())
    await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await cancel_all([task])
    assert task.cancelled()


async def test_what_a_task_ended_with_stays_in_it() -> None:
    task = asyncio.create_task(failing())
    await asyncio.sleep(0)
    await cancel_all([task])
    assert isinstance(task.exception(), ZeroDivisionError)


async def test_no_task_is_no_wait() -> None:
    await cancel_all([])
