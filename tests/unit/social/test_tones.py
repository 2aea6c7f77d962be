"""Tones of a month."""

from __future__ import annotations

from datetime import date

import pytest

from viche_social.domain.tones import LEAST_PEOPLE, Tones, months_before


def test_shares_need_enough_people() -> None:
    assert Tones(30, LEAST_PEOPLE, 1, 1, 18).percents == (5, 5, 90)
    assert Tones(30, LEAST_PEOPLE - 1, 1, 1, 18).percents is None


@pytest.mark.parametrize(
    ("back", "month"), [(0, date(2026, 3, 1)), (2, date(2026, 1, 1)), (3, date(2025, 12, 1)), (11, date(2025, 4, 1))]
)
def test_months_go_back_over_the_year(back: int, month: date) -> None:
    assert months_before(date(2026, 3, 31), back) == month


def test_nothing_was_before_the_first_year() -> None:
    assert months_before(date.min, 11) == date.min
