"""The process as it is run: it serves, opens surveys at their time, says so, hears of erasures, and ends when told."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import grpc
import psycopg
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from viche.identity.v1 import events_pb2 as identity_events
from viche.identity.v1 import identity_pb2_grpc
from viche.surveys.v1 import events_pb2, surveys_pb2_grpc
from viche.surveys.v1 import surveys_pb2 as pb

from tests.integration.surveys.world import CITY, ROADS, Identity, pseudonym
from viche_chassis import bus
from viche_chassis.clients import aio_channel
from viche_chassis.db import migrate
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import ServiceIdentity
from viche_cli.infra import ports
from viche_cli.infra.nats import NatsServer
from viche_surveys.definitions import written
from viche_surveys.respondents import Respondents


class Process:
    """A running surveys service, and callers with keys of their own."""

    def __init__(self, folder: Path, database_url: str, nats_url: str) -> None:
        signers = {name: make_key_pair(folder / "services", name) for name in ("surveys", "gateway", "cli")}
        self.callers = {name: ServiceIdentity(signer) for name, signer in signers.items()}
        self.key = secrets.token_bytes(32)
        (folder / "data.key").write_text(self.key.hex())
        self.database_url = database_url
        self.address = f"127.0.0.1:{ports.free_port()}"
        self.identity = f"127.0.0.1:{ports.free_port()}"
        self.environment = {
            "VICHE_LISTEN": self.address,
            "VICHE_SERVICE_KEY": str(folder / "services" / "surveys.pem"),
            "VICHE_SERVICE_KEYS": str(folder / "services"),
            "VICHE_DATABASE_URL": database_url,
            "VICHE_NATS_URL": nats_url,
            "VICHE_DATA_KEY": str(folder / "data.key"),
            "VICHE_IDENTITY_ADDRESS": self.identity,
            "VICHE_OBJECTS_DIR": str(folder / "objects"),
            "VICHE_PUBLIC_URL": "https://viche.example.org",
        }
        self.log = folder / "surveys.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **differences: str) -> subprocess.Popen[bytes]:
        """Starts it with the environment of a service and nothing else."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("VICHE_", "OTEL_"))}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "viche_surveys"],
                env={**kept, **self.environment, **differences},
                stdout=log,
                stderr=log,
            )
        return self.process

    @asynccontextmanager
    async def calling(self, caller: str) -> AsyncIterator[Any]:
        """SurveysService as a service calls it."""
        async with aio_channel(self.address, "surveys", self.callers[caller]) as channel:
            yield surveys_pb2_grpc.SurveysServiceStub(channel)

    async def health(self) -> int:
        """What it says of its health, once it answers."""
        async with grpc.aio.insecure_channel(self.address) as channel:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            request = health_pb2.HealthCheckRequest(service="viche.surveys.v1.SurveysService")
            return (await stub.Check(request, wait_for_ready=True, timeout=60)).status

    async def end(self) -> int:
        """Ends it as a supervisor does; gives its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, 30)


@pytest.fixture
def process(tmp_path: Path, database: Callable[..., str], nats: NatsServer) -> Iterator[Process]:
    url = database("surveys")
    migrate(url, "viche_surveys")
    process = Process(tmp_path, url, nats.url)
    yield process
    if process.process is not None and process.process.poll() is None:
        process.process.kill()
        process.process.wait()


@asynccontextmanager
async def identity(process: Process) -> AsyncIterator[None]:
    """An identity that answers which authorities there are."""
    server = grpc.aio.server()
    identity_pb2_grpc.add_AuthoritiesServiceServicer_to_server(cast(Any, Identity)(), server)
    server.add_insecure_port(process.identity)
    await server.start()
    yield
    await server.stop(0)


async def heard(client: Any, kind: type) -> asyncio.Future[Any]:
    """The next event of a kind."""
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    async def hear(message: Any) -> None:
        if not future.done():
            future.set_result(cast(Any, kind).FromString(message.data))

    while not client.is_connected:
        await asyncio.sleep(0.05)
    await client.subscribe(cast(Any, kind).DESCRIPTOR.full_name, cb=hear)
    await client.flush()
    return future


async def test_a_survey_opens_and_closes_in_the_running_process_and_all_hear_of_it(
    process: Process, nats: NatsServer
) -> None:
    process.start()
    assert await process.health() == health_pb2.HealthCheckResponse.SERVING
    async with identity(process), bus.connect(nats.url, "test") as client, process.calling("cli") as surveys:
        opened, closed = await heard(client, events_pb2.SurveyOpened), await heard(client, events_pb2.SurveyClosed)
        asked = pb.CreateSurveyRequest(
            request_id=str(uuid4()), authority_id=str(CITY), definition_json=written(ROADS)
        )  # fmt: skip
        made = (await surveys.CreateSurvey(asked)).survey
        await surveys.OpenSurvey(pb.OpenSurveyRequest(request_id=str(uuid4()), survey_id=made.id))
        assert (await asyncio.wait_for(opened, 30)).survey_id == made.id
        with psycopg.connect(process.database_url) as conn:
            conn.execute("UPDATE surveys SET closes_at = now()")
        assert (await asyncio.wait_for(closed, 30)).number == 1
    async with process.calling("gateway") as surveys:
        found = (await surveys.GetPublicSurvey(pb.GetPublicSurveyRequest(number=1))).survey
    assert found.state == pb.SURVEY_STATE_CLOSED
    assert await process.end() == 0


async def test_an_erasure_is_heard(process: Process, nats: NatsServer) -> None:
    id, said = uuid4(), identity_events.PersonErased(answers=pseudonym("answers", "olena"))
    with psycopg.connect(process.database_url) as conn:
        conn.execute(
            "INSERT INTO surveys (id, number, state, authority_id, admission, results, k, is_listed, needs_human_check,"
            " opened_at) VALUES (%s, 1, 'open', %s, 'person', 'live', 10, true, true, now())",
            [id, CITY],
        )
        conn.execute(
            "INSERT INTO respondents VALUES (%s, sha256('olena'), gen_random_uuid(), %s)",
            [id, Respondents(process.key).erased_by(id, said.answers)],
        )
    process.start()
    await process.health()
    async with bus.connect(nats.url, "test") as client:
        while not client.is_connected:
            await asyncio.sleep(0.05)
        await bus.ensure_stream(client, "identity")
        headers = {"Nats-Msg-Id": str(uuid4())}
        await client.jetstream().publish(said.DESCRIPTOR.full_name, said.SerializeToString(), headers=headers)
    with psycopg.connect(process.database_url, autocommit=True) as conn:
        async with asyncio.timeout(30):
            while conn.execute("SELECT count(*) FROM respondents").fetchone() != (0,):
                await asyncio.sleep(0.1)
    assert await process.end() == 0


async def test_it_serves_without_nats_and_without_identity(process: Process) -> None:
    process.start(VICHE_NATS_URL="nats://127.0.0.1:1")
    assert await process.health() == health_pb2.HealthCheckResponse.SERVING
    async with process.calling("gateway") as surveys:
        assert (await surveys.ListSurveys(pb.ListSurveysRequest())).surveys == []
    assert await process.end() == 0


async def test_faulty_settings_end_it_with_a_sentence_each(process: Process) -> None:
    running = process.start(VICHE_LISTEN="", VICHE_DATABASE_POOL="many")
    assert await asyncio.to_thread(running.wait, 60) == 2
    said = process.log.read_text()
    assert "VICHE_LISTEN is not set" in said
    assert "VICHE_DATABASE_POOL" in said
