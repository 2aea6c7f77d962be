"""A call over a real socket: admitted, validated, bounded in time, its errors told whole or blank."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis import interceptors, telemetry
from viche_chassis.access import Gatekeeper, current_caller, current_person
from viche_chassis.app import Service, serve, service_names, start
from viche_chassis.clients import aio_channel, person_metadata, sync_channel
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.status import from_rpc_error
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import ServiceIdentity, Verifier, public_key_set, read_key_set, read_service_keys


class Sessions(identity_pb2_grpc.SessionsServiceServicer):
    """Answers as its request's token says."""

    def __init__(self) -> None:
        self.is_slow = asyncio.Event()

    async def GetSession(self, request: identity_pb2.GetSessionRequest, context: object):
        if request.session_token == "bad":
            raise InvalidFields(invalid("session_token", "UNUSUAL", limit=3))
        if request.session_token == "bug":
            raise RuntimeError("olena@example.org")
        if request.session_token == "slow":
            self.is_slow.set()
            await asyncio.sleep(30)
        return identity_pb2.GetSessionResponse(access_token=current_caller().service)


class People(identity_pb2_grpc.PeopleServiceServicer):
    """Says who asks."""

    async def GetMe(self, request: identity_pb2.GetMeRequest, context: object):
        return identity_pb2.GetMeResponse(person=identity_pb2.Person(id=current_person().id))


class World:
    """A running server and ways to call it."""

    def __init__(self, folder: Path) -> None:
        self.gateway = ServiceIdentity(make_key_pair(folder, "gateway"))
        self.signer = make_key_pair(folder / "signing", "k1")
        self.sessions = Sessions()
        people = Verifier(read_key_set(public_key_set([self.signer])))
        self.service = Service(
            name="identity",
            listen="127.0.0.1:0",
            gatekeeper=Gatekeeper("identity", Verifier(read_service_keys(folder)), people),
            register=[
                lambda server: identity_pb2_grpc.add_SessionsServiceServicer_to_server(self.sessions, server),
                lambda server: identity_pb2_grpc.add_PeopleServiceServicer_to_server(People(), server),
            ],
            names=service_names("viche.identity.v1"),
        )
        self.address = ""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = World(tmp_path)
    server, _, port = await start(world.service)
    world.address = f"127.0.0.1:{port}"
    yield world
    await server.stop(0)


async def ask(world: World, token: str, timeout: float = 20) -> identity_pb2.GetSessionResponse:
    async with aio_channel(world.address, "identity", world.gateway) as channel:
        stub = identity_pb2_grpc.SessionsServiceStub(channel)
        return await stub.GetSession(identity_pb2.GetSessionRequest(session_token=token), timeout=timeout)


async def test_a_service_with_its_key_is_answered(world: World) -> None:
    assert (await ask(world, "x")).access_token == "gateway"


async def test_threads_are_answered_as_well(world: World) -> None:
    def call() -> str:
        with sync_channel(world.address, "identity", world.gateway) as channel:
            stub = identity_pb2_grpc.SessionsServiceStub(channel)
            return stub.GetSession(identity_pb2.GetSessionRequest(session_token="x")).access_token

    assert await asyncio.to_thread(call) == "gateway"


async def test_a_stranger_is_refused(world: World) -> None:
    async with grpc.aio.insecure_channel(world.address) as channel:
        stub = identity_pb2_grpc.SessionsServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.GetSession(identity_pb2.GetSessionRequest(session_token="x"))
    assert caught.value.code() == grpc.StatusCode.UNAUTHENTICATED


async def test_field_errors_arrive_with_their_values(world: World) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(world, "bad")
    error = from_rpc_error(caught.value)
    assert isinstance(error, InvalidFields)
    assert error.violations == (invalid("session_token", "UNUSUAL", limit=3),)


async def test_an_unexpected_error_is_answered_blank_and_logged_without_its_text(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(world, "bug")
    assert caught.value.details() == "INTERNAL"
    line = json.loads(telemetry.JsonFormatter("test").format(caplog.records[-1]))
    assert line["error"]["type"] == "builtins.RuntimeError"
    assert "olena" not in json.dumps(line)


async def test_a_call_is_bounded_in_time_even_when_the_caller_sets_no_deadline(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interceptors, "MAX_DEADLINE_S", 0.2)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(world, "slow", timeout=5)
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED


async def test_a_person_is_known_by_the_access_token(world: World) -> None:
    token = world.signer.sign({"aud": "viche", "sub": "person-1"})
    async with aio_channel(world.address, "identity", world.gateway) as channel:
        stub = identity_pb2_grpc.PeopleServiceStub(channel)
        response = await stub.GetMe(identity_pb2.GetMeRequest(), metadata=person_metadata(token))
    assert response.person.id == "person-1"


async def test_an_rpc_that_nobody_serves_is_unimplemented(world: World) -> None:
    async with aio_channel(world.address, "identity", world.gateway) as channel:
        stub = identity_pb2_grpc.KeysServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.ListPublicKeys(identity_pb2.ListPublicKeysRequest())
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


async def test_health_and_reflection_answer_without_a_key(world: World) -> None:
    async with grpc.aio.insecure_channel(world.address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        for name in ("", "viche.identity.v1.PeopleService"):
            answer = await health.Check(health_pb2.HealthCheckRequest(service=name))
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        request = reflection_pb2.ServerReflectionRequest(list_services="")
        answers = [answer async for answer in stub.ServerReflectionInfo(iter([request]))]
    listed = {service.name for service in answers[0].list_services_response.service}
    assert "viche.identity.v1.KeysService" in listed


async def test_a_call_under_way_may_finish_while_the_service_drains(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.service = Service(
        "identity", "127.0.0.1:0", world.service.gatekeeper, world.service.register, world.service.names
    )
    server, _, port = await start(world.service)
    world.address = f"127.0.0.1:{port}"
    call, begun = asyncio.create_task(ask(world, "slow", timeout=1)), asyncio.create_task(world.sessions.is_slow.wait())
    await asyncio.wait([call, begun], return_when=asyncio.FIRST_COMPLETED)
    begun.cancel()
    await server.stop(20)
    with pytest.raises(grpc.aio.AioRpcError) as caught:  # its own deadline ended it, not the drain
        await call
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED


async def test_a_background_task_that_fails_ends_the_process(tmp_path: Path) -> None:
    async def fail() -> None:
        raise OSError("disk")

    base = World(tmp_path).service
    service = Service("identity", "127.0.0.1:0", base.gatekeeper, base.register, base.names, tasks=[fail])
    with pytest.raises(OSError, match="disk"):
        await serve(service, stopping=asyncio.Event())


async def test_a_service_ends_when_it_is_told(tmp_path: Path) -> None:
    stopping = asyncio.Event()
    stopping.set()
    await serve(World(tmp_path).service, stopping=stopping)
