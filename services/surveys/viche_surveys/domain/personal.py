"""Answers to personal questions, apart from the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from viche_surveys.domain.plan import Plan

Document = dict[str, object]


def split(plan: Plan, answers: Mapping[str, object]) -> tuple[Document, Document]:
    """The answers without personal ones, and the personal ones alone; a repeat keeps its instances in both."""
    if not plan.personal:
        return dict(answers), {}
    open_, private = Document(), Document()
    for name, value in answers.items():
        if name in plan.repeats:
            pairs = [split(plan, each) for each in cast(list[Document], value)]
            open_[name] = [each for each, _ in pairs]
            if any(each for _, each in pairs):
                private[name] = [each for _, each in pairs]
        else:
            (private if name in plan.personal else open_)[name] = value
    return open_, private


def joined(open_: Mapping[str, object], private: Mapping[str, object]) -> Document:
    """The answers as they were given."""
    answers = dict(open_)
    for name, value in private.items():
        if isinstance(value, list) and isinstance(mine := answers.get(name), list):
            pairs = zip(cast(list[Document], mine), cast(list[Document], value), strict=False)
            answers[name] = [joined(first, second) for first, second in pairs]
        else:
            answers[name] = value
    return answers
