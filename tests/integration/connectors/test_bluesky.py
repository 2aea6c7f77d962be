"""The connector bluesky against a real network of the AT Protocol: the whole round."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import viche_connector_bluesky
from tests.platforms.account import PICTURE, LiveAccount, tried
from tests.platforms.atproto import Person, atproto_network
from viche_cli.infra import store
from viche_cli.infra.postgres import PostgresServer
from viche_connector_bluesky.spec import BLUESKY
from viche_sdk.connectors.types import (
    AuthExpired,
    InboxItem,
    InboxKind,
    InvalidContent,
    Metric,
    MetricName,
    Operation,
    Post,
    Published,
)

KEY = "018f3c1e-7a51-7c3e-9d02-6f1f0c5b2a01"
LINK = "https://viche.example/petitions/7"
SEEN_WITHIN_S = 60.0
OF_POST = (MetricName.REACTIONS, MetricName.COMMENTS, MetricName.SHARES)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer) -> Iterator[str]:
    """A network of this file's own."""
    name = f"atproto_{secrets.token_hex(6)}"
    database = store.ensure_database(postgres.url, name, secrets.token_urlsafe(16))
    with atproto_network(tmp_path_factory.mktemp("atproto"), database) as url:
        yield url
    store.drop_database(postgres.url, name)


@pytest.fixture(scope="module")
def authority(network: str) -> Iterator[Person]:
    """The authority."""
    yield from person(network, "hromada")


@pytest.fixture(scope="module")
def citizen(network: str) -> Iterator[Person]:
    """Somebody who writes to it."""
    yield from person(network, "olena")


def person(network: str, name: str) -> Iterator[Person]:
    """Somebody, until the end of the file."""
    made = Person(network, name)
    yield made
    made.close()


@pytest.fixture
async def account(network: str, authority: Person) -> AsyncIterator[LiveAccount]:
    """The authority's account, with an app password of this test's own."""
    async with account_of(network, authority, app_password(authority)) as made:
        yield made


def app_password(authority: Person) -> str:
    """A new one."""
    app_password.made += 1
    name = f"viche {app_password.made}"
    return authority.ask("POST", "com.atproto.server.createAppPassword", json={"name": name})["password"]


app_password.made = 0


def account_of(network: str, authority: Person, password: str) -> LiveAccount:
    """An account."""
    return LiveAccount(BLUESKY, {"server": network, "handle": authority.handle}, {"app_password": password})


def posts_of(authority: Person) -> list[dict[str, Any]]:
    """What stands in the account's repository."""
    params = {"repo": authority.did, "collection": "app.bsky.feed.post", "limit": "100"}
    return authority.ask("GET", "com.atproto.repo.listRecords", params=params)["records"]


def answer(citizen: Person, root: dict[str, str], text: str) -> str:
    """Answers a post; gives the uri of the answer."""
    return citizen.create("app.bsky.feed.post", {"text": text, "reply": {"root": root, "parent": root}})["uri"]


async def heard(account: LiveAccount, cursor: str, count: int) -> tuple[list[InboxItem], str]:
    """So many items, which take some time on their way to the view."""
    items: list[InboxItem] = []
    async with asyncio.timeout(SEEN_WITHIN_S):
        while len(items) < count:
            more, cursor = await account.inbox(cursor)
            items += more
            await asyncio.sleep(0.1)
    return items, cursor


async def figures(account: LiveAccount, ref: str, wanted: dict[MetricName, int | None]) -> list[Metric]:
    """Figures of a post, when they are what is wanted or the time is over."""
    for _ in range(int(SEEN_WITHIN_S / 0.2)):
        found: list[Metric] = list(await account.call(Operation.METRICS, (ref,)))
        if {each.name: each.value for each in found} == wanted:
            break
        await asyncio.sleep(0.2)
    return found


async def known(authority: Person, other: Person) -> None:
    """Waits until the view knows somebody who has come to the network."""
    async with asyncio.timeout(SEEN_WITHIN_S):
        while True:
            found = authority.ask("GET", "app.bsky.actor.getProfiles", params={"actors": other.handle})["profiles"]
            if [each["handle"] for each in found] == [other.handle]:
                return
            await asyncio.sleep(0.1)


async def seen(account: LiveAccount, authority: Person, published: Published) -> dict[str, str]:
    """Waits until the view has a post, since whoever answers has seen it; gives what answers name it by."""
    await figures(account, published.ref, dict.fromkeys(OF_POST, 0))
    found = next(each for each in posts_of(authority) if each["uri"] == published.ref)
    return {"uri": found["uri"], "cid": found["cid"]}


async def test_probe_tells_the_account(account: LiveAccount, authority: Person) -> None:
    info = await account.call(Operation.PROBE)
    assert (info.id, info.handle) == (authority.did, authority.handle)
    assert info.url == f"https://bsky.app/profile/{authority.handle}"
    assert info.granted == BLUESKY.capabilities


async def test_post_with_picture_appears_once_however_often_it_is_sent(account: LiveAccount, authority: Person) -> None:
    post = Post("Міст відкрито 👩‍👩‍👧‍👦: 5 < 7 & «так» #місто", "uk", link=LINK, media=(PICTURE,))
    before = len(posts_of(authority))
    first = await account.call(Operation.PUBLISH, post, KEY)
    again = await account.call(Operation.PUBLISH, post, KEY)
    records = posts_of(authority)
    value = next(each["value"] for each in records if each["uri"] == first.ref)
    assert first == again
    assert len(records) == before + 1
    assert value["text"] == f"{post.text}\n\n{LINK}"
    assert value["langs"] == ["uk"]
    assert value["embed"]["images"][0]["alt"] == PICTURE.alt
    assert value["embed"]["images"][0]["image"]["size"] == PICTURE.size_bytes
    assert await account.call(Operation.FIND, KEY, post) == first
    assert await account.call(Operation.FIND, f"{KEY[:-1]}9", post) is None


async def test_facets_mark_bytes_of_cyrillic_and_emoji(
    account: LiveAccount, authority: Person, citizen: Person
) -> None:
    text = f"👩‍👩‍👧‍👦 Їжте з @{citizen.handle}: ({LINK}), #громада!"
    await known(authority, citizen)
    published = await account.call(Operation.PUBLISH, Post(text, "uk"), f"{KEY[:-1]}a")
    value = next(each["value"] for each in posts_of(authority) if each["uri"] == published.ref)
    places = [(each["index"]["byteStart"], each["index"]["byteEnd"]) for each in value["facets"]]
    marked = [text.encode()[begin:end].decode() for begin, end in places]
    assert marked == [f"@{citizen.handle}", LINK, "#громада"]
    features = [each["features"][0] for each in value["facets"]]
    assert [features[0]["did"], features[1]["uri"], features[2]["tag"]] == [citizen.did, LINK, "громада"]


async def test_text_is_as_long_as_declared_and_no_longer(account: LiveAccount) -> None:
    family = "👩‍👩‍👧‍👦"
    for number, text in enumerate(("ї" * 300, family * (3_000 // len(family.encode())))):
        await account.call(Operation.PUBLISH, Post(text, "uk"), f"{KEY[:-2]}b{number}")
    for number, text in enumerate(("ї" * 301, family * (3_000 // len(family.encode()) + 1))):
        with pytest.raises(InvalidContent) as refused:
            await account.call(Operation.PUBLISH, Post(text, "uk"), f"{KEY[:-2]}c{number}")
        assert refused.value.field == "text"


async def test_description_of_a_picture_is_as_long_as_declared(account: LiveAccount) -> None:
    media = tuple(replace(PICTURE, alt="ї" * BLUESKY.limits.images.alt_most) for _ in range(4))
    await account.call(Operation.PUBLISH, Post("Фото дня", "uk", media=media), f"{KEY[:-2]}d0")
    with pytest.raises(InvalidContent) as refused:
        await account.call(Operation.PUBLISH, Post("Фото дня", "uk", media=(*media, PICTURE)), f"{KEY[:-2]}d1")
    assert refused.value.field == "media"


async def test_what_people_write_is_read_once_answered_and_hidden(
    account: LiveAccount, authority: Person, citizen: Person
) -> None:
    _, cursor = await account.inbox()
    published = await account.call(Operation.PUBLISH, Post("Яким буде парк?", "uk"), f"{KEY[:-2]}e0")
    root = await seen(account, authority, published)
    comment = answer(citizen, root, "Зеленим 👍")
    (first,), cursor = await heard(account, cursor, 1)
    name = f"@{authority.handle}"
    facet = {
        "index": {"byteStart": 0, "byteEnd": len(name)},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": authority.did}],
    }
    # from a clock that is an hour late
    at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    citizen.create("app.bsky.feed.post", {"text": f"{name} А міст?", "facets": [facet], "createdAt": at})
    (second,), cursor = await heard(account, cursor, 1)
    assert (first.id, first.kind, first.text, first.on) == (comment, InboxKind.COMMENT, "Зеленим 👍", published.ref)
    assert (second.kind, second.text, second.on) == (InboxKind.MENTION, "А міст?", "")
    assert first.author.id == citizen.did
    assert (await account.inbox(cursor))[0] == []

    replied = await account.call(Operation.REPLY, first, "Дякуємо", f"{KEY[:-2]}e1")
    again = await account.call(Operation.REPLY, first, "Дякуємо", f"{KEY[:-2]}e1")
    value = next(each["value"] for each in posts_of(authority) if each["uri"] == replied.ref)
    assert replied == again
    assert (value["reply"]["root"], value["reply"]["parent"]["uri"]) == (root, comment)

    for hidden in (True, True, False):
        await account.call(Operation.HIDE, first, hidden)
        params = {
            "repo": authority.did,
            "collection": "app.bsky.feed.threadgate",
            "rkey": published.ref.rpartition("/")[2],
        }
        gate = authority.ask("GET", "com.atproto.repo.getRecord", params=params)["value"]
        assert gate["hiddenReplies"] == ([comment] if hidden else [])


async def test_figures_are_those_that_apps_show(account: LiveAccount, authority: Person, citizen: Person) -> None:
    published = await account.call(Operation.PUBLISH, Post("Подобається?", "uk"), f"{KEY[:-2]}f0")
    root = await seen(account, authority, published)
    citizen.create("app.bsky.graph.follow", {"subject": authority.did})
    citizen.create("app.bsky.feed.like", {"subject": root})
    answer(citizen, root, "Так")
    wanted: dict[MetricName, int | None] = {MetricName.REACTIONS: 1, MetricName.COMMENTS: 1, MetricName.SHARES: 0}
    found = await figures(account, published.ref, wanted)
    assert {each.name: each.value for each in found} == wanted
    followers = (await account.call(Operation.METRICS, ()))[0]
    assert (followers.name, followers.value) == (MetricName.FOLLOWERS, 1)


async def test_deleted_post_is_gone_and_may_be_deleted_twice(account: LiveAccount, authority: Person) -> None:
    published = await account.call(Operation.PUBLISH, Post("Помилка", "uk"), f"{KEY[:-2]}f1")
    await account.call(Operation.DELETE, published.ref)
    await account.call(Operation.DELETE, published.ref)
    assert published.ref not in [each["uri"] for each in posts_of(authority)]
    gone = await figures(account, published.ref, dict.fromkeys(OF_POST, None))
    assert {(each.value, each.reason) for each in gone} == {(None, "the post is gone")}


async def test_app_password_that_was_taken_back_ends_the_consent(network: str, authority: Person) -> None:
    password = app_password(authority)
    async with account_of(network, authority, password) as account:
        name = f"viche {app_password.made}"
        authority.ask("POST", "com.atproto.server.revokeAppPassword", json={"name": name})
        for operation, args in (
            (Operation.PROBE, ()),
            (Operation.PUBLISH, (Post("Є хто?", "uk"), KEY)),
            (Operation.FETCH_INBOX, ("",)),
        ):
            with pytest.raises(AuthExpired):
                await account.call(operation, *args)


def test_the_plugin_says_what_it_was_tried_against(network: str) -> None:
    tried(BLUESKY, "@atproto/dev-env 0.6.7", viche_connector_bluesky.__file__)


def test_the_lock_is_what_the_record_names() -> None:
    package = Path(__file__).parents[2] / "platforms" / "atproto" / "package.json"
    assert '"@atproto/dev-env": "0.6.7"' in package.read_text("utf-8")
