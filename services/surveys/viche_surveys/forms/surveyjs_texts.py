"""Texts of SurveyJS: a string, or one per locale, with HTML and with `{name}` to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from viche_surveys.forms.words import guessed_language, language_tag

TEXTS = frozenset({
    "title", "description", "text", "html", "completedHtml", "otherText", "noneText", "dontKnowText", "refuseText",
    "minRateDescription", "maxRateDescription", "labelTrue", "labelFalse", "commentText", "requiredErrorText",
    "templateTitle",
})  # fmt: skip
MAX_DEPTH = 60


def languages_of(document: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    """Languages of the texts, that of texts without a locale first, and whether that one was guessed."""
    texts = list(_texts(document, 0))
    written = document.get("locale")
    default = language_tag(written) if isinstance(written, str) else ""
    plain = " ".join(each if isinstance(each, str) else str(each.get("default", "")) for each in texts)
    tags = [language_tag(key) for each in texts if isinstance(each, Mapping) for key in each if key != "default"]
    found = dict.fromkeys([default or guessed_language(plain), *filter(None, tags)])
    return tuple(found), not default


def by_language(value: object, default: str) -> dict[str, str]:
    """A text by language."""
    if isinstance(value, str):
        return {default: value} if value.strip() else {}
    if not isinstance(value, Mapping):
        return {}
    found = {default if key == "default" else language_tag(key): text for key, text in value.items()}
    return {tag: text for tag, text in found.items() if tag and isinstance(text, str) and text.strip()}


def _texts(value: object, depth: int) -> Iterator[Any]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key in TEXTS and isinstance(each, str | Mapping):
                yield each
            else:
                yield from _texts(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, depth + 1)
