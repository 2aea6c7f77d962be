"""The rules of an authority for everybody to read, and petitions that are only imagined."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions import world as worlds
from tests.integration.petitions.plugins import INITIATIVE
from tests.integration.petitions.world import CITY, VILLAGE, World, person, request_id
from tests.unit.plugin_install import install_plugin
from viche_chassis.access import Caller
from viche_chassis.testing import FakeRpcError

WORDS = {
    "petition": "initiative", "signatures.one": "name", "signatures.other": "names", "signatures.few": "",
    "signatures.many": "",
}  # fmt: skip


@pytest.fixture
async def world(
    migrated: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[worlds.World]:
    install_plugin(monkeypatch, tmp_path, "initiatives", INITIATIVE)
    async with worlds.world(migrated("petitions"), tmp_path) as made:
        await made.configure()
        yield made


async def rules(world: World, workflow: str = "petition-local", authority: object = CITY) -> pb.GetRulesResponse:
    request = pb.GetRulesRequest(authority_id=str(authority), workflow=workflow)
    return await world.on(Caller("gateway")).GetRules(request)


async def imagine(world: World, **fields: Any) -> pb.SimulatePetitionResponse:
    """Simulated by an officer of another authority: rules are public."""
    request = pb.SimulatePetitionRequest(**fields)
    return await world.on(person("officer", officer_of=VILLAGE)).SimulatePetition(request)


async def faults(call: Any) -> dict[str, str]:
    """Fields that were refused, and why."""
    with pytest.raises(FakeRpcError) as refused:
        await call
    violations = getattr(refused.value.__cause__, "violations", ())
    return {each.field: each.reason for each in violations} or {"": refused.value.reason}


async def test_rules_are_what_a_petition_would_get_that_opened_now(world: World) -> None:
    found = await rules(world)
    assert (found.workflow.name, list(found.missing)) == ("petition-local", [])
    assert found.terms == (await world.open(workflow="petition-local")).terms


async def test_rules_name_the_figures_that_an_authority_has_to_give_first(world: World) -> None:
    found = await rules(world, authority=VILLAGE)
    assert found.workflow.settings[0].help.texts["uk"]
    assert (found.HasField("terms"), list(found.missing)) == (False, ["threshold", "open_days"])


async def test_an_authority_offers_what_it_has_set_up_and_nothing_else(world: World) -> None:
    assert (await rules(world, "")).workflow.name == "petition-local"  # others come first by name
    found = await rules(world, "initiative")
    assert (found.workflow.name, found.HasField("terms"), list(found.missing)) == ("initiative", False, [])
    with pytest.raises(FakeRpcError) as refused:
        await world.open(workflow="initiative")
    assert refused.value.reason == "WORKFLOW_NOT_SET_UP"
    await world.set_up("initiative")
    assert (await rules(world, "initiative")).HasField("terms")
    assert (await world.open(workflow="initiative")).terms.workflow == "initiative"


async def test_a_draft_to_an_authority_that_has_set_nothing_up_takes_what_there_is_at_the_opening(world: World) -> None:
    draft = await world.draft(authority_id=str(VILLAGE))
    await world.configure(VILLAGE)
    request = pb.OpenPetitionRequest(request_id=request_id(), petition_id=draft.id)
    opened = await world.on(person("officer", officer_of=VILLAGE)).OpenPetition(request)
    assert opened.petition.terms.workflow == "petition-local"


async def test_rules_name_the_facts_that_are_not_known(world: World) -> None:
    await world.set_up("share", days="30")
    await world.rows("UPDATE workflow_settings SET authority_id = %s WHERE workflow = 'share'", VILLAGE)
    found = await rules(world, "share", VILLAGE)
    assert (found.HasField("terms"), list(found.missing)) == (False, ["level"])
    assert list(found.workflow.facts) == ["territory_code", "level", "population"]


async def test_figures_follow_from_the_level_and_the_population_of_the_authority(world: World) -> None:
    stored = await world.set_up("share", days="30")
    opened = (await world.open(workflow="share")).terms
    assert [each.thresholds[0].signatures for each in (stored, opened)] == [1_500, 1_500]


async def test_petition_does_not_open_while_a_fact_is_not_known(world: World) -> None:
    await world.set_up("share", days="30")
    await world.rows("UPDATE workflow_settings SET authority_id = %s WHERE workflow = 'share'", VILLAGE)
    made = await world.draft(authority_id=str(VILLAGE), workflow="share")
    opening = pb.OpenPetitionRequest(request_id=request_id(), petition_id=made.id)
    with pytest.raises(FakeRpcError) as refused:
        await world.on(person("officer", officer_of=VILLAGE)).OpenPetition(opening)
    assert (refused.value.reason, refused.value.values["settings"]) == ("SETTINGS_MISSING", "level")
    assert await faults(world.set_up("share", VILLAGE, days="30")) == {"settings.answer": "NO_LEVEL"}


async def test_rules_leave_out_what_is_for_officers_only(world: World) -> None:
    await world.set_up("initiative")
    assert "draft" not in [each.name for each in (await rules(world, "initiative")).terms.clocks]
    assert "draft" in [each.name for each in (await imagine(world, workflow="initiative")).terms.clocks]


async def test_every_part_of_a_workflow_is_told(world: World) -> None:
    await world.set_up("initiative")
    found = await rules(world, "initiative")
    workflow, terms = found.workflow, found.terms
    clocks = {each.name: each for each in terms.clocks}
    assert (workflow.valid_from, workflow.summary.texts["en"], workflow.basis.article) == ("2026-01-01", "words", "2")
    assert {name: word.texts.get("en", "") for name, word in workflow.vocabulary.items()} == WORDS
    assert [(each.code, each.help.texts["uk"]) for each in workflow.rejection_reasons] == [("war", "Ask for peace")]
    assert (workflow.complaint_to.texts["en"], list(workflow.facts)) == ("the court", [])
    assert (terms.basis.act.texts["en"], terms.basis.article, terms.calendar) == ("Act 1", "2", "UA")
    assert (list(terms.stages)[:3], terms.sponsors) == (["draft", "sponsoring", "moderation"], 5)
    assert [(each.kind, each.min_assurance) for each in terms.channels] == [("email", "email"), ("eid", "substantial")]
    assert (terms.signers_shown, terms.author_shown, terms.failure.becomes) == ("number", True, "nothing")
    assert terms.committee == pb.Committee(members_min=3, members_max=7, territories_min=2, protocol=True)
    assert (terms.thresholds[1].minima.territories, terms.thresholds[1].legal_basis.article) == (2, "2")
    start = clocks["start"]
    assert (start.starts_at, start.ends_with, start.notice.texts["en"]) == (
        "threshold_reached:hearing", "consideration_started", "told",
    )  # fmt: skip
    assert (start.extension.period.length, start.extension.by.texts["en"], start.extension.most_total) == (
        5, "the council", 9,
    )  # fmt: skip


async def test_workflows_in_use_are_those_that_an_authority_has_set_up(world: World) -> None:
    async def names(**fields: bool) -> list[str]:
        found = await world.on(Caller("gateway")).ListWorkflows(pb.ListWorkflowsRequest(**fields))
        return [each.name for each in found.workflows]

    assert await names(in_use=True) == ["petition-local"]
    await world.set_up("initiative")
    assert await names(in_use=True) == ["initiative", "petition-local"]
    assert {"share", "versions"} <= set(await names())


async def test_settings_are_told_with_what_may_be_entered(world: World) -> None:
    settings = {each.name: each for each in (await rules(world)).workflow.settings}
    assert (settings["threshold"].kind, settings["threshold"].minimum, settings["threshold"].maximum) == (
        "int", 1, 10_000_000,
    )  # fmt: skip
    assert [each.value for each in settings["min_assurance"].choices] == ["email", "substantial", "high"]
    optional = {"answer_days", "moderation_days", "moderation_unit"}
    assert {name for name, each in settings.items() if each.is_optional} == optional


async def test_unknown_authority_and_workflow_are_refused(world: World) -> None:
    assert await faults(rules(world, authority=request_id())) == {"": "UNKNOWN_AUTHORITY"}
    assert await faults(rules(world, "petition-lunar")) == {"": "UNKNOWN_WORKFLOW"}
    assert await faults(imagine(world, authority_id=request_id())) == {"": "UNKNOWN_AUTHORITY"}
    assert await faults(imagine(world, workflow="petition-lunar")) == {"": "UNKNOWN_WORKFLOW"}
    assert await faults(imagine(world, workflow="versions", opens_on="2019-12-31")) == {"": "UNKNOWN_WORKFLOW"}


async def test_imagined_petition_takes_figures_and_facts_from_its_authority(world: World) -> None:
    await world.set_up("share", days="30")
    found = await imagine(world, workflow="share", authority_id=str(CITY), opens_on="2026-03-01")
    assert (found.terms.thresholds[0].signatures, found.terms.territory_code) == (1_500, "UA05")
    assert [(each.clock, each.last_day) for each in found.deadlines] == [("collect", "2026-03-31")]


async def test_what_is_given_wins_over_what_the_authority_has(world: World) -> None:
    await world.set_up("share", days="30")
    given = {"authority_id": str(CITY), "population": 1_001, "settings": {"days": "1"}, "territory_code": "UA99"}
    found = await imagine(world, workflow="share", opens_on="2026-03-01", **given)
    assert (found.terms.thresholds[0].signatures, found.terms.territory_code) == (51, "UA99")
    assert found.deadlines[0].last_day == "2026-03-02"
    region = await imagine(world, workflow="share", level="region", **given)
    assert region.terms.thresholds[0].signatures == 100_000


async def test_imagined_events_start_their_clocks_and_nothing_is_stored(world: World) -> None:
    happenings = {"threshold_reached:hearing": "2026-03-06", "collection_ended": "2026-03-20"}
    found = await imagine(world, workflow="initiative", opens_on="2026-03-01", happenings=happenings)
    days = {each.clock: each.last_day for each in found.deadlines}
    # during martial law Ukraine has no public holidays, so that weekends alone are skipped
    assert days == {"draft": "2026-03-13", "start": "2026-03-11", "check": "2026-03-22", "collect": "2026-03-31"}
    (start,) = [each for each in found.deadlines if each.clock == "start"]
    assert list(start.skipped_days) == ["2026-03-07", "2026-03-08"]
    assert set(found.not_started) == {"rejection", "complaint", "file"}
    assert await world.rows("SELECT id FROM petitions") == []
    assert await world.rows("SELECT clock FROM deadlines") == []


@pytest.mark.parametrize(
    ("registered_on", "opens_on", "version"),
    [("", "2024-07-15", "1"), ("", "2024-07-16", "2"), ("2024-07-15", "2024-12-01", "1"), ("", "", "2")],
)
async def test_the_day_of_registration_chooses_the_version(
    world: World, registered_on: str, opens_on: str, version: str
) -> None:
    found = await imagine(
        world, workflow="versions", authority_id=str(CITY), registered_on=registered_on, opens_on=opens_on
    )
    assert (found.workflow.version, found.terms.workflow_version) == (version, version)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"settings.days": "MISSING"}),
        ({"settings": {"days": "101"}}, {"settings.days": "TOO_LARGE"}),
        ({"settings": {"days": "1", "moon": "full"}}, {"settings.moon": "UNKNOWN"}),
        ({"settings": {"days": "1"}}, {"level": "NO_LEVEL", "territory_code": "NO_TERRITORY"}),
        (
            {"settings": {"days": "1"}, "level": "municipality", "territory_code": "UA05"},
            {"population": "NO_POPULATION"},
        ),
        ({"level": "village"}, {"level": "UNKNOWN_VALUE"}),
        ({"population": -1}, {"population": "OUT_OF_RANGE"}),
        ({"opens_on": "1 March", "registered_on": "2026-02-30"}, {"opens_on": "BAD_DATE", "registered_on": "BAD_DATE"}),
        ({"opens_on": "20260301"}, {"opens_on": "BAD_DATE"}),
        ({"opens_on": "9999-12-31"}, {"opens_on": "BAD_DATE"}),
        ({"happenings": {"answered": "soon"}}, {"happenings.answered": "BAD_DATE"}),
        ({"happenings": {"rapture": "2026-03-01"}}, {"happenings.rapture": "UNKNOWN_VALUE"}),
        ({"happenings": {"opened": "2026-03-01"}}, {"happenings.opened": "UNKNOWN_VALUE"}),
        (
            {"happenings": {"threshold_reached:debate": "2026-03-01"}},
            {"happenings.threshold_reached:debate": "UNKNOWN_VALUE"},
        ),
    ],
)
async def test_what_cannot_be_imagined_is_refused_field_by_field(
    world: World, fields: dict[str, Any], expected: dict[str, str]
) -> None:
    assert await faults(imagine(world, **{"workflow": "share", "opens_on": "2026-03-01", **fields})) == expected


async def test_a_petition_speaks_the_words_of_its_workflow_where_it_is_asked_for_alone(world: World) -> None:
    await world.set_up("initiative")
    opened = await world.open(workflow="initiative")
    found = await world.get(opened.id)
    assert {name: word.texts.get("en", "") for name, word in found.vocabulary.items()} == WORDS
    assert found.vocabulary["signatures.many"].texts["uk"] == "імен"
    (listed,) = (await world.on(Caller("gateway")).ListPetitions(pb.ListPetitionsRequest())).petitions
    assert not listed.vocabulary


async def test_who_is_asked_to_confirm_is_asked_in_the_words_of_the_workflow(world: World) -> None:
    await world.set_up("initiative")
    opened = await world.open(workflow="initiative")
    await world.begin(opened.id)
    (mail,) = await world.mails()
    asked = await world.signing.GetEmailSignature(pb.GetEmailSignatureRequest(token=mail.token))
    assert mail.petition.vocabulary["petition"].texts["uk"] == "initiative"
    assert asked.petition.vocabulary == mail.petition.vocabulary
