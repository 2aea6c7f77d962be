"""Texts, languages and names of forms, as definitions have them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection
from html.parser import HTMLParser

from viche_surveys.domain.checking import RESERVED

LANGUAGES = {
    "arabic": "ar", "armenian": "hy", "azerbaijani": "az", "belarusian": "be", "bulgarian": "bg", "chinese": "zh",
    "crimean tatar": "crh", "croatian": "hr", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en",
    "estonian": "et", "finnish": "fi", "french": "fr", "georgian": "ka", "german": "de", "greek": "el", "hebrew": "he",
    "hindi": "hi", "hungarian": "hu", "italian": "it", "japanese": "ja", "kazakh": "kk", "latvian": "lv",
    "lithuanian": "lt", "macedonian": "mk", "moldovan": "ro", "norwegian": "no", "polish": "pl", "portuguese": "pt",
    "romanian": "ro", "romani": "rom", "russian": "ru", "serbian": "sr", "slovak": "sk", "slovenian": "sl",
    "spanish": "es", "swahili": "sw", "swedish": "sv", "turkish": "tr", "ukrainian": "uk", "українська": "uk",
    "русский": "ru", "български": "bg", "deutsch": "de", "français": "fr", "español": "es", "polski": "pl",
}  # fmt: skip
"""BCP 47 tags by the names that people write over columns."""
NAMES = {tag: name.title() for name, tag in reversed(LANGUAGES.items()) if name.isascii()}
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_IN_BRACKETS = re.compile(r"\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\s*\)\s*$")
_BLOCKS = frozenset({"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
_UNSEEN = frozenset({"script", "style", "head", "template"})
_MAX_NAME = 90


def language_tag(written: str) -> str:
    """The tag of a language as somebody named it; "" if none can be told."""
    written = written.strip()
    if match := _IN_BRACKETS.search(written):
        return match[1].replace("_", "-")
    if known := LANGUAGES.get(written.lower()):
        return known
    return written.replace("_", "-") if _TAG.fullmatch(written.replace("_", "-")) else ""


def guessed_language(words: str) -> str:
    """The language of a form that names none, by its letters: Ukrainian, Russian, Bulgarian, else English."""
    if re.search("[іїєґІЇЄҐ]", words):
        return "uk"
    if re.search("[ыэёЫЭЁ]", words):
        return "ru"
    if re.search("[ъЪ]", words):
        return "bg"
    return "uk" if re.search("[а-яА-Я]", words) else "en"


def name_of(written: str, taken: Collection[str] = (), otherwise: str = "item") -> str:
    """A name that definitions can have, as near to the one that is written as can be."""
    name = re.sub(r"[^A-Za-z0-9_]+", "_", written).strip("_") or otherwise
    name = written if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", written) else name
    if name[0].isdigit():
        name = f"_{name}"
    name = name[:_MAX_NAME] + ("_" if name in RESERVED else "")
    return free(name, taken)


def code_of(written: str, taken: Collection[str] = ()) -> str:
    """A code of an option, without blanks and of bounded length."""
    return free(re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", "_", written.strip())[:60] or "_", taken)


def free(name: str, taken: Collection[str]) -> str:
    """The name, or the next with a number that nobody has."""
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def braced(text: str) -> str:
    """A text without anything to fill in."""
    return text.replace("{", "{{").replace("}", "}}")


def piped(text: str, mark: re.Pattern[str], value: Callable[[re.Match[str]], str | None]) -> str:
    """A text in which what `mark` finds gives way to an expression; where `value` gives None, it stays as written."""
    parts: list[str] = []
    end = 0
    for match in mark.finditer(text):
        found = value(match)
        parts.append(braced(text[end : match.start()]))
        parts.append(braced(match[0]) if found is None else f"{{{found}}}")
        end = match.end()
    return "".join(parts) + braced(text[end:])


def plain_text(source: str) -> tuple[str, bool]:
    """The words of an HTML text, a paragraph a line, and whether more than words was there."""
    if "<" not in source and "&" not in source:
        return source.strip(), False
    reader = _Words()
    reader.feed(source)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).split("\n")]
    words = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return words, reader.has_more


class _Words(HTMLParser):
    """Keeps what people read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.has_more = False
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        self.has_more = self.has_more or tag not in ("p", "br", "span", "div")
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag in _BLOCKS and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(html.unescape(data))
