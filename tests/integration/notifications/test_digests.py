"""Each officer gets at most one mail a working day, in the morning, and only if something waits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from tests.integration.notifications.staff import ANSWER, CHECK, CITY, VILLAGE, InboxDouble, OfficeDouble, StaffDouble
from tests.integration.notifications.world import LANGUAGES, Neighbour, World, running, until
from viche_chassis import common
from viche_chassis.db import transaction
from viche_chassis.errors import DomainError
from viche_chassis.tokens import ServiceIdentity
from viche_notifications.digesting import Digester
from viche_notifications.domain.messages import Lane
from viche_notifications.janitor import Janitor
from viche_notifications.office import Office
from viche_notifications.sealing import Subscription
from viche_notifications.store import suppressions

MORNING = datetime(2100, 11, 22, 5, 30, tzinfo=UTC)  # 7:30 in Kyiv
MONDAY = "2100-11-22"


@dataclass(frozen=True, slots=True)
class Bureau:
    """Notifications, with doubles of what it asks for the mail."""

    world: World
    staff: StaffDouble
    office: OfficeDouble
    inbox: InboxDouble
    way: Office

    def digester(self) -> Digester:
        """One of any number of processes."""
        world = self.world
        return Digester(
            world.pool, self.way, world.contacts, ZoneInfo("Europe/Kyiv"), LANGUAGES, world.bells[Lane.BULK]
        )

    async def sent(self) -> dict[str, list[EmailMessage]]:
        """All mails that wait, after they went out."""
        async with running(self.world.worker(Lane.BULK).run):
            await until(self._is_done)
        found: dict[str, list[EmailMessage]] = {}
        for receiver, mail in self.world.office.mails:
            found.setdefault(receiver, []).append(mail)
        return found

    async def _is_done(self) -> bool:
        return await self.world.rows("SELECT id FROM messages WHERE ended_at IS NULL") == []


@pytest.fixture
async def bureau(world: World) -> AsyncIterator[Bureau]:
    staff, office, inbox = StaffDouble(), OfficeDouble(), InboxDouble()  # pyright: ignore[reportAbstractUsage]
    servers = [
        Neighbour("identity", staff.register, world.keys / "public"),
        Neighbour("petitions", office.register, world.keys / "public"),
        Neighbour("social", inbox.register, world.keys / "public"),
    ]
    async with AsyncExitStack() as stack:
        me = ServiceIdentity(world.signer)
        channels = []
        for name, server in zip(("identity", "petitions", "social"), servers, strict=True):
            await server.open()
            stack.push_async_callback(server.close)
            channels.append(await stack.enter_async_context(common.calling(server.address, name, me)))
        yield Bureau(world, staff, office, inbox, Office(*channels))


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return cast(str, body.get_content()).replace("\r\n", "\n")


async def test_officers_read_what_waits_at_their_authorities(bureau: Bureau) -> None:
    bureau.staff.add("otto")
    bureau.staff.add("mara", "moderator", CITY, VILLAGE, language="uk")
    bureau.staff.add("vera", "press", VILLAGE)
    bureau.office.add(CITY, CHECK, 3, overdue=1, next_day="2026-11-24")
    bureau.office.add(CITY, ANSWER, 2)
    bureau.office.add(VILLAGE, CHECK, 1)
    assert await bureau.digester().step(MORNING) == 2
    mails = await bureau.sent()
    assert mails.keys() == {"otto@city.example", "mara@city.example"}
    (mail,) = mails["otto@city.example"]
    text = text_of(mail)
    assert mail["Subject"] == "1 task is late"
    assert "5 tasks wait for you this morning." in text
    assert "Petitions to check: 3. Late: 1. The next term ends on 24 November 2026." in text
    assert "Petitions to answer: 2." in text
    assert "The village" not in text
    assert "https://viche.example/console\n" in text
    (mail,) = mails["mara@city.example"]
    assert "Місто" in text_of(mail)
    assert "https://viche.example/uk/console\n" in text_of(mail)


async def test_nobody_is_written_to_twice_on_a_day(bureau: Bureau) -> None:
    bureau.staff.add("otto")
    bureau.office.add(CITY, CHECK, 1)
    digester = bureau.digester()
    assert [await digester.step(MORNING + timedelta(minutes=each)) for each in range(3)] == [1, 0, 0]
    assert bureau.office.asked == 1
    assert await bureau.digester().step(MORNING + timedelta(hours=1)) == 0
    assert await bureau.digester().step(MORNING + timedelta(days=1)) == 1
    assert len((await bureau.sent())["otto@city.example"]) == 2


async def test_several_processes_at_once_write_one_mail_to_each(bureau: Bureau) -> None:
    for number in range(7):
        bureau.staff.add(f"otto{number}")
    bureau.office.add(CITY, CHECK, 1)
    told = await asyncio.gather(*(bureau.digester().step(MORNING) for _ in range(4)))
    assert sum(told) == 7
    assert {receiver: len(mails) for receiver, mails in (await bureau.sent()).items()} == {
        f"otto{number}@city.example": 1 for number in range(7)
    }


async def test_nothing_is_sent_where_nothing_waits(bureau: Bureau) -> None:
    bureau.staff.add("otto")
    assert await bureau.digester().step(MORNING) == 0
    bureau.office.add(VILLAGE, CHECK, 1)
    assert await bureau.digester().step(MORNING) == 0
    assert await bureau.world.rows("SELECT * FROM messages") == []


async def test_nothing_is_sent_in_the_afternoon(bureau: Bureau) -> None:
    bureau.staff.add("otto")
    bureau.office.add(CITY, CHECK, 1)
    assert await bureau.digester().step(MORNING + timedelta(hours=6)) == 0
    assert bureau.office.asked == 0


async def test_authorities_that_rest_are_left_out(bureau: Bureau) -> None:
    bureau.staff.add("otto", "officer", CITY, VILLAGE)
    bureau.staff.add("anna")
    bureau.office.add(CITY, CHECK, 1)
    bureau.office.add(VILLAGE, CHECK, 2)
    bureau.office.holidays.add((CITY, MONDAY))
    assert await bureau.digester().step(MORNING) == 1
    (mail,) = (await bureau.sent())["otto@city.example"]
    assert "The city" not in text_of(mail)
    assert mail["Subject"] == "2 tasks wait for you"


async def test_a_round_that_breaks_off_goes_on_where_it_was(bureau: Bureau) -> None:
    bureau.staff.add("otto")
    bureau.office.add(CITY, CHECK, 1)
    bureau.office.is_down = True
    digester = bureau.digester()
    with pytest.raises(DomainError):
        await digester.step(MORNING)
    bureau.office.is_down = False
    assert await digester.step(MORNING) == 1


async def test_whoever_stopped_them_gets_none(bureau: Bureau) -> None:
    bureau.staff.add("otto")
    bureau.office.add(CITY, CHECK, 1)
    index = bureau.world.contacts.index("otto@city.example")
    async with transaction(bureau.world.pool) as conn:
        await suppressions.add(conn, Subscription("office", index))
    await bureau.digester().step(MORNING)
    assert await bureau.sent() == {}
    assert [row.state for row in await bureau.world.rows("SELECT state FROM messages")] == ["suppressed"]


async def test_whoever_stopped_mails_about_petitions_still_gets_them(bureau: Bureau) -> None:
    bureau.staff.add("otto")
    bureau.office.add(CITY, CHECK, 1)
    index = bureau.world.contacts.index("otto@city.example")
    async with transaction(bureau.world.pool) as conn:
        await suppressions.add(conn, Subscription(suppressions.EVERYTHING, index))
    await bureau.digester().step(MORNING)
    (mail,) = (await bureau.sent())["otto@city.example"]
    token = mail["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    assert bureau.world.links.read(token) == Subscription("office", index)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_mail_that_is_late_by_a_day_is_not_sent(bureau: Bureau) -> None:
    bureau.staff.add("otto")
    bureau.office.add(CITY, CHECK, 1)
    await bureau.digester().step(datetime(2020, 6, 1, 5, 0, tzinfo=UTC))
    assert await bureau.sent() == {}
    assert [row.state for row in await bureau.world.rows("SELECT state FROM messages")] == ["expired"]


async def test_who_was_told_is_forgotten_in_time(bureau: Bureau) -> None:
    bureau.staff.add("otto")
    bureau.office.add(CITY, CHECK, 1)
    await bureau.digester().step(datetime(2020, 6, 1, 5, 0, tzinfo=UTC))
    await Janitor(bureau.world.pool).sweep()
    assert await bureau.world.rows("SELECT * FROM digests") == []


async def test_conversations_are_told_to_whom_they_were_given_and_those_of_nobody_to_all(bureau: Bureau) -> None:
    for name in ("otto", "mara"):
        bureau.staff.add(name, "press")
    bureau.inbox.add(CITY, 4, overdue=1)
    bureau.inbox.add(CITY, 2, assignee=b"author otto")
    bureau.inbox.add(VILLAGE, 7)
    assert await bureau.digester().step(MORNING) == 2
    mails = await bureau.sent()
    given, nobodys = "People on networks whom you are to answer: 2.", "nobody has taken on to answer yet: 4. Late: 1."
    (otto,) = mails["otto@city.example"]
    assert "6 tasks wait for you this morning." in text_of(otto)
    assert given in text_of(otto)
    assert nobodys in text_of(otto)
    (mara,) = mails["mara@city.example"]
    assert nobodys in text_of(mara)
    assert given not in text_of(mara)


async def test_terms_of_petitions_are_told_while_social_does_not_answer(bureau: Bureau) -> None:
    bureau.staff.add("otto")
    bureau.office.add(CITY, CHECK, 1)
    bureau.inbox.add(CITY, 4)
    bureau.inbox.is_down = True
    assert await bureau.digester().step(MORNING) == 1
    (mail,) = (await bureau.sent())["otto@city.example"]
    assert "1 task waits for you this morning." in text_of(mail)


async def test_conversations_wait_over_the_weekend(bureau: Bureau) -> None:
    bureau.staff.add("otto")
    bureau.inbox.add(CITY, 4)
    saturday = MORNING + timedelta(days=(5 - MORNING.weekday()) % 7)
    assert await bureau.digester().step(saturday) == 0
    assert await bureau.digester().step(saturday + timedelta(days=2)) == 1
