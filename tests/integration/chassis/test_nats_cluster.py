"""In a cluster of NATS a server may be lost: events go on, and none is missing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from nats.errors import Error as NatsError
from nats.js.api import StreamInfo
from viche.petitions.v1 import events_pb2

from tests.nats_cluster import NatsCluster, nats_cluster
from viche_chassis import bus, consuming, db, outbox
from viche_chassis.ids import new_id
from viche_chassis.tasks import cancel_all
from viche_cli.infra.nats import NatsServer

T = TypeVar("T")
STREAM = bus.stream_name("petitions")


@pytest.fixture
async def pool(database: Callable[..., str]) -> AsyncIterator[db.Pool]:
    url = database("chassis")
    db.migrate(url, "tests.integration.chassis.nothing")
    async with db.open_pool(url, most=4) as pool:
        yield pool


@pytest.fixture
def cluster(engine_folder: Path) -> Iterator[NatsCluster]:
    with nats_cluster(engine_folder / f"cluster-{new_id()}") as cluster:
        yield cluster


@asynccontextmanager
async def running(*tasks: asyncio.Task[None]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await cancel_all(list(tasks))


class Heard:
    """What arrived, each event once."""

    def __init__(self, pool: db.Pool) -> None:
        self.pool = pool
        self.names: list[str] = []

    async def handle(self, event: consuming.Event) -> None:
        async with db.transaction(self.pool) as conn:
            if not await outbox.seen(conn, "listener", event.id):
                self.names.append(event.message.petition_id)  # pyright: ignore[reportAttributeAccessIssue]

    async def all_of(self, names: list[str]) -> None:
        # what was on its way when a server was lost comes again after ACK_WAIT_S
        async with asyncio.timeout(consuming.ACK_WAIT_S + 60):
            while len(self.names) < len(names):
                await asyncio.sleep(0.05)
        assert sorted(self.names) == sorted(names)


async def say(pool: db.Pool, name: str) -> None:
    async with db.transaction(pool) as conn:
        await outbox.add(conn, events_pb2.PetitionOpened(petition_id=name))


async def stream(client: bus.Client, copies: int) -> StreamInfo:
    """The stream once it has so many copies that are up to date, the leader's among them."""
    js = client.jetstream()
    async with asyncio.timeout(60):
        while True:
            info = await patiently(lambda: js.stream_info(STREAM))  # nobody answers while a leader is chosen
            followers = info.cluster.replicas or [] if info.cluster else []
            if info.config.num_replicas == copies and sum(bool(each.current) for each in followers) == copies - 1:
                return info
            await asyncio.sleep(0.1)


async def leader_of_three(cluster: NatsCluster) -> str:
    """The server that leads the new stream of petitions, which the other two follow."""
    async with bus.connect(cluster.url(), "maker") as client:
        await patiently(lambda: bus.ensure_stream(client, "petitions", replicas=3))
        info = await stream(client, 3)
    assert info.cluster is not None
    assert info.cluster.leader is not None
    return info.cluster.leader


async def test_nothing_is_lost_with_the_server_that_leads(pool: db.Pool, cluster: NatsCluster) -> None:
    heard = Heard(pool)
    names = [f"petition {number}" for number in range(60)]
    leader = await leader_of_three(cluster)
    # one address: the others are learnt from it, and entered with the same name
    async with bus.connect(cluster.url(leader), "test") as client:
        relay = bus.OutboxRelay(pool, client, "petitions", replicas=3)
        consumer = consuming.Consumer(pool, client, "petitions", "listener", {events_pb2.PetitionOpened: heard.handle})
        async with running(asyncio.create_task(relay.run()), asyncio.create_task(consumer.run())):
            for number, name in enumerate(names):
                if number == 20:
                    cluster.kill(leader)
                await say(pool, name)
                relay.wake()
                await asyncio.sleep(0.05)
            await heard.all_of(names)


async def test_a_stream_gets_more_copies_when_the_setting_grows(pool: db.Pool, cluster: NatsCluster) -> None:
    async with bus.connect(cluster.url(), "test") as client:
        await patiently(lambda: bus.ensure_stream(client, "petitions"))
        # the servers have found one another: before, no stream gets more copies
        await patiently(lambda: client.jetstream().add_stream(name="ready", subjects=["ready"], num_replicas=3))
        await client.jetstream().publish("viche.petitions.v1.PetitionOpened", b"kept")

        created_at, last = await bus.ensure_stream(client, "petitions", replicas=3)

        info = await stream(client, 3)
    assert (info.state.messages, str(info.created), last) == (1, created_at, 1)


async def test_events_follow_to_a_cluster_that_takes_the_place_of_one_server(
    pool: db.Pool, nats: NatsServer, cluster: NatsCluster
) -> None:
    heard, names = Heard(pool), ["first", "second", "third"]
    for name in names[:2]:
        await say(pool, name)
    async with bus.connect(nats.url, "test") as client:
        relay = bus.OutboxRelay(pool, client, "petitions")
        async with running(asyncio.create_task(relay.run())), asyncio.timeout(60):
            while await waiting(pool):
                await asyncio.sleep(0.1)
    async with bus.connect(cluster.url(), "test") as client:
        relay = bus.OutboxRelay(pool, client, "petitions", replicas=3)
        consumer = consuming.Consumer(pool, client, "petitions", "listener", {events_pb2.PetitionOpened: heard.handle})
        async with running(asyncio.create_task(relay.run()), asyncio.create_task(consumer.run())):
            await say(pool, names[2])
            await heard.all_of(names)


async def waiting(pool: db.Pool) -> int:
    """How many events have not gone out."""
    async with db.reading(pool) as conn:
        return (await outbox.standing(conn))[0]


async def patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """What a cluster answers that may still be choosing who leads."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await ask()
            except (NatsError, TimeoutError):
                await asyncio.sleep(0.2)
