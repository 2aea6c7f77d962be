"""Answers in texts: `{expression}` gives way to its value, `{{` and `}}` stand for braces.

A bare `{name}` of a question with options shows their labels.
The portal does the same in the browser (`render` of `static/src/expressions.js`).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from viche_surveys.domain import expressions, functions
from viche_surveys.domain.cel_source import place
from viche_surveys.domain.definition import Definition, localized
from viche_surveys.domain.expressions import Fault, Reason

_PART = re.compile(r"""\{\{|\}\}|\{((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^{}"'])*)\}|[{}]""")

Labels = Mapping[str, Mapping[str, str]]
"""Labels of options by the name of their question and their code, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Piped:
    """An expression in a text, and where in the text it begins."""

    expression: str
    start: int


def render(text: str, names: Mapping[str, object], *, labels: Labels, today: date, position: int | None = None) -> str:
    """The text with what its expressions give, plain: whoever puts it on a page escapes it.

    Numbers are written without ".0", lists with commas; what has no value leaves nothing.
    """

    def value(expression: str) -> str:
        given = expressions.evaluate(expression, names, today=today, position=position)
        return functions.text(_labelled(given, labels.get(expression, {}))) or ""

    return "".join(part if isinstance(part, str) else value(part.expression) for part in parts(text))


def parts(text: str) -> Iterator[str | Piped]:
    """The text in its order: what stays as it is, and the expressions. A brace without its other one stays."""
    end = 0
    for match in _PART.finditer(text):
        yield text[end : match.start()]
        if match[1] is None:
            yield match[0][0]
        else:
            blanks = len(match[1]) - len(match[1].lstrip())
            yield Piped(match[1].strip(), match.start(1) + blanks)
        end = match.end()
    yield text[end:]


def faults(text: str, known_names: Collection[str]) -> list[Fault]:
    """Everything that is wrong with the expressions of a text, with its place in the text."""
    found = [Fault(Reason.SYNTAX, match[0], *place(text, match.start())) for match in _strays(text)]
    for part in parts(text):
        if isinstance(part, Piped):
            found += _placed(part, text, known_names)
    return found


def option_labels(definition: Definition, language: str) -> Labels:
    """The labels that `render` shows, in that language."""
    return {
        question.name: {
            option.code: localized(option.label, language, definition.languages) for option in question.options
        }
        for question in definition.questions()
        if question.options
    }


def _strays(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _PART.finditer(text) if match[0] in ("{", "}"))


def _placed(part: Piped, text: str, known_names: Collection[str]) -> Iterator[Fault]:
    if not part.expression:
        yield Fault(Reason.SYNTAX, "{}", *place(text, part.start))
    line, column = place(text, part.start)
    for fault in expressions.faults(part.expression, known_names):
        before = column - 1 if fault.line == 1 else 0
        yield replace(fault, line=fault.line + line - 1, column=fault.column + before)


def _labelled(value: object, labels: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return [_labelled(each, labels) for each in value]
    return labels.get(value, value) if isinstance(value, str) else value
