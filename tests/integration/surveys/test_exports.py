"""Files with all answers: asked for by officers, made beside the requests, kept for some days."""

import asyncio
import csv
import io
import threading
import uuid
from typing import Any, BinaryIO

import pytest
from defusedxml import ElementTree
from viche.surveys.v1 import results_pb2 as pb
from viche.surveys.v1 import results_pb2_grpc

from tests.integration.surveys.answering import document, question, reason, send, survey_of
from tests.integration.surveys.test_erasing import answer, erase
from tests.integration.surveys.world import OFFICER, VILLAGE, World, person, request_id
from viche_chassis.access import Caller
from viche_chassis.errors import DomainError
from viche_surveys import exporting
from viche_surveys.domain.definition import Definition, Group, Kind, Page, Question, Repeat
from viche_surveys.exports.formats import FORMATS
from viche_surveys.exports.making import Making


def exports(world: World, caller: Caller = OFFICER) -> Any:
    return world.stub(results_pb2_grpc.ExportsServiceStub, caller)


async def create(world: World, survey_id: str, format: str = "csv", **more: Any) -> pb.Export:
    request = pb.CreateExportRequest(request_id=request_id(), survey_id=survey_id, format=format, **more)
    return (await exports(world).CreateExport(request)).export


async def get(world: World, export_id: str) -> pb.GetExportResponse:
    return await exports(world).GetExport(pb.GetExportRequest(export_id=export_id))


async def cancel(world: World, export_id: str) -> pb.Export:
    request = pb.CancelExportRequest(request_id=request_id(), export_id=export_id)
    return (await exports(world).CancelExport(request)).export


def content(world: World, key: str) -> bytes:
    with world.objects.open(key) as opened:
        return b"".join(opened)


async def rows(world: World, export_id: str) -> list[dict[str, str]]:
    text = content(world, (await get(world, export_id)).object_key).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_an_export_has_all_answers_and_a_codebook(world: World) -> None:
    survey = await world.open()
    for road in ("north", "south", "north"):
        await world.put_response(survey.id, road=road, why="=1+1")
    asked = await create(world, survey.id, language="en")
    assert (asked.state, asked.with_personal) == ("queued", False)
    await world.surveys.exporting.make_all()

    made = await get(world, asked.id)
    assert (made.export.state, made.export.written, made.export.total) == ("done", 3, 3)
    assert made.object_key == f"surveys/exports/{asked.id}/survey-{survey.number}.csv"
    found = await rows(world, asked.id)
    assert sorted(row["road"] for row in found) == ["north", "north", "south"]
    assert {row["why"] for row in found} == {"'=1+1"}
    assert "mailbox" not in found[0]
    assert made.export.size_bytes == len(content(world, made.object_key))
    book = ElementTree.fromstring(content(world, made.codebook_key))
    assert book.findtext(".//{*}titl") == "Roads"
    assert book.findtext(".//{*}caseQnty") == "3"
    kept = made.export.expires_at.ToDatetime() - made.export.created_at.ToDatetime()
    assert 6.9 < kept.total_seconds() / 86_400 < 7.1


@pytest.mark.parametrize("format", FORMATS)
async def test_every_format_can_be_asked_for(world: World, format: str) -> None:
    survey = await world.open()
    await world.put_response(survey.id, road="north", why="бо так")
    asked = await create(world, survey.id, format)
    await world.surveys.exporting.make_all()
    made = await get(world, asked.id)
    assert made.export.state == "done"
    assert world.objects.stat(made.object_key).content_type == FORMATS[format].media_type


async def test_personal_values_are_there_when_they_are_asked_for(world: World) -> None:
    items = (question("mail", is_personal=True), question("why"))
    people = Group(name="who", repeat=Repeat(), items=(question("name", is_personal=True), question("age")))
    survey = await world.open(survey_of([*items, people]), needs_human_check=False)
    who = [{"name": "Ольга", "age": "41"}, {"age": "7"}]
    sent = await send(world, document(survey, mail="o@example.org", why="x", who=who), document(survey, why="y"))
    assert [reason(each) for each in sent] == ["", ""]
    plain, personal = await create(world, survey.id), await create(world, survey.id, with_personal=True)
    await world.surveys.exporting.make_all()

    found = sorted((await rows(world, personal.id)), key=lambda row: row["why"])
    names = ("why", "mail", "who_1_name", "who_1_age", "who_2_name", "who_2_age")
    assert [[row[name] for name in names] for row in found] == [
        ["x", "o@example.org", "Ольга", "41", "", "7"],
        ["y", "", "", "", "", ""],
    ]
    first = (await rows(world, plain.id))[0]
    assert not first.keys() & {"mail", "who_1_name", "who_2_name"}
    assert "who_2_age" in first


async def test_answers_to_all_versions_are_in_it(world: World) -> None:
    survey = await world.open()
    await world.put_response(survey.id, road="north", why="x")
    shorter = Definition(
        languages=("uk",), title={"uk": "Дороги"},
        pages=(Page(name="first", items=(Question(name="now", kind=Kind.TEXT, label={"uk": "Що?"}),)),),
    )  # fmt: skip
    await world.update(survey.id, shorter)
    await world.put_response(survey.id, version=2, now="y")
    asked = await create(world, survey.id)
    await world.surveys.exporting.make_all()
    found = await rows(world, asked.id)
    assert sorted((row["version"], row["now"], row["road"]) for row in found) == [("1", "", "north"), ("2", "y", "")]


async def test_a_repeated_request_makes_no_second_export(world: World) -> None:
    survey = await world.open()
    request = pb.CreateExportRequest(request_id=request_id(), survey_id=survey.id, format="csv")
    first, second = await exports(world).CreateExport(request), await exports(world).CreateExport(request)
    assert first.export.id == second.export.id
    listed = await exports(world).ListExports(pb.ListExportsRequest(survey_id=survey.id))
    assert [each.id for each in listed.exports] == [first.export.id]


async def test_asking_and_cancelling_are_on_the_trail(world: World) -> None:
    survey = await world.open()
    await create(world, survey.id, with_personal=True)
    asked = await create(world, survey.id)
    await cancel(world, asked.id)
    found = await world.rows("SELECT action, object FROM officer_actions ORDER BY id DESC LIMIT 3")
    assert [tuple(each) for each in found] == [
        ("CancelExport", f"export:{asked.id}"),
        ("CreateExport", f"survey:{survey.id}"),
        ("CreateExport", f"personal_answers:{survey.id}"),
    ]


async def test_others_get_nothing(world: World) -> None:
    survey = await world.open()
    asked = await create(world, survey.id)
    other = exports(world, person("other", at=VILLAGE))
    for call in (
        other.CreateExport(pb.CreateExportRequest(request_id=request_id(), survey_id=survey.id, format="csv")),
        other.GetExport(pb.GetExportRequest(export_id=asked.id)),
        other.ListExports(pb.ListExportsRequest(survey_id=survey.id)),
        other.CancelExport(pb.CancelExportRequest(request_id=request_id(), export_id=asked.id)),
    ):
        with pytest.raises(DomainError, match="NOT_YOUR_AUTHORITY"):
            await call


async def test_what_there_is_not_is_said(world: World) -> None:
    survey = await world.open()
    with pytest.raises(DomainError, match="UNKNOWN_FORMAT"):
        await create(world, survey.id, "doc")
    with pytest.raises(DomainError, match="SURVEY_NOT_FOUND"):
        await create(world, str(uuid.uuid4()))
    with pytest.raises(DomainError, match="EXPORT_NOT_FOUND"):
        await get(world, str(uuid.uuid4()))


async def test_a_worker_that_died_is_followed_by_another(world: World) -> None:
    survey = await world.open()
    asked = await create(world, survey.id)
    await world.rows(
        "UPDATE exports SET state = 'running', attempts = 1, claim = gen_random_uuid(),"
        " claimed_until = now() + interval '1 minute'"
    )
    await world.surveys.exporting.make_all()
    assert (await get(world, asked.id)).export.state == "running"
    await world.rows("UPDATE exports SET claimed_until = now() - interval '1 second'")
    await world.surveys.exporting.make_all()
    assert (await get(world, asked.id)).export.state == "done"


async def test_workers_that_die_again_and_again_end_it(world: World) -> None:
    survey = await world.open()
    asked = await create(world, survey.id)
    await world.rows(
        "UPDATE exports SET state = 'running', attempts = 3, claim = gen_random_uuid(),"
        " claimed_until = now() - interval '1 second'"
    )
    await world.surveys.exporting.make_all()
    found = (await get(world, asked.id)).export
    assert (found.state, found.reason) == ("failed", "WORKER_DIED")


async def test_what_cannot_be_made_is_tried_three_times(world: World, caplog: pytest.LogCaptureFixture) -> None:
    survey = await world.open()
    await world.put_response(survey.id, road=["a", {}])
    asked = await create(world, survey.id, "sav")
    states = []
    for _ in range(4):
        await world.surveys.exporting.make_all()
        states.append((await get(world, asked.id)).export.state)
        await world.rows("UPDATE exports SET claimed_until = now() - interval '1 second'")
    assert states == ["queued", "queued", "failed", "failed"]
    assert (await get(world, asked.id)).export.reason == "EXPORT_FAILED"
    assert "export cannot be made" in caplog.text


async def test_a_store_that_is_down_uses_up_no_try(world: World) -> None:
    survey = await world.open()
    asked = await create(world, survey.id)
    world.objects.is_down = True
    for _ in range(4):
        with pytest.raises(DomainError, match="UNAVAILABLE"):
            await world.surveys.exporting.make_all()
        await world.rows("UPDATE exports SET claimed_until = now() - interval '1 second'")
    world.objects.is_down = False
    await world.surveys.exporting.make_all()
    assert (await get(world, asked.id)).export.state == "done"


async def test_a_cancelled_export_stops(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = await world.open()
    await world.put_response(survey.id, road="north")
    asked = await create(world, survey.id)
    begun, given_up = asyncio.Event(), threading.Event()
    monkeypatch.setattr(exporting, "RENEW_EVERY_S", 0.05)
    loop = asyncio.get_running_loop()

    class Slow(Making):
        def end(self) -> bytes:
            loop.call_soon_threadsafe(begun.set)
            given_up.wait(60)
            return super().end()

    monkeypatch.setattr(exporting, "Making", Slow)
    work = asyncio.create_task(world.surveys.exporting.make_next())
    await begun.wait()
    assert (await cancel(world, asked.id)).state == "cancelled"
    assert await work
    given_up.set()
    assert (await get(world, asked.id)).export.state == "cancelled"
    assert list(world.objects.list("surveys/exports/")) == []


async def test_cancelling_throws_the_file_away(world: World) -> None:
    survey = await world.open()
    asked = await create(world, survey.id)
    await world.surveys.exporting.make_all()
    assert len(list(world.objects.list("surveys/exports/"))) == 2
    await cancel(world, asked.id)
    await world.surveys.exporting.sweep()
    assert list(world.objects.list("surveys/exports/")) == []
    assert (await get(world, asked.id)).object_key == ""


async def test_a_file_goes_when_its_time_is_over(world: World) -> None:
    survey = await world.open()
    asked = await create(world, survey.id)
    await world.surveys.exporting.make_all()
    await world.surveys.exporting.sweep()
    assert (await get(world, asked.id)).export.state == "done"
    await world.rows("UPDATE exports SET expires_at = now() - interval '1 second'")
    await world.surveys.exporting.sweep()
    assert (await get(world, asked.id)).export.state == "expired"
    assert list(world.objects.list("surveys/exports/")) == []
    await world.rows("UPDATE exports SET ended_at = now() - interval '31 days'")
    await world.surveys.exporting.sweep()
    await world.rows("UPDATE exports SET removed_at = now() - interval '31 days'")
    await world.surveys.exporting.sweep()
    with pytest.raises(DomainError, match="EXPORT_NOT_FOUND"):
        await get(world, asked.id)


async def test_files_with_what_an_erased_person_said_of_themselves_are_over(world: World) -> None:
    survey, other = await world.open(), await world.open()
    await answer(world, survey.id, "olena")
    await world.rows("DELETE FROM response_private")  # it is not sealed there
    made = [
        await create(world, survey.id, with_personal=True),
        await create(world, survey.id),
        await create(world, other.id, with_personal=True),
    ]
    await world.surveys.exporting.make_all()
    begun = await create(world, survey.id, with_personal=True)
    await world.rows(
        "UPDATE exports SET state = 'running', attempts = 1, claim = gen_random_uuid(),"
        " claimed_until = now() + interval '1 minute' WHERE id = %s",
        begun.id,
    )
    await erase(world, "olena")
    states = [(await get(world, each.id)).export.state for each in (*made, begun)]
    assert states == ["expired", "done", "done", "queued"]
    await world.surveys.exporting.make_all()
    assert (await get(world, begun.id)).export.state == "done"


async def test_what_comes_while_it_is_made_is_not_in_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = await world.open()
    await world.put_response(survey.id, road="north")
    asked = await create(world, survey.id)
    loop = asyncio.get_running_loop()

    class Interrupted(Making):
        def __init__(self, order: Any, out: BinaryIO, unseal: Any) -> None:
            super().__init__(order, out, unseal)
            putting = world.put_response(survey.id, road="south")
            asyncio.run_coroutine_threadsafe(putting, loop).result(10)

    monkeypatch.setattr(exporting, "Making", Interrupted)
    await world.surveys.exporting.make_all()
    assert [row["road"] for row in await rows(world, asked.id)] == ["north"]
