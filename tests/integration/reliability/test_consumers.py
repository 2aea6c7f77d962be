"""A consumer that is killed while it handles an event: the effect comes once, and nobody else's event suffers."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from viche.petitions.v1 import events_pb2

from tests.integration.reliability.faults import PATIENCE_S
from tests.integration.reliability.worker import DIE, HANG_AFTER_COMMIT, HANG_BEFORE_COMMIT
from viche_chassis import bus, consuming, db, outbox
from viche_chassis.ids import new_id
from viche_chassis.tasks import cancel_all
from viche_cli.infra import process
from viche_cli.infra.nats import NatsServer, nats_server


@pytest.fixture
def broker(engine_folder: Path) -> Iterator[NatsServer]:
    """A broker whose streams are empty."""
    with nats_server(engine_folder / f"nats-{new_id()}") as server:
        yield server


@pytest.fixture
def url(database: Callable[..., str]) -> str:
    """A database with the chassis' tables and one for effects."""
    made = database("consumers")
    db.migrate(made, "tests.integration.chassis.nothing")
    with psycopg.connect(made) as conn:
        conn.execute("CREATE TABLE effects (petition_id text NOT NULL)")
    return made


class Post:
    """Publishes events and runs workers."""

    def __init__(self, url: str, broker: NatsServer, orders: Path) -> None:
        self.url, self.broker, self.orders = url, broker, orders

    async def publish(self, *petition_ids: str) -> None:
        """As a service does, in this order."""
        async with db.open_pool(self.url, most=2) as pool, bus.connect(self.broker.url, "publisher") as client:
            relay = asyncio.create_task(bus.OutboxRelay(pool, client, "petitions").run())
            for petition_id in petition_ids:
                async with db.transaction(pool) as conn:
                    await outbox.add(conn, events_pb2.PetitionOpened(petition_id=petition_id))
            await asyncio.to_thread(process.wait_until, self._is_published, PATIENCE_S)
            await cancel_all([relay])

    def order(self, petition_id: str, what: str) -> None:
        """What workers shall do with the event of this petition; empty: what they should."""
        (self.orders / petition_id).write_text(what)

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A worker, killed at the end."""
        argv = [sys.executable, "-m", "tests.integration.reliability.worker"]
        running = process.spawn([*argv, self.url, self.broker.url, self.orders], log=self.orders / "log")
        try:
            yield running
        finally:
            running.kill()
            running.wait(60)

    def effects(self) -> Counter[str]:
        """How often each petition was noted."""
        with psycopg.connect(self.url) as conn:
            return Counter(row[0] for row in conn.execute("SELECT petition_id FROM effects"))

    def dead(self) -> list[str]:
        """Petitions whose events were given up."""
        with psycopg.connect(self.url) as conn:
            rows = conn.execute("SELECT payload FROM dead_letters ORDER BY event_id").fetchall()
        return [events_pb2.PetitionOpened.FromString(row[0]).petition_id for row in rows]

    def log(self) -> str:
        """What workers have said."""
        return (self.orders / "log").read_text()

    def _is_published(self) -> bool:
        with psycopg.connect(self.url) as conn:
            return conn.execute("SELECT FROM outbox WHERE published_at IS NULL LIMIT 1").fetchone() is None


@pytest.fixture
def post(url: str, broker: NatsServer, tmp_path: Path) -> Post:
    return Post(url, broker, tmp_path)


@pytest.mark.parametrize("moment", [HANG_BEFORE_COMMIT, HANG_AFTER_COMMIT])
async def test_event_has_its_effect_once_when_the_consumer_is_killed_with_it(post: Post, moment: str) -> None:
    post.order("first", moment)
    await post.publish("first", "second")
    with post.worker():
        assert process.wait_until((post.orders / "first.reached").exists, PATIENCE_S)
    post.order("first", "")
    with post.worker():
        came = process.wait_until(lambda: set(post.effects()) == {"first", "second"}, PATIENCE_S)
        assert came, (post.effects(), post.log())
        await asyncio.sleep(2.5)  # longer than the broker waits before it delivers again
    assert post.effects() == {"first": 1, "second": 1}
    assert post.dead() == []


async def test_event_that_kills_its_consumer_is_put_aside_and_no_other(post: Post) -> None:
    post.order("poison", DIE)
    await post.publish("poison", *(f"innocent {number}" for number in range(5)))
    deaths = 0
    while not post.dead() and deaths < 10:
        with post.worker() as running:
            process.wait_until(lambda running=running: running.poll() is not None or bool(post.dead()), PATIENCE_S)
            deaths += running.poll() is not None
    with post.worker():
        process.wait_until(lambda: len(post.effects()) == 5, PATIENCE_S)
    assert post.dead() == ["poison"]
    assert post.effects() == {f"innocent {number}": 1 for number in range(5)}
    assert deaths == consuming.MAX_TRIES
