"""When identity has erased a person: drafts go, what was published and signed stays."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

import pytest
from viche.identity.v1 import events_pb2

from tests.integration.petitions import world as worlds
from tests.integration.petitions.world import World, person, pseudonym
from viche_chassis import base64url
from viche_chassis.consuming import Event
from viche_petitions.erasing import Erasing


@pytest.fixture
async def world(migrated: Callable[[str], str], tmp_path: Path) -> AsyncIterator[worlds.World]:
    async with worlds.world(migrated("petitions"), tmp_path) as made:
        await made.configure()
        yield made


async def erase(world: World, name: str, *, hides_name: bool = False) -> None:
    """Identity says that somebody was erased."""
    known = person(name).person
    assert known is not None
    said = events_pb2.PersonErased(
        author=base64url.decode(known.author), followings=pseudonym("followings", name), hides_name=hides_name
    )
    await Erasing(world.pool).erased(Event(uuid4(), said))


async def test_drafts_go_and_what_was_published_stays(world: World) -> None:
    opened = await world.open("olena", author_name="Olena")
    await world.sign_as(opened.id, "olena", "ivan")
    await world.rows(
        "INSERT INTO petitions (id, state, title, language, authority_id, author, searchable)"
        " SELECT gen_random_uuid(), 'draft', 'A draft', 'uk', authority_id, author, '' FROM petitions WHERE id = %s",
        opened.id,
    )
    await erase(world, "olena")
    rows = await world.rows("SELECT id::text, state, author_name <> '' FROM petitions")
    assert [tuple(row) for row in rows] == [(opened.id, "open", True)]
    assert [row[0] for row in await world.rows("SELECT count(*) FROM signatures")] == [2]


async def test_drafts_of_others_stay(world: World) -> None:
    opened = await world.open("olena", author_name="Olena")
    await erase(world, "ivan", hides_name=True)
    assert (await world.get(opened.id)).author_name != ""


async def test_the_name_goes_where_it_was_asked_for(world: World) -> None:
    opened = await world.open("olena", author_name="Olena")
    await erase(world, "olena", hides_name=True)
    after = await world.get(opened.id)
    assert (after.title, after.author_name) == (opened.title, "")


async def test_the_list_of_what_was_followed_goes(world: World) -> None:
    opened = await world.open("olena", author_name="Olena")
    for name in ("olena", "ivan"):
        await world.rows("INSERT INTO followings VALUES (%s, %s)", pseudonym("followings", name), opened.id)
    await erase(world, "olena")
    assert [row[0] for row in await world.rows("SELECT count(*) FROM followings")] == [1]
