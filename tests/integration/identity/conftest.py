"""Identity over a real database, called through its stubs without sockets."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.integration.identity.world import World, open_world
from viche_chassis.db import migrate
from viche_cli.infra import store
from viche_cli.infra.postgres import PostgresServer

EMPTY_ALL = """
DO $$ BEGIN EXECUTE (
    SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'schema_migrations'
); END $$
"""


@pytest.fixture(scope="session")
def migrated_url(postgres: PostgresServer) -> Iterator[str]:
    """A database that is brought up to date once for all tests: making one takes longer than most of them."""
    url = store.ensure_database(postgres.url, "identity_shared", "secret")
    migrate(url, "viche_identity")
    yield url
    store.drop_database(postgres.url, "identity_shared")


@pytest.fixture
def identity_url(migrated_url: str) -> str:
    """An empty database for identity."""
    with psycopg.connect(migrated_url, autocommit=True) as conn:
        conn.execute(EMPTY_ALL)
    return migrated_url


@pytest.fixture
async def world(identity_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """Identity with two signing keys, a small region, and nobody in it."""
    async with open_world(identity_url, tmp_path) as world:
        await world.put_region()
        yield world


@pytest.fixture
async def bench_world(identity_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """The same where sessions may be opened without a mail and limits are far away."""
    async with open_world(identity_url, tmp_path, allow_direct_sessions=True, rate_factor=1000.0) as world:
        await world.put_region()
        yield world
