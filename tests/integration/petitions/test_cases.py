"""What waits for officers, who is on it, what they tell each other, and the answers that they keep ready."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from viche.petitions.v1 import moderation_pb2 as pb
from viche.petitions.v1 import petitions_pb2 as petitions

from tests.integration.petitions import world as worlds
from tests.integration.petitions.answering import publish
from tests.integration.petitions.moderating import (
    AUTHOR,
    CHECKED,
    COLLEAGUE,
    OFFICER,
    complain,
    file,
    moderation,
    operator,
    queue,
    reject,
)
from tests.integration.petitions.world import CITY, HAMLET, VILLAGE, World, person, request_id
from tests.unit.plugin_install import install_plugin
from viche_chassis.access import Caller
from viche_chassis.testing import FakeRpcError

CHECK, OPINION, COMPLAINT = pb.CASE_TASK_CHECK, pb.CASE_TASK_OPINION, pb.CASE_TASK_COMPLAINT


@pytest.fixture
async def world(
    migrated: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[worlds.World]:
    install_plugin(monkeypatch, tmp_path, "checked", CHECKED)
    async with worlds.world(migrated("petitions"), tmp_path) as made:
        await made.configure()
        await made.set_up("checked")
        yield made


async def waiting(world: World, author: str = "author", **fields: Any) -> petitions.Petition:
    return await world.draft(author, **{"workflow": "checked", **fields})


async def refusal(call: Any) -> str:
    with pytest.raises(FakeRpcError) as refused:
        await call
    return refused.value.reason


async def let_run_out(world: World, petition_id: str) -> None:
    """The term for the check of a petition is over."""
    await world.rows("UPDATE deadlines SET ends_at = now() - interval '1 hour' WHERE petition_id = %s", petition_id)


async def note(world: World, petition_id: str, caller: Caller = OFFICER, **fields: Any) -> pb.CaseNote:
    values: dict[str, Any] = {"request_id": request_id(), "petition_id": petition_id, "text": "Is the bridge ours?"}
    return (await moderation(world, caller).CreateCaseNote(pb.CreateCaseNoteRequest(**{**values, **fields}))).note


async def advise(world: World, question: pb.CaseNote, petition_id: str, caller: Caller, **fields: Any) -> pb.CaseNote:
    values: dict[str, Any] = {
        "request_id": request_id(), "petition_id": petition_id, "question_id": question.id,
        "advice": pb.ADVICE_REJECT, "reason": "local", "text": "It is the state's.",
    }  # fmt: skip
    return (await moderation(world, caller).GiveOpinion(pb.GiveOpinionRequest(**{**values, **fields}))).note


async def test_what_is_due_first_comes_first_and_what_has_no_term_last(world: World) -> None:
    late, without, soon = (
        await waiting(world, "a"),
        await waiting(world, "b", workflow="petition-local"),
        await waiting(world, "c"),
    )
    await let_run_out(world, late.id)
    found = await queue(world)
    assert [each.petition.id for each in found.cases] == [late.id, soon.id, without.id]
    assert [each.is_overdue for each in found.cases] == [True, False, False]
    assert [each.HasField("due_at") for each in found.cases] == [True, True, False]


async def test_what_has_reached_its_threshold_waits_for_an_answer_without_a_term_too(world: World) -> None:
    petition = await world.open(workflow="petition-local")
    await world.sign_as(petition.id, "anna", "boris", "vira")
    assert (await queue(world)).cases == []
    await world.look()
    (case,) = (await queue(world)).cases
    assert (case.petition.id, list(case.tasks), case.HasField("due_at")) == (petition.id, [pb.CASE_TASK_ANSWER], False)
    await publish(world, petition.id)
    assert (await queue(world)).cases == []


async def test_queue_comes_page_by_page(world: World) -> None:
    made = [await waiting(world, f"author {number}") for number in range(3)]
    made += [await waiting(world, f"author {number}", workflow="petition-local") for number in range(3, 5)]
    seen: list[str] = []
    token = ""
    while not seen or token:
        page = await queue(world, page_size=2, page_token=token)
        seen += [each.petition.id for each in page.cases]
        token = page.next_page_token
        assert page.total_size == 5
    assert seen == [each.id for each in made]


async def test_what_is_to_be_done_is_said_counted_and_filtered(world: World) -> None:
    checked, rejected = await waiting(world, "a"), await waiting(world)
    await reject(world, rejected.id, "local")
    await complain(world, rejected.id)
    found = await queue(world)
    assert {each.petition.id: list(each.tasks) for each in found.cases} == {
        checked.id: [CHECK], rejected.id: [COMPLAINT],
    }  # fmt: skip
    assert {each.task: each.cases for each in found.counts} == {CHECK: 1, COMPLAINT: 1}
    only = await queue(world, task=COMPLAINT)
    assert ([each.petition.id for each in only.cases], only.total_size) == ([rejected.id], 1)
    assert {each.task: each.cases for each in only.counts} == {CHECK: 1, COMPLAINT: 1}


async def test_step_after_a_threshold_waits_until_it_is_taken(world: World) -> None:
    opened = await world.open(workflow="checked")
    assert (await queue(world)).total_size == 0
    await world.sign_as(opened.id, "signer")
    await world.look()
    (case,) = (await queue(world)).cases
    assert (list(case.tasks), case.HasField("due_at")) == ([pb.CASE_TASK_ANNOUNCE], True)


async def test_officers_see_only_cases_of_their_authorities(world: World) -> None:
    await waiting(world)
    elsewhere = person("elsewhere", officer_of=VILLAGE)
    assert (await queue(world, elsewhere)).total_size == 0
    assert await refusal(queue(world, elsewhere, authority_id=str(CITY))) == "NOT_YOUR_AUTHORITY"
    assert (await queue(world, authority_id=str(CITY))).total_size == 1


async def test_claim_shows_who_is_on_a_case_and_ends_after_a_day(world: World) -> None:
    made = await waiting(world)
    take = pb.ClaimCaseRequest(petition_id=made.id)
    await moderation(world).ClaimCase(take)
    await moderation(world).ClaimCase(take)
    claims = [(await queue(world, who)).cases[0].claim for who in (OFFICER, COLLEAGUE)]
    assert claims == [pb.CASE_CLAIM_ME, pb.CASE_CLAIM_COLLEAGUE]
    assert await refusal(moderation(world, COLLEAGUE).ClaimCase(take)) == "CASE_TAKEN"
    await world.rows("UPDATE case_claims SET claimed_at = claimed_at - interval '24 hours'")
    assert (await file(world, made.id)).claim == pb.CASE_CLAIM_UNSPECIFIED
    await moderation(world, COLLEAGUE).ClaimCase(take)
    await moderation(world, OFFICER).ReleaseCase(pb.ReleaseCaseRequest(petition_id=made.id))
    assert (await file(world, made.id)).claim == pb.CASE_CLAIM_UNSPECIFIED


async def test_colleague_is_asked_and_answers_once(world: World) -> None:
    made = await waiting(world)
    question = await note(world, made.id, asks_opinion=True)
    assert list((await queue(world)).cases[0].tasks) == [CHECK]
    assert list((await queue(world, COLLEAGUE)).cases[0].tasks) == [CHECK, OPINION]
    assert await refusal(advise(world, question, made.id, OFFICER)) == "OWN_OPINION"
    third = person("third", officer_of=CITY)
    found = await asyncio.gather(
        advise(world, question, made.id, COLLEAGUE), advise(world, question, made.id, third), return_exceptions=True
    )
    assert [each.reason for each in found if isinstance(each, FakeRpcError)] == ["OPINION_GIVEN"]
    notes = (await file(world, made.id)).notes
    assert [(each.kind, each.is_open, each.is_mine) for each in notes] == [
        (pb.CASE_NOTE_KIND_QUESTION, False, True), (pb.CASE_NOTE_KIND_OPINION, False, False),
    ]  # fmt: skip
    assert (notes[1].advice, notes[1].reason, notes[1].answers) == (pb.ADVICE_REJECT, "local", question.id)
    assert list((await queue(world, COLLEAGUE)).cases[0].tasks) == [CHECK]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"reason": "advertising"}, "UNKNOWN_REASON"),
        ({"reason": ""}, "INVALID_FIELDS"),
        ({"advice": pb.ADVICE_OPEN}, "INVALID_FIELDS"),
        ({"question_id": str(CITY)}, "QUESTION_NOT_FOUND"),
    ],
)
async def test_opinion_must_make_sense(world: World, fields: dict[str, Any], expected: str) -> None:
    made = await waiting(world)
    question = await note(world, made.id, asks_opinion=True)
    assert await refusal(advise(world, question, made.id, COLLEAGUE, **fields)) == expected


async def test_nobody_is_asked_about_what_is_decided(world: World) -> None:
    opened = await world.open()
    assert await refusal(note(world, opened.id, asks_opinion=True)) == "NOT_SUBMITTED"
    await note(world, opened.id)


async def test_case_file_is_for_officers_of_the_authority(world: World) -> None:
    made = await waiting(world)
    await note(world, made.id)
    assert await refusal(file(world, made.id, person("elsewhere", officer_of=VILLAGE))) == "NOT_YOUR_AUTHORITY"
    draft = await waiting(world, "a", submit=False)
    assert await refusal(file(world, draft.id)) == "PETITION_NOT_FOUND"
    with pytest.raises(Exception, match="rows of case_notes never change"):
        await world.rows("DELETE FROM case_notes")


async def test_case_file_has_reasons_and_former_rejections(world: World) -> None:
    made = await waiting(world)
    assert [each.code for each in (await file(world, made.id)).reasons] == ["local", "libel"]
    await reject(world, made.id, "local")
    await complain(world, made.id)
    mine, theirs = await file(world, made.id), await file(world, made.id, COLLEAGUE)
    assert (mine.may_decide, theirs.may_decide) == (False, True)
    assert (mine.rejections[0].is_mine, theirs.rejections[0].complaint.text[:8]) == (True, "The town")


async def put(world: World, caller: Caller = OFFICER, text: str = "Dear author of {title}", **fields: Any) -> Any:
    values: dict[str, Any] = {"authority_id": str(CITY), "title": "Roads", **fields}
    template = pb.AnswerTemplate(text=petitions.LocalizedText(texts={"en": text}), **values)
    request = pb.PutAnswerTemplateRequest(request_id=request_id(), template=template)
    return (await moderation(world, caller).PutAnswerTemplate(request)).template


async def kept(world: World) -> list[str]:
    found = await moderation(world).ListAnswerTemplates(pb.ListAnswerTemplatesRequest())
    return [each.title for each in found.templates]


async def test_template_is_kept_changed_deleted_and_brought_back(world: World) -> None:
    made = await put(world)
    await put(world, id=made.id, title="Roads of the state")
    assert await kept(world) == ["Roads of the state"]
    await moderation(world).DeleteAnswerTemplate(pb.DeleteAnswerTemplateRequest(template_id=made.id))
    assert await kept(world) == []
    await moderation(world).UndeleteAnswerTemplate(pb.UndeleteAnswerTemplateRequest(template_id=made.id))
    assert await kept(world) == ["Roads of the state"]


async def test_template_of_a_taken_name_does_not_come_back(world: World) -> None:
    made = await put(world)
    await moderation(world).DeleteAnswerTemplate(pb.DeleteAnswerTemplateRequest(template_id=made.id))
    await put(world)
    undelete = moderation(world).UndeleteAnswerTemplate(pb.UndeleteAnswerTemplateRequest(template_id=made.id))
    assert await refusal(undelete) == "NAME_TAKEN"
    assert await refusal(put(world)) == "NAME_TAKEN"


async def test_template_takes_known_variables_alone(world: World) -> None:
    assert await refusal(put(world, text="Dear {author}, this is not ours.")) == "INVALID_FIELDS"
    await put(world, text="{title}, {number}, {authority}: {reason}")


async def test_template_belongs_to_its_authority(world: World) -> None:
    made = await put(world)
    elsewhere = person("elsewhere", officer_of=VILLAGE)
    assert await refusal(put(world, elsewhere)) == "NOT_YOUR_AUTHORITY"
    assert await refusal(put(world, elsewhere, id=made.id, authority_id=str(VILLAGE))) == "TEMPLATE_NOT_FOUND"
    delete = moderation(world, elsewhere).DeleteAnswerTemplate(pb.DeleteAnswerTemplateRequest(template_id=made.id))
    assert await refusal(delete) == "NOT_YOUR_AUTHORITY"


async def test_letters_begin_with_ones_own_templates_and_those_from_above(world: World) -> None:
    village, hamlet = person("village", officer_of=VILLAGE), person("hamlet", officer_of=HAMLET)
    await put(world, village, authority_id=str(VILLAGE), title="A letter of the village")
    await put(world, hamlet, authority_id=str(HAMLET), title="The hamlet's own")
    await put(world, title="A letter of the city")

    async def offered(caller: Caller, authority: UUID) -> list[str]:
        request = pb.ListAnswerTemplatesRequest(authority_id=str(authority))
        return [each.title for each in (await moderation(world, caller).ListAnswerTemplates(request)).templates]

    assert await offered(hamlet, HAMLET) == ["The hamlet's own", "A letter of the village"]
    assert await offered(village, VILLAGE) == ["A letter of the village"]
    assert await refusal(offered(hamlet, VILLAGE)) == "NOT_YOUR_AUTHORITY"


async def test_operator_sets_figures_of_a_workflow(world: World) -> None:
    waits = await waiting(world, workflow="petition-local")
    stub = moderation(world, operator())
    figures = {"threshold": "9", "open_days": "30", "residents_only": "false"}
    asked: dict[str, Any] = {"authority_id": str(CITY), "workflow": "petition-local"}
    tried = await stub.SetWorkflowSettings(
        pb.SetWorkflowSettingsRequest(**asked, settings=figures, validate_only=True)
    )  # fmt: skip
    assert tried.terms.thresholds[0].signatures == 9
    before = await stub.GetWorkflowSettings(pb.GetWorkflowSettingsRequest(**asked))
    assert before.settings["threshold"] == "3"
    await stub.SetWorkflowSettings(pb.SetWorkflowSettingsRequest(**asked, settings=figures))
    after = await stub.GetWorkflowSettings(pb.GetWorkflowSettingsRequest(**asked))
    assert (after.settings["threshold"], after.is_set_up) == ("9", True)
    assert (await world.get(waits.id)).terms.thresholds[0].signatures == 3


async def test_figures_are_for_operators_of_the_authority(world: World) -> None:
    asked = pb.GetWorkflowSettingsRequest(authority_id=str(VILLAGE), workflow="petition-local")
    assert await refusal(moderation(world, operator()).GetWorkflowSettings(asked)) == "NOT_YOUR_AUTHORITY"
    figures = pb.SetWorkflowSettingsRequest(
        authority_id=str(CITY), workflow="petition-local", settings={"threshold": "0"}
    )  # fmt: skip
    assert await refusal(moderation(world, operator()).SetWorkflowSettings(figures)) == "INVALID_FIELDS"
    assert await refusal(moderation(world, AUTHOR).SetWorkflowSettings(figures)) == "NOT_YOUR_AUTHORITY"
