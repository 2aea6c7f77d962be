"""Weights that bring a sample to known shares of the population: raking, that is iterative proportional fitting.

W. E. Deming, F. F. Stephan, Annals of Mathematical Statistics 11 (1940), 427. Answers that are alike in all the
questions that have targets get the same weight, so the fitting goes over these cells and never over answers.

Where targets can be met, the gap to them in the end shrinks by a factor a round, near 1 where few answers link groups
that have to be moved against each other. Where targets contradict each other it stops shrinking, and where only weights
of nothing would meet them, twice as many rounds merely halve it (F. Pukelsheim, Annals of Operations Research 215
(2014), 269). So the fitting goes on while twice as many rounds do better than that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_ROUNDS = 5_000
FIRST_ROUNDS = 200
"""The gap is compared after these, after twice as many, and so on."""
STUCK = 0.45
"""Twice as many rounds that leave more than this of the gap do not lead to the targets."""
CLOSE = 1e-9
"""A share may be so far from its target."""

Key = tuple[str | None, ...]
"""What an answer says to each question that has targets; None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The outcome; the weights' mean over the answers is 1.

    Attributes:
        by_cell: weight of each answer in a cell.
        gap: greatest difference between a weighted share and its target; more than `CLOSE` where targets contradict
            each other in this sample, or could only be met by weights of nearly nothing.
    """

    by_cell: Mapping[Key, float]
    gap: float


def rake(counts: Mapping[Key, int], targets: Sequence[Mapping[str, float]]) -> Weights:
    """Fits weights.

    Who did not answer a question is left as he is by its targets, which then hold among those who did.

    Args:
        counts: answers in each cell.
        targets: for each question the share of each code, together 1.
    """
    weights, gap = dict.fromkeys(counts, 1.0), 0.0
    look_at, gap_before = FIRST_ROUNDS, float("inf")
    for number in range(1, MOST_ROUNDS + 1):
        for place, shares in enumerate(targets):
            _fit(counts, weights, place, shares)
        gap = max((_gap(counts, weights, place, shares) for place, shares in enumerate(targets)), default=0.0)
        if gap <= CLOSE:
            break
        if number == look_at:
            if gap > STUCK * gap_before:
                break
            look_at, gap_before = 2 * look_at, gap
    mean = sum(weights[key] * count for key, count in counts.items()) / max(1, sum(counts.values()))
    return Weights({key: weight / mean if mean else weight for key, weight in weights.items()}, gap)


def effective(weighted: Iterable[tuple[float, int]]) -> float:
    """Kish's effective number of answers: (Σ w)² / Σ w², of weights and how many answers have each."""
    total = squares = 0.0
    for weight, count in weighted:
        total += weight * count
        squares += weight * weight * count
    return total * total / squares if squares else 0.0


def _fit(counts: Mapping[Key, int], weights: dict[Key, float], place: int, shares: Mapping[str, float]) -> None:
    """Keeps the sum of weights: shares of codes that nobody is left with go to the others."""
    sums = {code: found for code, found in _sums(counts, weights, place).items() if found}
    reached = sum(shares.get(code, 0.0) for code in sums)
    if not reached:
        return
    total = sum(sums.values())
    factors = {code: shares.get(code, 0.0) / reached * total / found for code, found in sums.items()}
    for key in weights:
        code = key[place]
        if code is not None:
            weights[key] *= factors.get(code, 0.0)


def _gap(counts: Mapping[Key, int], weights: Mapping[Key, float], place: int, shares: Mapping[str, float]) -> float:
    sums = _sums(counts, weights, place)
    total = sum(sums.values())
    return max((abs(sums.get(code, 0.0) / total - share) if total else share for code, share in shares.items()))


def _sums(counts: Mapping[Key, int], weights: Mapping[Key, float], place: int) -> dict[str, float]:
    sums: dict[str, float] = {}
    for key, count in counts.items():
        code = key[place]
        if code is not None:
            sums[code] = sums.get(code, 0.0) + weights[key] * count
    return sums
