"""The connector matrix against a real Synapse: the whole round."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

import viche_connector_matrix
from tests.platforms.account import PICTURE, LiveAccount, tried
from tests.platforms.synapse import Member, SynapseServer, synapse_server
from viche_connector_matrix.spec import MATRIX
from viche_sdk.connectors.kit.material import bytes_of
from viche_sdk.connectors.types import (
    AuthExpired,
    Capability,
    InboxKind,
    InvalidContent,
    MetricName,
    NotFound,
    Operation,
    PermissionDenied,
    Poll,
    Post,
    RateLimited,
)

KEY = "018f3c1e-7a51-7c3e-9d02-6f1f0c5b2a01"
BURST = 150
LINK = "https://viche.example/petitions/7"


@pytest.fixture(scope="module")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SynapseServer]:
    """A server of this file's own."""
    with synapse_server(tmp_path_factory.mktemp("synapse"), burst=BURST) as server:
        yield server


@pytest.fixture(scope="module")
def members(synapse: SynapseServer) -> dict[str, Member]:
    """The authority, and somebody who writes to it."""
    return {name: Member(synapse, name) for name in ("viche", "olena")}


@pytest.fixture
def authority(members: dict[str, Member]) -> Member:
    """The authority."""
    return members["viche"]


@pytest.fixture
def citizen(members: dict[str, Member]) -> Member:
    """Somebody who writes to it."""
    return members["olena"]


@pytest.fixture
def room(authority: Member, citizen: Member) -> str:
    """A new room with both."""
    made = authority.ask("POST", "createRoom", {"preset": "public_chat", "name": "Місто"})["room_id"]
    citizen.ask("POST", f"rooms/{made}/join", {})
    return made


@pytest.fixture
async def account(synapse: SynapseServer, authority: Member, room: str) -> AsyncIterator[LiveAccount]:
    """The authority's account in the room."""
    async with account_in(synapse, authority.token, room) as made:
        yield made


def account_in(synapse: SynapseServer, token: str, room: str) -> LiveAccount:
    """An account in a room."""
    return LiveAccount(MATRIX, {"server": synapse.url, "room": room}, {"access_token": token})


async def test_probe_tells_the_room_and_its_rights(
    synapse: SynapseServer, account: LiveAccount, citizen: Member, room: str
) -> None:
    info = await account.call(Operation.PROBE)
    assert (info.id, info.name, info.url) == (room, "Місто", f"https://matrix.to/#/{room}")
    assert info.handle.startswith("#viche") or info.handle == "@viche:localhost"
    assert info.granted == MATRIX.capabilities
    assert info.limits.images.most_bytes == 50 * 1024 * 1024
    async with account_in(synapse, citizen.token, room) as other:
        assert Capability.POLL in (await other.call(Operation.PROBE)).granted


async def test_room_is_found_by_its_address(synapse: SynapseServer, authority: Member) -> None:
    made = authority.ask("POST", "createRoom", {"preset": "public_chat", "room_alias_name": "city"})["room_id"]
    async with account_in(synapse, authority.token, "#city:localhost") as account:
        info = await account.call(Operation.PROBE)
    assert (info.id, info.handle, info.name) == (made, "#city:localhost", "#city:localhost")


async def test_room_where_the_account_may_not_write_is_refused(
    synapse: SynapseServer, authority: Member, citizen: Member
) -> None:
    levels = {"events_default": 50}
    made = authority.ask("POST", "createRoom", {"preset": "public_chat", "power_level_content_override": levels})[
        "room_id"
    ]
    with pytest.raises(PermissionDenied, match="not in room"):
        await account_in(synapse, citizen.token, made).__aenter__()
    citizen.ask("POST", f"rooms/{made}/join", {})
    with pytest.raises(PermissionDenied, match="power level"):
        await account_in(synapse, citizen.token, made).__aenter__()


async def test_post_with_picture_appears_once_however_often_it_is_sent(
    synapse: SynapseServer, account: LiveAccount, citizen: Member, room: str
) -> None:
    post = Post("Міст відкрито 👩‍👩‍👧‍👦: 5 < 7 & «так»", "uk", link=LINK, media=(PICTURE,))
    first = await account.call(Operation.PUBLISH, post, KEY)
    again = await account.call(Operation.PUBLISH, post, KEY)
    text, picture = (each["content"] for each in citizen.timeline(room))
    assert first == again
    assert text["body"] == f"{post.text}\n\n{LINK}"
    assert (picture["msgtype"], picture["body"], picture["filename"]) == ("m.image", PICTURE.alt, "image.png")
    assert synapse.download(picture["url"], citizen.token) == bytes_of("image/png")
    assert await account.call(Operation.FIND, KEY, post) == first
    assert await account.call(Operation.FIND, f"{KEY[:-1]}2", post) is None


async def test_longest_text_and_its_change_fit_into_an_event(account: LiveAccount, citizen: Member, room: str) -> None:
    most = MATRIX.limits.text.most // 2
    published = await account.call(Operation.PUBLISH, Post("ї" * most, "uk"), KEY)
    await account.call(Operation.EDIT, published.ref, Post("є" * most, "uk"))
    changed = citizen.event(room, published.ref)["unsigned"]["m.relations"]["m.replace"]
    assert changed["content"]["m.new_content"]["body"] == "є" * most
    with pytest.raises(InvalidContent):
        await account.call(Operation.PUBLISH, Post("ї" * most + "a", "uk"), f"{KEY[:-1]}3")


async def test_text_that_json_makes_too_large_is_content_that_is_not_taken(account: LiveAccount) -> None:
    with pytest.raises(InvalidContent, match="M_TOO_LARGE") as refused:
        await account.call(Operation.PUBLISH, Post('"\x01' * 10_000, "uk"), KEY)
    assert refused.value.field == "text"


async def test_poll_is_voted_in_and_counted(
    account: LiveAccount, authority: Member, citizen: Member, room: str
) -> None:
    poll = Poll("Яким буде парк?", ("Тихим", "Дитячим"), 3_600)
    published = await account.call(Operation.PUBLISH, Post("Опитування", "uk", poll=poll), KEY)
    asked = citizen.event(room, published.ref)["content"]["org.matrix.msc3381.poll.start"]
    for voter, chosen in ((citizen, 0), (citizen, 1), (authority, 1)):
        voter.send(
            room,
            {
                "org.matrix.msc3381.poll.response": {"answers": [asked["answers"][chosen]["id"]]},
                "m.relates_to": {"rel_type": "m.reference", "event_id": published.ref},
            },
            "org.matrix.msc3381.poll.response",
        )
    results = await account.call(Operation.POLL_RESULTS, published.ref)
    assert asked["question"]["body"] == "Опитування\n\nЯким буде парк?"
    assert [(each.text, each.votes) for each in results.options] == [("Тихим", 0), ("Дитячим", 2)]
    assert (results.voters, results.is_closed) == (2, False)


async def test_what_people_write_is_read_once_and_answered_in_its_place(
    account: LiveAccount, citizen: Member, room: str
) -> None:
    _, cursor = await account.inbox()
    post = await account.call(Operation.PUBLISH, Post("Яким буде парк?", "uk"), KEY)
    reply = {"m.in_reply_to": {"event_id": post.ref}}
    thread = {**reply, "rel_type": "m.thread", "event_id": post.ref, "is_falling_back": True}
    for text, relation in (("Зеленим", reply), ("Тихим", thread), ("А міст?", None)):
        citizen.send(room, {"msgtype": "m.text", "body": text} | ({"m.relates_to": relation} if relation else {}))
    items, cursor = await account.inbox(cursor)
    assert [(each.text, each.kind, each.on) for each in items] == [
        ("Зеленим", InboxKind.COMMENT, post.ref),
        ("Тихим", InboxKind.COMMENT, post.ref),
        ("А міст?", InboxKind.MENTION, ""),
    ]
    assert {each.author.name for each in items} == {"olena"}
    answers = [
        await account.call(Operation.REPLY, item, "Дякуємо", f"{KEY[:-1]}{n}") for n, item in enumerate(items, 2)
    ]
    again = await account.call(Operation.REPLY, items[0], "Дякуємо", f"{KEY[:-1]}2")
    assert again == answers[0]
    relations = [citizen.event(room, each.ref)["content"]["m.relates_to"] for each in answers]
    assert [each["m.in_reply_to"]["event_id"] for each in relations] == [item.id for item in items]
    assert [each.get("event_id") for each in relations] == [None, post.ref, None]
    assert (await account.inbox(cursor))[0] == []


async def test_hundred_messages_between_two_looks_arrive_once(account: LiveAccount, citizen: Member, room: str) -> None:
    _, cursor = await account.inbox()
    for number in range(101):
        citizen.send(room, {"msgtype": "m.text", "body": str(number)})
    items, cursor = await account.inbox(cursor)
    assert [each.text for each in items] == [str(number) for number in range(101)]
    assert (await account.inbox(cursor))[0] == []


async def test_changed_and_deleted_messages_come_again(account: LiveAccount, citizen: Member, room: str) -> None:
    kept = citizen.send(room, {"msgtype": "m.text", "body": "Коли?"})
    gone = citizen.send(room, {"msgtype": "m.text", "body": "Лайка"})
    _, cursor = await account.inbox()
    relation = {"rel_type": "m.replace", "event_id": kept}
    new = {"msgtype": "m.text", "body": "Коли міст?"}
    citizen.send(room, {"msgtype": "m.text", "body": "* Коли міст?", "m.new_content": new, "m.relates_to": relation})
    citizen.ask("PUT", f"rooms/{room}/redact/{gone}/1", {})
    items, _ = await account.inbox(cursor)
    assert [(each.id, each.text, each.is_deleted) for each in items] == [(kept, "Коли міст?", False), (gone, "", True)]


async def test_message_that_is_none_keeps_no_other_away(account: LiveAccount, citizen: Member, room: str) -> None:
    _, cursor = await account.inbox()
    citizen.send(room, {"msgtype": "m.text", "body": "Без", "m.relates_to": {"m.in_reply_to": "nothing"}})
    citizen.send(room, {"msgtype": "m.text", "body": "Коли міст?"})
    items, _ = await account.inbox(cursor)
    assert [each.text for each in items][-1] == "Коли міст?"


async def test_figures_count_members_and_reactions(account: LiveAccount, citizen: Member, room: str) -> None:
    published = await account.call(Operation.PUBLISH, Post("Подобається?", "uk"), KEY)
    relation = {"rel_type": "m.annotation", "event_id": published.ref, "key": "👍"}
    citizen.send(room, {"m.relates_to": relation}, "m.reaction")
    (followers,) = await account.call(Operation.METRICS, ())
    (reactions,) = await account.call(Operation.METRICS, (published.ref,))
    assert (followers.name, followers.value) == (MetricName.FOLLOWERS, 1)
    assert (reactions.name, reactions.value) == (MetricName.REACTIONS, 1)


async def test_deleted_post_takes_its_pictures_with_it(account: LiveAccount, citizen: Member, room: str) -> None:
    post = Post("Помилка", "uk", media=(PICTURE, PICTURE))
    published = await account.call(Operation.PUBLISH, post, KEY)
    assert len(citizen.timeline(room)) == 3
    await account.call(Operation.DELETE, published.ref)
    await account.call(Operation.DELETE, published.ref)
    await account.call(Operation.DELETE, "$nothing")
    (reactions,) = await account.call(Operation.METRICS, (published.ref,))
    assert citizen.timeline(room) == []
    assert (reactions.value, reactions.reason) == (None, "the post is gone")
    with pytest.raises(NotFound):
        await account.call(Operation.EDIT, published.ref, Post("Інше", "uk"))


async def test_too_many_messages_are_told_with_the_servers_time(synapse: SynapseServer) -> None:
    busy = Member(synapse, "busy")
    room = busy.ask("POST", "createRoom", {"preset": "public_chat"})["room_id"]
    async with account_in(synapse, busy.token, room) as account:
        with pytest.raises(RateLimited) as limited:
            for number in range(BURST + 5):
                await account.call(Operation.PUBLISH, Post("Знову", "uk"), f"{KEY}-{number}")
    assert limited.value.retry_after_s is not None
    assert 0 < limited.value.retry_after_s <= 100


async def test_token_that_was_revoked_ends_the_consent(synapse: SynapseServer, authority: Member, room: str) -> None:
    login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": "viche"}}
    token = synapse.ask("POST", "login", {**login, "password": authority.password})["access_token"]
    async with account_in(synapse, token, room) as account:
        synapse.ask("POST", "logout", {}, token)
        for operation, args in (
            (Operation.PROBE, ()),
            (Operation.PUBLISH, (Post("Є хто?", "uk"), KEY)),
            (Operation.FETCH_INBOX, ("",)),
        ):
            with pytest.raises(AuthExpired):
                await account.call(operation, *args)


def test_the_plugin_says_what_it_was_tried_against(synapse: SynapseServer) -> None:
    tried(MATRIX, "Synapse 1.163.2", viche_connector_matrix.__file__)
