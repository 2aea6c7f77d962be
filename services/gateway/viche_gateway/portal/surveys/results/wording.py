"""Sentences about results: the finding, where there is one, and figures as a person says them."""

from babel.numbers import format_percent
from flask_babel import gettext
from viche.surveys.v1 import answers_pb2

from viche_gateway.formats import format_number, format_rate
from viche_gateway.languages import current_language
from viche_gateway.portal.surveys.results.view import Bar, Mean, QuestionView, Shape

_CLEAR = (
    answers_pb2.QUESTION_KIND_SINGLE, answers_pb2.QUESTION_KIND_LIKERT, answers_pb2.QUESTION_KIND_MULTIPLE,
    answers_pb2.QUESTION_KIND_TERRITORY, answers_pb2.QUESTION_KIND_CONSENT,
)  # fmt: skip
_SMALL = 0.01
_LEVEL = 0.95
"""Of the intervals."""


def share_text(share: float) -> str:
    """For instance "62%"; below one in a hundred with one place after the point."""
    return format_percent(share, "#,##0.0%" if 0 < share < _SMALL else None, locale=current_language())


def interval_text(bar: Bar) -> str:
    """For instance "58% to 66%"."""
    return gettext("%(low)s to %(high)s", low=share_text(bar.low), high=share_text(bar.high))


def amount_text(number: float, unit: str = "") -> str:
    """A mean with one place after the point, and its unit."""
    return f"{format_rate(number)} {unit}" if unit else format_rate(number)


def mean_sentence(mean: Mean) -> str:
    """For instance "On average 7.3 (95% interval: 7.1 to 7.5)"."""
    said = amount_text(mean.mean, mean.unit)
    if mean.count is None:
        return gettext("On average %(mean)s", mean=said)
    return gettext(
        "On average %(mean)s (%(level)s interval: %(low)s to %(high)s)",
        mean=said, level=share_text(_LEVEL), low=amount_text(mean.low), high=amount_text(mean.high),
    )  # fmt: skip


def interval_name() -> str:
    """What intervals are called in tables."""
    return gettext("%(level)s interval", level=share_text(_LEVEL))


def interval_note() -> str:
    """What the thin lines of a drawing mean."""
    return gettext("thin lines: %(level)s interval", level=share_text(_LEVEL))


def finding(question: QuestionView) -> str:
    """What the numbers say in one sentence; empty where no option leads clearly.

    An option leads clearly where its interval lies above those of all others, and none of them is withheld that
    might be greater: of options that exclude each other, the withheld ones are the least.
    """
    if question.shape in (Shape.SCALE, Shape.MEAN) and question.mean is not None:
        return gettext("On average %(mean)s", mean=amount_text(question.mean.mean, question.mean.unit))
    if question.kind not in _CLEAR or (question.is_multiple and question.has_withheld):
        return ""
    shown = sorted((bar for bar in question.bars if bar.count is not None), key=lambda bar: -bar.share)
    if not shown or (len(shown) > 1 and shown[0].low <= shown[1].high):
        return ""
    said = {"share": share_text(shown[0].share), "option": shown[0].label}
    if question.is_multiple:
        return gettext("%(share)s chose “%(option)s”", **said)
    return gettext("%(share)s say “%(option)s”", **said)


def base_sentence(question: QuestionView) -> str:
    """How many answered."""
    return gettext("Answers: %(count)s", count=format_number(question.answered or 0))
