"""A page as it is shown now: texts in the reader's language with answers in them, options in their order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from viche_surveys.domain.answer_errors import AnswerFault
from viche_surveys.domain.definition import Group, Kind, Option, Order, Question, Text, localized
from viche_surveys.domain.expressions import references
from viche_surveys.domain.filling import written
from viche_surveys.domain.judging import Judged, is_offered, is_required
from viche_surveys.domain.ordering import shuffled
from viche_surveys.domain.piping import Labels, option_labels, render
from viche_surveys.domain.plan import Asked, Plan, piped
from viche_surveys.domain.reading import Fields, instances_of, is_of


@dataclass(frozen=True, slots=True)
class OptionView:
    """An option or a row."""

    option: Option
    label: str
    is_offered: bool = True


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question; texts are ready to be shown.

    Attributes:
        label_template: the label with its expressions, where it takes answers of the same page.
        filled: fields as a form would send them.
    """

    asked: Asked
    field: str
    label: str
    hint: str
    unit: str
    low_label: str
    high_label: str
    constraint_message: str
    label_template: str
    is_required: bool
    is_hidden: bool
    options: tuple[OptionView, ...]
    rows: tuple[OptionView, ...]
    filled: Fields
    faults: tuple[AnswerFault, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group; one instance for a plain one."""

    group: Group
    name: str
    label: str
    hint: str
    is_hidden: bool
    instances: tuple[tuple[QuestionView | GroupView, ...], ...]
    can_add: bool = False
    can_remove: bool = False


@dataclass(frozen=True, slots=True)
class PageView:
    """A page.

    Attributes:
        position: among the pages that are shown, from 1; `count` is how many these are.
        names: answers of other pages that its expressions take, as JSON.
        has_more: whether questions appeared since it was sent.
    """

    name: str
    title: str
    survey_title: str
    introduction: str
    items: tuple[QuestionView | GroupView, ...]
    position: int
    count: int
    is_last: bool
    previous: str
    language: str
    languages: tuple[str, ...]
    names: str
    has_more: bool


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody looks at a survey.

    Attributes:
        language: one of the survey's.
        visited: names of pages that were sent; on others, questions show their defaults.
        faults: that are to be shown.
        has_more: whether questions appeared since the page was sent.
    """

    language: str
    seed: int
    visited: frozenset[str] = frozenset()
    faults: tuple[AnswerFault, ...] = ()
    has_more: bool = False


def page_view(plan: Plan, index: int, judged: Judged, look: Look) -> PageView:
    """The page at that place."""
    definition, page, seen = plan.definition, plan.pages[index], judged.shown
    writer = _Writer(plan, judged, look, option_labels(definition, look.language), page.page.name in look.visited)
    pages = sorted({*seen.pages, index})
    position = pages.index(index)
    return PageView(
        name=page.page.name,
        title=writer.text(page.page.title),
        survey_title=writer.text(definition.title),
        introduction=writer.text(definition.introduction) if position == 0 else "",
        items=writer.items(page.page.items, page.page.name, Order.WRITTEN),
        position=position + 1,
        count=len(pages),
        is_last=position == len(pages) - 1,
        previous=plan.pages[pages[position - 1]].page.name if position else "",
        language=look.language,
        languages=definition.languages,
        names=json.dumps(
            {name: seen.answers[name] for name in page.foreign if name in seen.answers}, ensure_ascii=False
        ),
        has_more=look.has_more,
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    plan: Plan
    judged: Judged
    look: Look
    labels: Labels
    was_sent: bool

    def text(self, text: Text, names: Mapping[str, object] | None = None, index: int = -1) -> str:
        """The text in the reader's language, with answers in it."""
        said = localized(text, self.look.language, self.plan.definition.languages)
        if "{" not in said and "}" not in said:
            return said
        seen = self.judged.shown
        return render(
            said,
            seen.answers if names is None else names,
            labels=self.labels,
            today=seen.today,
            position=index + 1 if index >= 0 else None,
        )

    def items(
        self, items: Sequence[Question | Group], within: str, order: Order, repeat: str = "", index: int = -1
    ) -> tuple[QuestionView | GroupView, ...]:  # fmt: skip
        """Questions and groups in their order, without calculated values."""
        if order is Order.RANDOM:
            items = shuffled(items, self.look.seed, within, lambda each: each.name, lambda each: False)
        return tuple(self._items(items, repeat, index))

    def _items(
        self, items: Sequence[Question | Group], repeat: str, index: int
    ) -> Iterator[QuestionView | GroupView]:  # fmt: skip
        for item in items:
            if isinstance(item, Group):
                yield self._group(item, repeat, index)
            elif item.kind is not Kind.CALCULATED:
                yield self._question(self.plan.questions[item.name], repeat, index)

    def _group(self, group: Group, repeat: str, index: int) -> GroupView:
        place = f"{repeat}.{index}.{group.name}" if repeat else group.name
        count = instances_of(group, self.judged.given.fields) if group.repeat else 1
        if group.repeat:
            instances = tuple(
                self.items(group.items, f"{group.name}/{each}", group.order, group.name, each) for each in range(count)
            )
        else:
            instances = (self.items(group.items, group.name, group.order, repeat, index),)
        names = self.judged.shown.names(repeat, index)
        return GroupView(
            group=group,
            name=place,
            label=self.text(group.label, names, index),
            hint=self.text(group.hint, names, index),
            is_hidden=place in self.judged.shown.hidden,
            instances=instances,
            can_add=group.repeat is not None and count < group.repeat.maximum,
            can_remove=group.repeat is not None and count > group.repeat.minimum,
        )

    def _question(self, asked: Asked, repeat: str, index: int) -> QuestionView:
        question, seen = asked.question, self.judged.shown
        field = f"{repeat}.{index}.{question.name}" if repeat else question.name
        names = seen.names(repeat, index)
        is_hidden = field in seen.hidden
        return QuestionView(
            asked=asked,
            field=field,
            label=self.text(question.label, names, index),
            hint=self.text(question.hint, names, index),
            unit=self.text(question.unit, names, index),
            low_label=self.text(question.low_label, names, index),
            high_label=self.text(question.high_label, names, index),
            constraint_message=self.text(question.constraint_message, names, index),
            label_template=self._template(asked),
            is_required=is_required(question, names, seen, index),
            is_hidden=is_hidden,
            options=self._options(asked, question.options, asked.name, names, index),
            rows=self._options(asked, question.rows, f"{asked.name}/rows", names, index, are_rows=True),
            filled=self._filled(asked, field),
            faults=tuple(each for each in self.look.faults if each.field == field),
        )

    def _options(
        self,
        asked: Asked,
        options: Sequence[Option],
        within: str,
        names: Mapping[str, object],
        index: int,
        *,
        are_rows: bool = False,
    ) -> tuple[OptionView, ...]:
        if asked.question.order is Order.RANDOM:
            options = shuffled(options, self.look.seed, within, lambda each: each.code, _keeps_place)
        seen = self.judged.shown
        return tuple(
            OptionView(
                each,
                self.text(each.label, names, index),
                are_rows or is_offered(asked, each.code, names, seen, index),
            )
            for each in options
        )

    def _template(self, asked: Asked) -> str:
        """The label as it is written, where an answer of the same page changes it."""
        label = asked.question.label
        here = self.plan.pages[asked.page].names
        if any(name in here for source in piped(label) for name in references(source)):
            return localized(label, self.look.language, self.plan.definition.languages)
        return ""

    def _filled(self, asked: Asked, field: str) -> Fields:
        fields = {name: values for name, values in self.judged.given.fields.items() if is_of(name, field)}
        if fields or self.was_sent:
            return fields
        return written(asked, asked.question.default, field)


def _keeps_place(option: Option) -> bool:
    """Whether an option is not shuffled: "none of these" stands where it is written, too."""
    return option.keeps_place or option.is_exclusive
