"""What is learnt from what officers said of messages: which n-grams of letters go with which label. Pure.

A model is linear: it adds up the weights of the n-grams of a text, and where the probability of the best label stays
below its threshold it says nothing. It sees the text alone, without names and addresses in it: never who wrote, nor
more than one text. N-grams are kept as places in a table that many share, so that no model holds words of anybody.
"""

import math
import re
import unicodedata
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

PLACES = 1 << 14
"""Rows of the table of n-grams."""
NGRAMS = range(2, 6)
MOST_CHARACTERS = 1_000
"""So much of a text is read."""
PRECISION = 0.9
"""Of what a model says, at least this share is to be right."""
LEAST_SAID = 10
"""A precision of fewer held-out texts means nothing."""
LEAST_LABELS = 50
LEAST_OF_LABEL = 8
"""A label with fewer texts is not learnt."""
_NAMES = re.compile(r"(?:https?://|www\.)\S+|@[\w.@-]+")
_WORDS = re.compile(r"\w+|[!?]+|[^\w\s]")


class Kind(StrEnum):
    """What is said of a conversation."""

    LANGUAGE = "language"
    TOPIC = "topic"
    TONE = "tone"


@dataclass(frozen=True, slots=True)
class Example:
    """A text, what an officer said of it, and what the word lists propose. Empty: nothing."""

    text: str
    said: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a model from texts that it had not seen.

    Args:
        texts: on which it was trained and measured.
        macro_f1: the mean of the F1 scores of all labels, where to say nothing is to miss.
        words_f1: the same of the word lists.
        precision: the share of what it said that was right; 0 where it said nothing.
        coverage: the share of texts of which it said something.
    """

    texts: int
    macro_f1: float
    words_f1: float
    precision: float
    coverage: float

    @property
    def is_better(self) -> bool:
        """Whether a model with these figures takes the place of the word lists."""
        enough = self.coverage * self.texts >= LEAST_SAID
        return enough and self.precision >= PRECISION and self.macro_f1 > self.words_f1


@dataclass(frozen=True, slots=True)
class Model:
    """Labels with their weights.

    Args:
        labels: in their order; one may be empty, which is to say nothing.
        weights: of place after place, one number for each label; PLACES times as many as there are labels.
        offsets: one for each label.
        threshold: below this probability nothing is said.
    """

    labels: tuple[str, ...]
    weights: "array[float]"
    offsets: tuple[float, ...]
    threshold: float

    def says(self, text: str) -> str:
        """The label of a text; empty where the model is not sure."""
        shares = self.probabilities(text)
        best = max(range(len(shares)), key=lambda each: shares[each])
        return self.labels[best] if shares[best] >= self.threshold else ""

    def probabilities(self, text: str) -> list[float]:
        """Of each label."""
        width, sums = len(self.labels), list(self.offsets)
        for place, value in features(text).items():
            for each, weight in enumerate(self.weights[place * width : (place + 1) * width]):
                sums[each] += value * weight
        most = max(sums)
        powers = [math.exp(each - most) for each in sums]
        return [each / sum(powers) for each in powers]


def features(text: str) -> Mapping[int, float]:
    """The n-grams of a text by their places, with logarithmic counts and length 1."""
    counts: dict[int, int] = {}
    for gram in _grams(text):
        place = zlib.crc32(gram.encode()) % PLACES
        counts[place] = counts.get(place, 0) + 1
    values = {place: 1.0 + math.log(count) for place, count in counts.items()}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {place: value / length for place, value in values.items()}


def plain(text: str) -> str:
    """What is read of a text: small letters, without addresses and names of accounts."""
    return _NAMES.sub(" ", unicodedata.normalize("NFKC", text[:MOST_CHARACTERS]).lower())


def _grams(text: str) -> Iterator[str]:
    for word in _WORDS.findall(plain(text)):
        padded = f" {word} "
        yield f"={word}"
        for size in NGRAMS:
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


def distinct(examples: Sequence[Example]) -> list[Example]:
    """Examples of which no two say the same: a copy must not stand on both sides of a test. The later one stays."""
    return list({" ".join(plain(each.text).split()): each for each in examples}.values())


def learnable(examples: Sequence[Example]) -> list[str]:
    """Labels that can be learnt; none where there are too few texts, or nothing to tell apart."""
    counts: dict[str, int] = {}
    for each in examples:
        counts[each.said] = counts.get(each.said, 0) + 1
    labels = sorted(label for label, count in counts.items() if count >= LEAST_OF_LABEL)
    return labels if len(examples) >= LEAST_LABELS and len(labels) > 1 else []


def fold_of(examples: Sequence[Example], folds: int) -> list[int]:
    """In which fold each example is held out; each label is spread over all, and the same examples give the same."""
    order = sorted(
        range(len(examples)), key=lambda each: (examples[each].said, zlib.crc32(examples[each].text.encode()))
    )
    found = [0] * len(examples)
    for position, each in enumerate(order):
        found[each] = position % folds
    return found


@dataclass(frozen=True, slots=True)
class Guess:
    """What a model would say of a text that it has not seen, how sure it is, and what is right."""

    label: str
    probability: float
    right: str


def threshold_of(guesses: Sequence[Guess]) -> float:
    """The least probability from which on what is said is right often enough; above 1 where there is none.

    One wrong guess more is counted than there are: few texts prove little.
    """
    found, right, said = 2.0, 0, 0
    ordered = sorted((each for each in guesses if each.label), key=lambda each: -each.probability)
    for place, each in enumerate(ordered):
        said, right = said + 1, right + (each.label == each.right)
        is_last_of_equals = place + 1 == len(ordered) or ordered[place + 1].probability < each.probability
        if is_last_of_equals and said >= LEAST_SAID and right >= PRECISION * (said + 1):
            found = each.probability
    return found


def measured(said: Sequence[str], examples: Sequence[Example]) -> Figures:
    """How good it is what was said of held-out examples.

    Args:
        said: of each example; empty for nothing.
        examples: with what is right, and what the word lists propose.
    """
    right = [each.said for each in examples]
    spoken = [(one, other) for one, other in zip(said, right, strict=True) if one]
    return Figures(
        len(examples),
        macro_f1(said, right),
        macro_f1([each.words for each in examples], right),
        sum(one == other for one, other in spoken) / len(spoken) if spoken else 0.0,
        len(spoken) / len(examples) if examples else 0.0,
    )


def macro_f1(said: Sequence[str], right: Sequence[str]) -> float:
    """The mean over all labels that are right somewhere of 2 TP / (2 TP + FP + FN); 0 where there are none."""
    pairs = list(zip(said, right, strict=True))
    labels = sorted({each for each in right if each})
    scores = [
        2 * sum(one == other == label for one, other in pairs) / (said.count(label) + right.count(label))
        for label in labels
    ]
    return sum(scores) / len(scores) if scores else 0.0
