"""A service does not serve before its database has what the code needs, and does whatever a newer version has added."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
import pytest

from viche_chassis import db, schema
from viche_chassis.tasks import cancel_all

PACKAGE = "viche_identity"


async def is_awaited(url: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the wait goes on after it has looked several times."""
    pending, looks = schema.pending, 0

    def look(url: str, package: str, *, phases: tuple[str, ...]) -> list[str]:
        nonlocal looks
        looks += 1
        return pending(url, package, phases=phases)

    with monkeypatch.context() as patch:
        patch.setattr(schema, "pending", look)
        waiting = asyncio.create_task(schema.await_schema(url, PACKAGE))
        async with asyncio.timeout(60):
            while looks < 4 and not waiting.done():
                await asyncio.sleep(0.05)
        await cancel_all([waiting])
    return waiting.cancelled()


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "ASK_EVERY_S", 0.1)


async def test_migrations_before_the_deployment_are_awaited_and_others_are_not(
    database: Callable[..., str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database("identity")
    assert await is_awaited(url, monkeypatch)
    assert "viche_identity/0001_pre_identity.sql" in caplog.records[0].__dict__["lacking"]
    db.migrate(url, PACKAGE, phases=("pre",))
    await asyncio.wait_for(schema.await_schema(url, PACKAGE), 60)
    with psycopg.connect(url) as conn:
        conn.execute("INSERT INTO schema_migrations (name, checksum) VALUES ('viche_identity/9999_pre_newer.sql', 'x')")
    await asyncio.wait_for(schema.await_schema(url, PACKAGE), 60)


async def test_a_database_that_does_not_answer_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await is_awaited("postgresql://nobody:x@127.0.0.1:1/nothing", monkeypatch)
