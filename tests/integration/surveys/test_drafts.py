"""Answers page by page: kept, resumed, checked, sent once."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import surveys_pb2

from tests.integration.surveys.answering import another, filled, look, option, question, questions, save, survey_of
from tests.integration.surveys.world import World, request_id
from viche_chassis.errors import DomainError
from viche_surveys.domain.definition import Definition, Group, Kind, Repeat

ON = pb.SaveAnswerPageRequest
PETS = survey_of(
    [
        question("pet", Kind.SINGLE, options=(option("cat"), option("dog"), option("none")), is_required=True),
        question("name", relevant='pet in ["cat", "dog"]', is_required=True),
    ],
    [question("walks", Kind.NUMBER, relevant='pet == "dog"', minimum=0.0, maximum=9.0, step=1.0)],
    [question("more", is_long=True), question("mailbox", Kind.EMAIL, is_personal=True)],
)


async def answers(world: World) -> list[dict[str, object]]:
    return [row[0] for row in await world.rows("SELECT answers FROM responses ORDER BY id")]


async def test_a_survey_is_answered_page_by_page(world: World) -> None:
    survey = await world.open(PETS)
    first = await look(world, survey.number)
    assert (first.position, first.count, first.is_last, first.token) == (1, 2, False, "")

    second = (await save(world, first, pet="dog", name="Rex")).page
    third = (await save(world, second, walks="2")).page
    sent = await save(world, third, more="Good boy", mailbox="a@example.org")

    assert (second.name, second.position, second.count, second.previous) == ("page2", 2, 3, "page1")
    assert (third.is_last, sent.HasField("page")) == (True, False)
    assert await answers(world) == [{"pet": "dog", "name": "Rex", "walks": 2, "more": "Good boy"}]
    assert await world.rows("SELECT id::text FROM responses") == [(sent.response_id,)]
    assert await world.rows("SELECT 1 FROM drafts") == []


async def test_a_page_that_answers_hide_is_passed_over(world: World) -> None:
    survey = await world.open(PETS)

    second = (await save(world, await look(world, survey.number), pet="cat", name="Tom")).page

    assert (second.name, second.position, second.count) == ("page3", 2, 2)


async def test_faults_keep_the_page_and_what_was_written(world: World) -> None:
    survey = await world.open(PETS)
    second = (await save(world, await look(world, survey.number), pet="dog", name="Rex")).page

    again = await save(world, second, walks="eleven")

    assert again.has_faults
    assert [(each.field, each.reason) for each in questions(again.page)["walks"].faults] == [("walks", "NOT_A_NUMBER")]
    assert filled(again.page) == {"walks": ["eleven"]}


async def test_a_question_that_an_answer_reveals_is_shown_before_it_is_missed(world: World) -> None:
    survey = await world.open(PETS)
    first = await look(world, survey.number)
    assert questions(first)["name"].is_hidden

    again = (await save(world, first, shown=["pet"], pet="cat")).page
    then = await save(world, again, shown=["pet", "name"], pet="cat")

    assert (again.name, again.has_more, len(questions(again)["name"].faults)) == ("page1", True, 0)
    assert not questions(again)["name"].is_hidden
    assert [each.reason for each in questions(then.page)["name"].faults] == ["REQUIRED"]


async def test_a_draft_is_resumed_by_its_link_and_by_nothing_else(world: World) -> None:
    survey = await world.open(PETS)
    second = (await save(world, await look(world, survey.number), pet="dog", name="Rex")).page

    assert (await look(world, token=second.token)).name == "page2"
    assert filled(await look(world, token=second.token, page="page1")) == {"pet": ["dog"], "name": ["Rex"]}
    other_end = "AQ" if second.token.endswith("AA") else "AA"  # the last byte of one in 256 tokens is zero
    for token in ("", second.token[:-2] + other_end, "rubbish"):
        with pytest.raises(DomainError, match="NOT_FOUND"):
            await look(world, token=token)


async def test_a_draft_from_before_links_were_asked_for_is_not_sent_without_one(world: World) -> None:
    survey = await world.open(PETS)
    last = (await save(world, await look(world, survey.number), pet="cat", name="Tom")).page
    await world.update(survey.id, admission=surveys_pb2.ADMISSION_LINK)

    with pytest.raises(DomainError, match="INVITATION_REFUSED"):
        await save(world, last, more="x")
    with pytest.raises(DomainError, match="INVITATION_REFUSED"):
        await look(world, token=last.token)

    assert await answers(world) == []


async def test_what_is_filled_in_is_not_readable_in_the_database(world: World) -> None:
    survey = await world.open(PETS)
    await save(world, await look(world, survey.number), pet="dog", name="Rex")

    ((kept,),) = await world.rows("SELECT answers FROM drafts")

    assert b"Rex" not in kept


async def test_back_and_keep_do_not_mind_faults(world: World) -> None:
    survey = await world.open(PETS)
    second = (await save(world, await look(world, survey.number), pet="dog", name="Rex")).page

    kept = await save(world, second, move=ON.MOVE_KEEP, walks="eleven")
    back = await save(world, second, move=ON.MOVE_BACK, walks="twelve")

    assert (kept.page.name, kept.has_faults, filled(kept.page)) == ("page2", False, {"walks": ["eleven"]})
    assert (back.page.name, back.has_faults) == ("page1", False)
    assert filled(await look(world, token=second.token, page="page2")) == {"walks": ["twelve"]}


async def test_sending_again_gives_the_same_answer(world: World) -> None:
    survey = await world.open(PETS)
    last = (await save(world, await look(world, survey.number), pet="cat", name="Tom")).page
    id = request_id()

    first, second = [(await save(world, last, id, more="x")).response_id for _ in range(2)]

    assert first == second
    assert len(await answers(world)) == 1
    with pytest.raises(DomainError, match="DRAFT_NOT_FOUND"):
        await save(world, last, more="x")


async def test_a_draft_that_two_windows_send_at_once_is_one_answer(world: World) -> None:
    survey = await world.open(PETS)
    last = (await save(world, await look(world, survey.number), pet="cat", name="Tom")).page

    worlds = [world, another(world)]
    results = await asyncio.gather(
        *(save(worlds[each % 2], last, more=str(each)) for each in range(16)), return_exceptions=True
    )

    assert len([each for each in results if not isinstance(each, BaseException)]) == 1
    assert {each.reason for each in results if isinstance(each, DomainError)} == {"DRAFT_NOT_FOUND"}
    assert len(await answers(world)) == 1


async def test_pages_that_two_windows_save_at_once_are_both_kept(world: World) -> None:
    survey = await world.open(PETS)
    second = (await save(world, await look(world, survey.number), pet="dog", name="Rex")).page
    first = await look(world, token=second.token, page="page1")

    await asyncio.gather(
        save(world, first, move=ON.MOVE_KEEP, pet="dog", name="Max"),
        save(world, second, move=ON.MOVE_KEEP, walks="3"),
    )

    assert filled(await look(world, token=second.token, page="page1"))["name"] == ["Max"]
    assert filled(await look(world, token=second.token, page="page2")) == {"walks": ["3"]}


async def test_a_change_of_the_survey_keeps_what_still_fits(world: World) -> None:
    survey = await world.open(PETS)
    last = (await save(world, await look(world, survey.number), pet="cat", name="Tom")).page
    await world.put_response(survey.id, pet="none")
    changed = replace(PETS, pages=(replace(PETS.pages[0], items=PETS.pages[0].items[1:]), *PETS.pages[1:]))
    fitting = replace(changed, pages=(replace(changed.pages[0], items=(question("name"),)), PETS.pages[2]))
    assert (await world.update(survey.id, fitting)).survey.version == 2

    with pytest.raises(DomainError, match="DRAFT_OUTDATED"):
        await save(world, last, more="x")
    shown = await look(world, token=last.token)
    sent = await save(world, shown, more="x")

    assert (shown.version, filled(shown)) == (2, {"more": ["x"]})
    assert (await world.rows("SELECT answers, version FROM responses WHERE id = %s", sent.response_id)) == [
        ({"name": "Tom", "more": "x"}, 2)
    ]


async def test_a_first_page_of_an_outdated_survey_is_shown_again_with_what_was_written(world: World) -> None:
    survey = await world.open(PETS)
    first = await look(world, survey.number)
    await world.put_response(survey.id, pet="none")
    await world.update(survey.id, replace(PETS, title={"en": "Pets"}))

    again = (await save(world, first, pet="cat", name="Tom")).page

    assert (again.version, again.name, filled(again)) == (2, "page1", {"pet": ["cat"], "name": ["Tom"]})


async def test_a_draft_ends_when_its_time_is_over(world: World) -> None:
    survey = await world.open(PETS)
    last = (await save(world, await look(world, survey.number), pet="cat", name="Tom")).page
    await world.rows("UPDATE drafts SET expires_at = now() - interval '1 second'")

    with pytest.raises(DomainError, match="DRAFT_NOT_FOUND"):
        await look(world, token=last.token)
    with pytest.raises(DomainError, match="DRAFT_NOT_FOUND"):
        await save(world, last, more="x")
    await world.surveys.housekeeping.sweep()

    assert await world.rows("SELECT 1 FROM drafts") == []


async def test_nothing_is_answered_after_closing(world: World) -> None:
    survey = await world.open(PETS)
    last = (await save(world, await look(world, survey.number), pet="cat", name="Tom")).page
    await world.close(survey.id)

    for answer in (look(world, survey.number), look(world, token=last.token), save(world, last, more="x")):
        with pytest.raises(DomainError, match="NOT_OPEN"):
            await answer
    assert await answers(world) == []


HOUSEHOLD = survey_of(
    [
        Group(
            name="people",
            label={"en": "People"},
            repeat=Repeat(minimum=1, maximum=3),
            items=(question("age", Kind.NUMBER, is_required=True), question("school", relevant="age < 18.0")),
        )
    ],
    [question("eldest", Kind.CALCULATED, expression="max(people.map(p, p.age))"), question("why")],
)


TWO: dict[str, Any] = {
    "people__count": "2", "people__0__age": "40", "people__1__age": "7", "people__1__school": "No 5",
}  # fmt: skip


async def test_instances_of_a_repeat_are_added_and_removed(world: World) -> None:
    survey = await world.open(HOUSEHOLD)
    page = await look(world, survey.number)
    fields: dict[str, Any] = {"people__count": "1", "people__0__age": "40"}

    two = (await save(world, page, move=ON.MOVE_ADD, group="people", **fields)).page
    both: dict[str, Any] = {
        "people__count": "2",
        "people__0__age": "40",
        "people__1__age": "7",
        "people__1__school": "No 5",
    }
    one = (await save(world, two, move=ON.MOVE_REMOVE, group="people.0", **both)).page

    assert list(questions(two)) == ["people.0.age", "people.0.school", "people.1.age", "people.1.school"]
    assert filled(one) == {"people.0.age": ["7"], "people.0.school": ["No 5"]}
    group = two.items[0].group
    assert (group.is_repeat, group.can_add, group.can_remove) == (True, True, True)
    assert (one.items[0].group.can_add, one.items[0].group.can_remove) == (True, False)


async def test_answers_of_a_repeat_are_calculated_with(world: World) -> None:
    survey = await world.open(HOUSEHOLD)
    fields: dict[str, Any] = {
        "people__count": "2",
        "people__0__age": "40",
        "people__1__age": "7",
        "people__1__school": "No 5",
    }

    last = (await save(world, await look(world, survey.number), **fields)).page
    await save(world, last)

    assert await answers(world) == [{"people": [{"age": 40}, {"age": 7, "school": "No 5"}], "eldest": 40}]


async def test_answers_of_other_pages_come_with_the_page(world: World) -> None:
    piped: Definition = survey_of(
        [question("pet", Kind.SINGLE, options=(option("cat"), option("dog")))],
        [replace(question("why"), label={"en": "Why a {pet}?"}), question("also", relevant='pet == "dog"')],
    )
    survey = await world.open(piped)

    page = (await save(world, await look(world, survey.number), pet="dog")).page

    assert questions(page)["why"].label == "Why a dog?"
    assert (questions(page)["why"].label_template, json.loads(page.names_json)) == ("", {"pet": "dog"})


async def test_only_who_began_a_draft_goes_on_with_it(world: World) -> None:
    survey = await world.open(PETS, admission=surveys_pb2.ADMISSION_PERSON)

    def who(name: str) -> pb.Respondent:
        return pb.Respondent(scope_token=world.token(survey.id, name))

    with pytest.raises(DomainError, match="SIGN_IN_NEEDED"):
        await look(world, survey.number)
    first = await look(world, survey.number, respondent=who("olena"))
    last = (await save(world, first, respondent=who("olena"), pet="cat", name="Tom")).page
    with pytest.raises(DomainError, match="SIGN_IN_NEEDED"):
        await save(world, last, more="x")
    with pytest.raises(DomainError, match="DRAFT_NOT_FOUND"):
        await save(world, last, respondent=who("ivan"), more="x")
    await save(world, last, respondent=who("olena"), more="x")

    with pytest.raises(DomainError, match="ALREADY_ANSWERED"):
        await look(world, survey.number, respondent=who("olena"))
