"""Rates of platforms: calls that are made at the times that were taken never exceed them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from viche_chassis.db import transaction
from viche_social.store.permits import Meter, take

from .world import World

SLOW = Meter("slow", timedelta(seconds=10), 3)
SLOWER = Meter("slower", timedelta(seconds=20), 1)


async def _take(world: World, *meters: Meter, wanted: int = 100, ahead_s: float = 0.0) -> tuple[list[float], float]:
    async with transaction(world.pool) as conn:
        granted = await take(conn, meters, wanted, ahead_s=ahead_s)
    return list(granted.delays_s), granted.wait_s


async def test_a_burst_may_come_at_once_and_nothing_after_it(world: World) -> None:
    first, wait_s = await _take(world, SLOW)
    second, _ = await _take(world, SLOW)

    assert first == [0.0, 0.0, 0.0]
    assert second == []
    assert wait_s == pytest.approx(10.0)


async def test_times_ahead_come_one_after_the_other(world: World) -> None:
    delays_s, wait_s = await _take(world, SLOW, ahead_s=40.0)
    more, _ = await _take(world, SLOW, ahead_s=40.0)

    assert delays_s == pytest.approx([0, 0, 0, 10, 20, 30, 40])
    assert more == []
    # half of the time ahead is still to come when more is asked for
    assert wait_s == pytest.approx(50.0 - 20.0)


async def test_the_strictest_of_several_rates_counts(world: World) -> None:
    delays_s, _ = await _take(world, SLOW, SLOWER, ahead_s=40.0)

    assert delays_s == pytest.approx([0, 20, 40])


async def test_no_more_than_wanted_is_taken(world: World) -> None:
    assert (await _take(world, SLOW, wanted=2, ahead_s=40.0))[0] == [0.0, 0.0]
    assert (await _take(world, SLOW, wanted=2))[0] == [0.0]


async def test_where_nothing_is_declared_all_may_come(world: World) -> None:
    assert await _take(world, wanted=4) == ([0.0] * 4, 0.0)
