"""Inside, in a child process or as a service of its own: who calls cannot tell."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import grpc
import pytest
from opentelemetry.sdk.trace import TracerProvider
from viche.connectors.v1 import connectors_pb2, connectors_pb2_grpc

from tests.collector import SERVER, collecting
from tests.integration.chassis.connectors import plugins
from viche_chassis.access import access_of
from viche_chassis.clients import aio_channel
from viche_chassis.connectors import pods
from viche_chassis.connectors.answers import rpc_of
from viche_chassis.connectors.calls import SHAPES
from viche_chassis.connectors.opening import Choice, make_connectors
from viche_chassis.connectors.runner import Connectors, Health, Way
from viche_chassis.connectors.serving import audience_of
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import ServiceIdentity
from viche_cli.infra.ports import free_port
from viche_sdk.connectors.types import (
    Account,
    Author,
    Happening,
    HeldSession,
    InboxItem,
    InboxKind,
    InvalidContent,
    Limits,
    Media,
    MediaKind,
    Operation,
    Pending,
    Post,
    Ready,
    Secret,
    TextLimit,
)

PLUGIN = "connector-all"
SERVICE = connectors_pb2.DESCRIPTOR.services_by_name["ConnectorService"].full_name
ACCOUNT = Account("42", "@дім", {"server": "https://example.org"})
SECRETS = {"access_token": Secret("canary-1234")}
KYIV = datetime(2026, 5, 1, 18, 0, tzinfo=ZoneInfo("Europe/Kyiv"))
PICTURES = tuple(Media(name, MediaKind.IMAGE, "image/png", 3, "Alt") for name in ("one", "two"))
ITEM = InboxItem("9", InboxKind.MESSAGE, "t", "Коли?", Author("7", "Оля"), KYIV)
POST = Post("Текст", "uk", media=PICTURES)

CALLS: list[tuple[Operation, tuple[Any, ...]]] = [
    (Operation.PROBE, ()),
    (Operation.PUBLISH, (POST, "key")),
    (Operation.PUBLISH, (Post("x", "uk", event=Happening("День", KYIV, KYIV, "Площа", "")), "key")),
    (Operation.CHECK, (Pending("p"),)),
    (Operation.FINALIZE, (Ready("r"),)),
    (Operation.FIND, ("key", POST)),
    (Operation.EDIT, ("ref", POST)),
    (Operation.DELETE, ("ref",)),
    (Operation.POLL_RESULTS, ("ref",)),
    (Operation.FETCH_INBOX, ("7",)),
    (Operation.REPLY, (ITEM, "Завтра", "key")),
    (Operation.HIDE, (ITEM, True)),
    (Operation.METRICS, (["a", "b"],)),
    (Operation.VERIFY_WEBHOOK, ({"query-hub.challenge": "c"}, b"")),
    (Operation.VERIFY_WEBHOOK, ({}, b"x")),
    (Operation.VERIFY_WEBHOOK, ({}, b"{}")),
]


class Files:
    """The name of a file is its content."""

    async def read(self, media: Media) -> bytes:
        return media.id.encode()

    async def link(self, media: Media) -> str:
        return f"https://example.org/{media.id}"


class World:
    """A plugin that does all, its folder and keys of services."""

    def __init__(self, folder: Path) -> None:
        self.site = plugins.install(folder, PLUGIN, plugins.source("all", "All"))
        self.environment = plugins.environment(self.site)
        self.keys = folder / "keys" / "public"
        self.social, self.gateway = (
            ServiceIdentity(make_key_pair(folder / "keys", name, self.keys)) for name in ("social", "gateway")
        )
        self.address = f"127.0.0.1:{free_port()}"

    def connectors(self, way: str) -> Connectors:
        return make_connectors(Choice((PLUGIN,), (f"{PLUGIN}={way}",)), self.social, self.environment)

    def serve(self, **further: str) -> subprocess.Popen[bytes]:
        """`viche plugins serve` as an operator runs it."""
        code = "from viche_cli.main import main; main()"
        argv = [sys.executable, "-c", code, "plugins", "serve", PLUGIN, "--listen", self.address]
        return subprocess.Popen([*argv, "--keys", str(self.keys)], env={**self.environment, **further})


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(tmp_path)
    monkeypatch.syspath_prepend(str(world.site))
    # a process that has just been started may take long to answer
    monkeypatch.setattr(pods, "DESCRIBE_S", 60.0)
    return world


@pytest.fixture
def served(world: World) -> Iterator[subprocess.Popen[bytes]]:
    process = world.serve()
    yield process
    process.terminate()
    process.wait(20)


async def ending(connectors: Connectors, operation: Operation, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """How a call ends, in what can be compared; instants that the connector reads off its clock are left out."""
    session = HeldSession("kept-1234")
    try:
        answer = await connectors.call("all", operation, ACCOUNT, SECRETS, *arguments, media=Files(), session=session)
    except Exception as error:
        return type(error), vars(error), session.get()
    if operation is Operation.PROBE:
        return answer.id, answer.handle, answer.name, answer.granted, answer.limits
    return type(answer), answer, session.get()


async def endings(connectors: Connectors) -> list[Any]:
    await connectors.start(90)
    try:
        assert [(each.connector, each.health) for each in connectors.reports()] == [("all", Health.HEALTHY)]
        found: list[Any] = [await ending(connectors, *call) for call in CALLS]
        found.append(await connectors.validate("all", POST, Limits(TextLimit(1))))
        return found
    finally:
        await connectors.close()


async def test_all_operations_end_alike_wherever_the_connector_runs(
    world: World, served: subprocess.Popen[bytes]
) -> None:
    inside = await endings(world.connectors("inside"))

    assert await endings(world.connectors("child")) == inside
    assert await endings(world.connectors(world.address)) == inside
    assert {operation for operation, _ in CALLS} == set(Operation)
    assert not [each for each in inside if "failed" in str(each) or "Unsupported" in str(each)]
    [edited] = [each for each in inside if each[0] is InvalidContent]
    assert (edited[1]["detail"], edited[2]) == ("Текст [secret]", "kept-1234-next")
    assert {each[2] for each in inside if isinstance(each[0], type)} == {"kept-1234", "kept-1234-next"}


async def test_a_call_goes_on_in_the_trace_of_its_caller_where_the_connector_is_a_service(world: World) -> None:
    with collecting() as collector:
        process = world.serve(**collector.environment)
        connectors = world.connectors(world.address)
        await connectors.start(90)
        with TracerProvider().get_tracer("social").start_as_current_span("sending") as caller:
            await connectors.call("all", Operation.FIND, ACCOUNT, SECRETS, "key", POST)
        found = await asyncio.to_thread(collector.one, lambda span: span.name == f"{SERVICE}/{rpc_of('find')}")
        await connectors.close()
        process.terminate()
        process.wait(20)

    called = caller.get_span_context()
    assert (found.service, found.kind) == ("viche-connectors", SERVER)
    assert found.trace_id == called.trace_id.to_bytes(16, "big")
    assert found.parent == called.span_id.to_bytes(8, "big")
    assert not [span for span in collector.spans if "canary" in span.attributes]


async def test_a_connector_has_the_clock_of_its_host(world: World) -> None:
    connectors = world.connectors("child")
    await connectors.start(90)

    info = await connectors.call("all", Operation.PROBE, ACCOUNT, SECRETS)

    now = datetime.now(ZoneInfo("UTC"))
    assert timedelta(days=90, minutes=-1) < info.expires_at - now <= timedelta(days=90)
    await connectors.close()


@pytest.fixture
async def stub(world: World, served: subprocess.Popen[bytes]) -> AsyncIterator[Any]:
    async with aio_channel(world.address, audience_of(PLUGIN), world.gateway) as channel:
        await asyncio.wait_for(channel.channel_ready(), 60)
        yield connectors_pb2_grpc.ConnectorServiceStub(channel)


@pytest.mark.parametrize("rpc", ["Describe", "PutMedia", *map(rpc_of, SHAPES)])
async def test_a_pod_refuses_whoever_is_not_social(stub: Any, rpc: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await getattr(stub, rpc)(getattr(connectors_pb2, f"{rpc}Request")(), timeout=10)

    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED
    access = access_of(f"/viche.connectors.v1.ConnectorService/{rpc}")
    assert access is not None
    assert list(access.callers) == ["social", "cli"]


async def test_a_token_for_one_plugin_is_none_for_another(world: World, served: subprocess.Popen[bytes]) -> None:
    async with aio_channel(world.address, audience_of("connector-other"), world.social) as channel:
        await asyncio.wait_for(channel.channel_ready(), 60)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await connectors_pb2_grpc.ConnectorServiceStub(channel).Describe(connectors_pb2.DescribeRequest())

    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_a_pod_that_comes_late_is_found_and_one_that_goes_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wait in ("DESCRIBE_S", "LOOK_AGAIN_S", "CONNECT_S"):
        monkeypatch.setattr(pods, wait, 0.5)
    connectors = world.connectors(world.address)
    await connectors.start(10)
    [before] = connectors.reports()
    process = world.serve()
    async with asyncio.timeout(60):
        while "all" not in connectors.specs:
            await asyncio.sleep(0.1)
    assert (await connectors.call("all", Operation.FIND, ACCOUNT, SECRETS, "key", POST)) is None
    process.terminate()
    process.wait(20)

    with pytest.raises(Exception, match="cannot be asked: it does not answer"):
        await connectors.call("all", Operation.PUBLISH, ACCOUNT, SECRETS, POST, "key")

    assert (before.way, before.health) == (Way.POD, Health.DOWN)
    assert world.address in before.reason
    await connectors.close()


def test_the_list_tells_where_connectors_run_and_how_they_are(world: World) -> None:
    environment = {**world.environment, "VICHE_PLUGINS": f"{PLUGIN},connector-mastodon"}
    code = "from viche_cli.main import main; main()"
    said = subprocess.check_output([sys.executable, "-c", code, "plugins", "list"], env=environment, text=True)

    assert f"{PLUGIN} 1.0  loaded  connector all 1\n  all  child  healthy  publish.text\n" in said
    assert "  mastodon  inside  healthy  delete, edit," in said
    assert "connector-x 0.1.0  disabled  VICHE_PLUGINS does not name it" in said
