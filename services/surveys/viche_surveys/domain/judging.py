"""Whether answers can be taken: what must be answered, constraints, options that are offered.

Answers of forms are judged leniently: what a hidden question was told is dropped, since the person does not see it.
Answers that came as JSON are judged strictly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from viche_surveys.domain.answer_errors import AnswerFault
from viche_surveys.domain.definition import Group, Kind, Question, localized
from viche_surveys.domain.expressions import holds
from viche_surveys.domain.plan import Asked, Plan
from viche_surveys.domain.reading import Given
from viche_surveys.domain.values import is_dont_know
from viche_surveys.domain.visibility import Place, Shown, shown


@dataclass(frozen=True, slots=True)
class Judged:
    """Answers with what they show, and everything that is wrong with them."""

    given: Given
    shown: Shown
    faults: tuple[AnswerFault, ...]


def judge(plan: Plan, given: Given, today: date, language: str, *, is_strict: bool = False) -> Judged:
    """Judges a whole answer.

    Args:
        today: the day on which it is given.
        language: of the survey's own sentences.
        is_strict: answers to questions that are hidden are faults.
    """
    seen = shown(plan, given.values, today)
    faults = list(given.strays)
    if is_strict:
        faults += _hidden(given, seen)
    for place in seen.places:
        fault = given.faults.get(place.field)
        if fault is not None:
            faults.append(fault)
        else:
            faults += _faults(plan, place, seen, language)
    for name, count in seen.repeats.items():
        faults += _count_faults(plan.repeats[name], count)
    return Judged(given, seen, tuple(faults))


def on_page(plan: Plan, page: int, faults: Collection[AnswerFault]) -> tuple[AnswerFault, ...]:
    """Those faults that are on one page."""
    names = plan.pages[page].names
    return tuple(each for each in faults if each.field.partition(".")[0] in names)


def page_of(plan: Plan, fault: AnswerFault) -> int | None:
    """The page on which a fault is."""
    name = fault.field.partition(".")[0]
    return next((index for index, page in enumerate(plan.pages) if name in page.names), None)


def unseen(judged: Judged, page_names: Collection[str], was_shown: Collection[str]) -> set[str]:
    """Fields of a page that are asked now, and were not shown when it was sent."""
    return {
        place.field
        for place in judged.shown.places
        if place.field.partition(".")[0] in page_names and place.field not in was_shown
    }


def is_required(question: Question, names: Mapping[str, object], seen: Shown, index: int = -1) -> bool:
    """Whether a question must be answered, as the answers stand."""
    return question.is_required or bool(
        question.required_if
        and holds(question.required_if, names, otherwise=False, today=seen.today, position=_position(index))
    )


def is_offered(asked: Asked, code: str, names: Mapping[str, object], seen: Shown, index: int = -1) -> bool:
    """Whether an option may be chosen, as the answers stand."""
    source = asked.question.option_filter
    if not source:
        return True
    option = asked.options[code]
    facts = {**names, "option": {**option.attributes, "code": code}}
    return holds(source, facts, otherwise=False, today=seen.today, position=_position(index))


def _faults(plan: Plan, place: Place, seen: Shown, language: str) -> Iterator[AnswerFault]:
    question = place.asked.question
    names = seen.names(place.group, place.index) if place.group else seen.answers
    if place.value is None:
        if (question.is_required or question.required_if) and is_required(question, names, seen, place.index):
            yield from _missing(place.asked, place.field)
        return
    if is_dont_know(place.value):
        return
    if question.kind is Kind.MATRIX and (question.is_required or question.required_if):
        yield from _missing_rows(place, names, seen)
    if question.option_filter:
        for code in _codes(place.value):
            if not is_offered(place.asked, code, names, seen, place.index):
                yield AnswerFault(place.field, "NOT_OFFERED", values={"value": code})
    if question.constraint and not holds(
        question.constraint,
        {**names, "value": place.value},
        otherwise=True,
        today=seen.today,
        position=_position(place.index),
    ):
        message = localized(question.constraint_message, language, plan.definition.languages)
        yield AnswerFault(place.field, "CONSTRAINT", message=message)


def _missing(asked: Asked, field: str) -> Iterator[AnswerFault]:
    if asked.question.kind is Kind.MATRIX:
        yield from (AnswerFault(field, "REQUIRED", row) for row in asked.rows)
    else:
        yield AnswerFault(field, "REQUIRED")


def _missing_rows(place: Place, names: Mapping[str, object], seen: Shown) -> Iterator[AnswerFault]:
    if isinstance(place.value, Mapping) and is_required(place.asked.question, names, seen, place.index):
        yield from (AnswerFault(place.field, "REQUIRED", row) for row in place.asked.rows if row not in place.value)


def _codes(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for cell in value.values():
            yield from _codes(cell)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _codes(each)


def _count_faults(group: Group, count: int) -> Iterator[AnswerFault]:
    if group.repeat and count < group.repeat.minimum:
        yield AnswerFault(group.name, "TOO_FEW", "count", {"least": str(group.repeat.minimum)})
    if group.repeat and count > group.repeat.maximum:
        yield AnswerFault(group.name, "TOO_MANY", "count", {"most": str(group.repeat.maximum)})


def _hidden(given: Given, seen: Shown) -> Iterator[AnswerFault]:
    asked = {place.field for place in seen.places}
    for name, value in given.values.items():
        if not isinstance(value, list) or name not in seen.repeats:
            if name not in asked and name not in seen.repeats:
                yield AnswerFault(name, "HIDDEN_ANSWERED")
            continue
        for index, instance in enumerate(value):
            fields = (f"{name}.{index}.{each}" for each in instance)
            yield from (AnswerFault(each, "HIDDEN_ANSWERED") for each in fields if each not in asked)


def _position(index: int) -> int | None:
    return index + 1 if index >= 0 else None
