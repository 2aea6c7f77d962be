"""The whole form at once, and what a person has begun, found without its link."""

from __future__ import annotations

import json
from typing import Any

import pytest
from viche.surveys.v1 import answers_pb2, participation_pb2_grpc, surveys_pb2
from viche.surveys.v1 import participation_pb2 as pb

from tests.integration.surveys.answering import item, look, option, question, reason, save, send, survey_of
from tests.integration.surveys.test_privacy import mine
from tests.integration.surveys.world import GATEWAY, World
from viche_chassis.errors import DomainError
from viche_surveys.domain.definition import Definition, Kind, Page

PERSON = surveys_pb2.ADMISSION_PERSON
CLOSED = surveys_pb2.RESULTS_VISIBILITY_CLOSED
PAGES = survey_of([question("one")], [question("two")])
BRANCHING = Definition(
    languages=("en",),
    title={"en": "Pets"},
    pages=(
        Page(name="first", items=(question("pet", Kind.SINGLE, options=(option("cat"), option("dog"))),)),
        Page(name="dogs", items=(question("breed"),), relevant="pet == 'dog'"),
        Page(name="last", items=(question("more"),)),
    ),
)


def stub(world: World) -> Any:
    return world.stub(participation_pb2_grpc.ParticipationServiceStub, GATEWAY)


def who(world: World, survey: surveys_pb2.Survey, name: str = "olena") -> answers_pb2.Respondent:
    return answers_pb2.Respondent(scope_token=world.token(survey.id, name))


async def begin(world: World, survey: surveys_pb2.Survey, name: str = "olena") -> str:
    """Keeps the first page of an answer; returns the secret of its link."""
    respondent = who(world, survey, name)
    page = await look(world, survey.number, respondent=respondent)
    return (await save(world, page, respondent=respondent, one="x")).page.token


async def begun(world: World, name: str, *surveys: surveys_pb2.Survey) -> list[pb.MyDraft]:
    items = [answers_pb2.AnsweredBy(survey_id=each.id, scope_token=world.token(each.id, name)) for each in surveys]
    return list((await stub(world).ListMyDrafts(pb.ListMyDraftsRequest(items=items))).drafts)


async def form(world: World, survey: surveys_pb2.Survey, **fields: Any) -> list[pb.FormPage]:
    request = pb.ListAnswerPagesRequest(number=survey.number, **fields)
    return list((await stub(world).ListAnswerPages(request)).pages)


async def test_the_whole_form_has_pages_that_answers_show_later(world: World) -> None:
    survey = await world.open(BRANCHING)

    pages = await form(world, survey)

    assert [(each.page.name, each.relevant, each.is_hidden) for each in pages] == [
        ("first", "", False), ("dogs", "pet == 'dog'", True), ("last", "", False),
    ]  # fmt: skip
    assert {each.page.seed for each in pages} == {pages[0].page.seed}
    assert all(not each.page.token for each in pages)
    assert await world.rows("SELECT 1 FROM drafts") == []


async def test_the_form_of_a_survey_that_counts_persons_is_for_those_who_may_answer(world: World) -> None:
    survey = await world.open(PAGES, admission=PERSON)

    with pytest.raises(DomainError, match="SIGN_IN_NEEDED"):
        await form(world, survey)

    assert len(await form(world, survey, respondent=who(world, survey))) == 2


async def test_a_person_goes_on_without_the_link(world: World) -> None:
    survey = await world.open(PAGES, admission=PERSON)
    token = await begin(world, survey)

    page = await look(world, survey.number, respondent=who(world, survey))

    assert (page.token, page.name) == (token, "page2")
    other = await look(world, survey.number, respondent=who(world, survey, "ivan"))
    assert (other.token, other.name) == ("", "page1")


async def test_drafts_that_lead_to_nobody_are_found_by_their_links_alone(world: World) -> None:
    survey = await world.open(PAGES)
    await save(world, await look(world, survey.number), one="x")

    assert (await look(world, survey.number, respondent=who(world, survey))).token == ""
    assert await begun(world, "olena", survey) == []


async def test_people_see_what_they_have_begun_and_nothing_of_others(world: World) -> None:
    first, second = [await world.open(PAGES, admission=PERSON) for _ in range(2)]
    await begin(world, first)
    ivans = await begin(world, first, "ivan")
    page = await look(world, second.number, respondent=who(world, second))
    in_two_windows = [
        (await save(world, page, respondent=who(world, second), one=said)).page.token for said in ("old", "new")
    ]

    found = await begun(world, "olena", first, second)

    assert [(each.number, each.title["en"]) for each in found] == [
        (second.number, "A survey"), (first.number, "A survey"),
    ]  # fmt: skip
    assert found[0].token == in_two_windows[1]
    assert json.loads(found[0].fields_json) == {"one": ["new"]}
    assert found[0].expires_at.seconds > found[0].saved_at.seconds
    assert ivans not in {each.token for each in found}


async def test_a_draft_is_not_listed_once_the_person_has_answered_or_the_survey_has_closed(world: World) -> None:
    answered, closed = [await world.open(PAGES, admission=PERSON) for _ in range(2)]
    for survey in (answered, closed):
        await begin(world, survey)
    sent = item(answered, one="a", two="b")
    sent.respondent.CopyFrom(who(world, answered))
    assert reason((await send(world, sent))[0]) == ""
    await world.close(closed.id)

    assert await begun(world, "olena", answered, closed) == []


async def test_a_draft_is_shown_to_nobody_by_a_token_for_another_survey(world: World) -> None:
    first, second = [await world.open(PAGES, admission=PERSON) for _ in range(2)]
    items = [answers_pb2.AnsweredBy(survey_id=first.id, scope_token=world.token(second.id, "olena"))]

    with pytest.raises(DomainError, match="TOKEN_REFUSED"):
        await stub(world).ListMyDrafts(pb.ListMyDraftsRequest(items=items))


async def test_people_are_told_whether_results_are_shown(world: World) -> None:
    live, later = await world.open(PAGES, admission=PERSON), await world.open(PAGES, admission=PERSON, results=CLOSED)
    for survey in (live, later):
        sent = item(survey, one="a", two="b")
        sent.respondent.CopyFrom(who(world, survey))
        assert reason((await send(world, sent))[0]) == ""

    before = [each.shows_results for each in await mine(world, "olena", live, later)]
    await world.close(later.id)

    assert before == [True, False]
    assert [each.shows_results for each in await mine(world, "olena", later)] == [True]
