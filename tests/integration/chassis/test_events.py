"""Events go out if and only if their cause was committed, and have their effect once, whatever NATS does meanwhile."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from google.protobuf.message import Message
from nats.aio.client import Client
from viche.petitions.v1 import events_pb2

from viche_chassis import bus, consuming, db, outbox
from viche_chassis.errors import RequestMismatch
from viche_chassis.ids import new_id
from viche_chassis.tasks import cancel_all
from viche_cli.infra.nats import NatsServer, nats_server


@pytest.fixture
async def pool(database: Callable[..., str]) -> AsyncIterator[db.Pool]:
    url = database("chassis")
    db.migrate(url, "tests.integration.chassis.nothing")
    async with db.open_pool(url, most=4) as pool:
        yield pool


@pytest.fixture
def broker(engine_folder: Path) -> Iterator[NatsServer]:
    """A broker of the test's own, because it is stopped and loses its store."""
    with nats_server(engine_folder / f"nats-{new_id()}") as server:
        yield server


@asynccontextmanager
async def relaying(pool: db.Pool, client: Client) -> AsyncIterator[bus.OutboxRelay]:
    relay = bus.OutboxRelay(pool, client, "petitions")
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        await cancel_all([task])


class Listener:
    """A consumer that notes petition ids; fails while told to."""

    def __init__(self, pool: db.Pool, client: Client, *further: type[Message]) -> None:
        self.pool = pool
        self.calls = 0
        self.effects: list[str] = []
        self.failing = False
        handlers = dict.fromkeys((events_pb2.PetitionOpened, *further), self.handle)
        self.consumer = consuming.Consumer(pool, client, "petitions", "listener", handlers)

    async def handle(self, event: consuming.Event) -> None:
        self.calls += 1
        if self.failing:
            raise ValueError("cannot")
        async with db.transaction(self.pool) as conn:
            if not await outbox.seen(conn, "listener", event.id):
                self.effects.append(event.message.petition_id)  # pyright: ignore

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.consumer.run())
        try:
            yield
        finally:
            await cancel_all([task])


@asynccontextmanager
async def replica(pool: db.Pool, broker: NatsServer, *further: type[Message]) -> AsyncIterator[Listener]:
    """A listener with a connection of its own, as another process has."""
    async with bus.connect(broker.url, "replica") as client:
        listener = Listener(pool, client, *further)
        async with listener.running():
            yield listener


def restart(broker: NatsServer) -> None:
    broker.launch()
    broker.wait_ready()


async def until(claim: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not claim():
            await asyncio.sleep(0.05)


async def say(pool: db.Pool, *ids: str) -> None:
    async with db.transaction(pool) as conn:
        await outbox.add(conn, *(events_pb2.PetitionOpened(petition_id=petition_id) for petition_id in ids))


async def waiting(pool: db.Pool) -> int:
    async with db.transaction(pool) as conn:
        row = await (await conn.execute("SELECT count(*) FROM outbox WHERE published_at IS NULL")).fetchone()
    assert row is not None
    return row[0]


async def until_gone_out(pool: db.Pool) -> None:
    """Events arrive before the relay has noted that they went out."""
    async with asyncio.timeout(60):
        while await waiting(pool):
            await asyncio.sleep(0.05)


async def dead(pool: db.Pool) -> list[tuple[object, ...]]:
    async with db.reading(pool) as conn:
        rows = await conn.execute("SELECT subject, attempts, error FROM dead_letters")
        return [tuple(row) for row in await rows.fetchall()]


async def test_a_committed_event_arrives_once(pool: db.Pool, broker: NatsServer) -> None:
    async with bus.connect(broker.url, "test") as client, relaying(pool, client):
        listener = Listener(pool, client)
        async with listener.running():
            await say(pool, "a", "b")
            await until(lambda: len(listener.effects) == 2)
            await until_gone_out(pool)
    assert sorted(listener.effects) == ["a", "b"]


async def test_an_event_of_a_transaction_that_failed_never_goes_out(pool: db.Pool) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.transaction(pool) as conn:
            await outbox.add(conn, events_pb2.PetitionOpened(petition_id="a"))
            raise ZeroDivisionError
    assert await waiting(pool) == 0


async def test_events_wait_while_nats_is_down_and_go_out_later(pool: db.Pool, broker: NatsServer) -> None:
    broker.stop()
    async with bus.connect(broker.url, "test") as client, relaying(pool, client):
        listener = Listener(pool, client)
        async with listener.running():
            await say(pool, "a")
            await asyncio.sleep(0.5)
            assert listener.effects == []
            restart(broker)
            await until(lambda: listener.effects == ["a"])


async def test_a_stream_that_lost_its_store_is_filled_again_without_second_effects(
    pool: db.Pool, broker: NatsServer
) -> None:
    async with bus.connect(broker.url, "test") as client, relaying(pool, client):
        listener = Listener(pool, client)
        async with listener.running():
            await say(pool, "a", "b", "c")
            await until(lambda: len(listener.effects) == 3)
            calls = listener.calls
            broker.stop()
            shutil.rmtree(broker.folder / "streams")
            restart(broker)
            await say(pool, "d")
            await until(lambda: listener.calls >= calls + 4 and "d" in listener.effects)
    assert sorted(listener.effects) == ["a", "b", "c", "d"]


async def test_an_event_that_cannot_be_handled_is_put_aside_after_three_tries(
    pool: db.Pool, broker: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "RETRY_S", 0.1)
    async with bus.connect(broker.url, "test") as client, relaying(pool, client):
        listener = Listener(pool, client)
        listener.failing = True
        async with listener.running():
            await say(pool, "poison")
            await until(lambda: listener.calls == consuming.MAX_TRIES)
            await asyncio.sleep(0.5)
            listener.failing = False
            await say(pool, "next")
            await until(lambda: listener.effects == ["next"])
    assert await dead(pool) == [("viche.petitions.v1.PetitionOpened", 3, "ValueError: cannot")]


async def test_bytes_that_are_no_message_are_put_aside_at_once(pool: db.Pool, broker: NatsServer) -> None:
    async with bus.connect(broker.url, "test") as client:
        await until(lambda: client.is_connected)
        await bus.ensure_stream(client, "petitions")
        await client.jetstream().publish("viche.petitions.v1.PetitionOpened", b"\xff\xff\xff")
        listener = Listener(pool, client)
        async with listener.running(), relaying(pool, client):
            await say(pool, "next")
            await until(lambda: listener.effects == ["next"])
    assert listener.calls == 1


@pytest.mark.parametrize("comes_back", [True, False])
async def test_an_event_that_only_a_newer_version_handles_waits_for_it_and_keeps_no_other_waiting(
    pool: db.Pool,
    broker: NatsServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    comes_back: bool,
) -> None:
    monkeypatch.setattr(consuming, "UNKNOWN_PAUSES_S", (3.0, 30.0) if comes_back else (0.2, 0.2))
    async with bus.connect(broker.url, "test") as client, relaying(pool, client):
        async with replica(pool, broker, events_pb2.PetitionClosed) as new:
            await say(pool, "first")
            await until(lambda: new.effects == ["first"])
        async with replica(pool, broker) as old:
            async with db.transaction(pool) as conn:
                await outbox.add(conn, events_pb2.PetitionClosed(petition_id="newer"))
            await until(lambda: "event waits for a newer version" in caplog.messages)
            await say(pool, "second")
            await until(lambda: old.effects == ["second"])
            if not comes_back:
                async with asyncio.timeout(60):
                    while not await dead(pool):  # it is said before it is done
                        await asyncio.sleep(0.05)
                assert "event failed" in caplog.messages
        async with replica(pool, broker, events_pb2.PetitionClosed) as new:
            await say(pool, "third")
            # one that was on its way to who has just gone comes again after ACK_WAIT_S
            await until(lambda: sorted(new.effects) == [*["newer"] * comes_back, "third"], consuming.ACK_WAIT_S + 60)
    error = "_Unknown: this version does not handle it"
    assert await dead(pool) == ([] if comes_back else [("viche.petitions.v1.PetitionClosed", 3, error)])
    assert old.calls == 1


async def test_an_event_is_seen_once_per_consumer(pool: db.Pool) -> None:
    event_id = UUID(int=7)
    async with db.transaction(pool) as conn:
        assert not await outbox.seen(conn, "one", event_id)
        assert await outbox.seen(conn, "one", event_id)
        assert not await outbox.seen(conn, "two", event_id)


async def test_a_repeated_request_gets_its_answer_and_another_body_is_refused(pool: db.Pool) -> None:
    request = events_pb2.PetitionOpened(petition_id="a")
    answer = events_pb2.PetitionOpened(number=7)
    request_id = str(new_id())
    async with db.transaction(pool) as conn:
        assert await outbox.remembered(conn, "gateway", request_id, request, events_pb2.PetitionOpened) is None
        await outbox.remember(conn, "gateway", request_id, request, answer)
    async with db.transaction(pool) as conn:
        assert await outbox.remembered(conn, "gateway", request_id, request, events_pb2.PetitionOpened) == answer
        assert await outbox.remembered(conn, "cli", request_id, request, events_pb2.PetitionOpened) is None
        with pytest.raises(RequestMismatch):
            other = events_pb2.PetitionOpened(petition_id="b")
            await outbox.remembered(conn, "gateway", request_id, other, events_pb2.PetitionOpened)
