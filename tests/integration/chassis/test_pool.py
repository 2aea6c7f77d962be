"""A pool hands out connections that hold, whatever happened to them while they were idle."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from viche_chassis.db import open_pool, reading, transaction


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
