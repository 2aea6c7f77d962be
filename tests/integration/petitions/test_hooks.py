"""Plugins are told what happens to petitions, over real NATS, and one that fails keeps no other waiting."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.answering import publish
from tests.integration.petitions.world import CITY, World, person, request_id
from tests.unit.plugin_install import install_plugin
from viche_chassis import bus, consuming
from viche_chassis.ids import new_id
from viche_chassis.tasks import cancel_all
from viche_cli.infra.nats import NatsServer, nats_server

LISTENER = """
import dataclasses, json, pathlib

def note(hook, petition):
    values = {{key: str(value) for key, value in dataclasses.asdict(petition).items() if key != "terms"}}
    with pathlib.Path({file!r}).open("a") as file:
        file.write(json.dumps([hook, petition.terms.workflow, values]) + "\\n")

@hookimpl
def viche_petition_opened(petition):
    note("opened", petition)

@hookimpl
def viche_petition_threshold_reached(petition):
    note("threshold_reached", petition)

@hookimpl
def viche_petition_answered(petition):
    note("answered", petition)

@hookimpl
def viche_petition_closed(petition):
    note("closed", petition)
"""
FAILING = """
import pathlib

@hookimpl
def viche_petition_opened(petition):
    with pathlib.Path({file!r}).open("a") as file:
        file.write("[]\\n")
    raise RuntimeError("no")
"""


class Heard:
    """What a plugin has written down."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    async def wait_for(self, count: int) -> list[Any]:
        async with asyncio.timeout(60):
            while len(self.lines()) < count:
                await asyncio.sleep(0.05)
        return self.lines()


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str], Heard]:
    def install(name: str, source: str) -> Heard:
        file = tmp_path / f"{name}.jsonl"
        install_plugin(monkeypatch, tmp_path, name, source.format(file=str(file)))
        return Heard(file)

    return install


@pytest.fixture
def broker(engine_folder: Path) -> Iterator[NatsServer]:
    """A broker of the test's own: consumers are named after plugins."""
    with nats_server(engine_folder / f"nats-{new_id()}") as server:
        yield server


@asynccontextmanager
async def telling(world: World, broker: NatsServer) -> AsyncIterator[None]:
    async with bus.connect(broker.url, "test") as client:
        relay = bus.OutboxRelay(world.pool, client, "petitions")
        consumers = world.petitions.hooks.consumers(client)
        tasks = [asyncio.ensure_future(run()) for run in (relay.run, *(each.run for each in consumers))]
        try:
            yield
        finally:
            await cancel_all(tasks)


async def test_a_plugin_is_told_of_the_whole_life(
    world: World, broker: NatsServer, install: Callable[[str, str], Heard]
) -> None:
    heard = install("petition-listener", LISTENER)
    await world.restart()
    async with telling(world, broker):
        petition = await world.open()
        await world.sign_as(petition.id, "ann", "bob", "eve")
        await world.petitions.watcher.look()
        answered = await publish(world, petition.id)
        request = pb.ClosePetitionRequest(request_id=request_id(), petition_id=petition.id)
        await world.on(person("officer", officer_of=CITY)).ClosePetition(request)
        lines = await heard.wait_for(4)
    by_hook = {hook: values for hook, workflow, values in lines if workflow == "petition-local"}
    assert set(by_hook) == {"opened", "threshold_reached", "answered", "closed"}
    assert {values["petition_id"] for values in by_hook.values()} == {petition.id}
    assert by_hook["opened"]["closes_at"] == str(petition.closes_at.ToDatetime()).split(".")[0] + "+00:00"
    assert by_hook["answered"]["answered_at"][:19] == str(answered.answers[0].published_at.ToDatetime())[:19]
    reached, closed = by_hook["threshold_reached"], by_hook["closed"]
    assert (reached["threshold"], reached["signatures"]) == ("answer", "3")
    assert (closed["reached"], closed["signatures"], closed["closing_event"]) == ("('answer',)", "3", "")


async def test_a_plugin_that_fails_is_asked_again_and_keeps_no_other_waiting(
    world: World, broker: NatsServer, install: Callable[[str, str], Heard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "RETRY_S", 0.1)
    failing = install("petition-failing", FAILING)
    heard = install("petition-listener", LISTENER)
    await world.restart()
    async with telling(world, broker):
        await world.open()
        await heard.wait_for(1)
        await failing.wait_for(3)
        async with asyncio.timeout(60):
            while not (dead := await world.rows("SELECT consumer, error FROM dead_letters")):
                await asyncio.sleep(0.05)
    assert len(failing.lines()) == 3
    assert [tuple(row) for row in dead] == [("hooks-petition-failing", "RuntimeError: no")]


async def test_plugins_that_want_nothing_are_not_told(world: World) -> None:
    assert world.petitions.hooks.consumers(None) == []  # pyright: ignore[reportArgumentType]
