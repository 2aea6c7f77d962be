"""A definition made ready for answering: everything that can be worked out before somebody answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from viche_surveys.domain.definition import (
    UNASKED,
    Definition,
    Group,
    Kind,
    Option,
    Page,
    Question,
    questions_in,
)
from viche_surveys.domain.expressions import references
from viche_surveys.domain.piping import Piped, parts


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what is looked up in it.

    Attributes:
        repeat: name of the repeat that it is in; empty for none.
        page: index of its page.
    """

    question: Question
    repeat: str
    page: int
    options: Mapping[str, Option]
    rows: Mapping[str, Option]
    exclusive: frozenset[str]

    @property
    def name(self) -> str:
        """Name of the question."""
        return self.question.name


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """A page of a plan.

    Attributes:
        asked: questions outside of repeats that people answer, in their order.
        repeats: groups that repeat, with their questions.
        names: of everything on it that has a value; a repeat is one name.
        foreign: names of other pages and of calculated values that expressions of this page take.
    """

    page: Page
    asked: tuple[Asked, ...]
    repeats: tuple[tuple[Group, tuple[Asked, ...]], ...]
    names: frozenset[str]
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A definition and what follows from it.

    Attributes:
        asked: by name, those in repeats too; without notes and calculated values.
        personal: names of questions whose answers are kept apart.
        tops: names that an answer document can have: questions outside of repeats, and repeats.
        kinds: of questions that are asked.
    """

    definition: Definition
    pages: tuple[PlannedPage, ...]
    asked: Mapping[str, Asked]
    questions: Mapping[str, Asked]
    repeats: Mapping[str, Group]
    personal: frozenset[str]
    tops: frozenset[str]
    kinds: frozenset[Kind]

    def page_index(self, name: str) -> int | None:
        """Where the page of that name is."""
        return next((index for index, each in enumerate(self.pages) if each.page.name == name), None)


def plan(definition: Definition) -> Plan:
    """The plan of a definition without faults."""
    every = {
        each.name: _asked(each, repeat, index)
        for index, page in enumerate(definition.pages)
        for each, repeat in _questions(page.items, "")
    }
    asked = {name: each for name, each in every.items() if each.question.kind not in UNASKED}
    repeats = {each.name: each for page in definition.pages for each in _repeats(page.items)}
    pages = tuple(_page(page, index, every, asked) for index, page in enumerate(definition.pages))
    return Plan(
        definition=definition,
        pages=pages,
        asked=asked,
        questions=every,
        repeats=repeats,
        personal=frozenset(name for name, each in every.items() if each.question.is_personal),
        tops=frozenset(name for name, each in asked.items() if not each.repeat) | repeats.keys(),
        kinds=frozenset(each.question.kind for each in asked.values()),
    )


def _page(page: Page, index: int, every: Mapping[str, Asked], asked: Mapping[str, Asked]) -> PlannedPage:
    repeats = tuple(
        (group, tuple(asked[each.name] for each in questions_in(group.items) if each.name in asked))
        for group in _repeats(page.items)
    )
    own = tuple(each for each in asked.values() if each.page == index and not each.repeat)
    answered_here = {each.name for each in own} | {each.name for group, inside in repeats for each in (group, *inside)}
    wanted = dict.fromkeys(name for source in _sources(page) for name in references(source))
    return PlannedPage(
        page=page,
        asked=own,
        repeats=repeats,
        names=frozenset(answered_here),
        foreign=tuple(
            name for name in wanted if name not in answered_here and not (name in every and every[name].repeat)
        ),
    )


def _sources(page: Page) -> Iterator[str]:
    """Expressions that decide what is on a page, and those in its texts."""
    for item in _items(page.items):
        yield item.relevant
        yield from (source for text in (item.label, item.hint) for source in piped(text))
        if isinstance(item, Question):
            yield from (item.constraint, item.required_if, item.option_filter)


def piped(text: Mapping[str, str]) -> Iterator[str]:
    """Expressions in a text, in all its languages."""
    for written in text.values():
        if "{" in written:
            yield from (part.expression for part in parts(written) if isinstance(part, Piped) and part.expression)


def _items(items: tuple[Question | Group, ...]) -> Iterator[Question | Group]:
    for item in items:
        yield item
        if isinstance(item, Group):
            yield from _items(item.items)


def _questions(items: tuple[Question | Group, ...], repeat: str) -> Iterator[tuple[Question, str]]:
    for item in items:
        if isinstance(item, Group):
            yield from _questions(item.items, item.name if item.repeat else repeat)
        else:
            yield item, repeat


def _repeats(items: tuple[Question | Group, ...]) -> Iterator[Group]:
    for item in items:
        if isinstance(item, Group):
            if item.repeat:
                yield item
            else:
                yield from _repeats(item.items)


def _asked(question: Question, repeat: str, page: int) -> Asked:
    return Asked(
        question=question,
        repeat=repeat,
        page=page,
        options={each.code: each for each in question.options},
        rows={each.code: each for each in question.rows} if question.kind is Kind.MATRIX else {},
        exclusive=frozenset(each.code for each in question.options if each.is_exclusive),
    )
