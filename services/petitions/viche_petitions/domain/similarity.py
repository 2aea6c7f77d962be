"""How alike two titles are: the cosine of their trigrams, of which rare ones weigh more (tf-idf).

Trigrams are of words, with a blank in front and none behind, so that endings count little. Letters that the Cyrillic
alphabets write differently for much the same sound are one: the same title in Ukrainian and in Russian is similar.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, combinations
from typing import NamedTuple

_FOLDED = str.maketrans("іыїйёэєґ", "ииииееег", "ьъ'")
_PER_WORD = 3
# titles, as the sample lets expect
_MOST_EACH = 200.0
_MOST_TOGETHER = 600.0
_MOST_PROBES = 16
_LEAST_PROBES = 3
_PER_PAIR = 2
# how many imagined titles without any of the trigrams soften what a small sample says
_SOFTENING = 100


@lru_cache(maxsize=4_096)
def trigrams(word: str) -> frozenset[str]:
    """The trigrams of a folded word; a word of one letter is one by itself."""
    form = " " + word.translate(_FOLDED)
    return frozenset(form[place : place + 3] for place in range(max(1, len(form) - 2)))


def trigrams_of(words: Iterable[str]) -> frozenset[str]:
    """The trigrams of the words of a title."""
    return frozenset().union(*map(trigrams, words))


class Probe(NamedTuple):
    """What candidates are looked up by: titles that have both trigrams (one, where both are the same)."""

    first: str
    second: str


class Rarity:
    """How often trigrams occur in titles.

    Args:
        total: how many titles there are.
        sample: in how many of them was counted; 0 before anything was.
        counts: titles of the sample by trigram; those in none may be missing.
    """

    def __init__(self, total: int = 0, sample: int = 0, counts: Mapping[str, int] | None = None) -> None:
        self.total = total
        self._scale = total / max(1, sample)
        self._counts = counts or {}
        self._weights = {trigram: _weight(sample, count) for trigram, count in self._counts.items()}
        self._weight_of_unseen = _weight(sample, 0)

    def weight(self, trigrams: Iterable[str]) -> float:
        """What they weigh together: each the square of its inverse document frequency, as both titles bring it in."""
        weights, unseen = self._weights, self._weight_of_unseen
        return sum(weights.get(trigram, unseen) for trigram in trigrams)

    def rarest(self, word: str, most: int) -> list[str]:
        """The trigrams of a word that the fewest titles have."""
        return sorted(trigrams(word), key=lambda trigram: (self._counts.get(trigram, 0), trigram))[:most]

    def expected(self, trigram: str) -> float:
        """About how many titles have it."""
        return (self._counts.get(trigram, 0) + 0.5) * self._scale

    def expected_together(self, first: str, second: str) -> float:
        """About how many titles have both, as if one said nothing of the other."""
        return self.expected(first) * self.expected(second) / max(1, self.total)


def similarity(one: frozenset[str], other: frozenset[str], rarity: Rarity) -> float:
    """From 0 (no trigram in common) to 1 (the same trigrams)."""
    product = rarity.weight(one) * rarity.weight(other)
    return min(1.0, rarity.weight(one & other) / math.sqrt(product)) if product else 0.0


def probes(words: Sequence[str], rarity: Rarity) -> list[Probe]:
    """What finds the titles that are likely to be similar, and not many others.

    Rare trigrams are looked up alone; common ones only two at a time, so that titles of common words cost no more than
    others. Each word gives its rarest ones, so that one misspelt or inflected word leaves the others.
    """
    rarest = [rarity.rarest(word, _PER_WORD) for word in dict.fromkeys(words)]
    alone = {trigram: rarity.expected(trigram) for found in rarest for trigram in found}
    rare = [(much, Probe(trigram, trigram)) for trigram, much in alone.items() if much <= _MOST_EACH]
    common = [[trigram for trigram in found if alone[trigram] > _MOST_EACH] for found in rarest]
    within = [(min(alone[one], alone[two]) / 2, Probe(one, two)) for one, two, *_ in (x for x in common if len(x) > 1)]
    across = [
        (rarity.expected_together(one, other), Probe(one, other))
        for ones, others in combinations(common, 2)
        for one, other in zip(ones[:_PER_PAIR], others[:_PER_PAIR], strict=False)
    ]
    return _within(sorted(rare)) + _within(sorted(within + across))


def _within(found: Sequence[tuple[float, Probe]]) -> list[Probe]:
    """The first ones, until they would bring too many titles; a few in any case."""
    together = accumulate(much for much, _ in found)
    return [
        probe
        for number, ((_, probe), much) in enumerate(zip(found, together, strict=True))
        if number < _MOST_PROBES and (number < _LEAST_PROBES or much <= _MOST_TOGETHER)
    ]


def _weight(sample: int, count: int) -> float:
    return math.log(1 + (sample + _SOFTENING) / (count + 1)) ** 2
