"""Answers that wait together travel together; who answers is told of where persons are counted alone."""

from __future__ import annotations

from typing import Any

import pytest
from viche.identity.v1 import identity_pb2, identity_pb2_grpc
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import answers_pb2_grpc

from viche_chassis.errors import Code, DomainError, TokenRefused
from viche_chassis.status import to_status
from viche_gateway.clients.answering import Answering, Whole
from viche_gateway.clients.surveys import KNOWN_S, Surveys
from viche_gateway.testing import World
from viche_gateway.testing.channel import InProcessChannel, refusal
from viche_gateway.testing.surveys import FakeSurveys

SURVEY = "018f5c1e-0000-7000-8000-0000000000aa"
_MOST_BYTES = 2_000


class _Identity(identity_pb2_grpc.ScopeTokensServiceServicer):
    def __init__(self) -> None:
        self.asked: list[str] = []

    async def BatchCreateScopeTokens(self, request: Any, context: Any) -> Any:
        self.asked += [item.access_token for item in request.items]
        results = [
            identity_pb2.ScopeTokenResult(status=to_status(TokenRefused()))
            if item.access_token == "bad"
            else identity_pb2.ScopeTokenResult(scope_token=f"{item.access_token} {item.audience} {item.scope}")
            for item in request.items
        ]
        return identity_pb2.BatchCreateScopeTokensResponse(results=results)


class _Answers(FakeSurveys):
    def __init__(self) -> None:
        super().__init__()
        self.items: list[pb.ResponseItem] = []

    async def BatchCreateResponses(self, request: Any, context: Any) -> Any:
        if request.ByteSize() > _MOST_BYTES:
            raise refusal(Code.RESOURCE_EXHAUSTED, "REFUSED")
        self.items.extend(request.items)
        return pb.BatchCreateResponsesResponse(results=map(_result, request.items))


def _result(item: pb.ResponseItem) -> pb.ResponseResult:
    if item.number == 404:
        return pb.ResponseResult(status=to_status(refusal(Code.NOT_FOUND, "SURVEY_NOT_FOUND")))
    if item.number == 400:
        status = to_status(refusal(Code.INVALID_ARGUMENT, "ANSWERS_REFUSED"))
        return pb.ResponseResult(status=status, page=pb.AnswerPage(name="page1"))
    return pb.ResponseResult(response_id=f"answer of {item.request_id}")


@pytest.fixture
def identity() -> _Identity:
    return _Identity()


@pytest.fixture
def answers() -> _Answers:
    return _Answers()  # pyright: ignore[reportAbstractUsage]


@pytest.fixture
def answering(identity: _Identity, answers: _Answers) -> Answering:
    channels: list[Any] = [
        InProcessChannel(lambda server: identity_pb2_grpc.add_ScopeTokensServiceServicer_to_server(identity, server)),
        InProcessChannel(lambda server: answers_pb2_grpc.add_AnswersServiceServicer_to_server(answers, server)),
    ]
    return Answering(*channels)


def _whole(access_token: str = "", number: int = 1) -> Whole:
    return Whole(SURVEY, pb.ResponseItem(request_id="one", number=number), access_token)


def test_nobody_is_named_where_persons_are_not_counted(
    answering: Answering, identity: _Identity, answers: _Answers
) -> None:
    assert answering.send(_whole()).response_id == "answer of one"
    assert identity.asked == []
    assert answers.items[0].respondent.scope_token == ""


def test_a_person_is_known_to_this_survey_alone(answering: Answering, answers: _Answers) -> None:
    answering.send(_whole("good"))
    assert answers.items[0].respondent.scope_token == f"good surveys survey:{SURVEY}"


@pytest.mark.parametrize(
    ("access_token", "number", "reason"), [("bad", 1, "TOKEN_REFUSED"), ("", 404, "SURVEY_NOT_FOUND")]
)
def test_a_refusal_is_raised(answering: Answering, access_token: str, number: int, reason: str) -> None:
    with pytest.raises(DomainError) as refused:
        answering.send(_whole(access_token, number))
    assert refused.value.reason == reason


def test_a_page_to_show_again_is_no_error(answering: Answering) -> None:
    assert answering.send(_whole(number=400)).page.name == "page1"


def test_bad_tokens_fail_alone(answering: Answering, answers: _Answers) -> None:
    results = answering._send([_whole("bad"), _whole(), _whole("good")])  # pyright: ignore[reportPrivateUsage]
    assert [bool(result.response_id) for result in results] == [False, True, True]
    assert len(answers.items) == 2


def test_an_answer_that_is_too_long_fails_alone(answering: Answering, answers: _Answers) -> None:
    long = _whole()
    long.item.answers_json = "x" * _MOST_BYTES
    results = answering._send([_whole(), long, *(_whole() for _ in range(200))])  # pyright: ignore[reportPrivateUsage]
    assert [place for place, result in enumerate(results) if result.status.code] == [1]
    assert len(answers.items) == 201


def test_a_survey_is_remembered_for_seconds(world: World) -> None:
    world.app()
    survey = world.surveys.add()
    channel: Any = world.channels["surveys"]
    clock = [0.0]
    surveys = Surveys(channel, lambda: clock[0])
    assert surveys.known(survey.number).version == 1
    survey.version = 2
    assert surveys.known(survey.number).version == 1
    clock[0] = KNOWN_S
    assert surveys.known(survey.number).version == 2
