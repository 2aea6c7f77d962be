"""Numbers of a survey as messages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from viche.surveys.v1 import answers_pb2
from viche.surveys.v1 import results_pb2 as pb

from viche_chassis.messages import timestamp
from viche_surveys.domain.anonymity import WITHHELD, partition
from viche_surveys.domain.definition import Definition, Kind, Option, Question, Text
from viche_surveys.domain.polls import Poll
from viche_surveys.domain.results import EXACT, Cell, Moments, QuestionResults, Tallies, days, results
from viche_surveys.domain.survey import Survey

KINDS = {kind: answers_pb2.QuestionKind.Value(f"QUESTION_KIND_{kind.name}") for kind in Kind}


@dataclass(frozen=True, slots=True)
class Numbers:
    """What results are made from.

    Attributes:
        responses: answers that the tallies count.
        k: fewest answers that a number may stand for; `EXACT` for those who wrote the survey.
    """

    tallies: Tallies
    responses: int
    at: datetime
    k: int = EXACT


def results_message(survey: Survey, definition: Definition, numbers: Numbers) -> pb.Results:
    """Numbers of a survey."""
    found = results(definition, numbers.tallies, numbers.responses, numbers.k)
    return pb.Results(
        survey_id=str(survey.id), responses=numbers.responses, at=timestamp(numbers.at), k=survey.settings.k,
        is_withheld=numbers.responses < numbers.k, questions=map(_question, found),
        days=_days(numbers) if numbers.responses >= numbers.k else (),
    )  # fmt: skip


def _days(numbers: Numbers) -> Iterator[pb.DayCount]:
    by_day = list(days(numbers.tallies))
    counts = [count for _, count in by_day]
    shown = counts if numbers.k == EXACT else partition(counts, numbers.k)
    for (day, _), count in zip(by_day, shown, strict=True):
        yield pb.DayCount(day=day, responses=count)


def _question(found: QuestionResults) -> pb.QuestionResults:
    question = found.question
    return pb.QuestionResults(
        name=question.name, kind=KINDS[question.kind], label=question.label, answered=found.answered,
        dont_know=found.dont_know, cells=(_cell(question, each) for each in found.cells),
        moments=_moments(found.moments) if found.moments else None, unit=question.unit,
    )  # fmt: skip


def _cell(question: Question, cell: Cell) -> pb.Cell:
    is_ranking = question.kind is Kind.RANKING
    return pb.Cell(
        row=cell.row, code=cell.code, count=cell.count, share=cell.share,
        row_label=_label(question.options if is_ranking else question.rows, cell.row),
        label=_end(question, cell.code) if question.kind is Kind.SCALE else _label(question.options, cell.code),
        share_low=cell.interval.low, share_high=cell.interval.high,
    )  # fmt: skip


def _label(options: tuple[Option, ...], code: str) -> Text:
    return next((option.label for option in options if option.code == code), {})


def _end(question: Question, code: str) -> Text:
    """What the ends of a scale mean."""
    ends = {question.minimum: question.low_label, question.maximum: question.high_label}
    return ends.get(float(code), {})


def _moments(moments: Moments) -> pb.Moments:
    is_whole = moments.count != WITHHELD
    return pb.Moments(
        count=moments.count, mean=moments.mean, deviation=moments.deviation, minimum=moments.least,
        maximum=moments.most, mean_low=moments.interval.low if is_whole else 0,
        mean_high=moments.interval.high if is_whole else 0,
    )  # fmt: skip


def poll_message(poll: Poll) -> pb.PollResults:
    """Counts of a poll on a platform."""
    return pb.PollResults(
        platform=poll.platform, poll_id=poll.poll_id, url=poll.url, question=poll.question,
        taken_at=timestamp(poll.taken_at), voters=poll.voters,
        options=(pb.PollOption(text=each.text, code=each.code, votes=each.votes) for each in poll.options),
    )  # fmt: skip
