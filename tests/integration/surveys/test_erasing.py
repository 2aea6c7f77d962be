"""When identity has erased a person: who they are goes, and what they said of themselves; their answers stay."""

from __future__ import annotations

from uuid import UUID, uuid4

from viche.identity.v1 import events_pb2
from viche.surveys.v1 import answers_pb2, surveys_pb2

from tests.integration.surveys.answering import item, look, question, save, send, survey_of
from tests.integration.surveys.world import World, pseudonym
from viche_chassis.consuming import Event
from viche_surveys.respondents import Respondents


async def erase(world: World, name: str, id: UUID | None = None) -> None:
    """Identity says that somebody was erased."""
    said = events_pb2.PersonErased(answers=pseudonym("answers", name))
    await world.surveys.erasing.erased(Event(id or uuid4(), said))


async def answer(world: World, survey_id: str, name: str) -> UUID:
    """An answer of a person as it is stored, with a file and something personal."""
    id = await world.put_response(survey_id, road="north")
    key = erased_by(survey_id, name)
    await world.rows(
        "INSERT INTO respondents (survey_id, respondent, response_id, erased_by) VALUES (%s, %s, %s, %s)",
        survey_id, pseudonym(f"survey:{survey_id}", name), id, key,
    )  # fmt: skip
    await world.rows("INSERT INTO response_private VALUES (%s, %s, 'sealed')", survey_id, id)
    await world.rows(
        "INSERT INTO drafts (id, survey_id, version, answers, language, seed, respondent, erased_by, expires_at)"
        " VALUES (%s, %s, 1, 'sealed', 'uk', 1, %s, %s, now() + interval '1 day')",
        uuid4(), survey_id, pseudonym(f"survey:{survey_id}", name), key,
    )  # fmt: skip
    for is_personal in (True, False):
        await world.rows(
            "INSERT INTO files (id, survey_id, question, file_name, media_type, size_bytes, is_personal, response_id)"
            " VALUES (%s, %s, 'photo', 'sealed', 'image/png', 1, %s, %s)",
            uuid4(), survey_id, is_personal, id,
        )  # fmt: skip
    return id


def erased_by(survey_id: str, name: str) -> bytes:
    return Respondents(bytes.fromhex("17" * 32)).erased_by(UUID(survey_id), pseudonym("answers", name))


async def kept(world: World) -> dict[str, set[UUID]]:
    """Answers of which something is left, by what it is."""
    queries = {
        "respondents": "SELECT response_id FROM respondents",
        "private": "SELECT response_id FROM response_private",
        "files": "SELECT response_id FROM files WHERE is_personal AND removed_at IS NULL",
        "other files": "SELECT response_id FROM files WHERE NOT is_personal AND removed_at IS NULL",
        "responses": "SELECT id FROM responses",
    }
    return {name: {row[0] for row in await world.rows(query)} for name, query in queries.items()}


async def test_what_leads_to_the_person_goes_in_every_survey(world: World) -> None:
    surveys = [await world.open() for _ in range(3)]
    mine = {await answer(world, each.id, "olena") for each in surveys}
    other = await answer(world, surveys[0].id, "ivan")
    await erase(world, "olena")
    assert await kept(world) == {
        "respondents": {other}, "private": {other}, "files": {other}, "other files": {*mine, other},
        "responses": {*mine, other},
    }  # fmt: skip
    assert await world.rows("SELECT count(*) FROM drafts") == [(1,)]


async def test_an_event_that_comes_again_does_nothing(world: World) -> None:
    survey = await world.open()
    id = uuid4()
    await erase(world, "olena", id)
    again = await answer(world, survey.id, "olena")
    await erase(world, "olena", id)
    assert (await kept(world))["respondents"] == {again}


async def test_an_event_that_names_nobody_erases_nobody(world: World) -> None:
    mine = await answer(world, (await world.open()).id, "olena")
    await world.surveys.erasing.erased(Event(uuid4(), events_pb2.PersonErased()))
    assert (await kept(world))["private"] == {mine}


ABOUT_ME = survey_of([question("road"), question("name", is_personal=True)], [question("more")])
PERSON = surveys_pb2.ADMISSION_PERSON


async def send_late(world: World, survey: surveys_pb2.Survey, token: str) -> None:
    """An answer, and one that is begun, with a scope token that identity made before."""
    who = answers_pb2.Respondent(scope_token=token)
    await save(world, await look(world, survey.number, respondent=who), respondent=who, road="x")
    sent = item(survey, road="north", name="Olena")
    sent.respondent.CopyFrom(who)
    assert [each.status.code for each in await send(world, sent)] == [0]


async def test_what_comes_with_a_token_from_before_the_erasure_is_forgotten(world: World) -> None:
    survey = await world.open(ABOUT_ME, admission=PERSON)
    token = world.token(survey.id, "olena")
    await erase(world, "olena")
    await send_late(world, survey, token)
    await send_late(world, survey, world.token(survey.id, "ivan"))

    await world.surveys.housekeeping.sweep()

    ivan = [pseudonym(f"survey:{survey.id}", "ivan")]
    assert [row[0] for row in await world.rows("SELECT respondent FROM respondents")] == ivan
    assert len(await world.rows("SELECT 1 FROM response_private")) == 1
    assert len(await world.rows("SELECT 1 FROM responses")) == 2
    assert {row[0] for row in await world.rows("SELECT respondent FROM drafts")} <= set(ivan)


async def test_nobody_who_was_erased_is_remembered_for_long(world: World) -> None:
    await world.open()
    await erase(world, "olena")
    await world.surveys.housekeeping.sweep()
    assert len(await world.rows("SELECT 1 FROM erased")) == 1
    await world.rows("UPDATE erased SET erased_at = now() - interval '61 minutes'")
    await world.surveys.housekeeping.sweep()
    assert await world.rows("SELECT 1 FROM erased") == []


def test_one_person_is_another_in_each_survey() -> None:
    assert len({erased_by(str(UUID(int=number)), "olena") for number in range(3)}) == 3
    assert erased_by(str(UUID(int=0)), "olena") != erased_by(str(UUID(int=0)), "ivan")
