"""How easy a text is to read, and which places make it hard. Pure; it proposes, and keeps nothing from going out.

The score follows Flesch (R. Flesch, "A new readability yardstick", 1948) with the coefficients that exist: his own for
English, those of I. Oborneva (2006) for Russian. Nobody has published any for Ukrainian and Bulgarian; their words are
as long in syllables as Russian ones, so those coefficients stand in for them. All scores are held between 0 and 100.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONG_SENTENCE_WORDS = 20
"""More words in a sentence are hard to hold together (GOV.UK style says 25; languages that inflect need fewer)."""
LONG_WORD_SYLLABLES = 6

Syllables = Callable[[str], int]
"""How many syllables a word has."""


class HardReason(StrEnum):
    """Why a place is hard to read; the names are those of the contract."""

    LONG_SENTENCE = "LONG_SENTENCE"
    LONG_WORD = "LONG_WORD"
    OFFICIALESE = "OFFICIALESE"


@dataclass(frozen=True, slots=True)
class HardPlace:
    """A place in a text, in code points; the suggestion may be empty."""

    start: int
    length: int
    reason: HardReason
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text reads: 0 is hard, 100 is easy."""

    score: int
    words_per_sentence: float
    syllables_per_word: float
    places: Sequence[HardPlace]


@dataclass(frozen=True, slots=True)
class _Coefficients:
    per_sentence: float
    per_word: float


_BASE = 206.835
_COEFFICIENTS = {"en": _Coefficients(1.015, 84.6), "ru": _Coefficients(1.3, 60.1)}
_OTHERS = _COEFFICIENTS["ru"]

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+[»”\"')\]]*(?=\s|$)|\n{1,}")
# a full stop behind these ends no sentence
_SHORTENINGS = re.compile(
    r"(?:^|\W)(?:вул|м|р|рр|ст|п|гр|ул|г|гг|д|т|им|ім|с|обл|тис|млн|no|mr|mrs|dr|st|e\.g|i\.e)$", re.I
)


def read(text: str, language: str, syllables: Syllables, phrases: Mapping[str, str]) -> Reading | None:
    """How a text reads; None where it has no words.

    Args:
        text: as it stands.
        language: BCP 47; its first part decides.
        syllables: counts them in a word of that language.
        phrases: what is marked, and what is proposed for it; "*" stands for the rest of a word.
    """
    sentences = [(start, part) for start, part in _sentences(text) if _WORD.search(part)]
    words = [match.group() for _, part in sentences for match in _WORD.finditer(part)]
    if not words:
        return None
    per_sentence = len(words) / len(sentences)
    per_word = sum(map(syllables, words)) / len(words)
    by = _COEFFICIENTS.get(language.partition("-")[0], _OTHERS)
    score = _BASE - by.per_sentence * per_sentence - by.per_word * per_word
    places = sorted(
        [*_long_sentences(sentences), *_long_words(text, syllables), *_phrases(text, phrases)],
        key=lambda place: (place.start, place.length),
    )
    return Reading(max(0, min(100, round(score))), per_sentence, per_word, places)


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Sentences with the place where they begin."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.group() == "." and _SHORTENINGS.search(text[start : match.start()]):
            continue
        yield start, text[start : match.end()]
        start = match.end()
    yield start, text[start:]


def _long_sentences(sentences: Sequence[tuple[int, str]]) -> Iterator[HardPlace]:
    for start, part in sentences:
        if len(_WORD.findall(part)) > LONG_SENTENCE_WORDS:
            whole = part.strip()
            yield HardPlace(start + part.index(whole), len(whole), HardReason.LONG_SENTENCE)


def _long_words(text: str, syllables: Syllables) -> Iterator[HardPlace]:
    for match in _WORD.finditer(text):
        if syllables(match.group()) >= LONG_WORD_SYLLABLES:
            yield HardPlace(match.start(), len(match.group()), HardReason.LONG_WORD)


def _phrases(text: str, phrases: Mapping[str, str]) -> Iterator[HardPlace]:
    """Phrases of offices; of two that begin together the longer one."""
    taken = 0
    found = [
        (match.start(), -len(match.group()), suggestion)
        for phrase, suggestion in phrases.items()
        for match in _pattern(phrase).finditer(text)
    ]
    for start, shorter, suggestion in sorted(found):
        if start >= taken:
            yield HardPlace(start, -shorter, HardReason.OFFICIALESE, suggestion)
            taken = start - shorter


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _pattern(phrase: str) -> re.Pattern[str]:
    """A phrase as it may stand in a text: any case, any space, any apostrophe."""
    if phrase not in _PATTERNS:
        words = [re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in phrase.split()]
        joined = r"\s+".join(words).replace("'", "['’ʼ]")
        _PATTERNS[phrase] = re.compile(rf"(?<!\w){joined}(?!\w)", re.IGNORECASE)
    return _PATTERNS[phrase]
