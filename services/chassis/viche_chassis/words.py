"""Words for search: forms as written and their lemmas, as values of PostgreSQL's tsvector and tsquery.

PostgreSQL has no dictionaries for Ukrainian and Bulgarian, so the lemmas are ours (simplemma). Its dictionaries are
kept as tries in files, which need a tenth of the memory; the files are made once, in a process of its own that takes
the memory of making them with it.
"""

import asyncio
import re
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import simplemma
from platformdirs import user_cache_path
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import TrieDictionaryFactory

DICTIONARIES = ("en", "uk", "bg", "ru")
LATIN = frozenset({"en"})
MAX_WORDS = 16_000  # a tsvector has no positions above 16,383
MAX_WORD = 60
MAX_QUERY_WORDS = 12
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u2018": "'", "`": "'", "\u0301": None})
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


class Words:
    """Splits and lemmatises texts. Make it with :func:`load_words`."""

    def __init__(self, folder: Path) -> None:
        factory = TrieDictionaryFactory(disk_cache_dir=str(folder))
        self._lemmatizer = simplemma.Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=factory))
        self._lemma = lru_cache(maxsize=4_096)(self._look_up)

    def vector(self, language: str, *texts: tuple[str, str]) -> str:
        """A tsvector, written out, of texts with their weights.

        Args:
            language: BCP 47, of the texts.
            texts: pairs of a weight ("A" to "D") and a text.
        """
        places: dict[str, list[str]] = {}
        position = 0
        for weight, text in texts:
            for word in split(text):
                position = min(position + 1, MAX_WORDS)
                for form in self._forms(word, language):
                    places.setdefault(form, []).append(f"{position}{weight}")
        return " ".join(f"{_quote(form)}:{','.join(found[:200])}" for form, found in sorted(places.items()))

    def query(self, text: str, language: str) -> str:
        """A tsquery, written out: every word in one form, the last one also as a beginning. Empty for no words."""
        found = split(text)[:MAX_QUERY_WORDS]
        terms: list[str] = []
        for place, word in enumerate(found):
            alternatives = [_quote(form) for form in sorted(self._forms(word, language))]
            if place == len(found) - 1:
                alternatives.append(f"{_quote(_plain(word))}:*")
            terms.append(f"({' | '.join(alternatives)})")
        return " & ".join(terms)

    def forms(self, text: str, language: str) -> list[set[str]]:
        """The words of a text in their order, each as written and as its lemmas, for an index of one's own."""
        return [self._forms(word, language) for word in split(text)[:MAX_WORDS]]

    def _forms(self, word: str, language: str) -> set[str]:
        """The word and its lemmas.

        Texts and searches come in several languages, and a dictionary may know a form only as that of another word
        (Bulgarian "площадки" as that of "площад"), so all languages in the script of a word have their say.
        """
        return {_plain(word), *(self._lemma(word, each) for each in _languages_of(word, language))}

    def _look_up(self, word: str, language: str) -> str:
        return _plain(self._lemmatizer.lemmatize(word, lang=language).casefold())


def split(text: str) -> list[str]:
    """The words of a text, folded: NFKC, no case, apostrophes of one kind, and without the English genitive."""
    folded = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).casefold()
    return [word.removesuffix("'s") for word in _WORD.findall(folded)]


async def load_words(folder: Path | None = None) -> Words:
    """The words of all dictionaries, whose files are made if they are not there.

    Args:
        folder: where the files are kept; by default in the user's cache.
    """
    version = simplemma.__version__
    folder = folder or user_cache_path("viche") / f"words-{version}"
    if not all((folder / f"{language}.dic").exists() for language in DICTIONARIES):
        maker = await asyncio.create_subprocess_exec(sys.executable, "-m", "viche_chassis.words", str(folder))
        await maker.wait()  # where it fails, for instance on a read-only disk, they are made in memory
    return Words(folder)


def make_dictionaries(folder: Path, languages: Iterable[str] = DICTIONARIES) -> None:
    """Makes the files; each appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".making-", dir=folder))
    try:
        factory = TrieDictionaryFactory(disk_cache_dir=str(draft))
        for language in languages:
            factory.get_dictionary(language)
            (draft / f"{language}.dic").replace(folder / f"{language}.dic")
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _plain(word: str) -> str:
    """As it is kept: people write apostrophes or leave them out."""
    return word.replace("'", "")[:MAX_WORD]


def _languages_of(word: str, language: str) -> Sequence[str]:
    is_cyrillic = bool(_CYRILLIC.search(word))
    own = language.split("-")[0].lower()
    return [each for each in DICTIONARIES if (each not in LATIN) == is_cyrillic or each == own]


def _quote(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


if __name__ == "__main__":
    make_dictionaries(Path(sys.argv[1]))
