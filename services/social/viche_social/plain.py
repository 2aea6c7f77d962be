"""The words of offices, syllables, and a text's reading by both."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from viche_chassis.config import ConfigError
from viche_social.domain.plain import Reading, read

LANGUAGES = ("en", "uk", "bg", "ru")
# patterns of hyphenation break where a word may be divided, which is nearly, and not quite, where syllables end;
# in these scripts each vowel is one syllable
_VOWELS = {"uk": "аеєиіїоуюя", "bg": "аъоуеиюя", "ru": "аеёиоуыэюя"}


class PlainLanguage:
    """Reads texts. Made once.

    Args:
        own: a TOML file of the operator with a table for each language; None for none.

    Raises:
        ConfigError: the file cannot be read.
    """

    def __init__(self, own: Path | None = None) -> None:
        added = _own(own) if own else {}
        self._phrases = {language: _merged(shipped(language), added.get(language, {})) for language in LANGUAGES}

    def read(self, text: str, language: str) -> Reading | None:
        """How a text reads; None where it has no words, or is in a language that is not known here."""
        tag = language.partition("-")[0]
        if tag not in self._phrases:
            return None
        return read(text, tag, lambda word: syllables(word, tag), self._phrases[tag])


def shipped(language: str) -> Mapping[str, str]:
    """The phrases that come with the product."""
    text = resources.files("viche_social.officialese").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def syllables(word: str, language: str) -> int:
    """How many syllables a word has, at least one."""
    vowels = _VOWELS.get(language)
    if vowels:
        return max(1, sum(letter in vowels for letter in word.lower()))
    return len(_hyphenation(language).positions(word)) + 1


@cache
def _hyphenation(language: str):
    import pyphen  # reads its dictionaries: some milliseconds

    return pyphen.Pyphen(lang=language, left=1, right=1)


def _merged(shipped: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """The operator's lines win; one with an empty text takes a line away."""
    return {phrase: suggestion for phrase, suggestion in {**shipped, **own}.items() if suggestion}


def _own(path: Path) -> Mapping[str, Mapping[str, str]]:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError([f"the file of office words {path.name} cannot be read: {error}"]) from error
    if not all(isinstance(table, dict) for table in read.values()):
        raise ConfigError([f"the file of office words {path.name} must have a table for each language, such as [uk]"])
    return read
