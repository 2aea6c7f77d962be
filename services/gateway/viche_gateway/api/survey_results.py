"""Results of surveys as JSON values; what fewer than k answers would tell is null."""

from typing import Any

from viche.surveys.v1 import answers_pb2, surveys_pb2
from viche.surveys.v1 import results_pb2 as pb

from viche_gateway.api.values import moment
from viche_gateway.portal.surveys.results.view import WITHHELD


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
        "days": [{"day": each.day, "responses": known(each.responses)} for each in found.days],
    }


def _question(found: pb.QuestionResults) -> dict[str, Any]:
    return {
        "name": found.name,
        "kind": kind(found.kind),
        "label": dict(found.label),
        "answered": known(found.answered),
        "dont_know": known(found.dont_know),
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
        "count": known(cell.count),
        "share": cell.share if is_known else None,
        "share_low": cell.share_low if is_known else None,
        "share_high": cell.share_high if is_known else None,
    }


def _moments(moments: pb.Moments) -> dict[str, Any]:
    is_known = moments.count != WITHHELD
    return {
        "count": known(moments.count),
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


def kind(value: "answers_pb2.QuestionKind.ValueType") -> str:
    """The kind of a question."""
    return answers_pb2.QuestionKind.Name(value).removeprefix("QUESTION_KIND_").lower()


def known(count: int) -> int | None:
    """A count; None where it is withheld."""
    return None if count == WITHHELD else count
