"""Rules that keep counts true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from viche_chassis.errors import InvalidFields
from viche_petitions.domain.integrity import (
    Reason,
    SignatureFilter,
    check_decision,
    check_filter,
    network_block,
)
from viche_petitions.domain.trends import Group, Mark, Window, of_groups, of_hours

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ID = UUID("018f0000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("network", "block"),
    [
        ("198.51.100.77", "198.51.100.0/24"),
        ("198.51.100.0/24", "198.51.100.0/24"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:db8:1:2::1", "2001:db8:1::/48"),
        ("::ffff:0:0:1", "::/48"),
        ("10.0.0.0/8", ""),
        ("2001:db8::/32", ""),
        ("198.51.100", ""),
        ("198.51.100.7/x", ""),
        ("example.org", ""),
        ("", ""),
    ],
)
def test_traces_keep_the_block_alone(network: str, block: str) -> None:
    assert network_block(network) == block


def test_filter_is_stored_and_read_back() -> None:
    which = SignatureFilter("email", ("UA05", ""), NOON, NOON + HOUR, "192.0.2.0/24", "example.org", ID, (ID,))
    assert SignatureFilter.read(which.content()) == which
    assert SignatureFilter.read(SignatureFilter().content()) == SignatureFilter()


@pytest.mark.parametrize(
    "which",
    [
        SignatureFilter(),
        SignatureFilter(channel="fax"),
        SignatureFilter(since=NOON, until=NOON),
    ],
)
def test_filter_that_means_nothing_or_everything_is_refused(which: SignatureFilter) -> None:
    with pytest.raises(InvalidFields):
        check_filter(which)


def test_filter_for_signatures_without_a_territory_means_something() -> None:
    check_filter(SignatureFilter(territory_codes=("",)))


@pytest.mark.parametrize(
    ("reason", "note"), [("because", {}), ("other", {"en": " "}), ("duplicate", {"en": "x" * 501})]
)
def test_decision_says_why(reason: str, note: dict[str, str]) -> None:
    with pytest.raises(InvalidFields):
        check_decision(reason, note)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_can_be_given(reason: Reason) -> None:
    check_decision(reason, {"en": "See the minutes."})


def steady(per_hour: int, days: int = 10) -> list[tuple[datetime, int]]:
    return [(NOON - n * HOUR, per_hour + n % 3) for n in range(days * 24)]


def window(days: int = 10) -> Window:
    return Window.at(NOON, NOON - timedelta(days=days) + HOUR)


def test_hour_with_a_burst_is_marked_and_steady_ones_are_not() -> None:
    counted = [(at, 900 if at == NOON - 3 * HOUR else count) for at, count in steady(20)]
    rows = of_hours(counted, window())
    assert (rows[0].key, rows[0].mark) == ((NOON - 3 * HOUR).isoformat(), Mark.EXTREME)
    assert {row.mark for row in rows[1:]} == {Mark.USUAL}


def test_first_day_of_a_petition_is_not_unusual() -> None:
    rows = of_hours([(NOON, 900), (NOON - HOUR, 3)], window(days=1))
    assert {row.mark for row in rows} == {Mark.USUAL}


def test_block_that_comes_from_nowhere_is_marked_and_one_that_grows_with_all_others_is_not() -> None:
    busy = [(at, 10 * count if at == NOON else count) for at, count in steady(40)]
    known = [("known", at, count) for at, count in busy] + [("other", at, count) for at, count in busy]
    rows = of_groups(Group.NETWORK, [*known, ("new", NOON, 60)], ({}, 0), window())
    assert {row.key: row.mark for row in rows} == {"new": Mark.EXTREME, "known": Mark.USUAL, "other": Mark.USUAL}


def test_young_petition_is_held_against_the_others() -> None:
    counted = [("gmail.com", NOON, 30), ("bots.example", NOON, 10)]
    rows = of_groups(Group.MAIL_DOMAIN, counted, ({"gmail.com": 750}, 1_000), window(days=1))
    assert {row.key: row.mark for row in rows} == {"gmail.com": Mark.USUAL, "bots.example": Mark.EXTREME}


def test_groups_of_fewer_than_five_are_one_row() -> None:
    counted = [(f"192.0.{n}.0/24", NOON, 4) for n in range(3)] + [("203.0.113.0/24", NOON, 5)]
    rows = of_groups(Group.NETWORK, counted, ({}, 0), window())
    assert [(row.key, row.signatures, row.is_rest) for row in rows] == [("203.0.113.0/24", 5, False), ("", 12, True)]


def test_parts_are_of_all_signatures_then_and_now() -> None:
    before = NOON - timedelta(days=2)
    counted = [("a", NOON, 30), ("b", NOON, 10), ("a", before, 20), ("b", before, 60)]
    (a,) = [row for row in of_groups(Group.NETWORK, counted, ({"a": 5}, 20), window()) if row.key == "a"]
    assert (a.share, a.usual_share, a.other_share) == (0.75, 0.25, 0.25)
