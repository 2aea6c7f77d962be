"""The database of social."""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.schema import assert_schema_is_that_of_migrations
from viche_cli.infra.postgres import PostgresServer


def test_schema_is_that_of_the_migrations(postgres: PostgresServer, database: Callable[..., str]) -> None:
    assert_schema_is_that_of_migrations(postgres, database("social"), "viche_social")
