"""Languages of an XLSForm, and its texts in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from viche_surveys.forms.words import braced, guessed_language, language_tag, piped
from viche_surveys.forms.xlsform_book import Book, Row, Tokens, place

TRANSLATED: tuple[Tokens, ...] = (
    ("label",), ("hint",), ("guidance_hint",), ("bind", "jr:constraintMsg"), ("bind", "jr:requiredMsg"),
)  # fmt: skip
_REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}|jr:choice-name\(\s*\$\{([^}]*)\}\s*,\s*['\"]\$\{[^}]*\}['\"]\s*\)")
_UNNAMED = ("", "default")


class Languages:
    """Languages of the columns, in their order; that of columns that name none is the default language.

    Where the form names no default language either, it is guessed from the letters and reported.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._tags: dict[str, str] = {}
        self.reference: Callable[[Row, Tokens, str], str | None] = lambda row, tokens, name: None
        settings = book.settings()
        default = settings.get("default_language")
        self.default = language_tag(default) if default not in _UNNAMED else ""
        if default and default not in _UNNAMED and not self.default:
            settings.at("default_language").change("UNKNOWN_LANGUAGE", value=default)
        written = list(dict.fromkeys(_languages(book)))
        for each in written:
            if each not in _UNNAMED:
                self._tags[each] = self._tag(each)
        if not self.default:
            self.default = self._guess(any(each in _UNNAMED for each in written))
        self.tags = tuple(dict.fromkeys([self.default, *self._tags.values()]))

    def plain(self, words: str) -> dict[str, str]:
        """A text that has one language only, and nothing to fill in."""
        return {self.default: braced(words)} if words else {}

    def text(self, row: Row, *tokens: str, replacing: Callable[[str], str] = str) -> dict[str, str]:
        """A text of a row in all languages; `${name}` in it becomes what is filled in.

        Where a column names the default language and another none, the one that names it holds.
        """
        found: dict[str, str] = {}
        for language, written in row.texts(*tokens).items():
            tag = self._tags.get(language, self.default)
            if tag not in found or language not in _UNNAMED:
                found[tag] = piped(
                    replacing(written.strip()),
                    _REFERENCE,
                    lambda match: self.reference(row, tokens, match[1] or match[2] or ""),
                )
        return {tag: found[tag] for tag in self.tags if found.get(tag)}

    def title(self, words: str) -> dict[str, str]:
        """The title in the default language."""
        return {self.default: braced(words)}

    def _tag(self, written: str) -> str:
        tag = language_tag(written)
        if tag:
            return tag
        tag = f"und-{re.sub('[^A-Za-z0-9]+', '', written)[:8].lower().ljust(2, 'x')}"
        place(self._book.findings, "survey", 1).change("UNKNOWN_LANGUAGE", value=written, language=tag)
        return tag

    def _guess(self, has_unnamed: bool) -> str:
        if not has_unnamed and self._tags:
            return next(iter(self._tags.values()))
        words = "".join(
            value
            for sheet in ("survey", "choices")
            for row in self._book.sheet(sheet)
            for value in row.texts("label").values()
        )
        language = guessed_language(words)
        place(self._book.findings, "survey", 1).change("LANGUAGE_GUESSED", language=language)
        return language


def _languages(book: Book) -> Iterator[str]:
    for sheet in ("survey", "choices"):
        headers = book.sheet(sheet)[0].headers if book.sheet(sheet) else {}
        for key in headers:
            for tokens in TRANSLATED:
                if key[: len(tokens)] == tokens and len(key) <= len(tokens) + 1:
                    used = any(row.cells.get(key) for row in book.sheet(sheet))
                    if used:
                        yield "::".join(key[len(tokens) :])
