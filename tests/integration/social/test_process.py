"""The process as it is run: it serves, keeps identity's authorities in the register, and ends when told."""

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

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from viche.identity.v1 import identity_pb2_grpc
from viche.social.v1 import register_pb2 as pb
from viche.social.v1 import register_pb2_grpc

from tests.integration.social.world import Identity
from viche_chassis.clients import aio_channel
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import ServiceIdentity
from viche_cli.infra import ports
from viche_cli.infra.nats import NatsServer


class Process:
    """A running social service, and callers with keys of their own."""

    def __init__(self, folder: Path, database_url: str, nats_url: str) -> None:
        signers = {name: make_key_pair(folder / "services", name) for name in ("social", "gateway")}
        self.gateway = ServiceIdentity(signers["gateway"])
        (folder / "data.key").write_text(secrets.token_hex(32))
        self.address = f"127.0.0.1:{ports.free_port()}"
        self.identity = f"127.0.0.1:{ports.free_port()}"
        self.environment = {
            "VICHE_LISTEN": self.address,
            "VICHE_SERVICE_KEY": str(folder / "services" / "social.pem"),
            "VICHE_SERVICE_KEYS": str(folder / "services"),
            "VICHE_DATABASE_URL": database_url,
            "VICHE_NATS_URL": nats_url,
            "VICHE_DATA_KEY": str(folder / "data.key"),
            "VICHE_IDENTITY_ADDRESS": self.identity,
            "VICHE_NOTIFICATIONS_ADDRESS": f"127.0.0.1:{ports.free_port()}",
            "VICHE_OBJECTS_DIR": str(folder / "objects"),
            "VICHE_PUBLIC_URL": "https://viche.example.org",
        }
        self.log = folder / "social.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **differences: str) -> subprocess.Popen[bytes]:
        """Starts it with the environment of a service and nothing else."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("VICHE_", "OTEL_"))}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "viche_social"],
                env={**kept, **self.environment, **differences},
                stdout=log,
                stderr=log,
            )
        return self.process

    @asynccontextmanager
    async def register(self) -> AsyncIterator[Any]:
        """RegisterService as the gateway calls it."""
        async with aio_channel(self.address, "social", self.gateway) as channel:
            yield register_pb2_grpc.RegisterServiceStub(channel)

    async def health(self) -> int:
        """What it says of its health, once it answers."""
        async with grpc.aio.insecure_channel(self.address) as channel:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            request = health_pb2.HealthCheckRequest(service="viche.social.v1.PresenceService")
            return (await stub.Check(request, wait_for_ready=True, timeout=60)).status

    async def end(self) -> int:
        """Ends it as a supervisor does; gives its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, 30)


@pytest.fixture
def process(tmp_path: Path, migrated: Callable[[str], str], nats: NatsServer) -> Iterator[Process]:
    process = Process(tmp_path, migrated("social"), nats.url)
    yield process
    if process.process is not None and process.process.poll() is None:
        process.process.kill()
        process.process.wait()


async def test_authorities_are_in_the_register_soon_after_the_start(process: Process) -> None:
    server = grpc.aio.server()
    identity_pb2_grpc.add_AuthoritiesServiceServicer_to_server(cast(Any, Identity)(), server)
    server.add_insecure_port(process.identity)
    await server.start()
    process.start()
    assert await process.health() == health_pb2.HealthCheckResponse.SERVING
    async with process.register() as register, asyncio.timeout(30):
        while len((await register.ListBodies(pb.ListBodiesRequest())).bodies) < 3:
            await asyncio.sleep(0.1)
    assert await process.end() == 0
    await server.stop(0)


async def test_it_serves_without_nats_and_without_identity(process: Process) -> None:
    process.start(VICHE_NATS_URL="nats://127.0.0.1:1")
    assert await process.health() == health_pb2.HealthCheckResponse.SERVING
    async with process.register() as register:
        assert (await register.ListBodies(pb.ListBodiesRequest())).bodies == []
    assert await process.end() == 0


async def test_faulty_settings_end_it_with_a_sentence_each(process: Process) -> None:
    running = process.start(VICHE_LISTEN="", VICHE_DATABASE_POOL="many")
    assert await asyncio.to_thread(running.wait, 60) == 2
    said = process.log.read_text()
    assert "VICHE_LISTEN is not set" in said
    assert "VICHE_DATABASE_POOL" in said
