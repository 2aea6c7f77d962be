"""Petitions that ask for much the same as a title that somebody is writing."""

from dataclasses import dataclass
from uuid import UUID

from viche_chassis.db import Connection, Pool, reading
from viche_chassis.periodic import every
from viche_chassis.words import split
from viche_petitions.domain.petition import COLLECTING, Petition
from viche_petitions.domain.similarity import Rarity, probes, similarity, trigrams_of
from viche_petitions.store import similar as store

USUAL = 5
MOST = 10
MOST_WORDS = 40
LEAST_SIMILARITY = 0.3
LOOK_EVERY_S = 60.0
MOVED_PART = 0.1


@dataclass(frozen=True, slots=True)
class Wish:
    """A title that is being written: ``language`` is its own, ``authority_id`` None for petitions to anybody."""

    title: str
    language: str
    authority_id: UUID | None
    limit: int


@dataclass(frozen=True, slots=True)
class Found:
    """A petition and how similar its title is, from 0 to 1."""

    petition: Petition
    similarity: float


class Similar:
    """Finds petitions with similar titles; how rare words are is counted anew when there are many more of them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._rarity = Rarity()

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(LOOK_EVERY_S, self.count, "similar titles")

    async def count(self) -> None:
        """Counts how often trigrams occur, unless there are about as many titles as when it was counted last."""
        async with reading(self._pool) as conn:
            total = await store.total(conn)
            if abs(total - self._rarity.total) > self._rarity.total * MOVED_PART:
                self._rarity = await store.rarity(conn, total)

    async def find(self, wish: Wish) -> list[Found]:
        """Public petitions with similar titles, the most similar first; none for a title without words."""
        words = split(wish.title)[:MOST_WORDS]
        if not words:
            return []
        async with reading(self._pool) as conn:
            near = await self._nearest(conn, words, wish)
            petitions = await store.get(conn, list(near)) if near else []
        found = [Found(petition, near[petition.id]) for petition in petitions]
        return sorted(found, key=lambda each: _order(each, wish.language))[: wish.limit]

    async def _nearest(self, conn: Connection, words: list[str], wish: Wish) -> dict[UUID, float]:
        """Ids and similarities of those near enough; some more than asked for, because equal ones are still sorted."""
        rarity, wanted = self._rarity, trigrams_of(words)
        looked_up = probes(words, rarity)
        weights = [rarity.weight({*probe}) for probe in looked_up]
        candidates = await store.candidates(conn, looked_up, weights, wish.authority_id)
        measured = ((similarity(wanted, trigrams_of(split(each.title)), rarity), each.id) for each in candidates)
        near = sorted(((how, id) for how, id in measured if how >= LEAST_SIMILARITY), reverse=True)
        return {id: how for how, id in near[: 2 * wish.limit]}


def _order(found: Found, language: str) -> tuple[float, bool, bool, int]:
    petition = found.petition
    is_over = petition.is_archived or petition.state not in COLLECTING
    return -round(found.similarity, 2), is_over, petition.language != language, -(petition.number or 0)
