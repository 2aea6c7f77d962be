"""Results: exact for officers, in steps of k and gated for everybody."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from viche.surveys.v1 import answers_pb2, results_pb2_grpc, surveys_pb2
from viche.surveys.v1 import results_pb2 as pb

from tests.integration.surveys.answering import document, option, question, send, survey_of
from tests.integration.surveys.world import GATEWAY, OFFICER, VILLAGE, World, person
from viche_chassis.testing import FakeRpcError
from viche_surveys.domain.definition import Kind

PARTNER = "018f0000-0000-7000-8000-00000000000a"
LIBRARY = survey_of([
    question("use", Kind.SINGLE, options=(option("often"), option("never"), option("once"))),
    question("age", Kind.NUMBER),
    question("mail", Kind.EMAIL, is_personal=True),
])  # fmt: skip


def results_of(world: World, caller: Any = GATEWAY) -> Any:
    return world.stub(results_pb2_grpc.ResultsServiceStub, caller)


async def public(world: World, survey: surveys_pb2.Survey) -> pb.Results:
    return (await results_of(world).GetResults(pb.GetResultsRequest(number=survey.number))).results


async def office(world: World, survey: surveys_pb2.Survey, **fields: Any) -> pb.Results:
    request = pb.GetOfficeResultsRequest(survey_id=survey.id, **fields)
    return (await results_of(world, OFFICER).GetOfficeResults(request)).results


async def answer(world: World, survey: surveys_pb2.Survey, use: str, count: int, partner: str = "") -> None:
    items = [document(survey, use=use, age=40 + place % 3) for place in range(count)]
    for item in items:
        item.respondent.CopyFrom(answers_pb2.Respondent(partner_id=partner))
    results = await send(world, *items)
    assert [each.status.code for each in results] == [0] * count


def counts(results: pb.Results) -> dict[str, int]:
    return {cell.code: cell.count for cell in results.questions[0].cells}


async def test_officers_see_every_answer_at_once(world: World) -> None:
    survey = await world.open(LIBRARY)
    await answer(world, survey, "often", 3)
    await answer(world, survey, "never", 1)
    found = await office(world, survey)
    assert (found.responses, counts(found)) == (4, {"often": 3, "never": 1, "once": 0})
    assert [each.name for each in found.questions] == ["use", "age"]
    age = found.questions[1].moments
    assert (age.count, age.mean, age.minimum, age.maximum) == (4, 40.75, 40, 42)
    assert [day.responses for day in found.days] in ([4], [3, 1])  # midnight may come between them


async def test_everybody_sees_nothing_before_k_have_answered(world: World) -> None:
    survey = await world.open(LIBRARY)
    await answer(world, survey, "often", 9)
    await world.surveys.publisher.look()
    found = await public(world, survey)
    assert (found.is_withheld, found.responses, list(found.questions)) == (True, 0, [])


async def test_public_numbers_move_in_steps_of_k(world: World) -> None:
    survey = await world.open(LIBRARY)
    seen = []
    for _ in range(5):
        await answer(world, survey, "often", 6)
        await world.surveys.publisher.look()
        seen.append((await public(world, survey)).responses)
    assert seen == [0, 12, 12, 24, 24]


FARM = survey_of([
    question("farms", Kind.SINGLE, options=(option("yes"), option("no"))),
    question("income", Kind.NUMBER, relevant='farms == "yes"'),
])  # fmt: skip


async def farmers(world: World, survey: surveys_pb2.Survey, *incomes: int) -> None:
    results = await send(world, *(document(survey, farms="yes", income=each) for each in incomes))
    assert [each.status.code for each in results] == [0] * len(incomes)


async def others(world: World, survey: surveys_pb2.Survey, count: int) -> pb.Results:
    """Answers of people without a farm, and what everybody sees then."""
    if count:
        results = await send(world, *(document(survey, farms="no") for _ in range(count)))
        assert [each.status.code for each in results] == [0] * count
    await world.surveys.publisher.look()
    return await public(world, survey)


def incomes_of(results: pb.Results) -> tuple[int, float]:
    return results.questions[1].answered, round(results.questions[1].moments.mean, 2)


async def test_a_question_moves_in_steps_of_k_too(world: World) -> None:
    survey = await world.open(FARM)
    await farmers(world, survey, *[100] * 20)
    assert incomes_of(await others(world, survey, 20)) == (20, 100)
    await farmers(world, survey, 9_000)
    found = await others(world, survey, 20)
    assert (found.responses, incomes_of(found)) == (61, (20, 100))
    await farmers(world, survey, *[100] * 9)
    assert incomes_of(await others(world, survey, 1)) == (30, 396.67)


async def test_a_greater_k_does_not_let_a_question_step_by_fewer(world: World) -> None:
    survey = await world.open(FARM)
    await farmers(world, survey, *[100] * 20)
    await others(world, survey, 20)
    await farmers(world, survey, 9_000)
    await world.update(survey.id, k=12)
    assert incomes_of(await others(world, survey, 0)) == (-1, 0)
    await farmers(world, survey, *[100] * 11)
    assert incomes_of(await others(world, survey, 1)) == (32, 378.12)


async def test_public_numbers_hide_small_groups(world: World) -> None:
    survey = await world.open(LIBRARY)
    for use, count in (("often", 40), ("never", 25), ("once", 4)):
        await answer(world, survey, use, count)
    await world.surveys.publisher.look()
    found = await public(world, survey)
    assert (found.responses, counts(found)) == (69, {"often": 40, "never": -1, "once": -1})
    assert not found.questions[1].moments.HasField("minimum")


async def test_a_survey_shows_how_many_answers_are_published(world: World) -> None:
    survey = await world.open(LIBRARY)
    await answer(world, survey, "often", 11)
    await world.surveys.publisher.look()
    request = surveys_pb2.GetPublicSurveyRequest(number=survey.number)
    assert (await world.on(GATEWAY).GetPublicSurvey(request)).survey.responses == 11


async def test_a_greater_k_takes_back_what_it_does_not_allow(world: World) -> None:
    survey = await world.open(LIBRARY)
    await answer(world, survey, "often", 12)
    await world.surveys.publisher.look()
    await world.update(survey.id, k=20)
    assert (await public(world, survey)).is_withheld


@pytest.mark.parametrize(
    ("visibility", "is_closed", "when"),
    [
        (surveys_pb2.RESULTS_VISIBILITY_NEVER, False, "never"),
        (surveys_pb2.RESULTS_VISIBILITY_NEVER, True, "never"),
        (surveys_pb2.RESULTS_VISIBILITY_CLOSED, False, "closed"),
        (surveys_pb2.RESULTS_VISIBILITY_CLOSED, True, ""),
        (surveys_pb2.RESULTS_VISIBILITY_LIVE, False, ""),
    ],
)
async def test_results_are_public_when_the_survey_says_so(
    world: World, visibility: Any, is_closed: bool, when: str
) -> None:
    survey = await world.open(LIBRARY, results=visibility)
    if is_closed:
        await world.close(survey.id)
    if not when:
        assert (await public(world, survey)).survey_id == survey.id
        return
    with pytest.raises(FakeRpcError) as refused:
        await public(world, survey)
    assert (refused.value.reason, refused.value.values) == ("RESULTS_NOT_PUBLIC", {"when": when})


async def test_a_draft_has_no_public_results(world: World) -> None:
    survey = await world.draft(LIBRARY)
    with pytest.raises(FakeRpcError, match="SURVEY_NOT_FOUND"):
        await public(world, survey)


async def test_officers_of_another_authority_see_no_numbers(world: World) -> None:
    survey = await world.open(LIBRARY)
    stranger = person("stranger", at=VILLAGE)
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await results_of(world, stranger).GetOfficeResults(pb.GetOfficeResultsRequest(survey_id=survey.id))


async def test_a_partner_is_told_its_own_totals_in_steps_of_k(world: World) -> None:
    big, small = await world.open(LIBRARY), await world.open(LIBRARY)
    await answer(world, big, "often", 15, PARTNER)
    await answer(world, big, "never", 30, str(uuid.uuid4()))
    await answer(world, small, "often", 3, PARTNER)
    await world.surveys.publisher.look()
    totals = (await results_of(world).GetPartnerTotals(pb.GetPartnerTotalsRequest(partner_id=PARTNER))).totals
    assert {each.number: each.responses for each in totals} == {big.number: 15, small.number: -1}
    assert (await office(world, big, partner_id=PARTNER)).responses == 15
