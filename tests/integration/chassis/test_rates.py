"""Uses are counted together, whoever counts them, and begin anew when the window has ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from viche_chassis import db, rates
from viche_chassis.rates import Rates, Rule
from viche_chassis.sealing import KeyedIndex

HOUR, DAY = Rule("hour", 3, 3_600), Rule("day", 4, 86_400)
INDEX = KeyedIndex(bytes(32), "test/rates/v1")
MAILBOX = "olena@example.org"


@pytest.fixture
async def pool(database: Callable[..., str]) -> AsyncIterator[db.Pool]:
    url = database("chassis")
    db.migrate(url, "tests.integration.chassis.nothing")
    async with db.open_pool(url, most=4) as pool:
        yield pool


async def use(pool: db.Pool, value: str = MAILBOX, *rules: Rule, factor: float = 1.0) -> int:
    async with db.transaction(pool) as conn:
        return await Rates(INDEX, factor).use(conn, rules or (HOUR,), value)


async def rows(pool: db.Pool, sql: str) -> list[tuple[object, ...]]:
    async with db.transaction(pool) as conn:
        cursor = await conn.execute(sql)  # pyright: ignore
        return await cursor.fetchall() if cursor.description else []


async def test_a_use_over_the_limit_waits_for_the_end_of_the_window(pool: db.Pool) -> None:
    waits = [await use(pool) for _ in range(4)]
    assert waits[:3] == [0, 0, 0]
    assert 3_500 < waits[3] <= 3_600


async def test_of_many_at_once_only_so_many_are_allowed(pool: db.Pool) -> None:
    waits = await asyncio.gather(*(use(pool) for _ in range(12)))
    assert waits.count(0) == HOUR.limit


async def test_values_and_rules_are_counted_apart(pool: db.Pool) -> None:
    for _ in range(3):
        await use(pool)
    assert await use(pool, "ivan@example.org") == 0
    assert await use(pool, MAILBOX, Rule("other", 1, 60)) == 0


async def test_rules_of_one_name_count_together(pool: db.Pool) -> None:
    for _ in range(2):
        await use(pool)
    assert await use(pool, MAILBOX, Rule("hour", 2, 3_600)) > 0


async def test_the_longest_wait_of_all_rules_is_told(pool: db.Pool) -> None:
    waits = [await use(pool, MAILBOX, DAY, HOUR) for _ in range(5)]
    assert waits[:3] == [0, 0, 0]
    assert waits[3] <= 3_600 < waits[4]


async def test_a_factor_moves_the_limit(pool: db.Pool) -> None:
    assert [await use(pool, factor=2.0) for _ in range(6)] == [0] * 6
    assert await use(pool, factor=2.0) > 0


async def test_a_window_that_has_ended_begins_anew_with_the_next_use(pool: db.Pool) -> None:
    for _ in range(4):
        await use(pool)
    await rows(pool, "UPDATE rate_uses SET ends_at = now() - interval '1 second'")
    assert await use(pool) == 0
    assert await rows(pool, "SELECT uses, ends_at > now() + interval '59 minutes' FROM rate_uses") == [(1, True)]


async def test_sweeping_leaves_windows_that_last(pool: db.Pool) -> None:
    await use(pool, MAILBOX, HOUR, DAY)
    await rows(pool, "UPDATE rate_uses SET ends_at = now() - interval '1 second' WHERE rule = 'hour'")
    async with db.transaction(pool) as conn:
        await rates.sweep(conn)
    assert await rows(pool, "SELECT rule FROM rate_uses") == [("day",)]


async def test_what_is_rolled_back_does_not_count(pool: db.Pool) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.transaction(pool) as conn:
            await Rates(INDEX).use(conn, [HOUR], MAILBOX)
            raise ZeroDivisionError
    assert await rows(pool, "SELECT count(*) FROM rate_uses") == [(0,)]


async def test_what_is_counted_by_is_not_stored(pool: db.Pool) -> None:
    await use(pool)
    ((key,),) = await rows(pool, "SELECT key FROM rate_uses")
    assert key == INDEX.of(MAILBOX, within=b"hour")


async def test_uses_of_many_values_are_counted_at_once(pool: db.Pool) -> None:
    async def use_each(**uses: int) -> dict[str, tuple[int, int]]:
        async with db.reading(pool) as conn:
            return await Rates(INDEX).use_each(conn, (HOUR, DAY), uses)

    assert await use_each(olena=2, ivan=3) == {"olena": (2, 0), "ivan": (3, 0)}

    (allowed, wait_s), ivan = (await use_each(olena=2, ivan=1)).values()

    assert (allowed, 3_500 < wait_s <= 3_600) == (1, True)
    assert ivan[0] == 0
    assert await rows(pool, "SELECT sum(uses)::integer FROM rate_uses WHERE rule = 'hour'") == [(8,)]
