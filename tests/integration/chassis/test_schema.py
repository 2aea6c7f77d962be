"""A service does not serve before its database has what the code needs, and does whatever a newer version has added."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
import pytest

from viche_chassis import db, schema
from viche_chassis.tasks import cancel_all

PACKAGE = "viche_identity"


async def is_awaited(url: str) -> bool:
    """Whether the wait goes on after it has looked several times."""
    waiting = asyncio.create_task(schema.await_schema(url, PACKAGE))
    done, _ = await asyncio.wait([waiting], timeout=4)
    await cancel_all([waiting])
    return not done


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "ASK_EVERY_S", 0.1)


async def test_migrations_before_the_deployment_are_awaited_and_others_are_not(
    database: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    url = database("identity")
    assert await is_awaited(url)
    assert "viche_identity/0001_pre_identity.sql" in caplog.records[0].__dict__["lacking"]
    db.migrate(url, PACKAGE, phases=("pre",))
    await asyncio.wait_for(schema.await_schema(url, PACKAGE), 10)
    with psycopg.connect(url) as conn:
        conn.execute("INSERT INTO schema_migrations (name, checksum) VALUES ('viche_identity/9999_pre_newer.sql', 'x')")
    await asyncio.wait_for(schema.await_schema(url, PACKAGE), 10)


async def test_a_database_that_does_not_answer_is_awaited() -> None:
    assert await is_awaited("postgresql://nobody:x@127.0.0.1:1/nothing")
