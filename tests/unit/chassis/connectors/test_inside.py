"""A bundled connector inside the process: what hangs, blocks or raises is cut, named, and holds back no other."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from viche_chassis.connectors import lanes
from viche_chassis.connectors.breaker import Breaker
from viche_chassis.connectors.calls import Call, Outcome
from viche_chassis.connectors.lanes import MOST_HELD, Lanes
from viche_chassis.connectors.runner import ConnectorReport, Connectors, Health, Running, Way
from viche_sdk.connectors.types import (
    Account,
    AccountInfo,
    Capability,
    Connector,
    ConnectorSpec,
    Context,
    Idempotency,
    Limits,
    Localized,
    Media,
    MediaKind,
    Operation,
    OutcomeUnknown,
    PermissionDenied,
    Post,
    Problem,
    ProblemReason,
    Published,
    RateLimited,
    Scope,
    Secret,
    TextLimit,
    Transient,
)

POST = Post("Текст", "uk")
PICTURE = Media("m1", MediaKind.IMAGE, "image/png", 3, "Alt")
SHORT_S = 0.05
"""The limit of calls that exceed any."""
ENOUGH_S = 30.0
"""The limit of all others: on a busy machine a thread may be late."""
released = threading.Event()


class Good(Connector):
    """Answers."""

    async def probe(self, ctx: Context) -> AccountInfo:
        return AccountInfo(threading.current_thread().name, "", "", "", frozenset())

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        read = [await ctx.media.read(media) for media in post.media]
        return Published(key, str(len(read)))

    def validate(self, post: Post, limits: Limits) -> Sequence[Problem]:
        return [Problem("text", ProblemReason.TEXT_TOO_LONG, "2", "1")]


class Bad(Good):
    """Does what the handle says."""

    async def probe(self, ctx: Context) -> AccountInfo:
        match ctx.account.handle:
            case "hang":
                await asyncio.sleep(3600)
            case "block" | "hold":
                released.wait(60)
            case "raise":
                raise RuntimeError(f"with {ctx.secret('access_token')}")
            case "exit":
                sys.exit(1)
            case "cancel":
                raise asyncio.CancelledError
            case "rubbish":
                return "an account"  # pyright: ignore[reportReturnType]
            case "denied":
                raise PermissionDenied("no", f"scope of {ctx.secret('access_token')}")
            case "limited":
                raise RateLimited(f"{ctx.secret('access_token')} is known", 7.5, Scope.APP)
        return await super().probe(ctx)

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        await self.probe(ctx)
        return await super().publish(ctx, post, key)


def spec(name: str, connector: type[Connector]) -> ConnectorSpec:
    return ConnectorSpec(
        name=name,
        platform=name,
        title=name,
        description=Localized.of(en=name),
        connector=connector,
        capabilities=frozenset({Capability.PUBLISH_TEXT}),
        limits=Limits(TextLimit(500)),
        idempotency=Idempotency.NATIVE,
        hosts=frozenset(),
    )


class Hurried(Lanes):
    """Lanes that have little patience with calls that hang or block, and enough with all others."""

    async def perform(self, call: Call) -> Outcome:
        never_ends = call.account.handle in ("hang", "block")
        return await super().perform(replace(call, limit_s=SHORT_S if never_ends else ENOUGH_S))


class World:
    """Two connectors of one plugin."""

    def __init__(self) -> None:
        home = Hurried([spec("bad", Bad), spec("good", Good)])
        self.connectors = Connectors([Running("connector-two", Way.INSIDE, home)], breaker=lambda: Breaker(after=3))

    async def ask(self, handle: str, connector: str = "bad", operation: Operation = Operation.PROBE) -> object:
        arguments = () if operation is Operation.PROBE else (POST, "key")
        secrets = {"access_token": Secret("canary-1234")}
        return await self.connectors.call(connector, operation, Account(handle=handle), secrets, *arguments)

    def report(self, connector: str = "bad") -> ConnectorReport:
        return next(each for each in self.connectors.reports() if each.connector == connector)


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(lanes, "HEED_S", 0.1)
    released.clear()
    world = World()
    await world.connectors.start()
    yield world
    released.set()
    await world.connectors.close()


@pytest.mark.parametrize("how", ["hang", "block", "raise", "exit", "cancel", "rubbish"])
async def test_a_fault_of_its_own_is_cut_and_named(world: World, how: str) -> None:
    with pytest.raises(Transient, match="the connector bad failed: it "):
        await world.ask(how)

    assert isinstance(await world.ask("fine"), AccountInfo)
    assert (world.report().faults, world.report().health) == (1, Health.HEALTHY)


@pytest.mark.parametrize("how", ["hang", "block", "raise", "exit"])
async def test_a_write_that_fails_so_is_in_doubt(world: World, how: str) -> None:
    with pytest.raises(OutcomeUnknown, match="the connector bad failed"):
        await world.ask(how, operation=Operation.PUBLISH)


async def test_another_is_answered_while_one_blocks(world: World) -> None:
    blocked = asyncio.create_task(world.ask("hold"))
    await asyncio.sleep(0.01)

    assert await world.ask("", "good", Operation.PUBLISH) == Published("key", "0")
    assert not blocked.done()

    released.set()
    assert isinstance(await blocked, AccountInfo)


async def test_its_next_call_gets_a_thread_that_is_free(world: World) -> None:
    with pytest.raises(Transient, match="and blocks"):
        await world.ask("block")

    assert isinstance(await world.ask("fine"), AccountInfo)
    assert world.report().restarts == 1


async def test_one_that_holds_many_threads_is_asked_no_more(world: World) -> None:
    connectors = Connectors(
        [Running("p", Way.INSIDE, Hurried([spec("bad", Bad)]))],
        breaker=lambda: Breaker(after=100),
    )
    for _ in range(MOST_HELD):
        with pytest.raises(Transient, match="and blocks"):
            await connectors.call("bad", Operation.PROBE, Account(handle="block"), {})

    with pytest.raises(Transient, match=f"holds {MOST_HELD} threads"):
        await connectors.call("bad", Operation.PROBE, Account(), {})
    released.set()
    async with asyncio.timeout(60):
        while any(thread.name == "connector-bad" for thread in threading.enumerate()):
            await asyncio.sleep(0.01)

    assert isinstance(await connectors.call("bad", Operation.PROBE, Account(), {}), AccountInfo)
    await connectors.close()


async def test_what_it_raises_as_agreed_arrives_whole_and_without_secrets(world: World) -> None:
    with pytest.raises(RateLimited) as caught:
        await world.ask("limited")

    assert vars(caught.value) == {"detail": "[secret] is known", "retry_after_s": 7.5, "scope": Scope.APP}
    assert world.report().faults == 0


async def test_no_part_of_an_error_holds_a_secret(world: World) -> None:
    with pytest.raises(PermissionDenied) as caught:
        await world.ask("denied")

    assert vars(caught.value) == {"detail": "no", "permission": "scope of [secret]"}


async def test_one_that_keeps_failing_is_left_alone_and_said_to_be(world: World) -> None:
    for _ in range(3):
        with pytest.raises(Transient, match="it raised RuntimeError: with \\[secret\\]"):
            await world.ask("raise")

    with pytest.raises(Transient, match="stopped for a while: it raised RuntimeError") as caught:
        await world.ask("fine", operation=Operation.PUBLISH)

    assert caught.value.retry_after_s is not None
    assert world.report().health is Health.STOPPED
    assert world.report("good").health is Health.HEALTHY


async def test_a_post_is_held_against_its_own_rules(world: World) -> None:
    problems = await world.connectors.validate("bad", POST, Limits(TextLimit(1)))

    assert problems == [Problem("text", ProblemReason.TEXT_TOO_LONG, "2", "1")]


async def test_files_that_cannot_be_read_are_no_fault_of_the_connector(world: World) -> None:
    class Broken:
        async def read(self, media: Media) -> bytes:
            raise OSError("disk")

        async def link(self, media: Media) -> str:
            raise OSError("disk")

    post = Post("Текст", "uk", media=(PICTURE,))
    with pytest.raises(Transient, match="a file cannot be read just now"):
        await world.connectors.call("good", Operation.PUBLISH, Account(), {}, post, "key", media=Broken())

    assert world.report("good").faults == 0


async def test_a_connector_that_nobody_brings_is_not_there(world: World) -> None:
    with pytest.raises(Transient, match="there is no connector moon"):
        await world.connectors.call("moon", Operation.PUBLISH, Account(), {}, POST, "key")


async def test_of_two_of_one_name_the_first_is_asked(world: World) -> None:
    first, second = (Running(name, Way.INSIDE, Lanes([spec("good", Good)])) for name in ("first", "second"))
    connectors = Connectors([first, second])

    assert [(each.plugin, each.health) for each in connectors.reports()] == [
        ("first", Health.HEALTHY),
        ("second", Health.DOWN),
    ]
    assert "first" in connectors.reports()[1].reason
