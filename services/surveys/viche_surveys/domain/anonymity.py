"""Which counts everybody may see: none that stands for fewer than k answers, and none that would tell such a one.

A count is withheld where it is under `k` (zero is, too: that nobody chose something tells about everybody). What is
withheld could still be worked out where it is a remainder, so further counts, the smallest first, are withheld until
a withheld count may be anything from 0 to k - 1 as far as a reader can tell who knows the rule.
Terms and method: Hundepool et al., Statistical Disclosure Control (2012), chapter 4: primary and complementary
suppression.
"""

from collections.abc import Mapping, Sequence

WITHHELD = -1


def partition(counts: Sequence[int], k: int) -> list[int]:
    """Counts of groups that do not overlap and whose sum is known, with `WITHHELD` for those that nobody may see."""
    hidden = {place for place, count in enumerate(counts) if count < k}
    rest = sorted((place for place in range(len(counts)) if place not in hidden), key=lambda place: counts[place])
    while hidden and rest and not _hides([counts[place] for place in hidden], k, counts[rest[0]]):
        hidden.add(rest.pop(0))
    return [WITHHELD if place in hidden else count for place, count in enumerate(counts)]


def choices(counts: Sequence[int], answered: int, k: int) -> list[int]:
    """Counts of options of which each person chose at least one.

    Whoever did not choose an option is a group, too. Since everybody chose something, what is shown must not add up to
    less than `answered`: the missing ones would be known to have chosen what is withheld.
    """
    hidden = {place for place, count in enumerate(counts) if count < k or answered - count < k}
    rest = sorted((place for place in range(len(counts)) if place not in hidden), key=lambda place: counts[place])
    while hidden and rest and sum(counts[place] for place in rest) < answered:
        hidden.add(rest.pop(0))
    return [WITHHELD if place in hidden else count for place, count in enumerate(counts)]


def places(table: Mapping[str, Sequence[int]], k: int) -> dict[str, list[int]]:
    """How often each option of a ranking was put in which place.

    Rows and columns of such a table add up. It is shown whole, or else with first places alone, which are a partition.
    """
    if all(count >= k for row in table.values() for count in row):
        return {code: list(row) for code, row in table.items()}
    first = partition([row[0] for row in table.values()], k)
    return {
        code: [shown, *[WITHHELD] * (len(row) - 1)] for (code, row), shown in zip(table.items(), first, strict=True)
    }


def _hides(counts: Sequence[int], k: int, least_shown: int) -> bool:
    """Whether a reader who knows the sum of these, and how they were chosen, can work out none of the small ones.

    Without a count of k or more among them, each may be anything from 0 to k - 1. With some, these lie between k and
    the least that is shown, and must leave room for the small ones on both sides.
    """
    total = sum(counts)
    if max(counts) < k:
        return k - 1 <= total <= (len(counts) - 1) * (k - 1)
    return 2 * k - 1 <= total <= (len(counts) - 1) * least_shown
