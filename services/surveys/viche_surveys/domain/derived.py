"""What follows from personal answers is personal, too: a calculated value of a name or a day of birth tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from viche_surveys.domain.cel_source import MAX_LENGTH
from viche_surveys.domain.definition import Definition, Group, Kind, Question
from viche_surveys.domain.expressions import references

Items = tuple[Question | Group, ...]


def with_derived(definition: Definition) -> Definition:
    """The definition with all calculated values marked personal that take personal answers, directly or by others."""
    if not any(each.is_personal for each in definition.questions()):
        return definition
    walk = _Walk()
    return replace(definition, pages=tuple(replace(page, items=walk.items(page.items)) for page in definition.pages))


@dataclass(slots=True)
class _Walk:
    """One walk in the document's order: calculations take what is before them (`expression_checking.py`).

    Attributes:
        personal: names of questions.
        repeats: with the personal questions in them.
    """

    personal: set[str] = field(default_factory=set)
    repeats: dict[str, frozenset[str]] = field(default_factory=dict)

    def items(self, items: Items) -> Items:
        return tuple(self._question(each) if isinstance(each, Question) else self._group(each) for each in items)

    def _question(self, question: Question) -> Question:
        if question.kind is Kind.CALCULATED and not question.is_personal and self._takes(question.expression):
            question = replace(question, is_personal=True)
        if question.is_personal:
            self.personal.add(question.name)
        return question

    def _group(self, group: Group) -> Group:
        before = frozenset(self.personal)
        group = replace(group, items=self.items(group.items))
        inside = self.personal - before
        if group.repeat is not None and inside:
            self.repeats[group.name] = frozenset(inside)
        return group

    def _takes(self, source: str) -> bool:
        if len(source) > MAX_LENGTH:  # nothing that may open; reading it could take long
            return True
        names = references(source)
        return not self.personal.isdisjoint(names) or any(
            _tells(source, name, self.repeats) for name in names if name in self.repeats
        )


def _tells(source: str, repeat: str, repeats: Mapping[str, frozenset[str]]) -> bool:
    """Whether an expression takes more of a repeat than how many there are, and what is not personal of each."""
    rest = re.sub(rf"\bcount\(\s*{repeat}\s*\)", "", source)
    rest = re.sub(
        rf"\b{repeat}\s*\.\s*map\(\s*(\w+)\s*,\s*\1\s*\.\s*(\w+)\s*\)",
        lambda found: repeat if found[2] in repeats[repeat] else "",
        rest,
    )
    return re.search(rf"\b{repeat}\b", rest) is not None
