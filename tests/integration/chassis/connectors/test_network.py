"""A connector in a child reaches its platform through the guard alone."""

import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.integration.chassis.connectors import plugins
from viche_chassis.connectors.opening import Choice, make_connectors, own_identity
from viche_chassis.connectors.runner import Connectors
from viche_sdk.connectors.types import Account, AccountInfo, Operation, Transient, Unsupported

PLUGIN = "connector-fetching"


class Platform(BaseHTTPRequestHandler):
    """Says hello, or sends elsewhere."""

    def do_GET(self) -> None:
        is_elsewhere = self.path == "/elsewhere"
        self.send_response(302 if is_elsewhere else 200)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def platform() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Platform) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.fixture(params=["inside", "child"])
def way(request: pytest.FixtureRequest) -> str:
    return request.param


class World:
    """A plugin that fetches what it is told to."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
        self.site = plugins.install(folder, PLUGIN, plugins.source("fetching", "Fetching"))
        monkeypatch.syspath_prepend(str(self.site))
        self.way = way
        self.opened: list[Connectors] = []

    async def ask(self, server: str, path: str, *networks: str) -> AccountInfo:
        choice = Choice((PLUGIN,), (f"{PLUGIN}={self.way}",), networks)
        connectors = make_connectors(choice, own_identity("social")[0], plugins.environment(self.site))
        self.opened.append(connectors)
        await connectors.start(60)
        return await connectors.call("fetching", Operation.PROBE, Account(handle=path, values={"server": server}), {})


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> AsyncIterator[World]:
    world = World(tmp_path, monkeypatch, way)
    yield world
    for connectors in world.opened:
        await connectors.close()


async def test_a_network_that_the_operator_names_is_reached(world: World, platform: str) -> None:
    answer = await world.ask(platform, "/", "127.0.0.0/8", "::1/128")

    assert (answer.id, answer.handle) == ("hello", "200")


async def test_no_other_private_address_is(world: World, platform: str) -> None:
    with pytest.raises(Unsupported):
        await world.ask(platform, "/")
    with pytest.raises(Unsupported):
        await world.ask("https://localhost:9", "/", "10.0.0.0/8")


async def test_nobody_is_followed_elsewhere(world: World, platform: str) -> None:
    answer = await world.ask(platform, "/elsewhere", "127.0.0.0/8", "::1/128")

    assert answer.handle == "302"


async def test_a_platform_that_is_away_is_no_fault_of_the_connector(world: World) -> None:
    with pytest.raises(Transient) as caught:
        await world.ask("http://localhost:9", "/", "127.0.0.0/8", "::1/128")

    assert "the connector" not in str(caught.value)
    assert [report.faults for report in world.opened[0].reports()] == [0]
