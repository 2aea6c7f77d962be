"""What waits at each authority, in numbers, for the mail that tells officers in the morning."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from viche.petitions.v1 import moderation_pb2, office_pb2_grpc
from viche.petitions.v1 import office_pb2 as pb

from tests.integration.petitions import world as worlds
from tests.integration.petitions.moderating import CHECKED, complain, reject
from tests.integration.petitions.world import World
from tests.unit.plugin_install import install_plugin
from viche_chassis.access import Caller
from viche_chassis.testing import FakeChannel, FakeRpcError

CHECK, COMPLAINT = moderation_pb2.CASE_TASK_CHECK, moderation_pb2.CASE_TASK_COMPLAINT
CITY, VILLAGE = str(worlds.CITY), str(worlds.VILLAGE)
MONDAY = "2026-11-23"


@pytest.fixture
async def world(
    migrated: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[worlds.World]:
    install_plugin(monkeypatch, tmp_path, "checked", CHECKED)
    async with worlds.world(migrated("petitions"), tmp_path) as made:
        await made.configure()
        await made.set_up("checked")
        yield made


async def summary(world: World, day: str = MONDAY) -> dict[str, pb.AuthoritySummary]:
    channel: Any = FakeChannel(*world.petitions.register, caller=Caller("notifications"))
    stub: Any = office_pb2_grpc.OfficeServiceStub(channel)
    answer = await stub.GetOfficeSummary(pb.GetOfficeSummaryRequest(day=day))
    return {each.authority_id: each for each in answer.authorities}


async def ends(world: World, petition_id: str, when: str) -> None:
    await world.rows(f"UPDATE deadlines SET ends_at = {when} WHERE petition_id = %s", petition_id)


async def test_nothing_waits_where_nothing_is_to_be_done(world: World) -> None:
    assert await summary(world) == {}


async def test_each_authority_has_its_own_numbers(world: World) -> None:
    for author in ("a", "b", "c"):
        await world.draft(author, workflow="checked")
    await world.draft("d", workflow="checked", authority_id=VILLAGE)
    found = await summary(world)
    assert {each: [(task.task, task.cases) for task in one.tasks] for each, one in found.items()} == {
        CITY: [(CHECK, 3)],
        VILLAGE: [(CHECK, 1)],
    }


async def test_what_is_late_is_counted_and_the_next_last_day_is_told(world: World) -> None:
    late, soon, later = [(await world.draft(author, workflow="checked")).id for author in ("a", "b", "c")]
    await ends(world, late, "now() - interval '1 hour'")
    # in the zone of the instance, a term ends at the midnight after its last day
    await ends(world, soon, "'2100-03-02T00:00:00+02:00'")
    await ends(world, later, "'2100-05-01T00:00:00+03:00'")
    (task,) = (await summary(world))[CITY].tasks
    assert (task.cases, task.overdue, task.next_day) == (3, 1, "2100-03-01")


async def test_a_complaint_waits_beside_a_check(world: World) -> None:
    rejected = await world.draft("author", workflow="checked")
    await reject(world, rejected.id, "local")
    await complain(world, rejected.id)
    await world.draft("b", workflow="checked")
    assert [(each.task, each.cases) for each in (await summary(world))[CITY].tasks] == [(CHECK, 1), (COMPLAINT, 1)]


async def test_weekends_are_no_working_days(world: World) -> None:
    await world.draft("a", workflow="checked")
    monday = date.fromisoformat(MONDAY)
    week = [(monday + timedelta(days=number)).isoformat() for number in range(7)]
    assert [(await summary(world, day))[CITY].is_working_day for day in week] == [True] * 5 + [False] * 2


async def test_holidays_are_those_of_the_calendar_of_the_rules(world: World) -> None:
    await world.draft("a", workflow="checked")
    await world.rows("UPDATE petitions SET terms = jsonb_set(terms, '{calendar}', '\"BG\"')")
    liberation, day_after = "2027-03-03", "2027-03-04"
    assert not (await summary(world, liberation))[CITY].is_working_day
    assert (await summary(world, day_after))[CITY].is_working_day


@pytest.mark.parametrize("day", ["today", "2026-13-01", "2026-1-1"])
async def test_a_day_is_one_of_the_calendar(world: World, day: str) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await summary(world, day)
    assert refused.value.reason == "INVALID_FIELDS"
