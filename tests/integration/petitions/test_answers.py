"""Official answers: published once, corrected in the open, with their files; what they end and start."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from viche.petitions.v1 import answers_pb2, events_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions import world as worlds
from tests.integration.petitions.answering import COUNCIL, answers, content, officer, publish, reached, step, text
from tests.integration.petitions.world import VILLAGE, World, request_id
from tests.unit.plugin_install import install_plugin
from viche_chassis.access import Caller
from viche_chassis.errors import Unavailable
from viche_chassis.testing import FakeRpcError, MemoryStore
from viche_petitions import files

SHA = "ab" * 32
PDF = "application/pdf"


@pytest.fixture
async def world(
    migrated: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[worlds.World]:
    install_plugin(monkeypatch, tmp_path, "councils", COUNCIL)
    async with worlds.world(migrated("petitions"), tmp_path) as made:
        await made.set_up("council")
        yield made


async def refusal(call: Any) -> str:
    with pytest.raises(FakeRpcError) as refused:
        await call
    return refused.value.reason


async def broken(call: Any) -> dict[str, str]:
    with pytest.raises(FakeRpcError) as refused:
        await call
    return {each.field: each.reason for each in refused.value.__cause__.violations}  # pyright: ignore


def met(petition: pb.Petition) -> set[str]:
    return {each.clock for each in petition.deadlines if each.HasField("met_at")}


async def document(world: World, petition_id: str, **fields: Any) -> str:
    values: dict[str, Any] = {
        "request_id": request_id(), "petition_id": petition_id, "file_name": "decision.pdf", "media_type": PDF,
        "size_bytes": 1200, "sha256": SHA,
    }  # fmt: skip
    request = answers_pb2.CreateDocumentRequest(**{**values, **fields})
    return (await answers(world).CreateDocument(request)).document_id


async def test_answer_stands_on_the_petition_and_meets_its_clock(world: World) -> None:
    petition = await reached(world)
    await step(world, petition.id, "consideration_started")
    await publish(world, petition.id, content=content(reasons=text("There is money for it.", uk="Гроші є.")))
    found = await world.get(petition.id)
    (answer,) = found.answers
    assert (answer.version, answer.decision) == (1, pb.DECISION_ACCEPTED)
    assert answer.reasons.texts["uk"] == "Гроші є."
    assert "answer" in met(found)
    assert [each.event for each in found.happenings][-1] == "answered"
    (event,) = await world.events(events_pb2.PetitionAnswered)
    assert (event.petition_id, event.number, event.version) == (petition.id, petition.number, 1)


async def test_answer_says_why_where_not_all_is_done(world: World) -> None:
    petition = await reached(world)
    refused = broken(publish(world, petition.id, content=content(decision=pb.DECISION_DECLINED)))
    assert await refused == {"reasons.en": "REQUIRED"}
    empty = answers_pb2.AnswerContent(summary=pb.LocalizedText(texts={"bg": "Само на български."}))
    assert await broken(publish(world, petition.id, content=empty)) == {
        "decision": "REQUIRED", "signed_by": "REQUIRED", "summary.en": "REQUIRED",
    }  # fmt: skip


async def test_text_in_the_language_of_the_petition_is_enough(world: World) -> None:
    petition = await reached(world, language="uk")
    said = content(summary=pb.LocalizedText(texts={"uk": "Ремонтуємо міст."}))
    assert len((await publish(world, petition.id, content=said)).answers) == 1


async def test_correction_is_a_version_of_its_own_and_the_first_stays(world: World) -> None:
    petition = await reached(world)
    await publish(world, petition.id)
    assert await refusal(publish(world, petition.id)) == "ALREADY_ANSWERED"
    assert await broken(publish(world, petition.id, corrects_version=1)) == {"correction_note.en": "REQUIRED"}
    said = content(summary=text("We repair it in May."), correction_note=text("The month was missing."))
    await publish(world, petition.id, content=said, corrects_version=1)
    first, second = (await world.get(petition.id)).answers
    assert (first.summary.texts["en"], second.version) == ("We repair the bridge.", 2)
    assert second.correction_note.texts["en"] == "The month was missing."
    assert await refusal(publish(world, petition.id, content=said, corrects_version=1)) == "STALE_ANSWER"
    assert [each.version for each in await world.events(events_pb2.PetitionAnswered)] == [1, 2]
    assert [each.event for each in (await world.get(petition.id)).happenings].count("answered") == 1


async def test_two_officers_at_once_publish_one_answer(world: World) -> None:
    petition = await reached(world)
    outcomes = await asyncio.gather(
        *(publish(world, petition.id, officer(f"officer {number}")) for number in range(4)), return_exceptions=True
    )
    assert sorted(each.reason for each in outcomes if isinstance(each, FakeRpcError)) == ["ALREADY_ANSWERED"] * 3
    assert len((await world.get(petition.id)).answers) == 1


async def test_early_answer_needs_an_officer_who_knows(world: World) -> None:
    petition = await world.open(workflow="council")
    assert await refusal(publish(world, petition.id)) == "ANSWER_EARLY"
    await publish(world, petition.id, is_early=True)
    await world.sign_as(petition.id, "anna", "boris")
    await world.look()
    await step(world, petition.id, "consideration_started")
    assert met(await world.get(petition.id)) >= {"announce", "answer"}, "who has answered owes no answer"


async def test_answer_after_closing_without_a_threshold_is_allowed(world: World) -> None:
    petition = await world.open(workflow="council")
    await world.close(petition.id)
    assert len((await publish(world, petition.id)).answers) == 1


async def test_draft_and_stranger_get_no_answer(world: World) -> None:
    submitted, petition = await world.draft(workflow="council"), await reached(world)
    assert await refusal(publish(world, submitted.id)) == "NOT_PUBLIC"
    stranger = officer("stranger", VILLAGE)
    assert await refusal(publish(world, petition.id, stranger)) == "NOT_YOUR_AUTHORITY"


async def test_preview_checks_and_publishes_nothing(world: World) -> None:
    petition = await reached(world)
    shown = await publish(world, petition.id, validate_only=True)
    assert [each.version for each in shown.answers] == [1]
    assert not (await world.get(petition.id)).answers
    assert not await world.events(events_pb2.PetitionAnswered)


async def test_files_come_with_the_answer_in_their_order(world: World) -> None:
    petition = await reached(world)
    ids = [await document(world, petition.id, file_name=f"{name}.pdf") for name in ("plan", "map")]
    attached = [answers_pb2.AnswerDocument(document_id=id, title=text(f"File {id}")) for id in reversed(ids)]
    await publish(world, petition.id, content=content(documents=attached))
    found = (await world.get(petition.id)).answers[0].documents
    assert [(each.id, each.file_name, each.sha256) for each in found] == [
        (ids[1], "map.pdf", SHA), (ids[0], "plan.pdf", SHA),
    ]  # fmt: skip
    assert found[0].title.texts["en"] == f"File {ids[1]}"


async def test_file_of_another_petition_or_of_none_is_refused(world: World) -> None:
    petition, other = await reached(world), await world.open("second author", workflow="council")
    for id in (await document(world, other.id), request_id()):
        attached = [answers_pb2.AnswerDocument(document_id=id, title=text("A file"))]
        assert await refusal(publish(world, petition.id, content=content(documents=attached))) == "UNKNOWN_DOCUMENT"


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"media_type": "text/html"}, "media_type"), ({"size_bytes": 20_000_001}, "size_bytes"),
     ({"file_name": "../x"}, "file_name"), ({"sha256": "xyz"}, "sha256")],
)  # fmt: skip
async def test_file_that_breaks_the_rules_is_not_noted(world: World, fields: dict[str, Any], field: str) -> None:
    petition = await reached(world)
    assert set(await broken(document(world, petition.id, **fields))) == {field}


async def test_draft_is_kept_for_officers_and_ends_with_the_answer(world: World) -> None:
    petition = await reached(world)
    half = answers_pb2.AnswerContent(summary=text("Half a sentence"))
    saving = {"petition_id": petition.id, "content": half}
    save = answers(world).SaveAnswerDraft
    saved = await save(answers_pb2.SaveAnswerDraftRequest(request_id=request_id(), **saving))
    assert saved.draft.version == 1
    stale = answers_pb2.SaveAnswerDraftRequest(request_id=request_id(), **saving)
    assert await refusal(save(stale)) == "STALE_ANSWER"
    colleague = answers(world, officer("colleague"))
    asked = answers_pb2.GetAnswerDraftRequest(petition_id=petition.id)
    assert (await colleague.GetAnswerDraft(asked)).draft.content.summary.texts["en"] == "Half a sentence"
    assert not (await world.get(petition.id)).answers
    await publish(world, petition.id)
    begun = (await colleague.GetAnswerDraft(asked)).draft
    assert (begun.version, begun.corrects_version) == (0, 1), "the next draft is a correction"
    assert begun.content.summary.texts["en"] == "We repair the bridge."


async def test_lists_say_that_there_is_an_answer_and_can_be_asked_for_it(world: World) -> None:
    petition = await reached(world)
    await world.open("second author", workflow="council")
    await publish(world, petition.id)
    gateway = world.on(Caller("gateway"))
    (found,) = (await gateway.ListPetitions(pb.ListPetitionsRequest(has_answer=True))).petitions
    assert (found.id, found.answers[0].decision) == (petition.id, pb.DECISION_ACCEPTED)
    assert not found.answers[0].summary.texts
    assert (await gateway.ListPetitions(pb.ListPetitionsRequest())).total_size == 2


async def test_published_answers_never_change(world: World) -> None:
    petition = await reached(world)
    await publish(world, petition.id)
    with pytest.raises(Exception, match="never change"):
        await world.rows("UPDATE answers SET decision = 'declined'")


async def test_files_that_nobody_uses_are_removed_after_a_week(world: World) -> None:
    petition, store = await reached(world), MemoryStore()
    ids = {name: await document(world, petition.id) for name in ("answered", "drafted", "unused", "new")}
    for id in ids.values():
        store.put(f"petitions/{petition.id}/{id}", io.BytesIO(b"x"), 1, PDF)

    def named(name: str) -> answers_pb2.AnswerContent:
        return content(documents=[answers_pb2.AnswerDocument(document_id=ids[name], title=text("A file"))])

    await publish(world, petition.id, content=named("answered"))
    draft = answers_pb2.SaveAnswerDraftRequest(
        request_id=request_id(), petition_id=petition.id, content=named("drafted"), corrects_version=1
    )
    await answers(world).SaveAnswerDraft(draft)
    await world.rows("UPDATE documents SET created_at = now() - interval '8 days' WHERE id <> %s", ids["new"])
    assert await files.remove_unused(world.pool, store) == 1
    kept = {key.rpartition("/")[2] for key in store.list(f"petitions/{petition.id}/")}
    assert kept == {ids["answered"], ids["drafted"], ids["new"]}


async def test_file_stays_marked_until_the_store_answers(world: World) -> None:
    petition, store = await reached(world), MemoryStore()
    id = await document(world, petition.id)
    await world.rows("UPDATE documents SET created_at = now() - interval '8 days'")
    store.is_down = True
    with pytest.raises(Unavailable):
        await files.remove_unused(world.pool, store)
    attached = [answers_pb2.AnswerDocument(document_id=id, title=text("A file"))]
    assert await refusal(publish(world, petition.id, content=content(documents=attached))) == "UNKNOWN_DOCUMENT"
    store.is_down = False
    assert await files.remove_unused(world.pool, store) == 1
    assert await world.rows("SELECT id FROM documents") == []
