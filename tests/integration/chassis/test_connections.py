"""A service never has more connections than its pool may, whatever happens: its role may have as many, and no more."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from viche_chassis import db
from viche_chassis.errors import Unavailable
from viche_cli.infra import store
from viche_cli.infra.postgres import PostgresServer

POOL = 3


@pytest.fixture
def limited(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a database whose role may have as many connections as the pool."""
    name, password = f"limited_{secrets.token_hex(4)}", secrets.token_hex(8)
    store.ensure_owners(postgres.url, [store.Owner(name, name, password, POOL)])
    yield store.url_for(postgres.url, name, name, password)
    store.drop_database(postgres.url, name)


async def test_a_pool_under_load_stays_within_its_limit(limited: str) -> None:
    most = 0

    async def work(pool: db.Pool) -> None:
        nonlocal most
        async with db.reading(pool) as conn:
            count = "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND pg_sleep(0.01) IS NOT NULL"
            row: Any = await (await conn.execute(count)).fetchone()
        most = max(most, row[0])

    async with db.open_pool(limited, POOL) as pool:
        await asyncio.gather(*(work(pool) for _ in range(60)))
    assert most == POOL


async def test_a_pool_whose_connections_were_ended_comes_back(limited: str, postgres: PostgresServer) -> None:
    async with db.open_pool(limited, POOL) as pool:
        for _ in range(3):
            with psycopg.connect(postgres.url, autocommit=True) as admin:
                ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %(role)s"
                admin.execute(ended, {"role": psycopg.conninfo.conninfo_to_dict(limited)["dbname"]})
            async with asyncio.timeout(60):
                while await answered(pool) < 10:
                    await asyncio.sleep(0.1)


async def answered(pool: db.Pool) -> int:
    """How many of ten questions that are asked at once are answered."""

    async def ask() -> bool:
        try:
            async with db.reading(pool) as conn:
                await conn.execute("SELECT 1")
        except Unavailable:
            return False
        return True

    return sum(await asyncio.gather(*(ask() for _ in range(10))))
