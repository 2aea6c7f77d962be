"""Notices: what everybody has to know just now, and how it may be written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from viche_chassis.errors import FieldViolation, invalid

MOST_TEXT = 500
MOST_LANGUAGES = 24
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LINK = re.compile(r"https://[^\s<>\"']+")
_BLANKS = re.compile(r"\s+")


class Kind(StrEnum):
    """What a notice does: a banner stands on all pages; under maintenance nothing is taken, either.

    A banner ends at the time that was given. Maintenance does not: work that takes longer than was announced must not
    be met by people who write.
    """

    BANNER = "banner"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class Notice:
    """What was said at one time.

    Args:
        texts: BCP 47 language to plain text.
        until_at: when a banner ends by itself, or by when maintenance is to be over; None where nobody said.
        is_end: whether it took the one before down.
        holds: whether it holds now.
    """

    kind: Kind
    texts: Mapping[str, str]
    link: str
    until_at: datetime | None
    at: datetime
    is_end: bool
    holds: bool


def cleaned(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts of one paragraph each, without those that are empty."""
    found = {language: _BLANKS.sub(" ", text).strip() for language, text in sorted(texts.items())}
    return {language: text for language, text in found.items() if text}


def violations(
    kind: Kind, texts: Mapping[str, str], link: str, until_at: datetime | None, now: datetime
) -> Iterator[FieldViolation]:
    """What keeps a notice from being put up."""
    if kind is Kind.BANNER and not texts:
        yield invalid("text", "REQUIRED")
    if len(texts) > MOST_LANGUAGES:
        yield invalid("text", "TOO_MANY", limit=MOST_LANGUAGES)
    for language, text in texts.items():
        if not _LANGUAGE.fullmatch(language):
            yield invalid("text", "BAD_LANGUAGE")
        elif len(text) > MOST_TEXT:
            yield invalid(f"text.{language}", "TOO_LONG", limit=MOST_TEXT, length=len(text))
        elif "\x00" in text:
            yield invalid(f"text.{language}", "NUL_BYTE")
    if link and not _LINK.fullmatch(link):
        yield invalid("link", "BAD_ADDRESS")
    if until_at is not None and until_at <= now:
        yield invalid("until_at", "IN_THE_PAST")
