"""Whole answers: what is accepted, and what is refused with its own reason."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import events_pb2, surveys_pb2

from tests.integration.surveys.answering import (
    answers_of,
    document,
    faults,
    filled,
    form,
    item,
    option,
    question,
    questions,
    reason,
    send,
    survey_of,
)
from tests.integration.surveys.world import OFFICER, ROADS, World, request_id
from viche_chassis.errors import DomainError
from viche_surveys.domain.definition import Kind

PARTNER = "018f0000-0000-7000-8000-0000000000aa"
BRANCHING = survey_of(
    [
        question("pet", Kind.SINGLE, options=(option("cat"), option("dog")), is_required=True),
        question("walks", Kind.NUMBER, relevant='pet == "dog"', minimum=0.0, maximum=9.0),
    ]
)


async def stored(world: World) -> list[Any]:
    return [row[0] for row in await world.rows("SELECT answers FROM responses ORDER BY id")]


async def test_an_answer_is_accepted_and_counted(world: World) -> None:
    survey = await world.open()

    (result,) = await send(world, item(survey, road="north", why=" Holes.\r\nDeep ones "))

    assert reason(result) == ""
    ((answers, version, channel, accepted_at),) = await world.rows(
        "SELECT answers, version, channel, accepted_at FROM responses"
    )
    assert (answers, version, channel) == ({"road": "north", "why": "Holes. Deep ones"}, 1, "portal")
    today = accepted_at.astimezone(ZoneInfo(world.settings.timezone)).date().isoformat()
    assert await world.rows("SELECT question, row_code, code, count FROM tallies ORDER BY 1, 2, 3") == [
        ("", today, "1", 1), ("road", "", " answered", 1), ("road", "", "north", 1), ("why", "", " answered", 1)
    ]  # fmt: skip


async def test_what_was_accepted_is_told_once_per_survey(world: World) -> None:
    first, second = await world.open(), await world.open()
    items = [item(first, road="north"), item(second, road="south"), item(first, road="south")]
    items[2].respondent.partner_id = PARTNER

    results = await send(world, *items)

    told = {each.survey_id: list(each.responses) for each in await world.events(events_pb2.ResponsesAccepted)}
    assert [each.response_id for each in told[first.id]] == [results[0].response_id, results[2].response_id]
    assert [each.partner_id for each in told[first.id]] == ["", PARTNER]
    assert [each.response_id for each in told[second.id]] == [results[1].response_id]


async def test_one_bad_answer_fails_alone(world: World) -> None:
    survey = await world.open()
    bad = item(survey, road="east")
    unknown = pb.ResponseItem(request_id=request_id(), number=9_999)
    malformed = pb.ResponseItem(request_id="x", number=survey.number)

    results = await send(world, bad, item(survey, road="north"), unknown, malformed, item(survey, road="south"))

    assert list(map(reason, results)) == ["ANSWERS_REFUSED", "", "SURVEY_NOT_FOUND", "INVALID_FIELDS", ""]
    assert len(await stored(world)) == 2


async def test_a_repeat_gets_the_same_answer_and_another_body_does_not(world: World) -> None:
    survey = await world.open()
    id = request_id()
    first = item(survey, id, road="north")

    results = [
        *await send(world, first),
        *await send(world, first, first),
        *await send(world, item(survey, id, road="south")),
    ]

    assert len({each.response_id for each in results[:3]}) == 1
    assert list(map(reason, results)) == ["", "", "", "REQUEST_MISMATCH"]
    assert len(await stored(world)) == 1


async def test_a_repeat_gets_its_answer_also_after_closing(world: World) -> None:
    survey = await world.open()
    first = item(survey, road="north")
    (before,) = await send(world, first)
    await world.close(survey.id)

    again, late = await send(world, first, item(survey, road="north"))

    assert again.response_id == before.response_id
    assert reason(late) == "NOT_OPEN"


async def test_forms_lose_what_is_hidden_and_json_is_refused_for_it(world: World) -> None:
    survey = await world.open(BRANCHING)

    lenient, strict = await send(
        world, item(survey, pet="cat", walks="3"), document(survey, pet="cat", walks=3)
    )  # fmt: skip

    assert (reason(lenient), await stored(world)) == ("", [{"pet": "cat"}])
    assert faults(strict) == {"/walks": "HIDDEN_ANSWERED"}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"pet": "cat", "bird": 1}, {"/bird": "UNKNOWN_QUESTION"}),
        ({"pet": ["cat"]}, {"/pet": "WRONG_SHAPE"}),
        ({"pet": "dog", "walks": 10}, {"/walks": "TOO_LARGE"}),
        ({}, {"/pet": "REQUIRED"}),
    ],
)
async def test_json_is_read_strictly(world: World, answers: dict[str, Any], expected: dict[str, str]) -> None:
    survey = await world.open(BRANCHING)

    (result,) = await send(world, document(survey, **answers))

    assert (reason(result), faults(result)) == ("ANSWERS_REFUSED", expected)


@pytest.mark.parametrize("text", ["nonsense", "[]", "[" * 100_000, '{"pet": NaN}', '{"why": "\\ud800"}', "1"])
async def test_json_that_is_no_answer_is_refused(world: World, text: str) -> None:
    survey = await world.open(BRANCHING)

    (result,) = await send(world, pb.ResponseItem(request_id=request_id(), number=survey.number, answers_json=text))

    assert reason(result) == "ANSWERS_REFUSED"
    assert await stored(world) == []


async def test_the_page_comes_again_as_it_was_filled_in(world: World) -> None:
    survey = await world.open(BRANCHING)

    (result,) = await send(world, item(survey, pet="dog", walks="many"))

    assert filled(result.page) == {"pet": ["dog"], "walks": ["many"]}
    assert [each.reason for each in questions(result.page)["walks"].faults] == ["NOT_A_NUMBER"]
    assert (result.page.position, result.page.is_last, result.page.has_more) == (1, True, False)


async def test_a_question_that_was_not_shown_is_shown_before_the_answer_counts(world: World) -> None:
    survey = await world.open(BRANCHING)
    sent = item(survey, pet="dog")
    sent.shown.append("pet")

    (result,) = await send(world, sent)
    sent.shown.append("walks")
    (then,) = await send(world, sent)

    assert (reason(result), result.page.has_more, list(result.faults)) == ("ANSWERS_REFUSED", True, [])
    assert reason(then) == ""


async def test_an_answer_to_an_old_version_is_refused_and_one_to_any_is_judged_by_the_new(world: World) -> None:
    survey = await world.open(BRANCHING)
    await send(world, item(survey, pet="cat"))
    only = replace(BRANCHING.pages[0], items=(question("fish", is_required=True),))
    await world.update(survey.id, replace(BRANCHING, pages=(only,)))
    old, new = item(survey, pet="dog"), item(survey, fish="carp")
    old.version = 1

    results = await send(world, old, new)

    assert list(map(reason, results)) == ["OUTDATED_VERSION", ""]
    assert (await stored(world))[-1] == {"fish": "carp"}


async def test_an_answer_that_was_judged_before_a_change_is_judged_again(world: World) -> None:
    survey = await world.open(BRANCHING)
    await send(world, item(survey, pet="cat"))  # the survey is known now
    only = replace(BRANCHING.pages[0], items=(question("fish", is_required=True),))
    await world.update(survey.id, replace(BRANCHING, pages=(only,)))

    (result,) = await send(world, item(survey, pet="dog"))

    assert faults(result) == {"fish": "REQUIRED"}


async def test_drafts_and_scheduled_surveys_take_no_answers(world: World) -> None:
    draft = await world.draft()

    (result,) = await send(world, pb.ResponseItem(request_id=request_id(), number=draft.number or 1))

    assert reason(result) == "SURVEY_NOT_FOUND"


async def test_closing_is_judged_by_the_clock_of_the_database(world: World) -> None:
    survey = await world.open()
    await world.rows("UPDATE surveys SET closes_at = clock_timestamp() - interval '1 second' WHERE id = %s", survey.id)

    (result,) = await send(world, item(survey, road="north"))

    assert reason(result) == "NOT_OPEN"


async def by(world: World, survey: surveys_pb2.Survey, who: str, **claims: Any) -> pb.ResponseResult:
    sent = item(survey, road="north")
    sent.respondent.scope_token = world.token(survey.id, who, **claims)
    return (await send(world, sent))[0]


async def test_a_person_answers_once(world: World) -> None:
    survey = await world.open(admission=surveys_pb2.ADMISSION_PERSON)

    assert reason(await by(world, survey, "olena")) == ""
    assert reason(await by(world, survey, "olena")) == "ALREADY_ANSWERED"
    assert reason(await by(world, survey, "ivan")) == ""
    assert reason((await send(world, item(survey, road="north")))[0]) == "SIGN_IN_NEEDED"
    assert await world.rows("SELECT territory_code, assurance FROM responses LIMIT 1") == [("UA05", "email")]


async def test_a_token_for_another_survey_or_service_is_refused(world: World) -> None:
    survey = await world.open(admission=surveys_pb2.ADMISSION_PERSON)

    assert reason(await by(world, survey, "olena", scope=f"survey:{uuid.uuid4()}")) == "TOKEN_REFUSED"
    assert reason(await by(world, survey, "olena", aud="petitions")) == "TOKEN_REFUSED"


async def test_assurance_and_residence_are_asked_for(world: World) -> None:
    survey = await world.open(
        admission=surveys_pb2.ADMISSION_PERSON, assurance="substantial", territory_code="UA05"
    )  # fmt: skip

    assert reason(await by(world, survey, "olena")) == "ASSURANCE_TOO_LOW"
    assert reason(await by(world, survey, "olena", assurance="high", residence=["UA", "UA07"])) == "OTHER_TERRITORY"
    assert reason(await by(world, survey, "olena", assurance="high")) == ""


async def test_what_breaks_one_answer_breaks_no_other(world: World) -> None:
    strange = await world.open(survey_of([question("far", Kind.NUMBER)]))
    await world.rows("UPDATE survey_versions SET summary = '{}' WHERE survey_id = %s", strange.id)
    survey = await world.open()

    results = await send(world, item(survey, road="north"), item(strange, far="999999999"), item(survey, road="north"))

    assert list(map(reason, results)) == ["", "UNAVAILABLE", ""]


async def links(world: World, survey: surveys_pb2.Survey, count: int = 1) -> list[str]:
    stub = world.stub(_invitations(), OFFICER)
    request = surveys_pb2.CreateInvitationsRequest(request_id=request_id(), survey_id=survey.id, count=count)
    return list((await stub.CreateInvitations(request)).secrets)


def _invitations() -> Any:
    from viche.surveys.v1 import surveys_pb2_grpc

    return surveys_pb2_grpc.InvitationsServiceStub


def invited(survey: surveys_pb2.Survey, secret: str) -> pb.ResponseItem:
    sent = item(survey, road="north")
    sent.respondent.invitation = secret
    return sent


async def test_a_link_is_good_for_one_answer(world: World) -> None:
    survey = await world.open(admission=surveys_pb2.ADMISSION_LINK)
    first, second = await links(world, survey, 2)
    sent = invited(survey, first)

    results = await send(world, sent, sent, invited(survey, first), invited(survey, second), invited(survey, "guess"))
    (later,) = await send(world, invited(survey, first))

    assert list(map(reason, results)) == ["", "", "INVITATION_USED", "", "INVITATION_REFUSED"]
    assert reason(later) == "INVITATION_USED"
    request = surveys_pb2.GetInvitationCountsRequest(survey_id=survey.id)
    counts = await world.stub(_invitations(), OFFICER).GetInvitationCounts(request)
    assert (counts.made, counts.used) == (2, 2)
    assert first.encode() not in b"".join(row[0] for row in await world.rows("SELECT secret_hash FROM invitations"))


async def test_links_are_made_for_surveys_that_are_answered_by_link(world: World) -> None:
    with pytest.raises(DomainError, match="NOT_BY_LINK"):
        await links(world, await world.open())


async def test_personal_answers_are_sealed_and_apart(world: World) -> None:
    survey = await world.open()

    await send(world, item(survey, road="north", mailbox="olena@example.org"))

    assert await stored(world) == [{"road": "north"}]
    ((sealed,),) = await world.rows("SELECT answers FROM response_private")
    assert b"olena" not in sealed


async def test_an_answer_never_changes(world: World) -> None:
    survey = await world.open()
    await send(world, item(survey, road="north"))

    for statement in ("UPDATE responses SET language = 'uk'", "DELETE FROM responses", "TRUNCATE responses"):
        with pytest.raises(Exception, match="never change"):
            await world.rows(statement)


async def test_one_network_answers_so_often_and_no_more(world: World) -> None:
    survey = await world.open()

    def sent(network: str) -> pb.ResponseItem:
        answer = item(survey, road="north")
        answer.respondent.network = network
        return answer

    results = await send(world, *(sent("192.0.2.0/24") for _ in range(125)), sent("198.51.100.0/24"))

    reasons = list(map(reason, results))
    assert (reasons[:125].count(""), reasons[:125].count("TOO_MANY_REQUESTS"), reasons[125]) == (120, 5, "")


async def test_what_is_not_a_character_is_left_out(world: World) -> None:
    survey = await world.open()

    (result,) = await send(world, document(survey, road="north", why="a\u0000b\u0007c"))

    assert (reason(result), await stored(world)) == ("", [{"road": "north", "why": "abc"}])


FILES = survey_of(
    [question("photo", Kind.FILE, media_types=("image/*",), max_size_bytes=1_000), question("text")],
)


async def announce(world: World, survey: surveys_pb2.Survey, **fields: Any) -> pb.CreateUploadResponse:
    values = {"question": "photo", "filename": "hole.png", "media_type": "image/png", "size_bytes": 5, **fields}
    request = pb.CreateUploadRequest(**{"request_id": request_id(), "number": survey.number, **values})
    return await answers_of(world).CreateUpload(request)


async def test_a_file_answers_once_it_is_in_the_store(world: World) -> None:
    survey = await world.open(FILES)
    upload = await announce(world, survey)

    (before,) = await send(world, item(survey, photo=upload.file_id))
    _put(world, upload.object_key, b"12345")
    sent = item(survey, photo=upload.file_id)
    results = await send(world, sent)
    again, another = await send(world, sent, item(survey, photo=upload.file_id))

    assert faults(before) == {"photo": "FILE_UNKNOWN"}
    assert list(map(reason, results)) == [""]
    assert again.response_id == results[0].response_id
    assert faults(another) == {"photo": "FILE_UNKNOWN"}
    assert await stored(world) == [
        {"photo": {"id": upload.file_id, "name": "hole.png", "type": "image/png", "size_bytes": 5}}
    ]


def _put(world: World, key: str, content: bytes) -> None:
    import io

    world.objects.put(key, io.BytesIO(content), len(content), "image/png")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"size_bytes": 1_001}, "FILE_TOO_LARGE"),
        ({"media_type": "text/html"}, "FILE_TYPE_REFUSED"),
        ({"question": "text"}, "NOT_A_FILE_QUESTION"),
        ({"question": "nothing"}, "NOT_A_FILE_QUESTION"),
    ],
)
async def test_a_file_that_does_not_fit_is_refused(world: World, fields: dict[str, Any], expected: str) -> None:
    survey = await world.open(FILES)

    with pytest.raises(DomainError, match=expected):
        await announce(world, survey, **fields)


async def test_files_of_one_network_are_bounded_by_what_they_weigh_together(world: World) -> None:
    survey = await world.open(survey_of([question("photo", Kind.FILE, max_size_bytes=100_000_000)]))

    async def send_file(network: str) -> None:
        await announce(world, survey, size_bytes=90_000_000, respondent=pb.Respondent(network=network))

    for _ in range(6):
        await send_file("192.0.2.0")
    with pytest.raises(DomainError, match="TOO_MANY_REQUESTS"):
        await send_file("192.0.2.0")
    await send_file("198.51.100.0")


async def test_a_survey_says_whether_it_takes_files(world: World) -> None:
    assert (await world.open(FILES)).takes_files
    assert not (await world.open()).takes_files


async def test_files_that_nobody_uses_are_removed(world: World) -> None:
    survey = await world.open(FILES)
    used, unused = await announce(world, survey), await announce(world, survey)
    for upload in (used, unused):
        _put(world, upload.object_key, b"12345")
    await send(world, item(survey, photo=used.file_id))
    await world.rows("UPDATE files SET created_at = now() - interval '40 days'")

    await world.surveys.housekeeping.sweep()

    assert list(world.objects.list("surveys/")) == [used.object_key]
    assert await world.rows("SELECT id::text FROM files") == [(used.file_id,)]


async def test_an_officer_previews_a_draft_page_by_page(world: World) -> None:
    draft = await world.draft(BRANCHING)

    async def preview(caller: Any = OFFICER, **fields: Any) -> pb.PreviewPageResponse:
        from viche.surveys.v1 import answers_pb2_grpc

        stub = world.stub(answers_pb2_grpc.AnswersServiceStub, caller)
        return await stub.PreviewPage(pb.PreviewPageRequest(survey_id=draft.id, language="en", **fields))

    first = await preview()
    wrong = await preview(page="page1", fields=form(pet="dog", walks="99"), goes_on=True)
    done = await preview(page="page1", fields=form(pet="dog", walks="9"), goes_on=True)

    assert [each.label for each in questions(first.page)["pet"].options] == ["cat", "dog"]
    assert [each.reason for each in questions(wrong.page)["walks"].faults] == ["TOO_LARGE"]
    assert not done.HasField("page")
    assert await stored(world) == []


async def test_what_is_accepted_at_once_is_each_counted_once(world: World) -> None:
    survey = await world.open(BRANCHING)

    results = await asyncio.gather(
        *(send(world, *(item(survey, pet="dog", walks=str(number % 9)) for number in range(20))) for _ in range(20))
    )

    assert {reason(each) for batch in results for each in batch} == {""}
    recount = await world.surveys.recounting.one(uuid.UUID(survey.id))
    assert (recount.responses, recount.differences) == (400, ())
    ((count, total, squares, least, most),) = await world.rows(
        "SELECT sum(count)::int AS n, sum(total)::int AS x, sum(squares)::int AS xx, min(least)::int, max(most)::int"
        " FROM tallies"
        " WHERE question = 'walks' AND code = ''"
    )
    numbers = [number % 9 for number in range(20)] * 20
    assert (count, total, squares, least, most) == (400, sum(numbers), sum(n * n for n in numbers), 0, 8)


async def test_a_recount_finds_a_tally_that_is_wrong(world: World) -> None:
    survey = await world.open(BRANCHING)
    await send(world, item(survey, pet="dog"), item(survey, pet="cat"))
    await world.rows("UPDATE tallies SET count = count + 1 WHERE code = 'dog'")

    recount = await world.surveys.recounting.one(uuid.UUID(survey.id))

    (difference,) = recount.differences
    assert difference.key[1:4] == ("pet", "", "dog")


def test_surveys_of_tests_are_checked() -> None:
    from viche_surveys.domain.checking import faults as faults_of

    assert [faults_of(each) for each in (BRANCHING, FILES, ROADS)] == [[], [], []]
