"""Texts of officers in several languages: cleaned, and held against their rules."""

import re
from collections.abc import Iterator, Mapping, Sequence

from viche_chassis.errors import FieldViolation, invalid
from viche_petitions.domain.drafts import clean_line, clean_text

Texts = Mapping[str, str]
"""BCP 47 language to text."""

MOST_LANGUAGES = 24
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def clean_texts(texts: Texts, *, lines: bool = False) -> dict[str, str]:
    """The texts trimmed, without those that are empty, in the order of their languages.

    Args:
        lines: whether each is one line.
    """
    clean = clean_line if lines else clean_text
    cleaned = {language: clean(text) for language, text in sorted(texts.items())}
    return {language: text for language, text in cleaned.items() if text}


def check_texts(field: str, texts: Texts, most: int, needed: Sequence[str] = ()) -> Iterator[FieldViolation]:
    """What is wrong with texts; a violation is about "field.language".

    Args:
        most: how many characters a text may have.
        needed: languages in one of which it must be; empty where it may be missing.
    """
    if needed and not any(texts.get(language) for language in needed):
        yield invalid(f"{field}.{needed[0]}", "REQUIRED")
    if len(texts) > MOST_LANGUAGES:
        yield invalid(field, "TOO_MANY", limit=MOST_LANGUAGES)
    for language, text in texts.items():
        if not _LANGUAGE.fullmatch(language):
            yield invalid(field, "BAD_LANGUAGE")
        elif len(text) > most:
            yield invalid(f"{field}.{language}", "TOO_LONG", limit=most, length=len(text))
        elif "\x00" in text:
            yield invalid(f"{field}.{language}", "NUL_BYTE")
