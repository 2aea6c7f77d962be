"""Polls on platforms stand beside a survey's answers; texts are for those who may read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from viche.surveys.v1 import editing_pb2, editing_pb2_grpc, results_pb2_grpc, surveys_pb2
from viche.surveys.v1 import results_pb2 as pb

from tests.integration.surveys.answering import document, option, question, send, survey_of
from tests.integration.surveys.test_results import office, public
from tests.integration.surveys.world import CITY, OFFICER, VILLAGE, World, person, request_id
from viche_chassis.testing import FakeRpcError
from viche_surveys.definitions import written
from viche_surveys.domain.definition import Definition, Kind

PARK = survey_of([
    question("park", Kind.SINGLE, options=(option("yes"), option("no"))),
    question("why"),
    question("name", is_personal=True),
])  # fmt: skip


def at(**ago: int) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(datetime.now(UTC) - timedelta(**ago))
    return stamp


def poll(*options: tuple[str, str, int], **fields: Any) -> pb.PollResults:
    values = {"platform": "telegram", "poll_id": "77", "question": "park", "taken_at": at(hours=1), **fields}
    return pb.PollResults(options=[pb.PollOption(text=t, code=c, votes=v) for t, c, v in options], **values)


async def bring(
    world: World, survey: Any, counts: pb.PollResults, caller: Any = OFFICER, *, corrects: bool = False
) -> None:
    request = pb.ImportPollResultsRequest(
        request_id=request_id(), survey_id=survey.id, poll=counts, corrects=corrects
    )  # fmt: skip
    await world.stub(results_pb2_grpc.ResultsServiceStub, caller).ImportPollResults(request)


async def take_away(world: World, survey: Any, caller: Any = OFFICER) -> editing_pb2.DeletePollResultsResponse:
    request = editing_pb2.DeletePollResultsRequest(
        request_id=request_id(), survey_id=survey.id, platform="telegram", poll_id="77"
    )
    return await world.stub(editing_pb2_grpc.PollsServiceStub, caller).DeletePollResults(request)


async def test_counts_of_a_poll_stand_beside_and_are_never_added(world: World) -> None:
    survey = await world.open(PARK)
    await send(world, document(survey, park="yes"))
    await bring(world, survey, poll(("Так", "yes", 900), ("Ні", "no", 100), voters=1000))
    found = await office(world, survey)
    assert found.responses == 1
    assert [cell.count for cell in found.questions[0].cells] == [1, 0]
    assert [(each.platform, [each.votes for each in each.options]) for each in found.polls] == [
        ("telegram", [900, 100])
    ]
    assert [each.poll_id for each in (await public(world, survey)).polls] == ["77"]


async def test_the_same_poll_again_replaces_its_counts_unless_they_are_older(world: World) -> None:
    survey = await world.open(PARK)
    await bring(world, survey, poll(("Так", "yes", 900)))
    await bring(world, survey, poll(("Так", "yes", 950), taken_at=at(minutes=1)))
    await bring(world, survey, poll(("Так", "yes", 10), taken_at=at(hours=9)))
    assert [each.options[0].votes for each in (await office(world, survey)).polls] == [950]


async def test_somebody_corrects_counts_with_an_earlier_day(world: World) -> None:
    survey = await world.open(PARK)
    await bring(world, survey, poll(("Так", "yes", 900)))
    await bring(world, survey, poll(("Так", "yes", 90), taken_at=at(days=9)), corrects=True)
    assert [each.options[0].votes for each in (await office(world, survey)).polls] == [90]


async def test_counts_are_taken_away_and_put_back(world: World) -> None:
    survey = await world.open(PARK)
    await bring(world, survey, poll(("Так", "yes", 900), voters=950))
    before = (await office(world, survey)).polls
    removed = await take_away(world, survey)
    assert list((await office(world, survey)).polls) == []
    assert not (await take_away(world, survey)).HasField("poll")
    await bring(world, survey, removed.poll)
    assert (await office(world, survey)).polls == before


async def test_another_authority_takes_no_counts_away(world: World) -> None:
    survey = await world.open(PARK)
    await bring(world, survey, poll(("Так", "yes", 1)))
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await take_away(world, survey, person("stranger", at=VILLAGE))


@pytest.mark.parametrize(
    ("counts", "field"),
    [
        (poll(("Так", "maybe", 1)), "poll.options.0.code"),
        (poll(("Так", "", -1)), "poll.options.0.votes"),
        (poll((" ", "", 1)), "poll.options.0.text"),
        (poll(), "poll.options"),
        (poll(("Так", "", 1), question="tree"), "poll.question"),
        (poll(("Так", "", 1), question="why"), "poll.question"),
        (poll(("Так", "", 1), platform="Мій канал"), "poll.platform"),
        (poll(("Так", "", 1), poll_id=""), "poll.poll_id"),
        (poll(("Так", "", 1), url="javascript:x"), "poll.url"),
        (poll(("Так", "", 1), taken_at=at(days=-1)), "poll.taken_at"),
    ],
)
async def test_counts_that_cannot_be_are_refused(world: World, counts: pb.PollResults, field: str) -> None:
    survey = await world.open(PARK)
    with pytest.raises(FakeRpcError) as refused:
        await bring(world, survey, counts)
    assert field in str(refused.value.status)
    assert list((await office(world, survey)).polls) == []


async def test_another_authority_brings_no_counts(world: World) -> None:
    survey = await world.open(PARK)
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await bring(world, survey, poll(("Так", "yes", 1)), person("stranger", at=VILLAGE))


async def texts(world: World, survey: Any, caller: Any = OFFICER, **fields: Any) -> pb.ListTextAnswersResponse:
    request = pb.ListTextAnswersRequest(survey_id=survey.id, **{"question": "why", **fields})
    return await world.stub(results_pb2_grpc.ResultsServiceStub, caller).ListTextAnswers(request)


async def test_texts_are_read_page_by_page_the_latest_first(world: World) -> None:
    survey = await world.open(PARK)
    for words in ("тінь", "лавки", "качки"):
        await send(world, document(survey, why=words))
    await send(world, document(survey, park="no"))
    first = await texts(world, survey, page_size=2)
    second = await texts(world, survey, page_size=2, page_token=first.next_page_token)
    assert [[each.text for each in page.answers] for page in (first, second)] == [["качки", "лавки"], ["тінь"]]
    assert second.next_page_token == ""


@pytest.mark.parametrize("name", ["name", "park", "nothing"])
async def test_only_texts_that_are_not_personal_are_listed(world: World, name: str) -> None:
    survey = await world.open(PARK)
    with pytest.raises(FakeRpcError, match="UNKNOWN_QUESTION"):
        await texts(world, survey, question=name)


async def test_the_press_reads_numbers_and_no_texts(world: World) -> None:
    survey = await world.open(PARK)
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await texts(world, survey, person("press", role="press", at=CITY))


async def test_a_poll_repeats_its_question_by_the_new_name(world: World) -> None:
    survey = await world.open(PARK)
    await bring(world, survey, poll(("Так", "yes", 900)))
    named = survey_of([question("garden", Kind.SINGLE, options=(option("yes"), option("no"))), question("why")])
    await redefine(world, survey, named, {"why": "garden", "park": "nothing"})  # neither is so
    assert [each.question for each in (await office(world, survey)).polls] == ["park"]
    await redefine(world, survey, named, {"park": "garden"})
    assert [each.question for each in (await office(world, survey)).polls] == ["garden"]


async def redefine(world: World, survey: Any, definition: Definition, renamed: Mapping[str, str]) -> None:
    edition = (await world.on().GetSurvey(surveys_pb2.GetSurveyRequest(survey_id=survey.id))).edition
    request = surveys_pb2.UpdateSurveyRequest(
        request_id=request_id(), survey_id=survey.id, edition=edition, definition_json=written(definition),
        renamed=renamed,
    )  # fmt: skip
    await world.on().UpdateSurvey(request)
