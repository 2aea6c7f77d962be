"""The simulator: a form whose address can be passed on, errors at their fields, nothing stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway import acts
from tests.unit.gateway.conftest import Browser
from viche_chassis.errors import Code, FieldViolation, InvalidFields
from viche_gateway.testing import COUNCIL, World
from viche_gateway.testing.channel import refusal

Browse = Callable[..., Browser]
SENT = "/console/simulator?workflow=petition-local&of=petition-local"


def text_of(browse: Browse, path: str, status: int = 200) -> str:
    answer = browse("otto").open(path)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def answered(world: World, **fields: Any) -> None:
    world.petitions.simulation = pb.SimulatePetitionResponse(
        terms=acts.rules(), workflow=acts.workflow(), deadlines=[acts.deadline("answer")], **fields
    )


def test_form_asks_nothing_until_it_is_sent(browse: Browse, world: World) -> None:
    text = text_of(browse, "/console/simulator")
    assert "Nothing is stored" in text
    assert "Signatures needed See the charter. From 1 to 9." in text
    assert world.petitions.simulated == []


def test_what_the_address_says_is_simulated(browse: Browse, world: World) -> None:
    answered(world)
    query = (
        f"&authority_id={COUNCIL}&settings.threshold=7&settings.other=1&level=region&population=1000&territory_code=R1"
    )
    text_of(browse, f"{SENT}{query}&opens_on=2026-03-01&happenings.threshold_reached:answer=2026-03-09&happenings.x!=1")
    [request] = world.petitions.simulated
    assert request == pb.SimulatePetitionRequest(
        workflow="petition-local",
        authority_id=COUNCIL,
        settings={"threshold": "7"},
        level="region",
        population=1000,
        territory_code="R1",
        opens_on="2026-03-01",
        happenings={"threshold_reached:answer": "2026-03-09"},
    )


def test_result_shows_thresholds_dates_and_what_does_not_start(browse: Browse, world: World) -> None:
    answered(world, not_started=["memo"])
    text = text_of(browse, SENT)
    assert "1,000 signatures : The council answers." in text
    assert "Until Saturday, 28 November 2026" in text
    assert "Calendar of working days Ukraine (holidays 0.109)" in text
    assert "These terms do not start by themselves: Memo to the archive" in text
    assert "Running" not in text


def test_days_of_events_can_be_given_once_the_clocks_are_known(browse: Browse, world: World) -> None:
    answered(world)
    page = browse("otto").open(SENT).text
    for event in ("submitted", "threshold_reached:answer", "answered"):
        assert f'name="happenings.{event}"' in page
    assert 'name="happenings.opened"' not in page


@pytest.mark.parametrize(
    ("violation", "field"),
    [
        (FieldViolation("settings.threshold", "TOO_LARGE", {"value": "10", "limit": "9"}), "settings.threshold"),
        (FieldViolation("settings.answer", "NO_POPULATION", {}), "population"),
        (FieldViolation("territory_code", "NO_TERRITORY", {}), "territory_code"),
    ],
)
def test_fault_is_told_at_its_field(browse: Browse, world: World, violation: FieldViolation, field: str) -> None:
    world.petitions.simulation = InvalidFields(violation)
    page = browse("otto").open(f"{SENT}&settings.threshold=10")
    assert page.status_code == 400
    assert f'href="#{field}"' in page.text
    assert f'id="{field}-error"' in page.text


def test_summary_says_which_setting_is_meant(browse: Browse, world: World) -> None:
    world.petitions.simulation = InvalidFields(FieldViolation("settings.threshold", "MISSING", {}))
    assert "Signatures needed: This must be set." in text_of(browse, SENT, 400)


def test_fault_without_a_field_here_is_told_above_the_form(browse: Browse, world: World) -> None:
    world.petitions.simulation = InvalidFields(FieldViolation("settings.answer", "NOT_COMPUTABLE", {}))
    assert "With these figures the rules give no number." in text_of(browse, SENT, 400)


def test_unknown_authority_is_told_at_its_field(browse: Browse, world: World) -> None:
    world.petitions.simulation = refusal(Code.NOT_FOUND, "UNKNOWN_AUTHORITY")
    assert 'href="#authority_id"' in browse("otto").open(SENT).text


@pytest.mark.parametrize("population", ["many", "-5", "9" * 40, "²"])
def test_population_that_is_no_number_is_told_before_anybody_is_asked(
    browse: Browse, world: World, population: str
) -> None:
    assert "Write a whole number in digits." in text_of(browse, f"{SENT}&population={population}", 400)
    assert world.petitions.simulated == []


def test_address_survives_the_way_through_signing_in(browse: Browse) -> None:
    location = browse().open(f"{SENT}&population=5").headers["Location"]
    assert "population%3D5" in location
