"""What words tell of a text: its topic and its tone. Pure; who is not sure says nothing.

Words know no irony and no context, so they only propose, and an officer decides. Absence of words proves nothing:
that a text is neutral is never proposed. Nothing here looks at who wrote, or at more than one text.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from viche_social.domain.inbox import Tone

FAR_AHEAD = 2
"""So many times more words than any other topic has are needed."""
MOST_FOR_ONE = 40
"""In a text of more words, a single one says little."""


@dataclass(frozen=True, slots=True)
class WordList:
    """Lemmas of one language."""

    topics: Mapping[str, frozenset[str]]
    tones: Mapping[Tone, frozenset[str]]


def topic_of(words: Sequence[Collection[str]], known: WordList) -> str:
    """The topic that stands far ahead of the others; empty where none does.

    Args:
        words: of the text, each in all its forms.
        known: lemmas of its language.
    """
    counts = {topic: _distinct(words, lemmas) for topic, lemmas in known.topics.items()}
    (best, most), *others = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    second = others[0][1] if others else 0
    if most == 0 or most < FAR_AHEAD * second or (most == 1 and len(words) > MOST_FOR_ONE):
        return ""
    return best


def tone_of(words: Sequence[Collection[str]], known: WordList) -> Tone | None:
    """Friendly or angry, where words say one and not the other; None where they do not."""
    said = [tone for tone, lemmas in known.tones.items() if _distinct(words, lemmas)]
    return said[0] if len(said) == 1 else None


def _distinct(words: Sequence[Collection[str]], lemmas: frozenset[str]) -> int:
    return len({lemma for forms in words for lemma in lemmas.intersection(forms)})
