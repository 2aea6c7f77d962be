"""The presence report's rules."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from viche_social.domain import presence
from viche_social.domain.presence import Coverage, Figure, Followed
from viche_social.domain.register import Account, Body, BodyKind, Purpose, Span, Standing

DAY = Span(date(2026, 1, 1))


def body(
    title: str = "Verbiv", kind: BodyKind = BodyKind.AUTHORITY, authority_kind: str = "town", field: str = "",
    parent: UUID | None = None,
) -> Body:  # fmt: skip
    return Body(uuid4(), kind, title, Standing(authority_kind, field, parent), DAY)


def account(of: Body, platform: str = "facebook", purpose: Purpose = Purpose.OFFICE, handle: str = "") -> Account:
    return Account(uuid4(), of.id, platform, handle or of.title, DAY, purpose=purpose)


def followed(of: Body, followers: int, platform: str = "facebook", purpose: Purpose = Purpose.OFFICE) -> Followed:
    return Followed(of, account(of, platform, purpose), Figure(followers, DAY.from_on))


@pytest.mark.parametrize(
    ("accounts", "of", "percent"),
    [(40, 41, 98), (37, 41, 90), (29, 41, 71), (0, 41, 0), (41, 41, 100), (1, 8, 13), (1, 200, 1), (1, 201, 0)],
)
def test_shares_are_whole_per_cents_halves_up(accounts: int, of: int, percent: int) -> None:
    assert Coverage("ministry", "facebook", accounts, of).percent == percent


def test_a_body_counts_once_on_a_platform_and_companies_and_campaigns_never() -> None:
    there, missing = body("A"), body("B")
    company, campaigner = body("C", BodyKind.COMPANY), body("D", BodyKind.HOLDER, "senate")
    accounts = [
        account(there), account(there, handle="second"), account(company), account(company, "x"),
        account(campaigner, purpose=Purpose.CAMPAIGN), account(campaigner, "vk"),
    ]  # fmt: skip
    assert presence.coverage([there, missing, company, campaigner], accounts) == [
        Coverage("senate", "vk", 1, 1), Coverage("senate", "facebook", 0, 1),
        Coverage("town", "facebook", 1, 2), Coverage("town", "vk", 0, 2),
    ]  # fmt: skip


def test_equal_followers_share_a_rank_and_companies_stand_beside() -> None:
    towns = [body(title) for title in ("A", "B", "C", "D")]
    shop = body("Shop", BodyKind.COMPANY)
    rows = presence.ranking(
        [followed(each, count) for each, count in zip([*towns, shop], (5, 9, 5, 1, 7), strict=True)], 3
    )
    assert [(row.rank, row.followed.body.title) for row in rows] == [(1, "B"), (0, "Shop"), (2, "A"), (2, "C")]


def test_each_platform_has_a_ranking_of_its_own() -> None:
    town = body()
    rows = presence.ranking([followed(town, 1, "x"), followed(town, 2, "vk")], 10)
    assert [(row.followed.account.platform, row.rank) for row in rows] == [("vk", 1), ("x", 1)]


def test_a_person_stands_against_the_body_of_the_office() -> None:
    town = body("Town")
    mayor, nobody = body("Mayor", BodyKind.HOLDER, parent=town.id), body("Alone", BodyKind.HOLDER)
    accounts = [account(town), account(mayor), account(mayor, "x"), account(nobody)]
    (row, other) = presence.persons_against_bodies(
        [town, mayor, nobody], accounts, [followed(town, 10), followed(mayor, 30), followed(mayor, 4, "x")]
    )
    assert (row.platform, row.person.title, row.person_followers, row.body_followers) == ("facebook", "Mayor", 30, 10)
    assert (other.platform, other.person_followers, other.body_followers) == ("x", 4, None)


def test_interest_is_followers_by_what_bodies_work_on() -> None:
    police, army, school = body(field="security"), body(field="security"), body(field="education")
    shop = body(field="security", kind=BodyKind.COMPANY)
    rows = presence.interest([
        followed(police, 5), followed(army, 6), followed(army, 1, "x"), followed(school, 20), followed(body(), 99),
        followed(shop, 50), followed(school, 70, purpose=Purpose.CAMPAIGN),
    ])  # fmt: skip
    assert [(row.field, row.bodies, row.followers) for row in rows] == [("education", 1, 20), ("security", 2, 12)]
