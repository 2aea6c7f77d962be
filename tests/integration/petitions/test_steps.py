"""Steps, prolonged terms, hearings, failed petitions and early closings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from viche.petitions.v1 import answers_pb2, events_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions import world as worlds
from tests.integration.petitions.answering import COUNCIL, answers, officer, operator, publish, reached, step, text
from tests.integration.petitions.world import CITY, VILLAGE, World, person, request_id
from tests.unit.plugin_install import install_plugin
from viche_chassis.testing import FakeRpcError

STARTED = "consideration_started"


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


def today(world: World, days: int = 0) -> str:
    return str(datetime.now(ZoneInfo(world.settings.timezone)).date() + timedelta(days=days))


def clocks(petition: pb.Petition) -> dict[str, pb.Deadline]:
    return {each.clock: each for each in petition.deadlines}


def at(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


async def extend(world: World, petition_id: str, clock: str = "answer", **fields: Any) -> Any:
    request = answers_pb2.ExtendDeadlineRequest(
        request_id=request_id(), petition_id=petition_id, clock=clock, reason=text("Two offices must be heard."),
        **fields,
    )  # fmt: skip
    return await answers(world).ExtendDeadline(request)


async def say(world: World, petition_id: str, **fields: Any) -> pb.Petition:
    values: dict[str, Any] = {
        "request_id": request_id(), "petition_id": petition_id, "title": text("Debate"), "place": text("Town hall"),
        "held_at": at(datetime.now(UTC) + timedelta(days=3)),
    }  # fmt: skip
    return (await answers(world).PublishHearing(answers_pb2.PublishHearingRequest(**{**values, **fields}))).petition


async def test_step_meets_its_clock_and_starts_those_that_wait_for_it(world: World) -> None:
    petition = await reached(world)
    preview = await answers(world).GetStepPreview(
        answers_pb2.GetStepPreviewRequest(petition_id=petition.id, event=STARTED)
    )
    assert ([each.clock for each in preview.starts], list(preview.meets)) == (["memo", "answer"], ["announce"])
    own = clocks(await step(world, petition.id, STARTED))
    assert own["announce"].HasField("met_at")
    assert (own["answer"].last_day, own["memo"].is_public) == (preview.starts[1].last_day, False)
    assert "memo" not in clocks(await world.get(petition.id))
    (event,) = await world.events(events_pb2.PetitionStepTaken)
    assert (event.petition_id, event.event) == (petition.id, STARTED)


async def test_step_is_taken_once_also_by_two_at_once(world: World) -> None:
    petition = await reached(world)
    outcomes = await asyncio.gather(
        *(step(world, petition.id, STARTED, caller=officer(f"officer {number}")) for number in range(3)),
        return_exceptions=True,
    )
    assert [each.reason for each in outcomes if isinstance(each, FakeRpcError)] == ["ALREADY_RECORDED"] * 2


async def test_step_comes_neither_before_its_cause_nor_in_the_future(world: World) -> None:
    petition = await world.open(workflow="council")
    assert await refusal(step(world, petition.id, STARTED)) == "STEP_TOO_EARLY"
    assert await refusal(step(world, petition.id, "verified")) == "STEP_TOO_EARLY"
    await world.sign_as(petition.id, "anna", "boris")
    await world.look()
    assert await refusal(step(world, petition.id, STARTED, today(world, -1))) == "STEP_TOO_EARLY"
    assert await refusal(step(world, petition.id, STARTED, today(world, 1))) == "IN_THE_FUTURE"
    assert await refusal(step(world, petition.id, "handed_over")) == "UNKNOWN_STEP"
    assert await refusal(step(world, petition.id, "answered")) == "UNKNOWN_STEP"
    assert await refusal(step(world, petition.id, "eclipse")) == "UNKNOWN_STEP"
    await step(world, petition.id, STARTED, today(world))


async def test_end_of_collecting_lets_signatures_be_verified(world: World) -> None:
    petition = await reached(world)
    await world.close(petition.id)
    assert clocks(await step(world, petition.id, "verified"))["check"].HasField("met_at")


async def test_officers_of_others_take_no_steps(world: World) -> None:
    petition = await reached(world)
    stranger = step(world, petition.id, STARTED, caller=person("stranger", officer_of=VILLAGE))
    assert await refusal(stranger) == "NOT_YOUR_AUTHORITY"


async def test_term_is_prolonged_once_and_what_it_was_is_kept(world: World) -> None:
    petition = await reached(world)
    await step(world, petition.id, STARTED)
    before = clocks(await world.get(petition.id))["answer"]
    foreseen = (await extend(world, petition.id, validate_only=True)).deadline
    assert clocks(await world.get(petition.id))["answer"] == before
    await extend(world, petition.id)
    after = clocks(await world.get(petition.id))["answer"]
    assert (after.last_day, after.former_last_day) == (foreseen.last_day, before.last_day)
    grown = datetime.fromisoformat(after.last_day) - datetime.fromisoformat(before.last_day)
    assert grown == timedelta(days=4), "14 days in all are the limit"
    assert after.extension_reason.texts["en"] == "Two offices must be heard."
    assert after.HasField("extended_at")
    assert await refusal(extend(world, petition.id)) == "ALREADY_EXTENDED"
    (event,) = await world.events(events_pb2.DeadlineExtended)
    assert event.clock == "answer"


async def test_term_is_prolonged_only_while_it_runs_and_where_its_rule_lets_it(world: World) -> None:
    petition = await reached(world)
    assert await refusal(extend(world, petition.id)) == "CLOCK_NOT_RUNNING"
    assert await refusal(extend(world, petition.id, "announce")) == "NOT_EXTENDABLE"
    await step(world, petition.id, STARTED)
    past = datetime.now(UTC) - timedelta(days=1)
    await world.rows(
        "UPDATE deadlines SET ends_at = %s, body = jsonb_set(body, '{ends_at}', to_jsonb(%s::text))"
        " WHERE clock = 'answer'", past, past.isoformat(),
    )  # fmt: skip
    assert await refusal(extend(world, petition.id)) == "TOO_LATE"


async def test_answered_petition_has_no_term_to_prolong(world: World) -> None:
    petition = await reached(world)
    await step(world, petition.id, STARTED)
    await publish(world, petition.id)
    assert await refusal(extend(world, petition.id)) == "CLOCK_NOT_RUNNING"


async def test_hearing_is_announced_moved_and_cancelled_each_in_its_own_version(world: World) -> None:
    petition = await reached(world)
    await say(world, petition.id)
    later = {"version": 1, "hearing": 1, "held_at": at(datetime.now(UTC) + timedelta(days=9))}
    assert await refusal(say(world, petition.id, **later)) == "INVALID_FIELDS", "why is missing"
    await say(world, petition.id, **later, note=text("The speaker is ill."))
    await say(world, petition.id, **{**later, "version": 2}, is_cancelled=True, note=text("Nobody can come."))
    said = (await world.get(petition.id)).hearings
    assert [(each.version, each.hearing, each.is_cancelled) for each in said] == [
        (1, 1, False), (2, 1, False), (3, 1, True),
    ]  # fmt: skip
    assert [each.version for each in await world.events(events_pb2.HearingPublished)] == [1, 2, 3]
    assert await refusal(say(world, petition.id, version=1, hearing=1)) == "STALE_HEARING"
    assert await refusal(say(world, petition.id, version=3, hearing=7)) == "UNKNOWN_HEARING"


async def test_outcome_is_told_once_the_hearing_has_begun(world: World) -> None:
    petition = await reached(world)
    early = {"outcome": text("The council agreed.")}
    assert await refusal(say(world, petition.id, **early)) == "INVALID_FIELDS"
    over = at(datetime.now(UTC) - timedelta(hours=1))
    assert await refusal(say(world, petition.id, held_at=over)) == "INVALID_FIELDS"
    await say(world, petition.id, held_at=over, **early, video_url="https://video.example/1")
    (said,) = (await world.get(petition.id)).hearings
    assert (said.outcome.texts["en"], said.video_url) == ("The council agreed.", "https://video.example/1")
    script = {"version": 1, "hearing": 1, "held_at": over, **early, "video_url": "javascript:alert(1)"}
    assert await refusal(say(world, petition.id, **script)) == "INVALID_FIELDS"


async def test_failed_petition_waits_to_be_taken_as_an_appeal(world: World) -> None:
    petition, other = await world.open(workflow="council"), await reached(world, author="second author")
    for each in (petition, other):
        await world.close(each.id)
    listing = answers_pb2.ListFailedPetitionsRequest()
    waiting = await answers(world).ListFailedPetitions(listing)
    assert ([each.id for each in waiting.petitions], waiting.total_size) == ([petition.id], 1)
    take = answers(world).RecordAppeal
    request = answers_pb2.RecordAppealRequest(request_id=request_id(), petition_id=petition.id, reference=" K-17 ")
    await take(request)
    happened = (await world.get(petition.id)).happenings[-1]
    assert (happened.event, happened.detail) == ("taken_as_appeal", "K-17")
    assert not (await answers(world).ListFailedPetitions(listing)).petitions
    request.request_id = request_id()
    assert await refusal(take(request)) == "ALREADY_RECORDED"
    request.request_id, request.petition_id = request_id(), other.id
    assert await refusal(take(request)) == "NOT_AN_APPEAL"


async def test_event_outside_closes_the_open_petitions_whose_rules_name_it(world: World) -> None:
    await world.configure()
    petitions = [await world.open(f"author {number}", workflow="council") for number in range(2)]
    local = await world.open("another author", workflow="petition-local")
    boss = answers(world, operator())
    (case,) = (
        await boss.ListClosingEvents(answers_pb2.ListClosingEventsRequest(authority_id=str(CITY)))
    ).cases  # fmt: skip
    assert (case.workflow, case.event.name, case.open_petitions) == ("council", "dissolution", 2)
    closing = answers_pb2.CloseForEventRequest(
        request_id=request_id(), authority_id=str(CITY), workflow="council", event="dissolution"
    )
    assert await refusal(answers(world).CloseForEvent(closing)) == "NOT_YOUR_AUTHORITY"
    done = await boss.CloseForEvent(closing)
    assert (done.closed, done.left) == (2, 0)
    assert await boss.CloseForEvent(closing) == done, "a repeat gets the same answer"
    for each in petitions:
        found = await world.get(each.id)
        assert (found.state, found.happenings[-1].detail) == (pb.PETITION_STATE_CLOSED, "dissolution")
    assert (await world.get(local.id)).state == pb.PETITION_STATE_OPEN
