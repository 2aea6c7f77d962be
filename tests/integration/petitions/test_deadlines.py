"""Clocks run from the events that start them, and everybody sees only what everybody may see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions import world as worlds
from tests.integration.petitions.plugins import INITIATIVE
from tests.integration.petitions.world import CITY, VILLAGE, World, person
from tests.unit.plugin_install import install_plugin
from viche_chassis.access import Caller
from viche_chassis.testing import FakeRpcError
from viche_sdk.types import Deadline

# terms as they were written when collecting was the only clock
FORMER_TERMS = {
    "workflow": "petition-local", "version": "1",
    "thresholds": [{"name": "answer", "signatures": 3, "effect": {"en": "An answer."}}],
    "open_days": 30, "min_assurance": "email", "resident_of": "", "signatures_per_mailbox": 1,
    "legal_basis": {"en": "The charter."}, "signers_shown": "territories",
}  # fmt: skip


@pytest.fixture
async def world(
    migrated: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[worlds.World]:
    install_plugin(monkeypatch, tmp_path, "initiatives", INITIATIVE)
    async with worlds.world(migrated("petitions"), tmp_path) as made:
        await made.configure()
        await made.set_up("initiative")
        yield made


def by_clock(petition: pb.Petition) -> dict[str, pb.Deadline]:
    return {each.clock: each for each in petition.deadlines}


def at(stamp: object) -> datetime:
    return stamp.ToDatetime(UTC)  # pyright: ignore[reportAttributeAccessIssue]


async def case(world: World, petition_id: str, officer_of: object = CITY) -> pb.Petition:
    """The petition as an officer sees it."""
    stub = world.on(person("officer", officer_of=officer_of))  # pyright: ignore[reportArgumentType]
    return (await stub.GetCase(pb.GetCaseRequest(petition_id=petition_id))).petition


async def test_the_clock_for_the_check_runs_from_handing_in_to_the_opening(world: World) -> None:
    waiting = await world.draft(workflow="initiative")
    (deadline,) = (await case(world, waiting.id)).deadlines
    assert (deadline.clock, deadline.event, deadline.ends_with) == ("rejection", "submitted", "opened")
    assert (deadline.started_at, deadline.HasField("met_at")) == (waiting.submitted_at, False)
    opened = await world.on(person("officer", officer_of=CITY)).OpenPetition(
        pb.OpenPetitionRequest(request_id=worlds.request_id(), petition_id=waiting.id)
    )
    assert by_clock(opened.petition)["rejection"].met_at == opened.petition.opened_at
    assert [each.event for each in opened.petition.happenings] == ["submitted", "opened"]


async def test_a_draft_that_is_not_handed_in_has_no_terms_and_no_clock(world: World) -> None:
    draft = await world.draft(workflow="initiative", submit=False)
    assert not draft.HasField("terms")
    assert not (*draft.deadlines, *draft.happenings)


async def test_opening_starts_the_clock_for_collecting(world: World) -> None:
    petition = await world.open(workflow="petition-local")
    (deadline,) = (await world.get(petition.id)).deadlines
    assert (deadline.clock, deadline.event, deadline.ends_with) == ("collect", "opened", "collection_ended")
    assert (deadline.started_at, deadline.ends_at) == (petition.opened_at, petition.closes_at)
    assert (deadline.period.length, deadline.period.unit) == (30, pb.TIME_UNIT_CALENDAR_DAY)
    zone = ZoneInfo(world.settings.timezone)
    last_day = at(petition.opened_at).astimezone(zone).date() + timedelta(days=30)
    assert (deadline.last_day, deadline.is_public, deadline.HasField("met_at")) == (str(last_day), True, False)
    assert petition.deadlines == [deadline]


async def test_a_threshold_starts_its_clocks_in_the_transaction_that_notes_it(world: World) -> None:
    petition = await world.open(workflow="initiative")
    await world.sign_as(petition.id, "anna", "boris", "vira", "halyna")
    await asyncio.gather(world.look(), world.look())
    found = by_clock(await case(world, petition.id))
    assert set(found) == {"rejection", "collect", "start", "draft"}
    reached_at = (await world.get(petition.id)).terms.thresholds[0].reached_at
    assert {found[name].started_at.ToJsonString() for name in ("start", "draft")} == {reached_at.ToJsonString()}
    assert (found["start"].event, found["start"].ends_with) == ("threshold_reached:hearing", "consideration_started")
    assert (found["start"].calendar, found["start"].calendar_source.split()[0]) == ("UA", "holidays")


async def test_what_is_for_officers_only_stays_with_the_officers_of_its_authority(world: World) -> None:
    petition = await world.open(workflow="initiative")
    await world.sign_as(petition.id, "anna", "boris", "vira", "halyna")
    await world.look()
    public, own = await world.get(petition.id), await case(world, petition.id)
    assert "draft" in by_clock(own)
    assert "draft" in [each.name for each in own.terms.clocks]
    listed = (await world.on(Caller("gateway")).ListPetitions(pb.ListPetitionsRequest())).petitions[0]
    by_number = await world.on(Caller("gateway")).GetPetition(pb.GetPetitionRequest(number=petition.number))
    mine = (await world.on(person("author")).ListMyPetitions(pb.ListMyPetitionsRequest())).petitions[0]
    for seen in (public, listed, by_number.petition, mine):
        assert "draft" not in by_clock(seen)
        assert "draft" not in [each.name for each in seen.terms.clocks]
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await case(world, petition.id, VILLAGE)


async def test_a_draft_is_no_case_yet(world: World) -> None:
    draft = await world.draft(submit=False)
    with pytest.raises(FakeRpcError, match="PETITION_NOT_FOUND"):
        await case(world, draft.id)


async def test_closing_early_ends_collecting_then_and_starts_what_follows(world: World) -> None:
    petition = await world.open(workflow="initiative")
    closed = await world.close(petition.id)
    found = by_clock(closed)
    assert found["collect"].met_at == closed.closes_at
    assert found["collect"].ends_at == petition.closes_at
    assert {name: found[name].event for name in ("check", "file")} == {"check": "collection_ended", "file": "closed"}
    assert found["check"].started_at == found["file"].started_at == closed.closes_at
    assert (await world.get(petition.id)).deadlines == closed.deadlines


async def test_what_the_end_of_the_term_brings_about_happens_in_its_last_second_however_late_it_is_noticed(
    world: World,
) -> None:
    petition = await world.open(workflow="initiative")
    await world.sign_as(petition.id, "anna", "boris", "vira", "halyna")
    ends_at = datetime(2026, 3, 31, 21, tzinfo=UTC)  # midnight in Kyiv
    await world.rows("UPDATE petitions SET closes_at = %s WHERE id = %s", ends_at, petition.id)
    await world.look()
    found = by_clock(await world.get(petition.id))
    last_second = ends_at - timedelta(seconds=1)
    for name in ("start", "check", "file"):
        assert at(found[name].started_at) == last_second
    assert at(found["collect"].met_at) == last_second
    assert (found["check"].last_day, found["file"].last_day) == ("2026-04-02", "2026-04-30")


async def test_deadlines_stand_in_the_order_in_which_they_end(world: World) -> None:
    petition = await world.open(workflow="initiative")
    await world.sign_as(petition.id, "anna", "boris", "vira", "halyna")
    await world.look()
    ends = [at(each.ends_at) for each in (await case(world, petition.id)).deadlines]
    assert len(ends) == 4
    assert ends == sorted(ends)


async def test_a_stored_deadline_stays_what_people_were_told(world: World) -> None:
    petition = await world.open(workflow="petition-local")
    ((body,),) = await world.rows("SELECT body FROM deadlines")
    deadline = Deadline.from_json(body)
    ends_at = deadline.ends_at + timedelta(days=1)
    await world.rows("UPDATE deadlines SET body = %s::jsonb", json.dumps({**body, "ends_at": ends_at.isoformat()}))
    assert at((await world.get(petition.id)).deadlines[0].ends_at) == ends_at


async def test_petition_that_opened_before_deadlines_were_stored_gets_its_own_from_its_terms(world: World) -> None:
    petition = await world.open(workflow="petition-local")
    await world.rows("DELETE FROM deadlines")
    await world.rows("UPDATE petitions SET terms = %s::jsonb WHERE id = %s", json.dumps(FORMER_TERMS), petition.id)
    (deadline,) = (await world.get(petition.id)).deadlines
    assert (deadline.clock, deadline.ends_at) == ("collect", petition.closes_at)
    assert deadline.title.texts["uk"] == "Збирання підписів"
    await world.sign_as(petition.id, "anna", "boris", "vira")
    await world.look()
    closed = await world.close(petition.id)
    assert closed.terms.thresholds[0].HasField("reached_at")
    (deadline,) = closed.deadlines
    assert (deadline.ends_at, deadline.met_at) == (petition.closes_at, closed.closes_at)
