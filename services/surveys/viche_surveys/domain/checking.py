"""What keeps a definition from being answered: its structure here, its expressions in `expression_checking.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from viche_surveys.domain.defaults import default_faults
from viche_surveys.domain.definition import (
    WITH_OPTIONS,
    Definition,
    Group,
    Kind,
    Page,
    Question,
    Quota,
    Text,
)
from viche_surveys.domain.expression_checking import expression_faults
from viche_surveys.domain.faults import Fault, fault
from viche_surveys.domain.limits import limit_faults

T = TypeVar("T")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
CODE = re.compile(r"[^\s\x00-\x20\x7f-\x9f]{1,64}")
RESERVED = frozenset({
    "value", "option", "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function",
    "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
})  # fmt: skip
"""Names that expressions use for something else; those of CEL's grammar, and ours for an answer and an option."""
FIELD_OF_DONT_KNOW = "dont_know"
"""What a form calls it; a row, or an option that has a field of its own, cannot be called so."""
MOST_LANGUAGES = 24
MOST_QUESTIONS = 2_000
MOST_OPTIONS = 5_000
MOST_CHARACTERS = 20_000
MOST_INSTANCES = 200


def faults(definition: Definition) -> list[Fault]:
    """Everything that keeps a definition from opening: faults of its structure, then those of its expressions.

    Reasons of the structure: NO_LANGUAGE, BAD_LANGUAGE, LANGUAGE_TWICE, TOO_MANY, TEXT_MISSING, UNKNOWN_LANGUAGE,
    TEXT_TOO_LONG, EMPTY, NO_QUESTIONS, BAD_NAME, RESERVED_NAME, NAME_TWICE, NESTED_TOO_DEEP, REPEAT_IN_REPEAT,
    NO_OPTIONS, NO_ROWS, BAD_CODE, CODE_TWICE, EXPRESSION_MISSING, those of `limits.py` and `expression_checking.py`.
    """
    return [*_Check(definition).run(), *expression_faults(definition)]


@dataclass
class _Check:
    """One pass over a definition; `_named` says where each name was met first."""

    definition: Definition
    _named: dict[str, str] = field(default_factory=dict)

    def run(self) -> Iterator[Fault]:
        yield from self._languages()
        yield from self._text("/title", self.definition.title, is_needed=True)
        yield from self._text("/introduction", self.definition.introduction)
        yield from self._text("/thanks", self.definition.thanks)
        count = sum(1 for _ in self.definition.questions())
        if count > MOST_QUESTIONS:
            yield fault("/pages", "TOO_MANY", limit=MOST_QUESTIONS)
        if not any(each.kind not in (Kind.NOTE, Kind.CALCULATED) for each in self.definition.questions()):
            yield fault("/pages", "NO_QUESTIONS")
        for place, page in _placed("/pages", self.definition.pages):
            yield from self._page(place, page)
        for place, quota in _placed("/quotas", self.definition.quotas):
            yield from self._quota(place, quota)

    def _languages(self) -> Iterator[Fault]:
        languages = self.definition.languages
        if not languages:
            yield fault("/languages", "NO_LANGUAGE")
        if len(languages) > MOST_LANGUAGES:
            yield fault("/languages", "TOO_MANY", limit=MOST_LANGUAGES)
        for place, language in _placed("/languages", languages):
            if not LANGUAGE.fullmatch(language):
                yield fault(place, "BAD_LANGUAGE", value=language[:40])
            elif languages.index(language) < int(place.rpartition("/")[2]):
                yield fault(place, "LANGUAGE_TWICE", value=language)

    def _text(self, place: str, text: Text, *, is_needed: bool = False) -> Iterator[Fault]:
        """A text must be there in the language that others fall back to."""
        languages = self.definition.languages
        if (is_needed or text) and languages and not text.get(languages[0], "").strip():
            yield fault(place, "TEXT_MISSING", language=languages[0])
        for language, words in text.items():
            if language not in languages:
                yield fault(place, "UNKNOWN_LANGUAGE", value=language[:40])
            if len(words) > MOST_CHARACTERS:
                yield fault(f"{place}/{_escaped(language)}", "TEXT_TOO_LONG", limit=MOST_CHARACTERS, length=len(words))

    def _name(self, place: str, name: str) -> Iterator[Fault]:
        if not NAME.fullmatch(name):
            yield fault(f"{place}/name", "BAD_NAME", value=name[:60])
        elif name in RESERVED:
            yield fault(f"{place}/name", "RESERVED_NAME", value=name)
        if self._named.setdefault(name, place) != place:
            yield fault(f"{place}/name", "NAME_TWICE", value=name[:60], first=self._named[name])

    def _page(self, place: str, page: Page) -> Iterator[Fault]:
        yield from self._name(place, page.name)
        yield from self._text(f"{place}/title", page.title)
        yield from self._items(place, page.items, depth=0, in_repeat=False)

    def _items(
        self, place: str, items: Sequence[Question | Group], *, depth: int, in_repeat: bool
    ) -> Iterator[Fault]:  # fmt: skip
        if not items:
            yield fault(f"{place}/items", "EMPTY")
        for here, item in _placed(f"{place}/items", items):
            if isinstance(item, Group):
                yield from self._group(here, item, depth, in_repeat)
            else:
                yield from self._question(here, item)

    def _group(self, place: str, group: Group, depth: int, in_repeat: bool) -> Iterator[Fault]:
        """Groups hold questions and, at most once, groups; a repeat is in no other."""
        yield from self._name(place, group.name)
        yield from self._text(f"{place}/label", group.label)
        yield from self._text(f"{place}/hint", group.hint)
        if depth > 1:
            yield fault(place, "NESTED_TOO_DEEP")
        if group.repeat is not None:
            if in_repeat:
                yield fault(f"{place}/repeat", "REPEAT_IN_REPEAT")
            if not 0 <= group.repeat.minimum <= group.repeat.maximum <= MOST_INSTANCES or group.repeat.maximum < 1:
                yield fault(f"{place}/repeat", "BAD_RANGE", least=0, most=MOST_INSTANCES)
        yield from self._items(place, group.items, depth=depth + 1, in_repeat=in_repeat or group.repeat is not None)

    def _question(self, place: str, question: Question) -> Iterator[Fault]:
        yield from self._name(place, question.name)
        yield from self._text(f"{place}/label", question.label, is_needed=question.kind is not Kind.CALCULATED)
        for name in ("hint", "constraint_message", "unit", "low_label", "high_label"):
            yield from self._text(f"{place}/{name}", getattr(question, name))
        yield from self._options(place, question)
        if question.kind is Kind.CALCULATED and not question.expression.strip():
            yield fault(f"{place}/expression", "EXPRESSION_MISSING")
        yield from limit_faults(place, question)
        yield from default_faults(place, question)

    def _options(self, place: str, question: Question) -> Iterator[Fault]:
        if question.kind in WITH_OPTIONS and not question.options:
            yield fault(f"{place}/options", "NO_OPTIONS")
        if question.kind is Kind.MATRIX and not question.rows:
            yield fault(f"{place}/rows", "NO_ROWS")
        yield from self._codes(f"{place}/options", question, "options", _option_code_is_good(question.kind))
        yield from self._codes(f"{place}/rows", question, "rows", _row_code_is_good)

    def _codes(self, place: str, question: Question, name: str, is_good: Callable[[str], bool]) -> Iterator[Fault]:
        listed, met = getattr(question, name), set[str]()
        if len(listed) > MOST_OPTIONS:
            yield fault(place, "TOO_MANY", limit=MOST_OPTIONS)
        for here, each in _placed(place, listed):
            yield from self._text(f"{here}/label", each.label, is_needed=True)
            if not is_good(each.code):
                yield fault(f"{here}/code", "BAD_CODE", value=each.code[:64])
            elif each.code in met:
                yield fault(f"{here}/code", "CODE_TWICE", value=each.code)
            met.add(each.code)

    def _quota(self, place: str, quota: Quota) -> Iterator[Fault]:
        names = [each.name for each in self.definition.quotas]
        if not NAME.fullmatch(quota.name):
            yield fault(f"{place}/name", "BAD_NAME", value=quota.name[:60])
        elif names.index(quota.name) < int(place.rpartition("/")[2]):
            yield fault(f"{place}/name", "NAME_TWICE", value=quota.name, first=f"/quotas/{names.index(quota.name)}")
        if quota.limit < 1:
            yield fault(f"{place}/limit", "BAD_RANGE", least=1, most="")
        if not quota.condition.strip():
            yield fault(f"{place}/condition", "EXPRESSION_MISSING")
        yield from self._text(f"{place}/message", quota.message)


def _option_code_is_good(kind: Kind) -> Callable[[str], bool]:
    """Options of a ranking have fields of their own in a form, beside that of "I don't know"."""
    if kind is Kind.RANKING:
        return lambda code: bool(CODE.fullmatch(code)) and code != FIELD_OF_DONT_KNOW
    return lambda code: bool(CODE.fullmatch(code))


def _row_code_is_good(code: str) -> bool:
    return bool(NAME.fullmatch(code)) and code != FIELD_OF_DONT_KNOW


def _placed(place: str, items: Sequence[T]) -> Iterator[tuple[str, T]]:
    for index, item in enumerate(items):
        yield f"{place}/{index}", item


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
