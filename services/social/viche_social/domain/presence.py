"""How authorities stand on networks: shares, ranking, growth, persons against bodies, interest by subject."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from viche_social.domain.register import Account, Body, BodyKind, Purpose

FRESH = timedelta(days=31)
"""A figure speaks for so many days after its own."""
GROWTH = timedelta(days=30)
"""Between the two days of growth, unless somebody asks for others."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many bodies of a kind are on a platform."""

    authority_kind: str
    platform: str
    accounts: int
    of: int

    @property
    def percent(self) -> int:
        """The share in whole per cents, halves up: 37 of 41 are 90."""
        return (200 * self.accounts + self.of) // (2 * self.of)


def coverage(bodies: Iterable[Body], accounts: Iterable[Account]) -> list[Coverage]:
    """A row for each kind and each platform that anybody of any kind is on; by kind, then the most accounts first.

    Companies are in no share, and accounts of campaigns are in none: they are not how the office speaks.
    """
    kind_of = {each.id: each.standing.authority_kind for each in bodies if each.kind is not BodyKind.COMPANY}
    size: dict[str, int] = defaultdict(int)
    for kind in kind_of.values():
        size[kind] += 1
    present: dict[tuple[str, str], set[UUID]] = defaultdict(set)
    for each in accounts:
        if each.purpose is Purpose.OFFICE and each.body_id in kind_of:
            present[kind_of[each.body_id], each.platform].add(each.body_id)
    platforms = {platform for _, platform in present}
    rows = [
        Coverage(kind, platform, len(present.get((kind, platform), ())), of)
        for kind, of in size.items()
        for platform in platforms
    ]
    return sorted(rows, key=lambda row: (row.authority_kind, -row.accounts, row.platform))


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that stood on a day."""

    value: int
    day: date


@dataclass(frozen=True, slots=True)
class Followed:
    """An account with its followers on a day and, where it is known, on an earlier one."""

    body: Body
    account: Account
    now: Figure
    before: Figure | None = None

    @property
    def is_company(self) -> bool:
        """Whether it is there to be compared with."""
        return self.body.kind is BodyKind.COMPANY


@dataclass(frozen=True, slots=True)
class Ranked:
    """An account in the ranking of its platform; the rank of companies is 0: they stand beside it."""

    rank: int
    followed: Followed


def ranking(followed: Iterable[Followed], most: int) -> list[Ranked]:
    """By platform the accounts with the most followers; equal ones share a rank. All companies are there.

    Args:
        most: accounts of a platform, companies apart.
    """
    ordered = sorted(followed, key=lambda each: (each.account.platform, -each.now.value, each.account.handle.lower()))
    rows: list[Ranked] = []
    for _, of_platform in groupby(ordered, key=lambda each: each.account.platform):
        rows += _ranked(list(of_platform), most)
    return rows


def _ranked(ordered: Sequence[Followed], most: int) -> Iterable[Ranked]:
    seen, rank, last = 0, 0, -1
    for each in ordered:
        if each.is_company:
            yield Ranked(0, each)
            continue
        seen += 1
        if each.now.value != last:
            rank, last = seen, each.now.value
        if seen <= most:
            yield Ranked(rank, each)


@dataclass(frozen=True, slots=True)
class Pair:
    """A person's followers on a platform against those of the body where the office is held; None: no figure."""

    platform: str
    person: Body
    body: Body
    person_followers: int | None
    body_followers: int | None


def persons_against_bodies(
    bodies: Iterable[Body], accounts: Iterable[Account], followed: Iterable[Followed]
) -> list[Pair]:
    """A row for each platform that a person or the body is on, where either has a figure."""
    known = {each.id: each for each in bodies}
    totals: dict[tuple[UUID, str], int] = defaultdict(int)
    for each in followed:
        totals[each.body.id, each.account.platform] += each.now.value
    platforms: dict[UUID, set[str]] = defaultdict(set)
    for account in accounts:
        platforms[account.body_id].add(account.platform)
    pairs = [
        Pair(platform, person, body, totals.get((person.id, platform)), totals.get((body.id, platform)))
        for person in known.values()
        if person.kind is BodyKind.HOLDER
        and (body := known.get(person.standing.parent_id or person.id, person)) is not person
        for platform in platforms[person.id] | platforms[body.id]
    ]
    found = [each for each in pairs if each.person_followers is not None or each.body_followers is not None]
    return sorted(found, key=lambda each: (each.platform, each.body.title, each.person.title))


@dataclass(frozen=True, slots=True)
class Interest:
    """Followers of bodies that work on one thing."""

    field: str
    bodies: int
    followers: int


def interest(followed: Iterable[Followed]) -> list[Interest]:
    """Followers summed by the field of the body, the most first. A person who follows two accounts counts twice."""
    bodies: dict[str, set[UUID]] = defaultdict(set)
    followers: dict[str, int] = defaultdict(int)
    for each in followed:
        if (field := each.body.standing.field) and not each.is_company and each.account.purpose is Purpose.OFFICE:
            bodies[field].add(each.body.id)
            followers[field] += each.now.value
    rows = [Interest(field, len(bodies[field]), total) for field, total in followers.items()]
    return sorted(rows, key=lambda row: (-row.followers, row.field))
