"""What can be said of a text by itself: its language, what it is about, and its tone. Who is not sure says nothing."""

import asyncio
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from viche_social.domain.inbox import Tone
from viche_social.domain.wording import WordList, tone_of, topic_of
from viche_social.learned import Proposal
from viche_social.searching import Searching

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES = ("en", "uk", "bg", "ru")
"""Languages with word lists."""
SURE = 0.7
"""Probability from which a language is said."""


class Proposing:
    """Looks at texts one by one.

    Args:
        searching: finds their words.
    """

    def __init__(self, searching: Searching) -> None:
        self._searching = searching
        self._identifier: LanguageIdentifier | None = None

    async def ready(self) -> None:
        """Opens the model and the dictionaries; to be awaited outside of transactions before :meth:`propose`."""
        await self._searching.ready()
        if self._identifier is None:
            self._identifier = await asyncio.to_thread(_load)

    def propose(self, text: str, language: str) -> Proposal:
        """What can be said of a text.

        Args:
            text: as it was written.
            language: that the platform names (BCP 47); may be empty.
        """
        tag = language.partition("-")[0].lower() or self.language_of(text)
        if tag not in LANGUAGES:
            return Proposal(tag)
        words, known = self._searching.forms(text, tag), shipped(tag)
        return Proposal(tag, topic_of(words, known), tone_of(words, known) or "")

    def language_of(self, text: str) -> str:
        """The language that a text is in: among all, or else among ours; empty where neither is sure."""
        assert self._identifier is not None, "ready() was not awaited"
        found: list[tuple[str, Any]] = self._identifier.rank(text)
        language, probability = found[0]
        if probability >= SURE:
            return language
        ours = {each: float(share) for each, share in found if each in LANGUAGES}
        best = max(ours, key=lambda each: ours[each])
        return best if ours[best] >= SURE * sum(ours.values()) else ""


@cache
def shipped(language: str) -> WordList:
    """The words that come with the product."""
    text = resources.files("viche_social.civic").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    return WordList(
        {topic: frozenset(_plain(words)) for topic, words in read["topics"].items()},
        {Tone(tone): frozenset(_plain(words)) for tone, words in read["tones"].items()},
    )


def _plain(words: list[str]) -> list[str]:
    """As words of texts are kept: without apostrophes."""
    return [word.replace("'", "") for word in words]


def _load() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # brings numpy and its model along

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
