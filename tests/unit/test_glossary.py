"""The catalogues of pages and mails say the same word for the same thing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
GLOSSARY: dict[str, Any] = tomllib.loads((ROOT / "docs" / "glossary.toml").read_text(encoding="utf-8"))
TERMS: dict[str, dict[str, Any]] = GLOSSARY["terms"]
CATALOGUES = {
    "pages": ROOT / "services" / "gateway" / "viche_gateway" / "translations",
    "mails": ROOT / "services" / "notifications" / "viche_notifications" / "translations",
}
LANGUAGES = ("uk", "bg", "ru")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%\{\w+\}|\{\w+\}")


def deviations(pairs: Sequence[tuple[str, str]], language: str, terms: Mapping[str, Any]) -> Iterator[str]:
    """Sentences whose translation does not use the word of the glossary."""
    for name, term in terms.items():
        english = re.compile(rf"\b({'|'.join(term['english'])})\b", re.IGNORECASE)
        for text, translation in pairs:
            said = translation.lower()
            if english.search(_PLACEHOLDER.sub("", text)) and not any(stem in said for stem in term[language]["stems"]):
                yield f"{name}: {text!r} is {translation!r}"


def translated(speaker: str, language: str) -> list[tuple[str, str]]:
    """Texts with their translations; those that wait for one are left out."""
    path = CATALOGUES[speaker] / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        messages = [each for each in read_po(file, locale=language) if each.id and not each.fuzzy]
    pairs = ((_texts(each.id)[0], " ".join(_texts(each.string))) for each in messages)
    return [(text, translation) for text, translation in pairs if translation.strip()]


def _texts(text: Any) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("speaker", sorted(CATALOGUES))
def test_catalogues_use_the_words_of_the_glossary(speaker: str, language: str) -> None:
    free = set(GLOSSARY["free"][language])
    pairs = [pair for pair in translated(speaker, language) if pair[0] not in free]
    assert pairs
    assert list(deviations(pairs, language, TERMS)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_free_for_nothing(language: str) -> None:
    pairs = [pair for speaker in CATALOGUES for pair in translated(speaker, language)]
    told = {text for text, said in pairs if list(deviations([(text, said)], language, TERMS))}
    assert set(GLOSSARY["free"][language]) - told == set()


@pytest.mark.parametrize("name", sorted(TERMS))
def test_every_term_is_said_in_every_language(name: str) -> None:
    for language in LANGUAGES:
        entry = TERMS[name][language]
        assert any(stem in entry["word"] for stem in entry["stems"])


def test_another_word_for_the_same_thing_is_found() -> None:
    pairs = [("Your petitions", "Ваші звернення"), ("Your petition", "Ваша Петиція"), ("Repetition", "Повтор")]
    terms = {"petition": TERMS["petition"]}
    assert list(deviations(pairs, "uk", terms)) == ["petition: 'Your petitions' is 'Ваші звернення'"]
