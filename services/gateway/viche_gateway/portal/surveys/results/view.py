"""Numbers of a survey in the reader's language, as pages, pictures and tables show them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from flask_babel import gettext
from viche.surveys.v1 import answers_pb2, surveys_pb2
from viche.surveys.v1 import results_pb2 as pb

from viche_gateway.portal.surveys.texts import is_in_other_language, text_of
from viche_gateway.regions import territory_name

WITHHELD = -1
_LIST = (
    answers_pb2.QUESTION_KIND_SINGLE, answers_pb2.QUESTION_KIND_LIKERT, answers_pb2.QUESTION_KIND_MULTIPLE,
    answers_pb2.QUESTION_KIND_TERRITORY, answers_pb2.QUESTION_KIND_CONSENT, answers_pb2.QUESTION_KIND_CALCULATED,
)  # fmt: skip
_STACKED = answers_pb2.QUESTION_KIND_MATRIX, answers_pb2.QUESTION_KIND_RANKING


class Shape(StrEnum):
    """How numbers of a question are drawn."""

    BARS = "bars"  # an option, a bar
    SCALE = "scale"  # a value of a scale, a bar
    STACKED = "stacked"  # a row of a matrix or an option of a ranking: a bar of parts
    MEAN = "mean"  # a number has a mean alone
    COUNT = "count"  # answers in one's own words: how many there are


@dataclass(frozen=True, slots=True)
class Bar:
    """A count with its share of the answers and the ends of the share's interval, all 0 to 1.

    Attributes:
        code: of the option; the value of a scale.
        lang: the language of the label where it is not that of the page.
        count: None where nobody may know it; the others are 0 then.
    """

    code: str
    label: str
    lang: str
    count: int | None
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a stacked bar: where it begins, from 0 to 1, and which shade it has, from 1 to 5."""

    bar: Bar
    begins: float
    shade: int


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar of parts; ``code`` is that of the row of a matrix or of the option of a ranking."""

    code: str
    label: str
    lang: str
    parts: Sequence[Part]

    @property
    def shown(self) -> float:
        """The share of the parts that everybody may see."""
        return sum(part.bar.share for part in self.parts)

    @property
    def is_partly_withheld(self) -> bool:
        """Whether parts are missing."""
        return any(part.bar.count is None for part in self.parts)


@dataclass(frozen=True, slots=True)
class Mean:
    """What numbers have in common.

    Attributes:
        count: None with the interval where they would tell too much.
        least: for officers alone, and so is the greatest.
    """

    count: int | None
    mean: float
    deviation: float
    low: float
    high: float
    least: float | None
    most: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """Numbers of a question.

    Attributes:
        lang: the language of the text where it is not that of the page.
        answered: None where fewer than k have.
        dont_know: None where nobody may know it.
        bars: of questions with options or a scale.
        stacks: of a matrix or a ranking.
    """

    name: str
    kind: int
    text: str
    lang: str
    shape: Shape
    answered: int | None
    dont_know: int | None
    bars: Sequence[Bar]
    stacks: Sequence[Stack]
    mean: Mean | None

    @property
    def is_withheld(self) -> bool:
        """Whether no number can be shown."""
        return self.answered is None

    @property
    def has_withheld(self) -> bool:
        """Whether some number cannot be shown."""
        return any(bar.count is None for bar in self.bars) or any(each.is_partly_withheld for each in self.stacks)

    @property
    def is_multiple(self) -> bool:
        """Whether people could choose several, so that shares do not add up."""
        return self.kind == answers_pb2.QUESTION_KIND_MULTIPLE

    @property
    def has_texts(self) -> bool:
        """Whether people wrote something of their own."""
        return self.kind == answers_pb2.QUESTION_KIND_TEXT

    @property
    def is_drawn(self) -> bool:
        """Whether there is something to draw."""
        return any(bar.count is not None for bar in self.bars) or bool(self.stacks) or self.mean is not None


@dataclass(frozen=True, slots=True)
class PollView:
    """Counts of a poll on a platform; ``options`` are texts and votes."""

    platform: str
    url: str
    question: str
    taken_at: datetime
    voters: int
    options: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class ResultsView:
    """Numbers of a survey; ``days`` are days and counts, None where nobody may know one."""

    survey: surveys_pb2.Survey
    title: str
    lang: str
    responses: int
    at: datetime | None
    k: int
    is_withheld: bool
    questions: Sequence[QuestionView]
    polls: Sequence[PollView]
    days: Sequence[tuple[str, int | None]]

    def find(self, name: str) -> QuestionView | None:
        """The question of that name."""
        return next((each for each in self.questions if each.name == name), None)

    def polls_of(self, name: str) -> Sequence[PollView]:
        """Polls that repeated a question; with an empty name, those that repeated none."""
        known = {each.name for each in self.questions}
        return [each for each in self.polls if each.question == name or (not name and each.question not in known)]


def view_of(survey: surveys_pb2.Survey, found: pb.Results) -> ResultsView:
    """The numbers in the reader's language."""
    lang, title = _text(survey.title, survey.languages)
    return ResultsView(
        survey=survey, title=title, lang=lang, responses=found.responses,
        at=found.at.ToDatetime(tzinfo=UTC) if found.HasField("at") else None, k=found.k,
        is_withheld=found.is_withheld, polls=[_poll(each) for each in found.polls],
        questions=[_question(each, survey.languages) for each in found.questions],
        days=[(each.day, _known(each.responses)) for each in found.days],
    )  # fmt: skip


def _question(found: pb.QuestionResults, languages: Sequence[str]) -> QuestionView:
    lang, text = _text(found.label, languages)
    shape = _shape(found)
    bars = [_bar(cell, found.kind, languages) for cell in found.cells] if shape in (Shape.BARS, Shape.SCALE) else []
    return QuestionView(
        name=found.name, kind=found.kind, text=text or found.name, lang=lang, shape=shape,
        answered=_known(found.answered), dont_know=_known(found.dont_know), bars=bars,
        stacks=list(_stacks(found, languages)) if shape is Shape.STACKED else [],
        mean=_mean(found, languages) if found.HasField("moments") else None,
    )  # fmt: skip


def _shape(found: pb.QuestionResults) -> Shape:
    if found.kind in _STACKED:
        return Shape.STACKED
    if found.kind == answers_pb2.QUESTION_KIND_SCALE:
        return Shape.SCALE
    if found.kind in _LIST and (found.cells or not found.HasField("moments")):
        return Shape.BARS
    return Shape.MEAN if found.HasField("moments") else Shape.COUNT


def _bar(cell: pb.Cell, kind: int, languages: Sequence[str]) -> Bar:
    lang, label = _label(cell, kind, languages)
    count = _known(cell.count)
    share = cell.share if count is not None else 0.0
    return Bar(cell.code, label, lang, count, share, cell.share_low, cell.share_high)


def _label(cell: pb.Cell, kind: int, languages: Sequence[str]) -> tuple[str, str]:
    lang, label = _text(cell.label, languages)
    match kind:
        case answers_pb2.QUESTION_KIND_SCALE:
            return lang, f"{cell.code} – {label}" if label else cell.code
        case answers_pb2.QUESTION_KIND_TERRITORY:
            return "", territory_name(cell.code)
        case answers_pb2.QUESTION_KIND_CONSENT | answers_pb2.QUESTION_KIND_CALCULATED if not label:
            return "", {"true": gettext("Yes"), "false": gettext("No")}.get(cell.code, cell.code)
        case answers_pb2.QUESTION_KIND_RANKING:
            return "", gettext("Place %(place)s", place=cell.code)
    return lang, label or cell.code


def _stacks(found: pb.QuestionResults, languages: Sequence[str]) -> Iterator[Stack]:
    rows: dict[str, list[pb.Cell]] = {}
    for cell in found.cells:
        rows.setdefault(cell.row, []).append(cell)
    for row, cells in rows.items():
        lang, label = _text(cells[0].row_label, languages)
        bars = [_bar(cell, found.kind, languages) for cell in cells]
        yield Stack(row, label or row, lang, list(_parts(bars)))


def _parts(bars: Sequence[Bar]) -> Iterator[Part]:
    begins = 0.0
    for place, bar in enumerate(bars):
        yield Part(bar, begins, 1 + round(4 * place / max(1, len(bars) - 1)))
        begins += bar.share


def _mean(found: pb.QuestionResults, languages: Sequence[str]) -> Mean:
    moments = found.moments
    return Mean(
        count=_known(moments.count), mean=moments.mean, deviation=moments.deviation, low=moments.mean_low,
        high=moments.mean_high, least=moments.minimum if moments.HasField("minimum") else None,
        most=moments.maximum if moments.HasField("maximum") else None, unit=_text(found.unit, languages)[1],
    )  # fmt: skip


def _poll(found: pb.PollResults) -> PollView:
    return PollView(
        found.platform, found.url, found.question, found.taken_at.ToDatetime(tzinfo=UTC), found.voters,
        [(each.text, each.votes) for each in found.options],
    )  # fmt: skip


def _text(texts: Mapping[str, str], languages: Sequence[str]) -> tuple[str, str]:
    lang, text = text_of(texts, languages)
    return lang if is_in_other_language(lang) else "", text


def _known(count: int) -> int | None:
    return None if count == WITHHELD else count
