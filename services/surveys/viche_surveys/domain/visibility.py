"""What is asked, as the answers stand: relevance in the order of the document, and calculated values.

A condition sees what is answered before it. What is hidden is not answered: later conditions find null there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from viche_surveys.domain.definition import Group, Kind, Page, Question
from viche_surveys.domain.expressions import evaluate, holds
from viche_surveys.domain.plan import Asked, Plan
from viche_surveys.domain.values import plain_number

Items = tuple[Question | Group, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A question that is asked.

    Attributes:
        field: its form field; in a repeat "GROUP.0.NAME".
        value: the answer; None where there is none.
        group: the repeat that it is in, and `index` which instance.
    """

    asked: Asked
    field: str
    value: object
    group: str = ""
    index: int = -1


@dataclass(slots=True)
class Shown:
    """What answers show.

    Attributes:
        answers: of what is asked, with calculated values; an answer document.
        hidden: fields of questions and names of groups that are not asked; in a repeat with "GROUP.0." before it.
        places: questions that are asked and answered by people, in their order.
        repeats: repeats that are asked, with how many instances each has.
        pages: indexes of pages that have something to show.
        today: the day for which this holds.
    """

    today: date
    answers: dict[str, object] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    places: list[Place] = field(default_factory=list)
    repeats: dict[str, int] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)

    def names(self, group: str = "", index: int = -1) -> Mapping[str, object]:
        """Names for expressions, in an instance of a repeat those of the instance too."""
        if not group:
            return self.answers
        instances = cast(list[dict[str, object]], self.answers.get(group) or [])
        return {**self.answers, **(instances[index] if index < len(instances) else {})}


def shown(plan: Plan, values: Mapping[str, object], today: date) -> Shown:
    """What is asked of somebody who gave these values."""
    walk = _Walk(plan, values, Shown(today))
    for index, page in enumerate(plan.pages):
        walk.page(index, page.page)
    return walk.result


@dataclass(slots=True)
class _Walk:
    plan: Plan
    values: Mapping[str, object]
    result: Shown
    something: bool = False

    def page(self, index: int, page: Page) -> None:
        self.something = False
        self._items(page.items, self._holds(page.relevant, self.result.answers))
        if self.something:
            self.result.pages.append(index)

    def _items(self, items: Items, is_asked: bool) -> None:
        for item in items:
            if isinstance(item, Question):
                self._question(item, is_asked)
            else:
                self._group(item, is_asked)

    def _question(self, question: Question, is_asked: bool) -> None:
        result, name = self.result, question.name
        if not is_asked or (question.relevant and not self._holds(question.relevant, result.answers)):
            result.hidden.add(name)
        elif question.kind is Kind.CALCULATED:
            _put(result.answers, name, evaluate(question.expression, result.answers, today=result.today))
        else:
            self.something = True
            if (asked := self.plan.asked.get(name)) is not None:
                value = self.values.get(name)
                result.places.append(Place(asked, name, value))
                _put(result.answers, name, value)

    def _group(self, group: Group, is_asked: bool) -> None:
        is_shown = is_asked and self._holds(group.relevant, self.result.answers)
        if not is_shown:
            self.result.hidden.add(group.name)
        if group.repeat is None:
            self._items(group.items, is_shown)
            return
        given = cast(list[Mapping[str, object]], self.values.get(group.name) or [])
        if is_shown:
            self.something = True
            self.result.repeats[group.name] = len(given)
        into: list[dict[str, object]] = []
        if given and is_shown:
            self.result.answers[group.name] = into
        for index, values in enumerate(given):
            into.append({})
            self._instance(group.items, group.name, index, values, into[index], is_shown)

    def _instance(
        self,
        items: Items,
        repeat: str,
        index: int,
        values: Mapping[str, object],
        into: dict[str, object],
        is_asked: bool,
    ) -> None:
        for item in items:
            where = f"{repeat}.{index}.{item.name}"
            names: Mapping[str, object] = {**self.result.answers, **into} if is_asked else into
            is_shown = is_asked and self._holds(item.relevant, names, index)
            if not is_shown:
                self.result.hidden.add(where)
            if isinstance(item, Group):
                self._instance(item.items, repeat, index, values, into, is_shown)
            elif is_shown and item.kind is Kind.CALCULATED:
                _put(into, item.name, evaluate(item.expression, names, today=self.result.today, position=index + 1))
            elif is_shown and (asked := self.plan.asked.get(item.name)) is not None:
                self.result.places.append(Place(asked, where, values.get(item.name), repeat, index))
                _put(into, item.name, values.get(item.name))

    def _holds(self, source: str, names: Mapping[str, object], index: int = -1) -> bool:
        return not source or holds(
            source, names, otherwise=False, today=self.result.today, position=index + 1 if index >= 0 else None
        )


def _put(answers: dict[str, object], name: str, value: object) -> None:
    """Keeps an answer; none, and texts and lists that say nothing, are left out."""
    if value is not None and value != "" and value != []:
        answers[name] = plain_number(value) if isinstance(value, float) else value
