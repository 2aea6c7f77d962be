"""Searching, filtering and sorting public petitions."""

from __future__ import annotations

from typing import Any

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.test_import import import_rows, item
from tests.integration.petitions.world import CITY, VILLAGE, World
from viche_chassis.access import Caller
from viche_chassis.testing import FakeRpcError

TITLES = {
    "en": "Repair the playgrounds near our schools",
    "uk": "Відремонтувати подвір’я біля наших шкіл",
    "bg": "Ремонт на детските площадки до училищата",
    "ru": "Отремонтировать дороги возле наших школ",
}


async def list_(world: World, **fields: Any) -> pb.ListPetitionsResponse:
    return await world.on(Caller("gateway")).ListPetitions(pb.ListPetitionsRequest(**fields))


async def numbers(world: World, **fields: Any) -> list[int]:
    return [each.number for each in (await list_(world, **fields)).petitions]


@pytest.mark.parametrize(
    ("language", "query", "found"),
    [
        ("en", "school playground", ["en"]),
        ("en", "SCHOOLS' repairing", ["en"]),
        ("en", "playgr", ["en"]),
        ("en", "near play", ["en"]),
        ("uk", "школа", ["uk", "ru"]),
        ("uk", "подвір'я шкіл", ["uk"]),
        ("uk", "подвіря", ["uk"]),
        ("uk", "відремонт", ["uk"]),
        ("bg", "училище", ["bg"]),
        ("bg", "детска площадка", ["bg"]),
        ("ru", "дорога", ["ru"]),
        ("ru", "дорогами школы", ["ru"]),
        ("en", "дорога", ["ru"]),
        ("en", "zeppelin", []),
        ("en", "repair zeppelin", []),
        ("en", "'); DROP TABLE petitions; --", []),
        ("en", "& | ! :* <-> \\", []),
        ("xx", "playgrounds", ["en"]),
    ],
)
async def test_word_forms_are_found_in_four_languages(
    world: World, language: str, query: str, found: list[str]
) -> None:
    items = [item(n, title=title, language=tag) for n, (tag, title) in enumerate(TITLES.items(), start=1)]
    await import_rows(world, *items)
    page = await list_(world, query=query, language=language)
    assert sorted(each.language for each in page.petitions) == sorted(found)
    assert page.total_size == len(found)


async def test_word_in_the_title_weighs_more_than_in_the_text(world: World) -> None:
    await world.open(title="Plant trees along the street", background="The bridge is far away.")
    await world.open("second", title="Repair the bridge at last", background="It has been closed for years.")
    assert await numbers(world, query="bridges", language="en") == [2, 1]


async def test_pages_hold_every_petition_once_in_each_order(world: World) -> None:
    await import_rows(world, *(item(n, signature_count=n % 3) for n in range(1, 24)))
    for fields in ({}, {"order": pb.PETITION_ORDER_COUNT}, {"query": "petition", "language": "en"}):
        found: list[int] = []
        token = ""
        while True:
            page = await list_(world, page_size=5, page_token=token, **fields)
            found += [each.number for each in page.petitions]
            token = page.next_page_token
            if not token:
                break
        assert (sorted(found), page.total_size) == (list(range(1, 24)), 23)


async def test_skipping_gives_the_same_pages_as_tokens(world: World) -> None:
    await import_rows(world, *(item(n, signature_count=n) for n in range(1, 12)))
    order = pb.PETITION_ORDER_COUNT
    first = await list_(world, page_size=4, order=order)
    by_token = await numbers(world, page_size=4, order=order, page_token=first.next_page_token)
    assert by_token == await numbers(world, page_size=4, order=order, skip=4) == [7, 6, 5, 4]


async def test_most_signed_comes_first_with_imported_ones_between(world: World) -> None:
    await import_rows(world, item(10, signature_count=2), item(11, signature_count=0))
    petition = await world.open()
    await world.sign_as(petition.id, "anna")
    await world.petitions.watcher.look()
    assert await numbers(world, order=pb.PETITION_ORDER_COUNT) == [10, petition.number, 11]


async def test_filters_keep_state_and_authority(world: World) -> None:
    await world.configure(VILLAGE)
    await import_rows(world, item(1, source_state="closed"), item(2))
    city = await world.open()
    village = await world.open("second", VILLAGE, authority_id=str(VILLAGE))
    await world.draft("third")
    assert await numbers(world, state=pb.PETITION_STATE_CLOSED) == [1]
    assert await numbers(world, state=pb.PETITION_STATE_OPEN) == [village.number, city.number, 2]
    assert await numbers(world, state=pb.PETITION_STATE_DRAFT) == []
    more = [pb.PETITION_STATE_CLOSED]
    assert await numbers(world, state=pb.PETITION_STATE_OPEN, more_states=more) == [village.number, city.number, 2, 1]
    assert await numbers(world, authority_id=str(CITY)) == [city.number]
    both = {"authority_id": str(CITY), "more_authority_ids": [str(VILLAGE)]}
    assert await numbers(world, **both) == [village.number, city.number]


@pytest.mark.parametrize("token", ["x", "bnVsbA", "W10", "WyJyZWNlbnQiLCAiMjAyMCIsICJ4Il0"])
async def test_page_token_that_is_none_of_ours_is_refused(world: World, token: str) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await list_(world, page_token=token)
    assert refused.value.reason == "INVALID_FIELDS"


async def test_an_archive_can_be_left_out_or_asked_for_alone(world: World) -> None:
    await import_rows(world, item(900))
    own = (await world.open()).number
    assert await numbers(world, origin=pb.PETITION_ORIGIN_ARCHIVED) == [900]
    assert await numbers(world, origin=pb.PETITION_ORIGIN_OWN) == [own]
    assert sorted(await numbers(world)) == sorted([900, own])
