"""Pauses: for a time nobody signs or no petition opens, at an authority and all below it; terms run on unless told."""

from __future__ import annotations

import asyncio
import base64
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from viche.petitions.v1 import events_pb2, integrity_pb2, integrity_pb2_grpc, pauses_pb2_grpc, petitions_pb2
from viche.petitions.v1 import pauses_pb2 as pb

from tests.integration.petitions.world import CITY, VILLAGE, World, person, pseudonym, reason, request_id
from viche_chassis.access import Caller, Grant, PersonClaims
from viche_chassis.testing import FakeRpcError

ELECTION = {"en": "There is an election.", "uk": "Тривають вибори."}
CLI = Caller("cli")


def operator(*authorities: uuid.UUID) -> Caller:

    author = base64.urlsafe_b64encode(pseudonym("authors", "operator")).decode().rstrip("=")
    covers = frozenset(map(str, authorities))
    return Caller("gateway", PersonClaims("o", "s", "email", (), author, (Grant("operator", str(CITY), covers),)))


def pauses(world: World, caller: Caller = CLI) -> Any:
    return world._stub(pauses_pb2_grpc.PausesServiceStub, caller)


def wish(authority: uuid.UUID = CITY, *, begins: float = 0, days: float = 10, **fields: Any) -> pb.CreatePauseRequest:
    """A pause that begins in some seconds and lasts some days."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "request_id": request_id(), "authority_id": str(authority), "stops_signing": True,
        "reason": petitions_pb2.LocalizedText(texts=ELECTION),
    }  # fmt: skip
    request = pb.CreatePauseRequest(**{**values, **fields})
    request.until_at.FromDatetime(now + timedelta(days=days, seconds=begins))
    if begins:
        request.from_at.FromDatetime(now + timedelta(seconds=begins))
    return request


async def pause(world: World, *args: Any, **fields: Any) -> pb.Pause:
    return (await pauses(world).CreatePause(wish(*args, **fields))).pause


async def end(world: World, made: pb.Pause) -> pb.Pause:
    return (await pauses(world).EndPause(pb.EndPauseRequest(request_id=request_id(), pause_id=made.id))).pause


async def test_nobody_signs_during_a_pause_and_everybody_after_it(world: World) -> None:
    petition = await world.open()
    made = await pause(world)
    (refused,) = await world.sign(world.item(petition.id, "anna"))
    assert reason(refused) == "SIGNING_PAUSED"
    found = await world.get(petition.id)
    assert found.state == petitions_pb2.PETITION_STATE_OPEN
    assert dict(found.signing_pause.reason.texts) == ELECTION
    assert found.signing_pause.until_at == made.until_at
    await end(world, made)
    await world.sign_as(petition.id, "anna")
    assert not (await world.get(petition.id)).HasField("signing_pause")


async def test_a_refusal_says_until_when_and_why(world: World) -> None:
    petition = await world.open()
    await pause(world)
    with pytest.raises(FakeRpcError) as error:
        await world.begin(petition.id)
    values = getattr(error.value.__cause__, "values", {})
    assert (values["why.en"], values["why.uk"]) == (ELECTION["en"], ELECTION["uk"])
    assert datetime.fromisoformat(values["until"]) > datetime.now(UTC) + timedelta(days=9)


async def test_a_pause_begins_by_itself_while_fifty_sign(world: World) -> None:
    """Whoever began before it has signed; nobody who begins after it has, and the count is that of the accepted."""
    petition, has_signed = await world.open(), asyncio.Event()

    async def sign_until_paused(who: str) -> tuple[int, set[str]]:
        accepted, reasons, number = 0, set[str](), 0
        while "SIGNING_PAUSED" not in reasons:
            (result,) = await world.sign(world.item(petition.id, f"{who} {number}"))
            reasons.add(reason(result))
            accepted, number = accepted + (not reason(result)), number + 1
            has_signed.set()
        return accepted, reasons

    signing = asyncio.gather(*(sign_until_paused(f"person {number}") for number in range(50)))
    await has_signed.wait()  # somebody is faster than the pause, however slow all are
    made = await pause(world, begins=1.0)
    outcomes = await signing
    assert set().union(*(reasons for _, reasons in outcomes)) == {"", "SIGNING_PAUSED"}
    accepted = sum(count for count, _ in outcomes)
    assert accepted > 0
    (row,) = await world.rows("SELECT count(*), max(created_at) FROM signatures WHERE petition_id = %s", petition.id)
    assert row[0] == accepted == (await world.get(petition.id)).signature_count
    assert row[1] < made.from_at.ToDatetime(UTC)


async def test_a_pause_that_is_decided_while_many_sign_lets_each_signature_be_whole(world: World) -> None:
    petition = await world.open()
    items = [world.item(petition.id, f"person {number}") for number in range(50)]
    made, *results = await asyncio.gather(pause(world), *(world.sign(item) for item in items))
    reasons = [reason(result) for (result,) in results]
    assert set(reasons) <= {"", "SIGNING_PAUSED"}
    assert (await world.get(petition.id)).signature_count == reasons.count("")
    (again,) = await world.sign(world.item(petition.id, "late"))
    assert reason(again) == "SIGNING_PAUSED"
    assert made.holds


async def test_the_same_request_gets_its_answer_during_a_pause(world: World) -> None:
    petition = await world.open()
    item = world.item(petition.id, "anna")
    (first,) = await world.sign(item)
    await pause(world)
    (second,) = await world.sign(item)
    assert second == first


async def test_a_pause_holds_below_its_authority_and_nowhere_else(world: World) -> None:
    await world.configure(VILLAGE)
    city, village = await world.open(), await world.open("v", officer_of=VILLAGE, authority_id=str(VILLAGE))
    await pause(world, VILLAGE)
    results = await world.sign(world.item(city.id, "anna"), world.item(village.id, "anna"))
    assert [reason(each) for each in results] == ["", "SIGNING_PAUSED"]


async def test_an_excepted_petition_collects(world: World) -> None:
    one, other = await world.open("a"), await world.open("b", title="Plant trees along the river")
    made = await pause(world, except_numbers=[one.number])
    assert list(made.except_numbers) == [one.number]
    results = await world.sign(world.item(one.id, "anna"), world.item(other.id, "anna"))
    assert [reason(each) for each in results] == ["", "SIGNING_PAUSED"]


async def test_no_petition_opens_and_those_that_are_open_collect(world: World) -> None:
    open_one, waiting = await world.open("a"), await world.draft("b", title="Plant trees along the river")
    made = await pause(world, stops_signing=False, stops_opening=True)
    with pytest.raises(FakeRpcError, match="PETITIONS_PAUSED"):
        await world.on(officer()).OpenPetition(
            petitions_pb2.OpenPetitionRequest(request_id=request_id(), petition_id=waiting.id)
        )
    await world.sign_as(open_one.id, "anna")
    await end(world, made)
    await world.on(officer()).OpenPetition(
        petitions_pb2.OpenPetitionRequest(request_id=request_id(), petition_id=waiting.id)
    )


def officer() -> Caller:

    return person("officer", officer_of=CITY)


async def test_a_link_by_mail_waits_for_the_end_of_the_pause(world: World) -> None:
    petition = await world.open()
    await world.begin(petition.id)
    (mail,) = await world.mails()
    made = await pause(world, days=30)
    with pytest.raises(FakeRpcError, match="SIGNING_PAUSED"):
        await world.confirm(mail.token)
    (longer,) = await world.mails()
    assert longer.expires_at.ToDatetime() - mail.expires_at.ToDatetime() >= timedelta(days=29)
    await end(world, made)
    await world.confirm(mail.token)
    assert (await world.get(petition.id)).signature_count == 1


async def test_a_link_that_is_sent_before_a_pause_that_was_announced_waits_too(world: World) -> None:
    petition = await world.open()
    await pause(world, begins=3600, days=30)
    await world.begin(petition.id)
    (mail,) = await world.mails()
    assert mail.expires_at.ToDatetime(UTC) > datetime.now(UTC) + timedelta(days=36)


async def test_sheets_are_not_entered_during_a_pause(world: World) -> None:
    petition = await world.open()
    await pause(world)
    stub = world._stub(integrity_pb2_grpc.IntegrityServiceStub, officer())
    request = integrity_pb2.CreatePaperBatchRequest(
        request_id=request_id(), petition_id=petition.id, reference="1", signatures=3, received_on="2026-01-01"
    )
    with pytest.raises(FakeRpcError, match="SIGNING_PAUSED"):
        await stub.CreatePaperBatch(request)


async def test_terms_run_on_unless_they_are_prolonged(world: World) -> None:
    petition = await world.open()
    made = await pause(world, days=10)
    closes_at = (await world.get(petition.id)).closes_at
    assert closes_at == petition.closes_at
    request = pb.ProlongTermsRequest(request_id=request_id(), pause_id=made.id)
    answer = await pauses(world).ProlongTerms(request)
    assert (answer.petitions, answer.left) == (1, 0)
    found = await world.get(petition.id)
    # from midnight to midnight, which is an hour more or less where clocks are put forward or back between
    zone = ZoneInfo(world.settings.timezone)
    ends = [each.closes_at.ToDatetime(UTC).astimezone(zone) for each in (petition, found)]
    assert ends[1] - ends[0] == timedelta(days=10)
    (deadline,) = found.deadlines
    assert deadline.extended_by.length == 10
    assert dict(deadline.extension_reason.texts) == ELECTION
    (told,) = await world.events(events_pb2.DeadlineExtended)
    assert told.petition_id == petition.id
    again = await pauses(world).ProlongTerms(pb.ProlongTermsRequest(request_id=request_id(), pause_id=made.id))
    assert (again.petitions, again.left) == (0, 0)


async def test_a_preview_says_what_would_stop(world: World) -> None:
    one = await world.open("a")
    await world.open("b", title="Plant trees along the river")
    await world.draft("c", title="Build a school in the east")
    request = pb.GetPausePreviewRequest(authority_id=str(CITY))
    found = await pauses(world).GetPausePreview(request)
    assert (found.authorities, found.collecting, found.waiting, found.terms) == (1, 2, 1, 2)
    request.except_numbers.append(one.number)
    found = await pauses(world).GetPausePreview(request)
    assert (found.collecting, found.terms) == (1, 1)


async def test_a_pause_is_decided_once_and_ended_once(world: World) -> None:
    request = wish()
    first = await pauses(world).CreatePause(request)
    assert await pauses(world).CreatePause(request) == first
    outcomes = await asyncio.gather(*(end(world, first.pause) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(each, pb.Pause) for each in outcomes) == 1
    assert {str(each) for each in outcomes if isinstance(each, BaseException)} <= {"PAUSE_OVER"}
    assert list((await pauses(world).ListPauses(pb.ListPausesRequest())).pauses) == []
    (past,) = (await pauses(world).ListPauses(pb.ListPausesRequest(with_past=True))).pauses
    assert past.HasField("ended_at")
    assert not past.holds


@pytest.mark.parametrize(
    ("fields", "field", "expected"),
    [
        ({"stops_signing": False}, "stops_signing", "REQUIRED"),
        ({"days": -1}, "until_at", "TOO_EARLY"),
        ({"reason": petitions_pb2.LocalizedText(texts={"en": "x" * 201})}, "reason.en", "TOO_LONG"),
        ({"reason": petitions_pb2.LocalizedText(texts={"fr": "x"})}, "reason.en", "REQUIRED"),
        ({"except_numbers": [99]}, "except_numbers", "NO_SUCH_NUMBER"),
    ],
)
async def test_a_pause_that_makes_no_sense_is_refused(
    world: World, fields: dict[str, Any], field: str, expected: str
) -> None:
    with pytest.raises(FakeRpcError) as error:
        await pause(world, **fields)
    assert {each.field: each.reason for each in getattr(error.value.__cause__, "violations", ())} == {field: expected}


async def test_only_who_operates_the_authorities_pauses_them(world: World) -> None:
    mine, theirs = pauses(world, operator(CITY)), pauses(world, operator(VILLAGE))
    made = (await mine.CreatePause(wish())).pause
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await theirs.CreatePause(wish())
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await theirs.EndPause(pb.EndPauseRequest(request_id=request_id(), pause_id=made.id))
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await theirs.ProlongTerms(pb.ProlongTermsRequest(request_id=request_id(), pause_id=made.id))
    assert list((await theirs.ListPauses(pb.ListPausesRequest(with_past=True))).pauses) == []
    assert len((await pauses(world, officer()).ListPauses(pb.ListPausesRequest())).pauses) == 1


async def test_what_was_decided_cannot_be_changed(world: World) -> None:
    await pause(world)
    with pytest.raises(psycopg.errors.RestrictViolation):
        await world.rows("UPDATE pauses SET until_at = until_at + interval '1 day'")
