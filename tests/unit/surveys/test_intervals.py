"""Intervals against published figures."""

import statistics

import pytest

from viche_surveys.domain.intervals import deviation, of_mean, of_share


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    [(0.5, 100, 0.4038, 0.5962), (81 / 263, 263, 0.2553, 0.3662), (0, 20, 0, 0.1611), (15 / 148, 148, 0.0624, 0.1605)],
)  # Newcombe, Statistics in Medicine 17 (1998), table I, and by hand
def test_the_interval_of_a_share(share: float, n: float, low: float, high: float) -> None:
    found = of_share(share, n)
    assert (found.low, found.high) == (pytest.approx(low, abs=2e-4), pytest.approx(high, abs=2e-4))


def test_nobody_tells_nothing() -> None:
    assert (of_share(0, 0).low, of_share(0, 0).high) == (0, 1)


def test_a_deviation_from_sums() -> None:
    numbers = [3.0, 7.5, 8.0, 1.0]
    found = deviation(4, sum(numbers), sum(each * each for each in numbers))
    assert found == pytest.approx(statistics.stdev(numbers))


def test_the_interval_of_a_mean() -> None:
    found = of_mean(10, 5, 100)
    assert (found.low, found.high) == (pytest.approx(9.02, abs=1e-3), pytest.approx(10.98, abs=1e-3))
