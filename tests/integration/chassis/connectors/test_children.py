"""A connector in a child process that does the worst is cut, named, and touches nobody else."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import grpc
import psutil
import pytest

from tests.integration.chassis.connectors import plugins
from viche_chassis.connectors import remote as remotes
from viche_chassis.connectors.breaker import Breaker
from viche_chassis.connectors.calls import SHAPES, Call
from viche_chassis.connectors.children import Child
from viche_chassis.connectors.lives import Bounds
from viche_chassis.connectors.opening import own_identity
from viche_chassis.connectors.remote import Remote
from viche_chassis.connectors.runner import ConnectorReport, Connectors, Health, Running, Way
from viche_sdk.connectors.types import (
    Account,
    AccountInfo,
    Media,
    MediaKind,
    Operation,
    OutcomeUnknown,
    Post,
    Published,
    Secret,
    Transient,
)

CANARY = "canary-7f3d2c91"
LIMIT_S = 1.0
# for calls that are to be answered, which on a busy machine may take longer than the limit of those that are to be cut
PATIENT_S = 60.0
BOUNDS = Bounds(memory_bytes=192 * 1024 * 1024, cpu_s=2.0, look_every_s=0.1)
POST = Post("Текст", "uk")
PICTURE = Media("m1", MediaKind.IMAGE, "image/png", 5_000_000, "Alt")


class Files:
    """Files of five million bytes."""

    async def read(self, media: Media) -> bytes:
        return b"x" * media.size_bytes

    async def link(self, media: Media) -> str:
        return "https://example.org/1"


class World:
    """Two plugins, each in a child of its own."""

    def __init__(self, folder: Path, bounds: Bounds = BOUNDS, limit_s: float = LIMIT_S, **further_s: float) -> None:
        sites = [
            plugins.install(folder, "connector-evil", plugins.source("evil", "Evil")),
            plugins.install(folder, "connector-good", plugins.source("good")),
        ]
        identity, public_key = own_identity("social")
        environment = plugins.environment(*sites)
        self.homes = {
            name: Child(f"connector-{name}", identity, public_key, environment=environment, bounds=bounds)
            for name in ("evil", "good")
        }
        running = [Running(f"connector-{name}", Way.CHILD, home) for name, home in self.homes.items()]
        limits = dict.fromkeys(SHAPES, limit_s) | further_s
        self.connectors = Connectors(running, limits_s=limits, breaker=lambda: Breaker(after=100))

    async def ask(self, handle: str, connector: str = "evil", operation: Operation = Operation.PROBE) -> object:
        arguments = () if operation is Operation.PROBE else (POST, "key")
        secrets = {"access_token": Secret(CANARY)}
        return await self.connectors.call(connector, operation, Account(handle=handle), secrets, *arguments)

    def report(self, connector: str = "evil") -> ConnectorReport:
        return next(each for each in self.connectors.reports() if each.connector == connector)

    async def is_back(self) -> AccountInfo:
        """Asks until it answers again."""
        async with asyncio.timeout(90):
            while True:
                try:
                    answer = await self.ask("fine")
                except Transient:
                    await asyncio.sleep(0.05)
                else:
                    assert isinstance(answer, AccountInfo)
                    return answer


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with started(World(tmp_path)) as world:
        yield world


@pytest.fixture
async def patient(tmp_path: Path) -> AsyncIterator[World]:
    """One that cuts no call."""
    async with started(World(tmp_path, limit_s=PATIENT_S)) as world:
        yield world


@asynccontextmanager
async def started(world: World) -> AsyncIterator[World]:
    await world.connectors.start(60)
    yield world
    await world.connectors.close()


async def test_each_plugin_runs_in_a_process_of_its_own(patient: World) -> None:
    answers = {name: await patient.ask("", name) for name in ("evil", "good")}

    assert {name: str(home.pid) for name, home in patient.homes.items()} == {
        name: answer.id for name, answer in answers.items() if isinstance(answer, AccountInfo)
    }
    assert len({os.getpid(), *(home.pid for home in patient.homes.values())}) == 3
    assert [(each.connector, each.way, each.health) for each in patient.connectors.reports()] == [
        ("evil", Way.CHILD, Health.HEALTHY),
        ("good", Way.CHILD, Health.HEALTHY),
    ]


@pytest.mark.parametrize("how", ["hang", "deaf", "block", "raise", "system exit", "rubbish", "half", "fork", "run"])
async def test_what_can_be_cut_leaves_the_process_alive(
    world: World, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remotes, "GRACE_S", PATIENT_S)  # a process that is slow to say so is none that cannot be cut
    before = world.homes["evil"].pid

    with pytest.raises(Transient, match="the connector evil failed: it "):
        await world.ask(how)

    assert world.report().faults == 1  # those that follow may be too slow
    assert int((await world.is_back()).id) == before
    assert world.report().restarts == 0


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("spin", "nor can it be cut|of the processor"),
        ("exit", "exited with status 3"),
        ("crash", "ended by SIGSEGV"),
    ],
)
async def test_what_cannot_be_cut_ends_the_process_and_it_begins_anew(world: World, how: str, reason: str) -> None:
    before = world.homes["evil"].pid
    with pytest.raises(Transient, match=f"the connector evil failed: .*({reason})"):
        await world.ask(how)

    assert int((await world.is_back()).id) != before
    assert world.report().restarts == 1
    assert world.report().health is Health.HEALTHY


async def test_a_write_that_is_cut_is_in_doubt(world: World) -> None:
    for how in ("hang", "raise", "exit"):
        with pytest.raises(OutcomeUnknown, match="the connector evil failed"):
            await world.ask(how, operation=Operation.PUBLISH)
        await world.is_back()


async def test_a_leak_ends_at_its_limit(tmp_path: Path) -> None:
    bounds = replace(BOUNDS, cpu_s=60.0)
    async with started(World(tmp_path, bounds, limit_s=60.0)) as world:
        with pytest.raises(Transient, match=r"the connector evil failed: .*[Mm]emory"):
            await world.ask("leak")

        await world.is_back()
        held = psutil.Process(world.homes["evil"].pid).memory_info().rss
        assert held < 2 * bounds.memory_bytes


async def test_a_connection_that_is_closed_cancels_nobody_who_waits(world: World) -> None:
    socket = Path(os.readlink(f"/proc/{world.homes['evil'].pid}/cwd")).parent / "socket"
    for is_cancelled in (False, True):
        remote = Remote(f"unix:{socket}", "connector-evil", own_identity("social")[0])
        call = Call("evil", Operation.PROBE, (), datetime.now(UTC), 60.0, Account(handle="hang"))
        waiting = asyncio.create_task(remote.perform(call))
        await asyncio.sleep(0)  # it has asked
        if is_cancelled:
            waiting.cancel()
        await remote.close()

        with pytest.raises(asyncio.CancelledError if is_cancelled else grpc.aio.AioRpcError):
            await waiting


async def test_others_are_answered_while_one_is_stuck(tmp_path: Path) -> None:
    async with started(World(tmp_path, publish=PATIENT_S)) as world:
        bad = [asyncio.create_task(world.ask(how)) for how in ("hang", "block", "spin", "fork")]
        await asyncio.sleep(0.2)

        for number in range(20):
            answer = await world.ask(str(number), "good", Operation.PUBLISH)
            assert answer == Published("key", "0")
        endings = await asyncio.gather(*bad, return_exceptions=True)

        assert all(isinstance(each, Transient) for each in endings)
        assert world.report("good").faults == world.report("good").restarts == 0


async def test_secrets_stay_out_of_errors_and_logs(
    patient: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        await patient.ask("print")
        with pytest.raises(Transient) as caught:
            await patient.ask("raise")

    assert "the token is [secret]" in str(caught.value)
    assert [vars(record)["connector_token"] for record in caplog.records if record.message == "said"] == ["[secret]"]
    output = capfd.readouterr()
    assert CANARY not in output.out + output.err + caplog.text + repr([vars(each) for each in caplog.records])


async def test_a_child_sees_nothing_of_the_environment(patient: World) -> None:
    answer = await patient.ask("environment")

    assert isinstance(answer, AccountInfo)
    assert answer.id == ""


def files_below(folder: Path) -> list[Path] | None:
    """None where there is no such folder."""
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else None


async def test_files_reach_the_child_and_leave_nothing_behind(
    patient: World,
) -> None:
    post = Post("Текст", "uk", media=(PICTURE,))
    scratch = Path(os.readlink(f"/proc/{patient.homes['good'].pid}/cwd"))

    answer = await patient.connectors.call("good", Operation.PUBLISH, Account(), {}, post, "key", media=Files())

    assert answer == Published("key", "5000000")
    assert files_below(scratch) == []
    await patient.connectors.close()
    assert files_below(scratch) is None


async def test_children_end_with_their_parent(world: World) -> None:
    pids = [home.pid for home in world.homes.values()]

    await world.connectors.close()

    assert not any(psutil.pid_exists(pid) for pid in pids if pid)


async def test_a_connector_may_have_threads(patient: World) -> None:
    await patient.ask("threads")

    assert int((await patient.is_back()).id) == patient.homes["evil"].pid
    assert patient.report().restarts == 0


async def test_one_that_uses_the_processor_unasked_is_ended(patient: World, caplog: pytest.LogCaptureFixture) -> None:
    await patient.ask("stay")

    async with asyncio.timeout(90):
        while not patient.report().restarts:
            await asyncio.sleep(0.1)

    assert [vars(each)["reason"] for each in caplog.records if each.message == "connector ended"] == [
        "it used more than 2 s of the processor unasked"
    ]


@pytest.mark.parametrize(
    ("text", "start_s", "reason"),
    [
        (plugins.NEVER_STARTS, 3, "did not start within 3 s"),
        (plugins.ENDS_AT_START, 60, "exited with status 7 while starting"),
        (plugins.RAISES_AT_START, 60, "it needs a moon"),
        (plugins.source("new").replace("hosts=", "api=9, hosts="), 60, "written for contract 9"),
    ],
)
async def test_one_that_does_not_start_holds_nobody_back(tmp_path: Path, text: str, start_s: int, reason: str) -> None:
    site = plugins.install(tmp_path, "connector-bad", text)
    identity, public_key = own_identity("social")
    bounds = Bounds(start_s=start_s)
    home = Child("connector-bad", identity, public_key, environment=plugins.environment(site), bounds=bounds)
    connectors = Connectors([Running("connector-bad", Way.CHILD, home)])

    await connectors.start(90)

    [report] = connectors.reports()
    assert (report.plugin, report.health) == ("connector-bad", Health.DOWN)
    assert reason in report.reason
    with pytest.raises(Transient, match="there is no connector bad"):
        await connectors.call("bad", Operation.PUBLISH, Account(), {}, POST, "key")
    await connectors.close()
