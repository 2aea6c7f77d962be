"""Answers to be sent in tests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import answers_pb2_grpc, surveys_pb2

from tests.integration.surveys.world import GATEWAY, World, request_id
from viche_surveys.composition import compose
from viche_surveys.domain.definition import Definition, Group, Kind, Option, Page, Question


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


def option(code: str, **fields: Any) -> Option:
    """An option that is called as its code."""
    return Option(code=code, label={"en": code}, **fields)


def question(name: str, kind: Kind = Kind.TEXT, **fields: Any) -> Question:
    """A question in English."""
    return Question(name=name, kind=kind, label={"en": f"{name}?"}, **fields)


def survey_of(*pages: Sequence[Question | Group], **fields: Any) -> Definition:
    """A survey in English with a page for each list of questions."""
    made = tuple(Page(name=f"page{index}", items=tuple(items)) for index, items in enumerate(pages, 1))
    return Definition(languages=("en",), title={"en": "A survey"}, pages=made, **fields)


async def look(world: World, number: int = 0, **fields: Any) -> pb.AnswerPage:
    """A page as somebody sees it who asks for it."""
    request = pb.GetAnswerPageRequest(number=number, language="en", **fields)
    return (await answers_of(world).GetAnswerPage(request)).page


async def save(
    world: World, page: pb.AnswerPage, id: str = "", respondent: pb.Respondent | None = None, **wanted: Any
) -> pb.SaveAnswerPageResponse:
    """Sends a page that was shown; what is no field of the request is a field of the form."""
    known = {name: wanted.pop(name) for name in ("move", "group", "shown", "version") if name in wanted}
    request = pb.SaveAnswerPageRequest(
        request_id=id or request_id(),
        number=0 if page.token else page.number,
        token=page.token,
        page=page.name,
        seed=page.seed,
        language="en",
        fields=form(**wanted),
        respondent=respondent,
        **{"version": page.version, **known},
    )
    return await answers_of(world).SaveAnswerPage(request)


def questions(page: pb.AnswerPage) -> dict[str, pb.QuestionView]:
    """Questions of a page by their field, those in groups too."""
    return {each.field: each for each in _questions(page.items)}


def _questions(items: Iterable[pb.ItemView]) -> Iterator[pb.QuestionView]:
    for item in items:
        if item.HasField("question"):
            yield item.question
        for instance in item.group.instances:
            yield from _questions(instance.items)


def filled(page: pb.AnswerPage) -> dict[str, list[str]]:
    """What is filled in on a page."""
    return {each.name: list(each.values) for view in questions(page).values() for each in view.filled}


def another(world: World) -> World:
    """Another process of the service over the same database."""
    surveys = compose(world.settings, world.ways)
    return World(world.pool, surveys, world.signer, world.settings, world.ways, world.objects)
