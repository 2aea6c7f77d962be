"""Notifications over a real database and a real mail server, with doubles of identity and petitions."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.integration.notifications.office import PostOffice, post_office
from tests.integration.notifications.world import World, open_world
from viche_chassis.db import migrate
from viche_cli.infra import store
from viche_cli.infra.postgres import PostgresServer

NAME = "notifications_shared"


@pytest.fixture(scope="session")
def migrated_url(postgres: PostgresServer) -> Iterator[str]:
    """A database that is brought up to date once for all tests: making one takes longer than most of them."""
    url = store.ensure_database(postgres.url, NAME, "secret")
    migrate(url, "viche_notifications")
    yield url
    store.drop_database(postgres.url, NAME)


@pytest.fixture
def notifications_url(migrated_url: str) -> str:
    """An empty database."""
    with psycopg.connect(migrated_url, autocommit=True) as conn:
        rows = conn.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'schema_migrations'"
        ).fetchone()
        assert rows is not None
        conn.execute(f"TRUNCATE {rows[0]}")  # pyright: ignore
    return migrated_url


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    """A mail server."""
    async with post_office() as office:
        yield office


@pytest.fixture
async def world(notifications_url: str, office: PostOffice, tmp_path: Path) -> AsyncIterator[World]:
    """All of it."""
    async with open_world(notifications_url, office, tmp_path) as world:
        yield world
