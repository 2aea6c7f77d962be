"""A definition and a mapping out of guesses: the mapping brings the answers that the survey then asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from viche_cli.imports.answer_table import Layout
from viche_cli.imports.defining.columns import EMPTY
from viche_cli.imports.defining.guessing import Guess
from viche_surveys.forms.words import code_of, name_of

PER_PAGE = 10
_TYPES = {"text": "text", "email": "text", "number": "number", "date": "date", "time": "time", "datetime": "datetime"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A guess with the name of its question and the codes of its options and parts; nothing of what is no question."""

    guess: Guess
    name: str = ""
    codes: Mapping[str, str] | None = None
    parts: Sequence[str] = ()


def named(guesses: Sequence[Guess]) -> list[Asked]:
    """Names and codes for all of them."""
    taken: set[str] = set()
    found: list[Asked] = []
    for guess in guesses:
        if not guess.kind:
            found.append(Asked(guess))
            continue
        name = name_of(_short(guess.label), taken, f"question_{len(taken) + 1}")
        taken.add(name)
        codes = dict(zip(guess.options, _codes(guess.options, "option"), strict=True))
        found.append(Asked(guess, name, codes, _codes(guess.parts, "part")))
    return found


def definition(asked: Sequence[Asked], language: str, title: str) -> dict[str, Any]:
    """The survey as a document, ten questions on a page."""
    items = [_question(each, lambda text: {language: _literal(text)}) for each in asked if each.name]
    pages = [
        {"name": f"page_{number}", "items": items[start : start + PER_PAGE]}
        for number, start in enumerate(range(0, len(items), PER_PAGE), start=1)
    ]
    return {"format": "viche-survey/1", "languages": [language], "title": {language: _literal(title)}, "pages": pages}


def _question(asked: Asked, text: Callable[[str], Mapping[str, str]]) -> dict[str, Any]:
    guess = asked.guess
    question: dict[str, Any] = {"name": asked.name, "kind": guess.kind, "label": text(guess.label), **guess.more}
    options = [{"code": code, "label": text(label)} for label, code in (asked.codes or {}).items()]
    parts = [{"code": code, "label": text(label)} for code, label in zip(asked.parts, guess.parts, strict=True)]
    if guess.shape == "rows":
        question["rows"] = parts
    elif parts:
        options = parts
    if options:
        question["options"] = options
    return question


def mapping(asked: Sequence[Asked], layout: Layout, source: str) -> str:
    """The mapping in TOML. Columns are named by their numbers, which stay true whatever a header says."""
    return "\n".join(_lines(asked, layout, source)) + "\n"


def _lines(asked: Sequence[Asked], layout: Layout, source: str) -> Iterator[str]:
    by_shape = {each.guess.shape: each.guess for each in asked}
    yield "# Guessed from the answers themselves: look it over together with the survey."
    yield f"id = {by_shape['id'].columns[0].number}  # {_comment(by_shape['id'].label)}"
    yield f"source = {_toml(source)}"
    yield f"empty = {_toml(sorted(EMPTY - {''}))}"
    for name in ("encoding", "delimiter", "header_rows"):
        if getattr(layout, name) != getattr(Layout(), name):
            yield f"{name} = {_toml(getattr(layout, name))}"
    if when := by_shape.get("submitted"):
        yield '\n[submitted]  # zone = "Europe/Kyiv" where it is not UTC'
        yield f"column = {when.columns[0].number}\nformat = {_toml(when.format)}"
    for each in asked:
        yield from _of_question(each) if each.name else _of_none(each.guess)


def _of_none(guess: Guess) -> Iterator[str]:
    if not guess.shape:
        yield f"\n# column {guess.columns[0].number}, {_comment(guess.label)}: {guess.reason}"


def _of_question(asked: Asked) -> Iterator[str]:
    guess = asked.guess
    yield f"\n[questions.{asked.name}]  # {_comment(guess.label)}"
    if guess.shape == "column":
        yield f"column = {guess.columns[0].number}"
    if kind := _TYPES.get(guess.kind):
        yield f'type = "{kind}"'
    if guess.format:
        yield f"format = {_toml(guess.format)}"
    if guess.separator:
        yield f"separator = {_toml(guess.separator)}"
    if guess.shape != "column":
        columns = zip(asked.parts, guess.columns, strict=True)
        yield f"{guess.shape} = {{ {', '.join(f'{code} = {column.number}' for code, column in columns)} }}"
    if asked.codes:
        yield f"[questions.{asked.name}.values]"
        yield from (f"{_toml(text)} = {_toml(code)}" for text, code in asked.codes.items())


def _codes(texts: Sequence[str], otherwise: str) -> list[str]:
    codes: dict[str, None] = {}
    for number, text in enumerate(texts, start=1):
        code = name_of(_short(text), codes, f"{otherwise}_{number}")
        codes[code_of(code, codes)] = None
    return list(codes)


def _short(text: str) -> str:
    """The beginning of a text, in words of a name."""
    return " ".join(text.lower().split()[:6])[:40]


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _toml(value: Any) -> str:
    """A TOML value; its texts are written as JSON writes them, which TOML reads alike."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    return " ".join("".join(each for each in text if each.isprintable() or each == " ").split())[:80]
