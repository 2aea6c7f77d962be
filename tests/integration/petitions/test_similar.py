"""Petitions with similar titles: found in every language, whatever the form of a word, as soon as they are public."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, cast

import pytest
from viche.petitions.v1 import petitions_pb2 as petitions
from viche.petitions.v1 import similar_pb2 as pb
from viche.petitions.v1 import similar_pb2_grpc

from tests.integration.petitions.moderating import reject
from tests.integration.petitions.test_import import import_rows, item
from tests.integration.petitions.world import CITY, VILLAGE, World
from viche_chassis.access import Caller
from viche_chassis.testing import FakeChannel, FakeRpcError

# Titles of real petitions that ask for the same, found by reading all of them; numbers are places in the file.
ALIKE = {
    "end the immunity of deputies": (1, 143, 632, 738),
    "legalise prostitution": (11, 38, 66, 68, 279, 299, 529),
    "legalise gambling": (91, 124, 241, 404),
    "decriminalise marijuana": (17, 199, 256, 534, 546, 553, 572),
    "a monopoly on alcohol and tobacco": (42, 45, 50),
    "end the value-added tax": (383, 477, 625, 626),
    "same-sex marriage": (281, 515),
    "one ticket for all transport": (30, 69),
    "sort petitions by votes": (44, 74, 120, 724),
    "join petitions that ask for the same": (364, 366, 376),
    "votes against petitions": (559, 587, 588),
    "no bail for corruption": (112, 161, 609),
    "dual citizenship": (523, 637),
    "no duty on cars": (315, 461, 716, 722),
    "votes for taxpayers only": (348, 540, 634),
    "fewer deputies": (395, 398, 737),
    "officials must know two languages": (589, 592),
    "no building in Kyiv": (687, 690, 691),
    "Cossacks": (695, 698),
    "drunk driving": (302, 551, 620),
    "the red and black flag": (173, 345, 611),
    "lie detectors": (159, 232, 417, 452),
    "a right to defence": (100, 732),
    "take the mandates from deputies": (329, 442),
    "the bank Finance and Credit": (72, 86, 324),
    "heating of one's own": (468, 480),
    "a higher minimum wage": (123, 388, 577, 715),
    "sort waste": (243, 320),
    "imports without duty up to 1,000 euros": (501, 538),
    "words of the anthem": (425, 728),
    "recall deputies": (73, 135),
    "clear cars through customs": (410, 631),
    "dismiss judges and prosecutors of the old regime": (562, 571),
    "punish those who voted on 16 January": (230, 298),
    "simpler taxes": (508, 513),
    "fines for litter": (614, 700),
    "fewer signatures for a petition": (367, 563),
    "displaced people": (413, 441, 449),
    "no tax on deposits": (191, 519),
    "two taxes": (87, 499),
    "electronic voting": (356, 434),
    "dearer tobacco": (129, 471, 670),
    "rights of LGBT people": (312, 503, 555),
    "own firearms": (511, 524),
    "documents without paper": (451, 675),
    "a right to the internet": (334, 666),
    "homes for young families": (142, 325, 654),
}
UNHEARD_OF = (
    "Заборонити феєрверки після одинадцятої вечора",
    "Відкрити громадську вбиральню біля вокзалу",
    "Встановити лавки вздовж набережної",
    "Побудувати притулок для безпритульних собак",
    "Повернути влітку нічний потяг до моря",
    "Друкувати рецепти шрифтом Брайля",
    "Назвати астероїд на честь Лесі Українки",
    "Посадити липи вздовж Садової вулиці",
    "Очистити колодязі в Калинівці",
    "Викладати в школах гру на сопілці",
)


async def similar(world: World, title: str, **fields: Any) -> list[pb.SimilarPetition]:
    channel = cast(Any, FakeChannel(*world.petitions.register, caller=Caller("gateway")))
    stub: Any = similar_pb2_grpc.SimilarPetitionsServiceStub(channel)
    request = pb.ListSimilarPetitionsRequest(title=title, **fields)
    return list((await stub.ListSimilarPetitions(request)).petitions)


async def numbers(world: World, title: str, **fields: Any) -> list[int]:
    return [each.petition.number for each in await similar(world, title, **fields)]


@pytest.fixture
def titles(shared_data: Path) -> list[str]:
    """Titles of petitions to the President of Ukraine in their first days."""
    file = shared_data / "petitions" / "ua_president_petitions_2015.json"
    if not file.is_file():
        pytest.skip(f"no real petitions at {file}")
    return [row["title"] for row in json.loads(file.read_text(encoding="utf-8"))]


async def take_over(world: World, titles: list[str]) -> None:
    """Petitions whose numbers are the places of the titles, counted from 1."""
    items = [item(n, title=title, language="uk") for n, title in enumerate(titles, start=1)]
    for start in range(0, len(items), 250):
        await import_rows(world, *items[start : start + 250])
    await world.petitions.similar.count()


async def test_real_petitions_that_ask_for_the_same_are_found(world: World, titles: list[str]) -> None:
    await take_over(world, titles)
    found = wanted = own = others = 0
    for group in ALIKE.values():
        for place in group:
            suggested = [number - 1 for number in await numbers(world, titles[place], limit=6)]
            assert place in suggested
            suggested.remove(place)
            hits = set(group) & set(suggested[:5])
            found, wanted = found + len(hits), wanted + min(5, len(group) - 1)
            own, others = own + len(hits), others + len(suggested[:5]) - len(hits)
    recall = found / wanted
    print(f"recall@5 {recall:.3f} of {wanted}; {own} of the same and {others} others suggested")
    assert recall > 0.75


async def test_real_petitions_without_a_like_are_mostly_left_alone(world: World, titles: list[str]) -> None:
    await take_over(world, titles)
    labelled = {place for group in ALIKE.values() for place in group}
    sample = random.Random(1).sample([place for place in range(len(titles)) if place not in labelled], 100)
    suggested = [len(await numbers(world, titles[place], limit=10)) - 1 for place in sample]
    print(f"{sum(suggested) / len(sample):.2f} suggestions a title, none for {suggested.count(0)} of {len(sample)}")
    assert sum(suggested) / len(sample) < 3
    unheard_of = {title: await numbers(world, title) for title in UNHEARD_OF}
    print(unheard_of)
    assert sum(bool(found) for found in unheard_of.values()) <= 2


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Repair the playgrounds near our schools", "repairing playground near the school"),
        ("Repair the playgrounds near our schools", "Repiar the plagrounds near our schols"),
        ("Відремонтувати подвір’я біля наших шкіл", "ремонт шкільного подвіря"),
        ("Відремонтувати подвір’я біля наших шкіл", "Відремнотувати подвіря біля нашіх шкіл"),
        ("Ремонт на детските площадки до училищата", "ремонтирайте детска площадка до училището"),
        ("Ремонт на детските площадки до училищата", "Ремнот на децките плошадки до училищата"),
        ("Отремонтировать дороги возле наших школ", "ремонт дорог возле нашей школы"),
        ("Отремонтировать дороги возле наших школ", "Отремантировать дороги возли наших школ"),
        ("Легалізація грального бізнесу", "Легализация игрового бизнеса"),
    ],
)
async def test_other_forms_of_words_and_typos_are_found(world: World, title: str, written: str) -> None:
    others = ("Назвати вулицю на честь Лесі Українки", "Lower the price of bus tickets", "Повече дървета по улиците")
    await import_rows(world, *(item(n, title=each) for n, each in enumerate((title, *others), start=1)))
    await world.petitions.similar.count()
    assert await numbers(world, written) == [1]


async def test_petition_is_found_as_soon_as_it_opens_and_not_before(world: World) -> None:
    drafted = await world.draft()
    assert await numbers(world, drafted.title) == []
    opened = await world.open("second", title="Repair a bridge over our river")
    found = await similar(world, drafted.title)
    assert [each.petition.id for each in found] == [opened.id]
    assert 0.3 <= found[0].similarity < 1
    assert (await similar(world, opened.title))[0].similarity == pytest.approx(1)


async def test_those_that_collect_come_first_among_equals_then_those_in_the_language(world: World) -> None:
    title = "Repair the bridge over the river"
    await import_rows(world, item(1, title=title, language="uk"), item(2, title=title, language="en"))
    closed = await world.open(title=title)
    await world.close(closed.id)
    collecting = await world.open("second", title=title)
    assert await numbers(world, title, language="uk") == [collecting.number, 1, closed.number, 2]
    assert await numbers(world, title, language="en") == [collecting.number, closed.number, 2, 1]
    assert await numbers(world, title, language="uk", limit=2) == [collecting.number, 1]


async def test_petitions_to_one_authority_can_be_asked_for(world: World) -> None:
    await world.configure(VILLAGE)
    await world.open()
    village = await world.open("second", VILLAGE, authority_id=str(VILLAGE))
    assert await numbers(world, village.title, authority_id=str(VILLAGE)) == [village.number]
    assert len(await numbers(world, village.title)) == 2
    assert await numbers(world, "Repair the bridge", authority_id=str(CITY)) != [village.number]


async def test_rejected_petition_is_not_suggested(world: World) -> None:
    rejected = await reject(world, (await world.draft()).id)
    assert rejected.state == petitions.PETITION_STATE_REJECTED
    assert rejected.number
    assert await numbers(world, rejected.title) == []


async def test_what_an_archive_took_back_is_not_suggested(world: World) -> None:
    title = "Repair the bridge over the river"
    await import_rows(world, item(1, title=title, source_state="rejected"), item(2, title=title))
    assert await numbers(world, title) == [2]


@pytest.mark.parametrize(
    "title", ["!!!", "'); DROP TABLE petitions; --", "% _ \\ {}", "й" * 1_900, "слово " * 150, "5"]
)
async def test_any_text_gets_an_answer(world: World, title: str) -> None:
    await world.open()
    assert await numbers(world, title) == []


@pytest.mark.parametrize("limit", [-1, 11])
async def test_limit_out_of_range_is_refused(world: World, limit: int) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await similar(world, "Repair the bridge", limit=limit)
    assert refused.value.reason == "INVALID_FIELDS"


async def test_more_petitions_than_are_asked_for_are_never_given(world: World) -> None:
    await import_rows(world, *(item(n, title=f"Repair bridge number {n}") for n in range(1, 40)))
    await world.petitions.similar.count()
    assert len(await similar(world, "Repair the bridge")) == 5
    assert len(await similar(world, "Repair the bridge", limit=10)) == 10
    assert petitions.PETITION_STATE_OPEN in {each.petition.state for each in await similar(world, "Repair the bridge")}
