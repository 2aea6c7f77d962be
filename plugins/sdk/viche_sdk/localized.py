"""A text in several languages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

REQUIRED_LANGUAGES = ("en", "uk", "bg", "ru")
"""Every text that people read exists in these languages."""

_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Localized(Mapping[str, str]):
    """One text in several languages; a mapping from BCP 47 tag to text. Make one with `Localized.of`.

    Raises:
        ValueError: a tag is not BCP 47, stands twice, or there is no text at all.
    """

    texts: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        """Refuse tags that no reader could ask for."""
        tags = [tag for tag, _ in self.texts]
        if not tags:
            raise ValueError("a text needs at least one language, for instance Localized.of(en='Petition')")
        for tag in tags:
            if not _LANGUAGE_TAG.fullmatch(tag):
                raise ValueError(f"{tag!r} is not a BCP 47 language tag such as 'uk' or 'sr-Latn'")
        if len({tag.lower() for tag in tags}) != len(tags):
            raise ValueError(f"a language stands twice among {', '.join(tags)}")

    @classmethod
    def of(cls, texts: Mapping[str, str] | None = None, /, **more: str) -> "Localized":
        """Make a text: `Localized.of(en="Petition", uk="Петиція")`, or from a mapping for tags with a hyphen."""
        return cls(tuple(sorted({**(texts or {}), **more}.items())))

    def __getitem__(self, language: str) -> str:
        """The text in exactly this language."""
        return dict(self.texts)[language]

    def __iter__(self) -> Iterator[str]:
        """The languages, in alphabetical order."""
        return iter(dict(self.texts))

    def __len__(self) -> int:
        """How many languages there are."""
        return len(self.texts)

    def text_in(self, language: str, *fallbacks: str) -> str:
        """The text for a reader of `language`.

        Subtags are dropped from the end until something fits (RFC 4647, lookup): "uk-UA" finds "uk".
        Then the fallbacks are tried in the same way, then English, then the first language there is.
        """
        by_tag = {tag.lower(): text for tag, text in self.texts}
        for wanted in (language, *fallbacks, "en"):
            for tag in _shortened(wanted.lower()):
                if tag in by_tag:
                    return by_tag[tag]
        return self.texts[0][1]

    def missing(self, languages: tuple[str, ...] = REQUIRED_LANGUAGES) -> tuple[str, ...]:
        """Those of `languages` that have no text, or only blanks."""
        return tuple(tag for tag in languages if not self.get(tag, "").strip())


def _shortened(tag: str) -> Iterator[str]:
    """The tag itself, then without its last subtag, and so on."""
    subtags = tag.split("-")
    for count in range(len(subtags), 0, -1):
        yield "-".join(subtags[:count])


PLURALS: Mapping[str, tuple[str, ...]] = {
    "en": ("one", "other"),
    "uk": ("one", "few", "many"),
    "bg": ("one", "other"),
    "ru": ("one", "few", "many"),
}
"""Categories of whole numbers that a word needs a form for (CLDR, plural rules); the last one stands after "of N"."""


@dataclass(frozen=True, slots=True)
class Plural:
    """A word as it follows a number, in several languages. Make one with `Plural.of`."""

    forms: tuple[tuple[str, Localized], ...]

    @classmethod
    def of(cls, **languages: tuple[str, ...]) -> "Plural":
        """Make one from the forms of each language in the order of `PLURALS`: `Plural.of(en=("name", "names"))`.

        Raises:
            ValueError: a required language is not there, another one is not known here, or a form is missing.
        """
        if absent := [language for language in REQUIRED_LANGUAGES if language not in languages]:
            raise ValueError(f"write the forms in {', '.join(absent)}, too")
        forms: dict[str, dict[str, str]] = {}
        for language, words in languages.items():
            categories = PLURALS.get(language, ())
            if len(words) != len(categories):
                needed = ", ".join(categories) or "no language that is known here"
                raise ValueError(f"{language} has {len(words)} forms; it needs: {needed}")
            for category, word in zip(categories, words, strict=True):
                forms.setdefault(category, {})[language] = word
        return cls(tuple((category, Localized.of(texts)) for category, texts in forms.items()))
