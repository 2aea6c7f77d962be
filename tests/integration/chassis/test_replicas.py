"""Calls to a name with several addresses: each replica takes its part, and one that goes is not felt."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis import app
from viche_chassis.access import Gatekeeper
from viche_chassis.app import Service, service_names, start
from viche_chassis.clients import aio_channel, sync_channel
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import ServiceIdentity, Verifier, read_service_keys

CALLS = 30


class Replica(identity_pb2_grpc.SessionsServiceServicer):
    """Answers with its own name, and remembers over which connections it was asked."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.connections: set[str] = set()

    async def GetSession(self, request: identity_pb2.GetSessionRequest, context: grpc.aio.ServicerContext):
        self.connections.add(context.peer())
        return identity_pb2.GetSessionResponse(access_token=self._name)


class Replicas:
    """Two servers, and one name for both."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.gateway = ServiceIdentity(make_key_pair(folder, "gateway"))
        self.servers: dict[str, grpc.aio.Server] = {}
        self.servicers: dict[str, Replica] = {}
        self._ports: dict[str, int] = {}

    async def start(self, name: str, port: int = 0) -> None:
        self.servers[name], _, self._ports[name] = await start(self._service(name, port))

    @property
    def name(self) -> str:
        """As DNS would resolve a headless Service."""
        return "ipv4:" + ",".join(f"127.0.0.1:{port}" for port in self._ports.values())

    def _service(self, name: str, port: int) -> Service:
        servicer = self.servicers[name] = Replica(name)
        return Service(
            name="identity",
            listen=f"127.0.0.1:{port}",
            gatekeeper=Gatekeeper("identity", Verifier(read_service_keys(self._folder)), None),
            register=[
                lambda server: identity_pb2_grpc.add_SessionsServiceServicer_to_server(servicer, server),
            ],
            names=service_names("viche.identity.v1"),
        )


@pytest.fixture
async def replicas(tmp_path: Path) -> AsyncIterator[Replicas]:
    both = Replicas(tmp_path)
    for name in ("a", "b"):
        await both.start(name)
    yield both
    for server in both.servers.values():
        await server.stop(0)


async def ask(channel: grpc.aio.Channel) -> str:
    stub = identity_pb2_grpc.SessionsServiceStub(channel)
    return (await stub.GetSession(identity_pb2.GetSessionRequest(session_token="x"), timeout=10)).access_token


async def asked(channel: grpc.aio.Channel) -> Counter[str]:
    # a channel begins with whichever replica it reached first
    while len({await ask(channel) for _ in range(2)}) < 2:
        await asyncio.sleep(0.01)
    return Counter([await ask(channel) for _ in range(CALLS)])


async def test_replicas_take_calls_in_turn(replicas: Replicas) -> None:
    async with aio_channel(replicas.name, "identity", replicas.gateway) as channel:
        assert await asked(channel) == {"a": CALLS // 2, "b": CALLS // 2}


async def test_threads_call_replicas_in_turn(replicas: Replicas) -> None:
    def call() -> set[str]:
        with sync_channel(replicas.name, "identity", replicas.gateway) as channel:
            stub = identity_pb2_grpc.SessionsServiceStub(channel)
            request = identity_pb2.GetSessionRequest(session_token="x")
            answers: set[str] = set()
            while answers != {"a", "b"}:
                answers.add(stub.GetSession(request, timeout=10).access_token)
            return answers

    assert await asyncio.to_thread(call) == {"a", "b"}


async def test_a_replica_that_ends_is_not_felt(replicas: Replicas) -> None:
    async with aio_channel(replicas.name, "identity", replicas.gateway) as channel:
        await asked(channel)
        ending = asyncio.create_task(replicas.servers["a"].stop(1))
        answers = Counter([await ask(channel) for _ in range(CALLS)])
        await ending
    assert answers["b"] >= CALLS - 1


async def test_calls_that_must_not_be_repeated_stay_with_one_replica(replicas: Replicas) -> None:
    async with aio_channel(replicas.name, "identity", replicas.gateway, repeats=False) as channel:
        assert len({await ask(channel) for _ in range(CALLS)}) == 1


async def test_connections_that_grow_old_are_made_anew_without_a_failed_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "MAX_CONNECTION_AGE_S", 0.2)
    replicas = Replicas(tmp_path)
    await replicas.start("a")
    async with aio_channel(replicas.name, "identity", replicas.gateway) as channel:
        stub = identity_pb2_grpc.SessionsServiceStub(channel)
        for _ in range(150):
            assert await stub.GetSession(identity_pb2.GetSessionRequest(session_token="x"), timeout=10)
            await asyncio.sleep(0.01)
    await replicas.servers["a"].stop(0)
    assert len(replicas.servicers["a"].connections) > 1
