"""Public data through the life of petitions: what is rejected, hidden, taken out or answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from viche.petitions.v1 import opendata_pb2 as pb
from viche.petitions.v1 import petitions_pb2 as petitions

from tests.integration.petitions import world as worlds
from tests.integration.petitions.answering import COUNCIL, publish, reached
from tests.integration.petitions.integrity import remove
from tests.integration.petitions.moderating import CHECKED, complain, decide, reject
from tests.integration.petitions.test_opendata import data, everything, take
from tests.integration.petitions.world import World
from tests.unit.plugin_install import install_plugin

REJECTED = {"states": [petitions.PETITION_STATE_REJECTED]}


@pytest.fixture
async def world(
    migrated: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[worlds.World]:
    for name, workflow in (("checked", CHECKED), ("councils", COUNCIL)):
        install_plugin(monkeypatch, tmp_path, name, workflow)
    async with worlds.world(migrated("petitions"), tmp_path) as made:
        await made.configure()
        for name in ("checked", "council"):
            await made.set_up(name)
        yield made


async def listed(world: World, **fields: Any) -> list[petitions.Petition]:
    wanted = pb.PublicFilter(**fields)
    page = (await data(world).ListPublicPetitions(pb.ListPublicPetitionsRequest(filter=wanted))).petitions
    bare, full = await everything(world, filter=wanted), await everything(world, filter=wanted, with_texts=True)
    assert {each.number for each in page} == {each.number for each in bare} == {each.number for each in full}
    assert {each.title for each in page} == {each.title for each in bare} == {each.title for each in full}
    return list(page)


async def test_rejected_petitions_come_only_where_they_are_asked_for(world: World) -> None:
    rejected = await reject(world, (await world.draft(workflow="checked")).id, "local")
    assert await listed(world) == []
    (found,) = await listed(world, **REJECTED)
    assert (found.number, found.rejection.reason) == (rejected.number, "local")


async def test_a_text_that_is_hidden_is_nowhere_in_the_data(world: World) -> None:
    await reject(world, (await world.draft(workflow="checked")).id, "libel")
    (found,) = await listed(world, **REJECTED)
    assert (found.title, found.background) == ("", "")
    assert await listed(world, **REJECTED, query="bridge", language="en") == []
    await world.open("another author", title="Mend the road")
    await world.petitions.snapshots.write_due()
    for name in ("petitions.csv", "petitions.json"):
        assert b"bridge" not in (await take(world, name))[0]


async def test_a_petition_that_waits_again_is_not_public_though_it_has_a_number(world: World) -> None:
    made = await world.draft(workflow="checked")
    await reject(world, made.id, "local")
    await complain(world, made.id)
    assert (await decide(world, made.id, is_upheld=True)).number
    for states in ([], [petitions.PETITION_STATE_REJECTED], [petitions.PETITION_STATE_SUBMITTED]):
        assert await listed(world, states=states) == []
    assert list((await data(world).ListSigningDays(pb.ListSigningDaysRequest())).petitions) == []
    await world.open("another author")
    await world.petitions.snapshots.write_due()
    assert (await take(world, "petitions.csv"))[1].petitions == 1


async def test_what_is_taken_out_of_the_count_leaves_the_day_on_which_it_was_signed(world: World) -> None:
    petition = await world.open(workflow="petition-local")
    await world.sign_as(petition.id, "anna", "boris", "vira")
    # signatures never change: those of today become those of the first of March
    await world.rows("ALTER TABLE signatures DISABLE TRIGGER USER")
    await world.rows("UPDATE signatures SET created_at = '2026-03-01 12:00Z'")
    await world.rows("UPDATE count_minutes SET minute = '2026-03-01 12:00Z'")
    await world.rows("UPDATE petitions SET created_at = '2026-02-28 12:00Z', opened_at = '2026-02-28 12:00Z'")
    (one, *_) = await world.rows("SELECT id FROM signatures ORDER BY id")
    await remove(world, petition.id, signature_ids=[str(one[0])])
    (found,) = (await data(world).ListSigningDays(pb.ListSigningDaysRequest())).petitions
    assert [(each.day, each.signatures) for each in found.days] == [("2026-03-01", 2)]


async def test_answered_petitions_are_told_from_others(world: World) -> None:
    answered = await reached(world)
    await publish(world, answered.id)
    open_ = await world.open("somebody else", workflow="petition-local")
    found = await listed(world, outcome=pb.OUTCOME_ANSWERED)
    assert [each.number for each in found] == [answered.number]
    assert found[0].answers[0].summary.texts["en"] == "We repair the bridge."
    assert [each.number for each in await listed(world, outcome=pb.OUTCOME_UNANSWERED)] == [open_.number]
    assert await listed(world, outcome=pb.OUTCOME_HEARD) == []
    assert await listed(world, outcome=pb.OUTCOME_HEARING_AHEAD) == []
