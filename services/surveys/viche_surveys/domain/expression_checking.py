"""What is wrong with the expressions of a definition, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from viche_surveys.domain import expressions, piping
from viche_surveys.domain.definition import Definition, Group, Page, Question, Text
from viche_surveys.domain.expressions import Reason
from viche_surveys.domain.faults import Fault, fault

LATER = "EXPRESSION_LATER"
_SAID_AS: Mapping[str, str] = {
    Reason.SYNTAX: "text",
    Reason.UNKNOWN_NAME: "name",
    LATER: "name",
    Reason.UNKNOWN_FUNCTION: "function",
    Reason.ARGUMENTS: "function",
    Reason.NOT_TAKEN: "function",
    Reason.PATTERN: "text",
    Reason.TOO_LONG: "limit",
    Reason.TOO_DEEP: "text",
}
"""What the value of a fault is called in its sentence."""
_TEXTS = ("label", "hint", "constraint_message", "unit", "low_label", "high_label")


def expression_faults(definition: Definition) -> list[Fault]:
    """Everything that is wrong with conditions, constraints, calculations and the expressions in texts.

    Reasons are those of `expressions.Reason` and EXPRESSION_LATER: relevance and calculations follow the document's
    order, so that one which asks for itself or for what comes later would find null. All have `line` and `column`, and
    what they are about: `name`, `function`, `text` or `limit`.
    """
    return list(_Check(frozenset(_top(definition.pages))).run(definition))


@dataclass(frozen=True, slots=True)
class _Check:
    """One walk in the document's order; `earlier` are the names that have been met."""

    known: frozenset[str]
    earlier: set[str] = field(default_factory=set)

    def run(self, definition: Definition) -> Iterator[Fault]:
        for name in ("title", "introduction", "thanks"):
            yield from self._text(f"/{name}", getattr(definition, name))
        for index, page in enumerate(definition.pages):
            place = f"/pages/{index}"
            yield from self._in_order(f"{place}/relevant", page.relevant)
            yield from self._text(f"{place}/title", page.title)
            yield from self._items(place, page.items)
        for index, quota in enumerate(definition.quotas):
            yield from self._any(f"/quotas/{index}/condition", quota.condition)
            yield from self._text(f"/quotas/{index}/message", quota.message)

    def _items(self, place: str, items: tuple[Question | Group, ...]) -> Iterator[Fault]:
        for index, item in enumerate(items):
            here = f"{place}/items/{index}"
            yield from self._in_order(f"{here}/relevant", item.relevant)
            if isinstance(item, Question):
                yield from self._question(here, item)
            else:
                yield from self._group(here, item)
            self.earlier.update(_names((item,)))

    def _group(self, place: str, group: Group) -> Iterator[Fault]:
        yield from self._text(f"{place}/label", group.label)
        yield from self._text(f"{place}/hint", group.hint)
        if group.repeat is None:
            yield from self._items(place, group.items)
        else:  # names of its instances are nobody else's
            inside = replace(self, known=self.known | set(_names(group.items)), earlier=set(self.earlier))
            yield from inside._items(place, group.items)

    def _question(self, place: str, question: Question) -> Iterator[Fault]:
        yield from self._in_order(f"{place}/expression", question.expression)
        yield from self._any(f"{place}/required_if", question.required_if)
        yield from self._any(f"{place}/constraint", question.constraint, "value")
        yield from self._any(f"{place}/option_filter", question.option_filter, "option")
        for name in _TEXTS:
            yield from self._text(f"{place}/{name}", getattr(question, name))
        for listed in ("options", "rows"):
            for index, option in enumerate(getattr(question, listed)):
                yield from self._text(f"{place}/{listed}/{index}/label", option.label)

    def _in_order(self, place: str, source: str) -> Iterator[Fault]:
        for each in expressions.faults(source, self.earlier):
            is_later = each.reason is Reason.UNKNOWN_NAME and each.value in self.known
            yield _fault(place, LATER if is_later else each.reason, each)

    def _any(self, place: str, source: str, *more: str) -> Iterator[Fault]:
        yield from _placed(place, expressions.faults(source, self.known.union(more)))

    def _text(self, place: str, text: Text) -> Iterator[Fault]:
        for language, words in text.items():
            if "{" in words or "}" in words:
                yield from _placed(f"{place}/{language}", piping.faults(words, self.known))


def _placed(place: str, found: list[expressions.Fault]) -> Iterator[Fault]:
    return (_fault(place, each.reason, each) for each in found)


def _fault(place: str, reason: str, found: expressions.Fault) -> Fault:
    said = {_SAID_AS[reason]: found.value}
    return fault(place, str(reason), **said, line=found.line, column=found.column)


def _top(pages: tuple[Page, ...]) -> Iterator[str]:
    for page in pages:
        yield from _names(page.items)


def _names(items: tuple[Question | Group, ...]) -> Iterator[str]:
    """Names that expressions may ask for: questions, and repeats as lists, but not what is in a repeat."""
    for item in items:
        if isinstance(item, Question) or item.repeat is not None:
            yield item.name
        else:
            yield from _names(item.items)
