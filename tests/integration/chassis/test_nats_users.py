"""Each service has a user of NATS that may do what the service does, and nothing else (ADR 0029)."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError
from viche.identity.v1 import events_pb2 as identity_events
from viche.petitions.v1 import events_pb2 as petitions_events

from viche_chassis import bus, consuming
from viche_chassis.tasks import cancel_all
from viche_cli.infra.nats import NatsServer, nats_server
from viche_cli.infra.nats_users import ANY, READS, Reads
from viche_cli.services import SERVICES

KINDS: dict[str, tuple[Any, ...]] = {
    "identity": (identity_events.SignInLinkRequested, identity_events.PasskeyAdded),
    "petitions": (petitions_events.PetitionOpened, petitions_events.PetitionClosed),
}
NO_POOL: Any = None


@pytest.fixture(scope="module")
def broker(engine_folder: Path) -> Iterator[NatsServer]:
    """A broker whose streams are made here."""
    with nats_server(engine_folder / "nats-users") as server:
        yield server


@asynccontextmanager
async def user(broker: NatsServer, service: str) -> AsyncIterator[Client]:
    async with bus.connect(broker.service_urls[service], service) as client:
        await until(lambda: client.is_connected)  # it comes back without, where that takes long
        yield client


async def until(claim: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not claim():
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_makes_its_stream_and_publishes(broker: NatsServer, service: str) -> None:
    async with user(broker, service) as client:
        created_at, before = await bus.ensure_stream(client, service)
        assert (await client.jetstream().publish(f"viche.{service}.v1.Something", b"")).seq == before + 1
        assert await bus.ensure_stream(client, service) == (created_at, before + 1)


@pytest.mark.parametrize(("service", "reads"), [(name, reads) for name in SERVICES for reads in READS[name]])
async def test_a_service_hears_what_it_consumes(broker: NatsServer, service: str, reads: Reads) -> None:
    kinds = (identity_events.PersonErased,) if reads.events else KINDS[reads.area]
    name = "hooks-of-a-plugin" if reads.consumer == ANY else reads.consumer
    heard: list[str] = []

    async def hear(event: consuming.Event) -> None:
        heard.append(event.message.DESCRIPTOR.full_name)
        if len(heard) == 1:
            raise ValueError("once more")

    async with user(broker, reads.area) as owner, user(broker, service) as client:
        await bus.ensure_stream(owner, reads.area)
        consumer = consuming.Consumer(NO_POOL, client, reads.area, name, dict.fromkeys(kinds, hear))
        running = asyncio.create_task(consumer.run())
        for kind in kinds:
            await owner.jetstream().publish(kind.DESCRIPTOR.full_name, kind().SerializeToString())
        await until(lambda: len(set(heard)) == len(kinds) and len(heard) > len(kinds))
        await cancel_all([running])
        async with asyncio.timeout(20):  # the server works off acknowledgements beside requests
            while (await client.jetstream().consumer_info(bus.stream_name(reads.area), name)).num_redelivered:
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_may_do_nothing_else(broker: NatsServer, service: str) -> None:
    own = bus.stream_name(service)
    others = [name for name in SERVICES if name != service]
    read = {reads.area for reads in READS[service]}
    publish = [
        *(f"viche.{name}.v1.Something" for name in others),
        *(f"$JS.API.STREAM.{verb}.{own}" for verb in ("DELETE", "PURGE", "MSG.GET", "MSG.DELETE", "SNAPSHOT")),
        *(f"$JS.API.STREAM.{verb}.{bus.stream_name(name)}" for name in others for verb in ("CREATE", "UPDATE", "INFO")),
        *(f"$JS.API.DIRECT.GET.{bus.stream_name(name)}" for name in SERVICES),
        *(f"$JS.API.CONSUMER.CREATE.{bus.stream_name(name)}.spy" for name in others),
        *(f"$JS.API.CONSUMER.MSG.NEXT.{bus.stream_name(name)}.notifications" for name in others if name not in read),
        *(f"$JS.API.CONSUMER.DELETE.{bus.stream_name(reads.area)}.{reads.consumer}" for reads in READS[service]),
        *(f"_INBOX_{name}.x" for name in others),
        "$JS.API.STREAM.CREATE.MINE", "$JS.API.STREAM.NAMES", "$JS.API.INFO", "$SYS.REQ.SERVER.PING", "anything",
    ]  # fmt: skip
    subscribe = [">", "viche.>", f"viche.{service}.v1.>", "$JS.>", "_INBOX.>", *(f"_INBOX_{name}.>" for name in others)]
    if service == "notifications":
        publish = [each for each in publish if not each.endswith(".notifications")] + [
            "$JS.API.CONSUMER.NAMES.VICHE_IDENTITY"
        ]
    assert await refused(broker, service, publish, subscribe) == len(publish) + len(subscribe)


async def refused(broker: NatsServer, service: str, publish: list[str], subscribe: list[str]) -> int:
    """How many of these the server refuses."""
    said: list[Exception] = []

    async def hear(error: Exception) -> None:
        said.append(error)

    client = Client()
    await client.connect(broker.service_urls[service], error_cb=hear, inbox_prefix=f"_INBOX_{service}")
    try:
        for subject in publish:
            await client.publish(subject, b"")
        for subject in subscribe:
            await client.subscribe(subject)
        await client.flush()
        await asyncio.sleep(0.1)
        assert all("permissions violation" in str(error).lower() for error in said)
        return len(said)
    finally:
        await client.close()


@pytest.mark.parametrize("service", [name for name in SERVICES if any(reads.events for reads in READS[name])])
async def test_who_hears_one_event_cannot_ask_for_others(broker: NatsServer, service: str) -> None:
    (reads,) = (each for each in READS[service] if each.events)
    async with user(broker, "identity") as owner, user(broker, service) as client:
        await bus.ensure_stream(owner, "identity")
        js, stream = client.jetstream(timeout=1), bus.stream_name("identity")
        for filters in ({"filter_subjects": [reads.events, "viche.identity.v1.PasskeyAdded"]}, {}):
            with pytest.raises((NatsError, TimeoutError)):
                await js.add_consumer(stream, name=reads.consumer, durable_name=reads.consumer, **filters)
        # a subject that says one thing with a body that says another
        config = {"name": reads.consumer, "filter_subject": "viche.identity.v1.PasskeyAdded"}
        body = json.dumps({"stream_name": stream, "config": config}).encode()
        subject = f"$JS.API.CONSUMER.CREATE.{stream}.{reads.consumer}.{reads.events}"
        answer = await client.request(subject, body, timeout=20)
        assert "error" in json.loads(answer.data)


async def test_a_consumer_hears_more_after_an_upgrade_and_no_less_after_a_downgrade(broker: NatsServer) -> None:
    async def hear(event: consuming.Event) -> None:
        pass

    old, new = KINDS["petitions"][:1], KINDS["petitions"]
    async with user(broker, "petitions") as client:
        await bus.ensure_stream(client, "petitions")
        heard: list[set[str]] = []
        for kinds in (old, new, old):
            consumer = consuming.Consumer(NO_POOL, client, "petitions", "hooks-upgraded", dict.fromkeys(kinds, hear))
            running = asyncio.create_task(consumer.run())
            config = await filtered(client, lambda found, kinds=kinds: names(kinds) <= found)
            heard.append(config)
            await cancel_all([running])
    assert heard == [names(old), names(new), names(new)]


def names(kinds: Sequence[Any]) -> set[str]:
    return {kind.DESCRIPTOR.full_name for kind in kinds}


async def filtered(client: Client, claim: Callable[[set[str]], bool]) -> set[str]:
    """What the consumer hears, once the claim holds of it."""
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(NotFoundError):
                config = (await client.jetstream().consumer_info("VICHE_PETITIONS", "hooks-upgraded")).config
                found = set(config.filter_subjects or [config.filter_subject or ""])
                if claim(found):
                    return found
            await asyncio.sleep(0.05)
