"""A page of a survey as templates show it: each question with what is filled in and what is wrong with it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from viche.surveys.v1 import answers_pb2 as pb

from viche_gateway.portal.surveys.faults import local_sentences, most_bytes, sentence_of
from viche_gateway.portal.surveys.texts import is_in_other_language

PREFIX = "q-"
FIRST_PART: Mapping[int, str] = {
    pb.QUESTION_KIND_DATE: ".day",
    pb.QUESTION_KIND_DATETIME: ".day",
    pb.QUESTION_KIND_LOCATION: ".lat",
}
"""Kinds whose answer has several fields, with the first of them."""
UNMARKED = frozenset({pb.QUESTION_KIND_NOTE, pb.QUESTION_KIND_CALCULATED, pb.QUESTION_KIND_CONSENT})
"""Kinds beside which "optional" would say nothing."""
DONT_KNOW = ".dont_know"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question.

    Args:
        kind: its name, "single".
        lang: of its texts, where that is not the language of the page around it; else empty.
        filled: values by form field.
        errors: sentences by form field.
    """

    view: pb.QuestionView
    kind: str
    lang: str = ""
    filled: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Of its first input, to which the summary of faults leads."""
        return self.id_of()

    @property
    def error(self) -> str:
        """All that is wrong with it; empty when nothing is."""
        return " ".join(dict.fromkeys(self.errors.values()))

    @property
    def is_marked_optional(self) -> bool:
        """Whether it says that it may be left out."""
        return not self.view.is_required and self.view.kind not in UNMARKED

    @property
    def described_by(self) -> str:
        """Ids of what a screen reader reads with the input."""
        parts = [f"{self.id}-hint"] if self.view.hint else []
        return " ".join([*parts, f"{self.id}-error"] if self.errors else parts)

    @property
    def sentences(self) -> str:
        """What the script may have to say, as JSON."""
        return json.dumps(local_sentences(self.view), ensure_ascii=False)

    @property
    def most_bytes(self) -> int:
        """The largest file that it takes."""
        return most_bytes(self.view)

    @property
    def numbers(self) -> Sequence[int]:
        """The values of a scale."""
        least, most = round(self.view.minimum), round(self.view.maximum)
        return range(least, min(most, least + 100) + 1, max(1, round(self.view.step or 1)))

    def name_of(self, part: str = "") -> str:
        """The form field of a part of the answer."""
        return f"{self.view.field}{part}"

    def id_of(self, part: str = "") -> str:
        """The id of the input of a part of the answer."""
        return f"{PREFIX}{self.view.field}{part}"

    def value(self, part: str = "") -> str:
        """What is filled in for a part of the answer."""
        return next(iter(self.values(part)), "")

    def values(self, part: str = "") -> Sequence[str]:
        """All that is filled in for a part of the answer."""
        return self.filled.get(self.name_of(part), ())

    def is_wrong(self, part: str = "") -> bool:
        """Whether a part is wrong, or the answer as a whole."""
        return self.view.field in self.errors or self.name_of(part) in self.errors

    def anchor(self, field_name: str) -> str:
        """The id of the input that a fault leads to."""
        if field_name != self.view.field:
            return f"{PREFIX}{field_name}"
        if self.view.kind == pb.QUESTION_KIND_MATRIX and self.view.rows:
            return self.id_of(f".{self.view.rows[0].code}")
        if self.view.kind == pb.QUESTION_KIND_RANKING and self.view.options:
            return self.id_of(f".{self.view.options[0].code}")
        return self.id_of(FIRST_PART.get(self.view.kind, ""))


@dataclass(frozen=True, slots=True)
class Together:
    """A group: its instances, each with its questions and groups."""

    view: pb.GroupView
    instances: Sequence[Sequence["Asked | Together"]]
    lang: str = ""
    kind: str = "group"


Item = Asked | Together


@dataclass(frozen=True, slots=True)
class Shown:
    """A page."""

    page: pb.AnswerPage
    items: Sequence[Item]
    lang: str = ""

    @property
    def questions(self) -> Iterator[Asked]:
        """All questions in their order."""
        return _questions(self.items)

    @property
    def has_faults(self) -> bool:
        """Whether anything needs another look."""
        return any(each.errors for each in self.questions)

    @property
    def has_files(self) -> bool:
        """Whether a file can be sent with it."""
        return any(each.kind == "file" for each in self.questions)

    @property
    def has_location(self) -> bool:
        """Whether a place on the map is asked for."""
        return any(each.kind == "location" for each in self.questions)

    @property
    def has_expressions(self) -> bool:
        """Whether something of it follows from other answers."""
        return any(_expressions(each.view) for each in self.questions) or _has_conditions(self.items)

    @property
    def fields(self) -> str:
        """Fields of the questions that are seen, for the server to know what was."""
        return " ".join(each.view.field for each in _seen(self.items))

    def summary(self) -> list[dict[str, str]]:
        """All that needs another look, with links to the inputs."""
        return [
            {"text": _named(each, sentence), "href": f"#{each.anchor(name)}"}
            for each in self.questions
            for name, sentence in each.errors.items()
        ]


def shown(page: pb.AnswerPage, more: Iterable[tuple[str, str]] = ()) -> Shown:
    """The page with its sentences.

    Args:
        more: form fields with reasons that the gateway has found itself.
    """
    lang = page.language if is_in_other_language(page.language) else ""
    return Shown(page, _Maker(lang, list(more)).items(page.items), lang)


@dataclass(frozen=True, slots=True)
class _Maker:
    lang: str
    more: Sequence[tuple[str, str]]

    def items(self, views: Iterable[pb.ItemView]) -> list[Item]:
        return [
            self._asked(view.question) if view.HasField("question") else self._together(view.group) for view in views
        ]

    def _together(self, view: pb.GroupView) -> Together:
        return Together(view, [self.items(instance.items) for instance in view.instances], self.lang)

    def _asked(self, view: pb.QuestionView) -> Asked:
        errors: dict[str, str] = {}
        for fault in view.faults:
            errors.setdefault(fault.field or view.field, sentence_of(view, fault.reason, fault.values, fault.message))
        errors |= {name: sentence_of(view, reason, {}) for name, reason in self.more if name == view.field}
        kind = pb.QuestionKind.Name(view.kind).removeprefix("QUESTION_KIND_").lower()
        return Asked(view, kind, self.lang, {each.name: list(each.values) for each in view.filled}, errors)


def _questions(items: Iterable[Item]) -> Iterator[Asked]:
    for item in items:
        if isinstance(item, Asked):
            yield item
        else:
            for instance in item.instances:
                yield from _questions(instance)


def _seen(items: Iterable[Item]) -> Iterator[Asked]:
    for item in items:
        if item.view.is_hidden:
            continue
        if isinstance(item, Asked):
            yield item
        else:
            for instance in item.instances:
                yield from _seen(instance)


def _has_conditions(items: Iterable[Item]) -> bool:
    return any(
        isinstance(item, Together)
        and (bool(item.view.relevant) or any(_has_conditions(instance) for instance in item.instances))
        for item in items
    )


def _expressions(view: pb.QuestionView) -> bool:
    return bool(view.relevant or view.constraint or view.required_if or view.option_filter or view.label_template)


def _named(asked: Asked, sentence: str) -> str:
    """The sentence with the question that it is about: a summary is read away from it."""
    label = " ".join(asked.view.label.split())
    return f"{label if len(label) <= 80 else f'{label[:79]}…'}: {sentence}" if label else sentence
