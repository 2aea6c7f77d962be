"""What is taken in, from a letterbox whose every whim a test decides."""

from __future__ import annotations

from datetime import UTC, datetime

from viche.social.v1 import inbox_pb2 as pb

from tests.integration.social.conversations import ASKED, answer, asked, at, inbox, read, threads, whole
from tests.integration.social.letterbox import BOX, item
from tests.integration.social.seeding import put_channel, take
from tests.integration.social.world import CITY, World, person, request_id
from viche_sdk.connectors.types import Page, Transient
from viche_social.store.channels import Channel

OPERATOR = person("operator", role="operator", at=CITY)


async def test_everybody_under_a_post_has_a_conversation(post_office: World, channel: Channel) -> None:
    await take(
        post_office, channel,
        item("1", ASKED), item("2", "And the road?", author="ivan"),
        item("3", "Yes, tell us", answers="1", author="petro"),
    )  # fmt: skip

    found = await threads(post_office)

    assert sorted((thread.items, thread.excerpt) for thread in found) == [(1, "And the road?"), (2, "Yes, tell us")]


async def test_messages_of_one_person_are_one_conversation(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", "Hello", kind="message", thread="olena"))
    await take(post_office, channel, item("2", ASKED, kind="message", thread="olena"))

    (thread,) = await threads(post_office)
    assert thread.items == 2


async def test_what_was_edited_and_taken_away_is_history(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    await take(post_office, channel, item("1", "When will the NEW bridge be open?"))
    await take(post_office, channel, item("1", "When will the NEW bridge be open?"))
    await take(post_office, channel, item("1", "", is_deleted=True))

    (thread,) = await threads(post_office)
    found = await whole(post_office, thread)
    assert found.items[0].text == "When will the NEW bridge be open?"
    assert [version.text for version in found.items[0].versions] == [ASKED]
    assert found.items[0].HasField("deleted_at")
    assert [event.what for event in found.events] == ["came", "edited", "deleted"]
    assert (thread.state, thread.closed_because) == (pb.THREAD_STATE_CLOSED, pb.CLOSED_BECAUSE_DELETED)
    assert await asked(post_office) == []


async def test_an_answer_that_is_given_on_the_platform_counts(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED, at=at(hours=5)))
    await take(post_office, channel, item("2", "On Friday.", at=at(hours=3), answers="1", author="city", is_own=True))

    (thread,) = await threads(post_office)
    assert thread.state == pb.THREAD_STATE_ANSWERED
    assert await asked(post_office) == [(True, 2.0)]


async def test_who_writes_again_waits_again(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED, at=at(hours=2)))
    (thread,) = await threads(post_office)
    await answer(post_office, thread)

    await take(post_office, channel, item("2", "And at what hour?", answers="own-1"))

    (thread,) = await threads(post_office)
    assert (thread.state, thread.items) == (pb.THREAD_STATE_WAITING, 2)
    assert [was_answered for was_answered, _ in await asked(post_office)] == [True, False]


async def test_pages_are_read_on_and_the_cursor_never_goes_back(post_office: World, channel: Channel) -> None:
    BOX.pages |= {
        "": Page((item("1", ASKED),), "a", has_more=True),
        "a": Page((item("2", "And the road?"),), "b"),
    }
    await read(post_office)
    await read(post_office)

    assert BOX.asked == ["", "a", "b"]
    assert len(await threads(post_office)) == 2


async def test_a_page_that_somebody_else_took_meanwhile_is_dropped(post_office: World, channel: Channel) -> None:
    await read(post_office)
    await post_office.rows("UPDATE inboxes SET cursor = 'b'")

    taken = await post_office.social.inbox.intake._take(channel, "a", Page((item("1", ASKED),), "c"))  # pyright: ignore[reportPrivateUsage]

    assert not taken
    assert await post_office.rows("SELECT cursor FROM inboxes") == [("b",)]


async def test_an_outage_is_told_and_loses_nothing(post_office: World, channel: Channel) -> None:
    BOX.pages |= {"": Page((item("1", ASKED),), "a")}
    BOX.errors.append(Transient("maintenance"))
    await read(post_office)
    settings = await inbox(post_office).GetInboxSettings(pb.GetInboxSettingsRequest(authority_id=str(CITY)))
    fault = settings.channels[0].fault

    await read(post_office)

    assert "maintenance" in fault
    assert len(await threads(post_office)) == 1
    assert await post_office.rows("SELECT failures, fault FROM inboxes") == [(0, "")]


async def test_who_is_forgotten_does_not_come_back(post_office: World, channel: Channel) -> None:
    await take(
        post_office, channel, item("1", ASKED), item("2", "Another of mine"), item("3", "Not mine", author="ivan")
    )
    thread = next(thread for thread in await threads(post_office) if thread.excerpt == ASKED)
    mine = (await whole(post_office, thread)).items[0]

    done = await inbox(post_office, OPERATOR).EraseAuthor(
        pb.EraseAuthorRequest(request_id=request_id(), item_id=mine.id)
    )
    await take(post_office, channel, item("1", ASKED), item("1", "edited"))

    found = await whole(post_office, thread)
    assert done.items == 2
    assert (found.items[0].text, found.items[0].author.name, found.can_answer) == ("", "", False)
    assert found.cannot_because == "FORGOTTEN"
    assert await post_office.rows("SELECT count(*) FROM item_contents") == [(1,)]
    assert len(await threads(post_office)) == 3
    assert not await threads(post_office, query="bridge")


async def test_what_was_written_long_before_the_account_was_connected_does_not_wait(post_office: World) -> None:
    channel = await put_channel(post_office, "letterbox", platform="letters", connected_at=datetime.now(UTC))
    await take(post_office, channel, item("1", "old", at=at(days=30)), item("2", "last week", at=at(days=3)))

    found = {thread.excerpt: thread for thread in await threads(post_office)}

    assert found["old"].closed_because == pb.CLOSED_BECAUSE_BEFORE
    assert (found["last week"].state, found["last week"].is_overdue) == (pb.THREAD_STATE_WAITING, False)
    assert await asked(post_office) == []
