"""Shapes of results of surveys: a JSON document and a table."""

from collections.abc import Iterator
from typing import Any

from viche.surveys.v1 import answers_pb2, surveys_pb2
from viche.surveys.v1 import results_pb2 as pb

from viche_gateway.api.values import moment
from viche_gateway.portal.surveys.results.view import WITHHELD, ResultsView

COLUMNS = (
    "question", "kind", "question_label", "answered", "row", "row_label", "code", "label", "count", "share",
    "share_low", "share_high",
)  # fmt: skip


def document(survey: surveys_pb2.Survey, found: pb.Results) -> dict[str, Any]:
    """The numbers; what nobody may know is null."""
    return {
        "survey": survey.number,
        "title": dict(survey.title),
        "responses": found.responses,
        "at": moment(found.at) if found.HasField("at") else None,
        "k": found.k,
        "is_withheld": found.is_withheld,
        "questions": [_question(each) for each in found.questions],
        "polls": [_poll(each) for each in found.polls],
        "days": [{"day": each.day, "responses": _known(each.responses)} for each in found.days],
    }


def rows(view: ResultsView, found: pb.Results) -> Iterator[tuple[object, ...]]:
    """The names of the columns, then a row for each count; labels are in the reader's language."""
    yield COLUMNS
    for question in found.questions:
        shown = view.find(question.name)
        text = shown.text if shown else question.name
        bars = [(bar, "") for bar in shown.bars] if shown else []
        bars += [(part.bar, stack.label) for stack in shown.stacks for part in stack.parts] if shown else []
        about = question.name, _kind(question.kind), text, _known(question.answered)
        if not bars:
            yield *about, "", "", "", "", None, None, None, None
        for cell, (bar, row_label) in zip(question.cells, bars, strict=False):
            numbers = (None,) * 3 if bar.count is None else (bar.share, bar.low, bar.high)
            yield *about, cell.row, row_label, cell.code, bar.label, bar.count, *numbers


def _question(found: pb.QuestionResults) -> dict[str, Any]:
    return {
        "name": found.name,
        "kind": _kind(found.kind),
        "label": dict(found.label),
        "answered": _known(found.answered),
        "dont_know": _known(found.dont_know),
        "cells": [_cell(each) for each in found.cells],
        "moments": _moments(found.moments) if found.HasField("moments") else None,
    }


def _cell(cell: pb.Cell) -> dict[str, Any]:
    is_known = cell.count != WITHHELD
    return {
        "row": cell.row,
        "row_label": dict(cell.row_label),
        "code": cell.code,
        "label": dict(cell.label),
        "count": _known(cell.count),
        "share": cell.share if is_known else None,
        "share_low": cell.share_low if is_known else None,
        "share_high": cell.share_high if is_known else None,
    }


def _moments(moments: pb.Moments) -> dict[str, Any]:
    is_known = moments.count != WITHHELD
    return {
        "count": _known(moments.count),
        "mean": moments.mean,
        "deviation": moments.deviation,
        "mean_low": moments.mean_low if is_known else None,
        "mean_high": moments.mean_high if is_known else None,
    }


def _poll(poll: pb.PollResults) -> dict[str, Any]:
    return {
        "platform": poll.platform,
        "poll_id": poll.poll_id,
        "url": poll.url,
        "question": poll.question,
        "taken_at": moment(poll.taken_at),
        "voters": poll.voters or None,
        "options": [{"text": each.text, "code": each.code, "votes": each.votes} for each in poll.options],
    }


def _kind(kind: "answers_pb2.QuestionKind.ValueType") -> str:
    return answers_pb2.QuestionKind.Name(kind).removeprefix("QUESTION_KIND_").lower()


def _known(count: int) -> int | None:
    return None if count == WITHHELD else count
