"""Lists and searches are held against the plainest way to find the same, over petitions made by chance."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.world import CITY, HAMLET, VILLAGE, World
from viche_chassis.access import Caller
from viche_petitions.domain.petition import PUBLIC, SHOWN
from viche_petitions.listing import TOTAL_KEPT_S, Lists
from viche_petitions.store import search
from viche_petitions.store.filters import Filter, Outcome
from viche_petitions.store.listing import Order

PETITIONS = 160
WORDS = ("bridge", "tram", "school", "river")
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
INSERT = """
INSERT INTO petitions (id, number, state, title, language, authority_id, author, terms, created_at, opened_at,
    closes_at, searchable, is_archived, source_key, stated_count, text_hidden)
VALUES (%(id)s, %(number)s, %(state)s, %(title)s, 'en', %(authority_id)s, %(author)s, %(terms)s, %(at)s,
    %(opened_at)s, %(at)s, to_tsvector('simple', %(title)s), %(archived)s, %(key)s, %(count)s, %(hidden)s)
"""


@dataclass(frozen=True)
class Made:
    """A petition as the test knows it."""

    id: uuid.UUID
    number: int
    state: str
    title: str
    authority_id: uuid.UUID | None
    archived: bool
    count: int
    at: datetime | None
    hidden: bool
    answered: bool


def make(chance: random.Random, number: int) -> Made:
    """Few counts and days, so that many are equal; some archived ones without a day."""
    archived = chance.random() < 0.5
    state = chance.choice((*PUBLIC, *(() if archived else ("submitted",))))
    day = BEGINNING + timedelta(days=chance.randrange(20))
    return Made(
        id=uuid.UUID(int=chance.getrandbits(128)), number=number, state=state,
        title=" ".join(chance.choices(WORDS, k=chance.randint(1, 3))), archived=archived,
        authority_id=None if archived and chance.random() < 0.3 else chance.choice((CITY, VILLAGE, HAMLET)),
        count=chance.randrange(6) if archived or state in SHOWN else 0,
        at=None if archived and chance.random() < 0.2 else day,
        hidden=state == "rejected" and chance.random() < 0.3, answered=not archived and chance.random() < 0.3,
    )  # fmt: skip


async def fill(world: World, chance: random.Random) -> list[Made]:
    """Petitions with their signatures, those collected here under the terms of one that was opened."""
    opened = await world.open()
    ((terms,),) = await world.rows("SELECT terms::text FROM petitions WHERE id = %s", opened.id)
    await world.rows("DELETE FROM petitions WHERE id = %s", opened.id)
    made = [make(chance, number) for number in range(1, PETITIONS + 1)]
    for each in made:
        await insert(world, each, terms)
    return made


async def insert(world: World, each: Made, terms: str = "") -> None:
    opened = each.state in SHOWN
    async with world.pool.connection() as conn:
        await conn.execute(
            INSERT,
            {
                "id": each.id, "number": each.number, "state": each.state, "title": each.title,
                "authority_id": each.authority_id, "author": None if each.archived else b"author",
                "terms": terms if opened and not each.archived else None, "at": each.at,
                "opened_at": each.at if opened else None, "archived": each.archived,
                "key": str(each.number) if each.archived else None, "count": each.count if each.archived else None,
                "hidden": each.hidden,
            },
        )  # fmt: skip
        if each.count and not each.archived:
            await conn.execute(
                "INSERT INTO tallies (petition_id, territory_code, channel, shard, count)"
                " VALUES (%s, '', 'person', 0, %s)",
                [each.id, each.count],
            )
            await conn.execute("UPDATE listed_counts SET count = %s WHERE petition_id = %s", [each.count, each.id])
        if each.answered:
            await conn.execute(
                "INSERT INTO answers (petition_id, version, decision, summary, reasons, signed_by, correction_note,"
                " officer, published_at) VALUES (%s, 1, 'accepted', '{}', '{}', '', '{}', '', now())",
                [each.id],
            )


def matches(each: Made, which: Filter) -> bool:
    return (
        each.state in (which.states or SHOWN)
        and each.state in PUBLIC
        and (not which.authorities or each.authority_id in which.authorities)
        and which.archived in (None, each.archived)
        and (which.outcome is None or each.answered == (which.outcome is Outcome.ANSWERED))
        and (not which.query or (not each.hidden and which.query.strip("'") in each.title.split()))
    )


def by_count(each: Made) -> Any:
    return each.count, each.id


def by_day(each: Made) -> Any:
    return each.at or datetime.min.replace(tzinfo=UTC), each.id


KEYS: dict[Order, Callable[[Made], Any]] = {Order.COUNT: by_count, Order.RECENT: by_day}


def plainly(made: Iterable[Made], which: Filter, order: Order) -> list[int]:
    """Every petition held against the filter, then all sorted."""
    return [each.number for each in sorted(filter(lambda each: matches(each, which), made), key=KEYS[order])][::-1]


def some_filter(chance: random.Random) -> Filter:
    return Filter(
        query=chance.choice(("", "'bridge'", "'river'")),
        states=tuple(chance.sample(PUBLIC, chance.choice((0, 0, 1, 1, 2, 4)))),
        authorities=chance.choice(((), (), (CITY,), (CITY, HAMLET), (CITY, VILLAGE, HAMLET))),
        archived=chance.choice((None, True, False)),
        outcome=chance.choice((None, None, Outcome.ANSWERED, Outcome.UNANSWERED)),
    )


async def by_tokens(lists: Lists, which: Filter, order: Order, size: int) -> list[int | None]:
    found: list[int | None] = []
    token = ""
    while True:
        page = await lists.page(which, order, token, 0, size)
        found += [each.number for each in page.petitions]
        if not (token := page.next_token):
            return found


async def by_skipping(lists: Lists, which: Filter, order: Order, size: int, total: int) -> list[int | None]:
    pages = [await lists.page(which, order, "", skip, size) for skip in range(0, total, size)]
    return [each.number for page in pages for each in page.petitions]


@pytest.mark.parametrize("most", [1000, 5], ids=["few matches", "many matches"])
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_pages_are_those_of_the_plainest_way(
    world: World, monkeypatch: pytest.MonkeyPatch, seed: int, most: int
) -> None:
    monkeypatch.setattr(search, "MOST_COUNTED", most)
    chance = random.Random(seed)
    made = await fill(world, chance)
    lists = Lists(world.pool)
    for _ in range(40):
        which, order, size = some_filter(chance), chance.choice((Order.COUNT, Order.RECENT)), chance.randint(1, 60)
        expected = plainly(made, which, order)
        total = (await lists.page(which, order, "", 0, 1)).total
        assert total.is_exact == (not which.query or len(expected) <= most)
        assert total.number == (len(expected) if total.is_exact else most), which
        assert await by_tokens(lists, which, order, size) == expected, which
        assert await by_skipping(lists, which, order, size, len(expected)) == expected, which


async def test_of_more_matches_the_most_signed_are_ranked_and_the_others_follow(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_COUNTED", 3)
    monkeypatch.setattr(search, "MOST_RANKED_OF_MORE", 4)
    base = make(random.Random(0), 1)
    for number, (title, count) in enumerate(
        [("tram tram tram", 1), ("tram", 9), ("tram tram", 8), ("tram", 7), ("tram tram tram", 6), ("tram", 5)], start=1
    ):
        archived = replace(
            base, id=uuid.uuid4(), number=number, title=title, count=count, archived=True, state="closed"
        )
        await insert(world, replace(archived, authority_id=None, hidden=False, answered=False))
    lists = Lists(world.pool)
    assert await by_tokens(lists, Filter(query="'tram'"), Order.MATCH, 2) == [5, 3, 2, 4, 6, 1]
    assert await by_skipping(lists, Filter(query="'tram'"), Order.MATCH, 4, 6) == [5, 3, 2, 4, 6, 1]


async def test_pages_stay_in_order_while_people_sign(world: World) -> None:
    ids = [(await world.open(f"author {place}")).id for place in range(6)]
    chance = random.Random(7)
    stub = world.on(Caller("gateway"))

    async def sign(who: str) -> None:
        await world.sign_as(chance.choice(ids), who)
        await world.petitions.watcher.look()

    async def read() -> None:
        page = await stub.ListPetitions(pb.ListPetitionsRequest(order=pb.PETITION_ORDER_COUNT))
        assert (len(page.petitions), page.total_size) == (6, 6)
        assert len({each.id for each in page.petitions}) == 6

    await asyncio.gather(*(act for place in range(40) for act in (sign(f"person {place}"), read())))
    await world.look()
    page = await stub.ListPetitions(pb.ListPetitionsRequest(order=pb.PETITION_ORDER_COUNT))
    assert sum(each.signature_count for each in page.petitions) == 40
    keys = [(each.signature_count, uuid.UUID(each.id)) for each in page.petitions]
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize("statement", ["state = 'closed', closed_at = now()", f"authority_id = '{VILLAGE}'"])
async def test_a_change_of_a_petition_is_a_change_of_its_lists(world: World, statement: str) -> None:
    petition = await world.open()
    await world.rows(f"UPDATE petitions SET {statement} WHERE id = %s", petition.id)
    open_in_city = Filter(states=("open",), authorities=(CITY,))
    page = await Lists(world.pool).page(open_in_city, Order.RECENT, "", 0, 10)
    assert (page.petitions, page.total.number) == ([], 0)


async def test_a_great_total_is_counted_anew_after_seconds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viche_petitions.listing.EXACT_UP_TO", 1)
    now = 0.0
    lists = Lists(world.pool, clock=lambda: now)

    async def total() -> int:
        return (await lists.page(Filter(), Order.RECENT, "", 0, 1)).total.number

    seen: list[int] = []
    for place in range(3):
        await world.open(f"author {place}")
        seen.append(await total())
    now = TOTAL_KEPT_S
    assert [*seen, await total()] == [1, 2, 2, 3]
