"""kill -9 of social at each moment of a call: posts, answers and mails appear once at most, and none is lost."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import grpc
import psycopg
import pytest
from viche.notifications.v1 import event_mails_pb2, event_mails_pb2_grpc
from viche.social.v1 import inbox_pb2, inbox_pb2_grpc, posts_pb2

from tests.integration.reliability import counted_platforms
from tests.integration.reliability.counted_platforms import (
    CAPABILITIES,
    NAMES,
    NATIVE,
    NONE,
    PLUGIN,
    RECONCILE,
    Hold,
    Platforms,
)
from tests.integration.social import events, seeding
from tests.integration.social import world as worlds
from tests.integration.social.world import PRESS, World, request_id
from viche_chassis.testing import make_key_pair
from viche_cli.bench import plugin
from viche_cli.infra import ports
from viche_sdk.connectors.types import Author, InboxItem, InboxKind

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
POST, ANSWER = "Міст закрито до п'ятниці.", "Міст відкриємо в п'ятницю."
MOST_ROUNDS = 12
"""So often is what is left tried again; three looks for what may have appeared are the most that any takes."""
LEFT = "SELECT count(*) FROM deliveries d FULL JOIN replies r ON false WHERE coalesce(d.task, r.task) IS NOT NULL"
SENDING = (
    "SELECT (SELECT count(*) FROM deliveries WHERE state = 'sending')"
    " + (SELECT count(*) FROM replies WHERE state = 'sending')"
)
BLOCKED = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    " AND query LIKE %s"
)


class Moment(StrEnum):
    """Where the process is when it is killed."""

    # due, and about to be claimed
    WAITS = "waits"
    # claimed, and nothing was called
    CLAIMED = "claimed"
    # called, and the platform makes nothing of a call whose caller is gone
    CALLED = "called"
    # called and done there, and no answer came
    DONE = "done"
    # answered, and the step is not committed
    ANSWERED = "answered"


LOCKS = {
    Moment.WAITS: "LOCK TABLE deliveries, replies IN SHARE MODE",
    Moment.CLAIMED: "LOCK TABLE channel_secrets IN ACCESS EXCLUSIVE MODE",
}
HOLDS = {Moment.CALLED: Hold.HEARD, Moment.DONE: Hold.DONE, Moment.ANSWERED: Hold.DONE}
STEPS = "LOCK TABLE deliveries, replies IN SHARE MODE"

THERE, IN_DOUBT = ("published", 1), ("unknown", 0)
THERE_IN_DOUBT = ("unknown", 1)

POSTS = {
    Moment.WAITS: {NATIVE: THERE, RECONCILE: THERE, NONE: THERE},
    Moment.CLAIMED: {NATIVE: THERE, RECONCILE: IN_DOUBT, NONE: IN_DOUBT},
    Moment.CALLED: {NATIVE: THERE, RECONCILE: IN_DOUBT, NONE: IN_DOUBT},
    Moment.DONE: {NATIVE: THERE, RECONCILE: THERE, NONE: THERE_IN_DOUBT},
    Moment.ANSWERED: {NATIVE: THERE, RECONCILE: THERE, NONE: THERE_IN_DOUBT},
}
"""State at the end, and how many copies people see. Answers cannot be looked for, so that a key helps or a person."""


def answers_at(moment: Moment) -> dict[str, tuple[str, int]]:
    """The same for answers."""
    return {**POSTS[moment], RECONCILE: POSTS[moment][NONE]}


@dataclass
class Killable:
    """A process of social that is killed."""

    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("VICHE_", "OTEL_"))}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "viche_social"],
                env=kept | self.environment, stdout=log, stderr=log, cwd=ROOT,
            )  # fmt: skip

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    async def until(self, holds: Callable[[], Any]) -> None:
        """Waits for an event; the time limit of the test ends what never happens."""
        while not await holds():
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()
            await asyncio.sleep(0.05)


@pytest.fixture
def url(migrated: Callable[[str], str]) -> str:
    return migrated("social")


@pytest.fixture
async def world(url: str, tmp_path: Path) -> AsyncIterator[World]:
    """Another replica over the same database, which goes on after the kill."""
    async with worlds.world(url, tmp_path, counted_platforms.viche_connectors()) as made:
        yield made


@pytest.fixture
def platforms() -> Iterator[Platforms]:
    with counted_platforms.serving() as made:
        yield made


@pytest.fixture
def social(world: World, url: str, tmp_path: Path) -> Iterator[Killable]:
    services, folder = tmp_path / "services", tmp_path / "plugin"
    make_key_pair(services, "social")
    plugin.install(folder, PLUGIN, counted_platforms)
    nobody = f"127.0.0.1:{ports.free_port()}"
    killable = Killable(
        {
            "PYTHONPATH": os.pathsep.join((str(folder), os.environ.get("PYTHONPATH", ""))),
            "VICHE_LISTEN": f"127.0.0.1:{ports.free_port()}",
            "VICHE_SERVICE_KEY": str(services / "social.pem"),
            "VICHE_SERVICE_KEYS": str(services),
            "VICHE_DATABASE_URL": url,
            "VICHE_NATS_URL": "nats://127.0.0.1:1",
            "VICHE_DATA_KEY": str(world.settings.data_key),
            "VICHE_IDENTITY_ADDRESS": nobody,
            "VICHE_NOTIFICATIONS_ADDRESS": nobody,
            "VICHE_OBJECTS_DIR": str(tmp_path / "objects"),
            "VICHE_PUBLIC_URL": "https://viche.example.org",
            "VICHE_PLUGINS": PLUGIN,
            "VICHE_CONNECTOR_WAYS": f"{PLUGIN}=inside",
            "VICHE_CONNECTOR_NETWORKS": "127.0.0.0/8",
        },
        tmp_path / "social.log",
    )
    yield killable
    killable.kill()


async def written(world: World, platforms: Platforms) -> None:
    """One post for all platforms, and an answer on each, due at once."""
    variants: list[posts_pb2.Variant] = []
    for name in NAMES:
        address = {"address": platforms.address(name)}
        channel = await seeding.put_channel(world, name, own_values=address, granted=sorted(CAPABILITIES))
        variants.append(posts_pb2.Variant(channel_id=str(channel.id)))
        item = InboxItem(
            id="c1", kind=InboxKind.COMMENT, thread="p1/c1", text="Коли відкриють міст?", author=Author("a1", "Сусід"),
            written_at=datetime.now(UTC), on="p1",
        )  # fmt: skip
        await seeding.take(world, channel, item)
    inbox = world.stub(inbox_pb2_grpc.InboxServiceStub, PRESS)
    for thread in (await inbox.ListThreads(inbox_pb2.ListThreadsRequest())).threads:
        await inbox.AnswerThread(
            inbox_pb2.AnswerThreadRequest(request_id=request_id(), thread_id=thread.id, text=ANSWER)
        )
    await world.approved(posts_pb2.PostContent(kind=posts_pb2.POST_KIND_MOMENTS, text={"uk": POST}, variants=variants))


async def is_at(moment: Moment, world: World, platforms: Platforms) -> bool:
    """Whether everything that was written has come so far."""
    match moment:
        case Moment.WAITS:
            return (await world.rows(BLOCKED, "WITH due AS (SELECT d.id%"))[0][0] == len(NAMES)
        case Moment.CLAIMED:
            return (await world.rows(SENDING))[0][0] == 2 * len(NAMES)
        case Moment.CALLED | Moment.DONE:
            return platforms.held >= 2 * len(NAMES)
        case Moment.ANSWERED:
            blocked = [await world.rows(BLOCKED, f"UPDATE {name} SET state%") for name in ("deliveries", "replies")]
            return [rows[0][0] for rows in blocked] == [len(NAMES), len(NAMES)]


@contextmanager
def locked(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A transaction that holds what it locks until the block ends; whoever waited for it then goes with it."""
    with psycopg.connect(url) as lock:
        yield lock
        with psycopg.connect(url, autocommit=True) as other:
            # of a process that is gone: what it had begun must not be done on its behalf now
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND wait_event_type = 'Lock'"
            )
        lock.rollback()


async def killed_at(moment: Moment, world: World, platforms: Platforms, social: Killable, url: str) -> None:
    """The process runs until everything has come so far, and no farther."""
    platforms.hold(HOLDS.get(moment, Hold.NOWHERE))
    with locked(url) as lock:
        if moment in LOCKS:
            lock.execute(LOCKS[moment])  # pyright: ignore[reportCallIssue, reportArgumentType]
        social.start()
        if moment is Moment.ANSWERED:
            await social.until(lambda: is_at(Moment.DONE, world, platforms))
            lock.execute(STEPS)
            platforms.let_go()
        await social.until(lambda: is_at(moment, world, platforms))
        social.kill()
    platforms.let_go()


async def gone_on(world: World) -> None:
    """Another replica does all that there is to do, once leases have run out and pauses are over."""
    for table in ("deliveries", "replies"):
        await world.rows(f"UPDATE {table} SET claimed_until = now() - interval '1 s' WHERE claimed_until IS NOT NULL")
    for _ in range(MOST_ROUNDS):
        await world.rows("UPDATE deliveries SET next_at = now() WHERE task IS NOT NULL")
        await world.rows("UPDATE replies SET next_at = now() WHERE task IS NOT NULL")
        await world.social.posts.sender.look()
        await world.social.posts.sender.finish()
        await world.social.inbox.replier.look()
        await world.social.inbox.replier.finish()
        if not (await world.rows(LEFT))[0][0]:
            return


async def ends(world: World, platforms: Platforms, table: str, text: str) -> dict[str, tuple[str, int]]:
    """By platform the state, and how many copies people see."""
    rows = await world.rows(f"SELECT connector, state FROM {table} WHERE task IS NULL ORDER BY connector")
    return {name: (state, platforms.copies(name, text)) for name, state in rows}


@pytest.mark.parametrize("moment", list(Moment))
async def test_nothing_is_there_twice_and_nothing_is_lost(
    world: World, platforms: Platforms, social: Killable, url: str, moment: Moment
) -> None:
    await written(world, platforms)

    await killed_at(moment, world, platforms, social, url)
    await gone_on(world)

    assert await ends(world, platforms, "deliveries", POST) == POSTS[moment]
    assert await ends(world, platforms, "replies", ANSWER) == answers_at(moment)


class Office(event_mails_pb2_grpc.EventMailsServiceServicer):
    """Notifications that take a mail and do not answer; what they have taken they would send once for each id."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.go = asyncio.Event()

    async def SendEventMail(self, request: Any, context: Any) -> event_mails_pb2.SendEventMailResponse:
        self.taken.append(request.request_id)
        await self.go.wait()
        return event_mails_pb2.SendEventMailResponse()

    async def has_taken(self) -> bool:
        return bool(self.taken)


async def test_a_reminder_that_was_handed_over_by_a_killed_process_is_the_same_mail(
    world: World, social: Killable
) -> None:
    event = await events.published(world, starts=events.local(hours=20), ends="")
    await events.confirmed(world, event.number)
    await events.told(world)
    office, server = Office(), grpc.aio.server()
    event_mails_pb2_grpc.add_EventMailsServiceServicer_to_server(office, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    social.environment["VICHE_NOTIFICATIONS_ADDRESS"] = f"127.0.0.1:{port}"

    social.start()
    await social.until(office.has_taken)
    social.kill()
    office.go.set()
    await server.stop(0)
    await world.rows("UPDATE event_mails SET next_at = now()")
    await world.social.events.keeping.look()
    reminders = [mail for mail in await events.mails(world) if mail.kind == event_mails_pb2.EVENT_MAIL_KIND_REMINDER]

    assert [mail.request_id for mail in reminders] == office.taken
