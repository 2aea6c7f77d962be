"""A pool hands out connections that hold, whatever happened to them while they were idle."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, Callable

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import scalar_row

from viche_chassis.db import in_pages, open_pool, reading, transaction


async def _pid(conn: psycopg.AsyncConnection) -> int:
    cursor = await conn.execute("SELECT pg_backend_pid()")
    row = await cursor.fetchone()
    assert row is not None
    return row[0]


async def test_a_connection_that_the_server_ended_is_not_handed_out(database: Callable[..., str]) -> None:
    url = database()
    async with open_pool(url, most=1) as pool:
        async with transaction(pool) as conn:
            ended = await _pid(conn)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])

        async with transaction(pool) as conn:
            assert await _pid(conn) != ended


async def test_an_idle_connection_is_used_again(database: Callable[..., str]) -> None:
    async with open_pool(database(), most=1) as pool:
        async with transaction(pool) as conn:
            first = await _pid(conn)

        async with reading(pool) as conn:
            assert await _pid(conn) == first


async def test_reading_opens_no_transaction(database: Callable[..., str]) -> None:
    async with open_pool(database(), most=1) as pool, reading(pool) as conn:
        await _pid(conn)

        assert conn.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


async def test_what_failed_in_a_transaction_is_not_there(database: Callable[..., str]) -> None:
    async with open_pool(database(), most=1) as pool:
        with pytest.raises(ZeroDivisionError):
            async with transaction(pool) as conn:
                await conn.execute("CREATE TABLE kept (id int)")
                raise ZeroDivisionError

        async with reading(pool) as conn:
            cursor = await conn.execute("SELECT to_regclass('kept') IS NULL")
            assert await cursor.fetchone() == (True,)


NUMBERS = sql.SQL("SELECT generate_series(1, %(most)s)")


async def test_rows_come_in_pages_one_query_after_another(database: Callable[..., str]) -> None:
    async with open_pool(database(), most=1) as pool, transaction(pool) as conn:
        for _ in range(2):
            pages = [page async for page in in_pages(conn, NUMBERS, {"most": 5}, 2, scalar_row)]
            assert pages == [[1, 2], [3, 4], [5]]
        assert [page async for page in in_pages(conn, NUMBERS, {"most": 0}, 2, scalar_row)] == []


async def test_a_reader_of_pages_may_stop_anywhere(database: Callable[..., str]) -> None:
    """Cancelled ever later: while the cursor is declared, while it is read, and while it is closed."""
    async with open_pool(database(), most=1) as pool:
        turns, is_whole = 0, False
        while not is_whole:
            with pytest.raises(ZeroDivisionError):
                async with transaction(pool) as conn:
                    is_whole = await _read_for(turns, in_pages(conn, NUMBERS, {"most": 3}, 2, scalar_row))
                    raise ZeroDivisionError
            gc.collect()
            turns += 2
        async with transaction(pool) as conn:
            assert [page async for page in in_pages(conn, NUMBERS, {"most": 3}, 2, scalar_row)] == [[1, 2], [3]]


async def _read_for(turns: int, pages: AsyncGenerator[list[int], None]) -> bool:
    """Reads for some turns of the loop; says whether it came to the end."""

    async def read() -> list[list[int]]:
        return [page async for page in pages]

    reading_on = asyncio.ensure_future(read())
    for _ in range(turns):
        await asyncio.sleep(0)
    reading_on.cancel()
    await asyncio.wait([reading_on])
    await pages.aclose()
    return not reading_on.cancelled()
