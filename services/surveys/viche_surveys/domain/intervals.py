"""How sure a share or a mean is: 95 % intervals."""

import math
from dataclasses import dataclass

Z95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Its ends."""

    low: float
    high: float


def of_share(share: float, n: float) -> Interval:
    """Wilson's score interval (JASA 22, 1927) of a share of `n` answers; with weights `n` is the effective number.

    It stays within 0 and 1 and holds for few answers and for shares near the ends, where the usual one does not.
    """
    if n <= 0:
        return Interval(0.0, 1.0)
    square = Z95 * Z95
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def of_mean(mean: float, deviation: float, n: int) -> Interval:
    """By the normal distribution, to which that of a mean is close from some 30 answers on."""
    half = Z95 * deviation / math.sqrt(n) if n else math.inf
    return Interval(mean - half, mean + half)


def deviation(count: int, total: float, squares: float) -> float:
    """Standard deviation (n - 1) of numbers of which their sum and the sum of their squares are known."""
    if count < 2:
        return 0.0
    return math.sqrt(max(0.0, (squares - total * total / count) / (count - 1)))
