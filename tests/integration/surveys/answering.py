"""Answers to be sent in tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import answers_pb2_grpc, surveys_pb2

from tests.integration.surveys.world import GATEWAY, World, request_id


def form(**fields: str | Sequence[str]) -> list[pb.FormField]:
    """Fields of a form; a double underscore in a name stands for a dot."""
    return [
        pb.FormField(name=name.replace("__", "."), values=[value] if isinstance(value, str) else value)
        for name, value in fields.items()
    ]


def item(survey: surveys_pb2.Survey, id: str = "", **fields: str | Sequence[str]) -> pb.ResponseItem:
    """A whole answer, as a form sends it."""
    return pb.ResponseItem(request_id=id or request_id(), number=survey.number, fields=form(**fields), language="en")


def document(survey: surveys_pb2.Survey, **answers: Any) -> pb.ResponseItem:
    """A whole answer as JSON."""
    return pb.ResponseItem(request_id=request_id(), number=survey.number, answers_json=json.dumps(answers))


def answers_of(world: World) -> Any:
    """AnswersService as the gateway calls it."""
    return world.stub(answers_pb2_grpc.AnswersServiceStub, GATEWAY)


async def send(world: World, *items: pb.ResponseItem) -> list[pb.ResponseResult]:
    """Sends answers in one call."""
    response = await answers_of(world).BatchCreateResponses(pb.BatchCreateResponsesRequest(items=items))
    return list(response.results)


def reason(result: pb.ResponseResult) -> str:
    """Why an answer was not taken; empty where it was."""
    return result.status.message if result.status.code else ""


def faults(result: pb.ResponseResult) -> dict[str, str]:
    """Reasons by field."""
    return {each.field: each.reason for each in result.faults}
