"""Behind a pooler in transaction mode people sign in and sign as they do without one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from psycopg import sql
from psycopg.rows import scalar_row

from tests.integration.identity.world import open_world
from tests.integration.petitions.world import world as open_petitions
from tests.pooler import pooler, through
from viche_chassis.db import Pool, in_pages, open_pool, transaction
from viche_chassis.ids import new_id
from viche_cli.infra.postgres import PostgresServer

NUMBERS = sql.SQL("SELECT generate_series(0, 99)")


@pytest.fixture(scope="module")
def port(postgres: PostgresServer, engine_folder: Path) -> Iterator[int]:
    with pooler(engine_folder / f"pooler-{new_id()}", postgres.url) as port:
        yield port


async def test_many_sign_at_once_and_are_counted_once(
    migrated: Callable[[str], str], port: int, tmp_path: Path
) -> None:
    url = migrated("petitions")
    async with open_petitions(url, tmp_path, through(url, port)) as world:
        await world.configure()
        opened = [await world.open(f"author {number}") for number in range(3)]
        items = [world.item(each.id, f"person {number % 40}") for each in opened for number in range(80)]

        await asyncio.gather(*(world.sign(item) for item in items))

        assert [(await world.get(each.id)).signature_count for each in opened] == [40, 40, 40]


async def test_people_sign_in(migrated: Callable[[str], str], port: int, tmp_path: Path) -> None:
    emails = [f"citizen{number}@example.org" for number in range(12)]
    async with open_world(through(migrated("identity"), port), tmp_path, database_pooler=True) as world:
        tokens = [await world.session(email) for email in emails]

        found = await asyncio.gather(*(world.access(token) for token in tokens))

    assert [person.email for person, _, _ in found] == emails


async def test_rows_come_in_pages(database: Callable[..., str], port: int) -> None:
    async def read(pool: Pool) -> list[int]:
        async with transaction(pool) as conn:
            return [each async for page in in_pages(conn, NUMBERS, {}, 7, scalar_row) for each in page]

    async with open_pool(through(database(), port), through_pooler=True) as pool:
        assert await asyncio.gather(*(read(pool) for _ in range(6))) == [[*range(100)]] * 6
