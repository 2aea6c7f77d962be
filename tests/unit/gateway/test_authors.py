"""Who starts a petition: a person, an organisation or a committee, asked page by page and shown in the preview."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_chassis.errors import InvalidFields, invalid
from viche_gateway.testing import COUNCIL, World
from viche_gateway.testing.petitions import terms, workflow

Browse = Callable[..., Browser]


@pytest.fixture
def draft(world: World) -> pb.Petition:
    """Ann's draft."""
    made = world.petitions.add(
        number=0, state=pb.PETITION_STATE_DRAFT, terms=None, opened_at=None, closes_at=None,
        author=pb.PetitionAuthor(kind=pb.AUTHOR_KIND_PERSON),
    )  # fmt: skip
    world.petitions.authors[made.id] = "ann"
    return made


def give_rules(world: World, **differences: Any) -> None:
    rules = terms(10)
    rules.MergeFrom(pb.Terms(**differences))
    world.petitions.rules[COUNCIL] = pb.GetRulesResponse(workflow=workflow(), terms=rules)


def answer(browser: Browser, path: str, **fields: str) -> str:
    browser.open(path)
    return browser.send(path, **fields).headers["Location"]


def test_organisation_is_asked_for_its_name_and_stands_in_the_preview(browse: Browse, draft: pb.Petition) -> None:
    browser = browse("ann")
    path = answer(browser, f"/drafts/{draft.id}/author", author_kind="organisation")
    assert path.endswith("/organisation")
    path = answer(browser, path, organisation_name="Friends of Trees", register_number="77", role="chair")
    assert path.endswith("/name")
    page = browser.open(f"/drafts/{draft.id}/check").text
    assert "by Friends of Trees (77), Olena Koval, chair" in page


def test_organisation_without_a_name_is_told_at_the_field(browse: Browse, draft: pb.Petition) -> None:
    browser, path = browse("ann"), f"/drafts/{draft.id}/organisation"
    browser.open(path)
    page = browser.send(path, organisation_name=" ", role="chair")
    assert page.status_code == 400
    assert 'href="#organisation_name"' in page.text
    assert 'value="chair"' in page.text


def test_committee_is_asked_for_its_members_and_its_meeting(browse: Browse, draft: pb.Petition) -> None:
    browser = browse("ann")
    path = answer(browser, f"/drafts/{draft.id}/author", author_kind="committee")
    assert path.endswith("/committee")
    fields = {"name_0": "Olena", "territory_0": "R1", "name_1": "Petro", "territory_1": "R2", "name_2": ""}
    path = answer(browser, path, **fields)
    assert [(each.name, each.territory_code) for each in draft.committee.members] == [("Olena", "R1"), ("Petro", "R2")]
    assert path.endswith("/meeting")
    meeting = {"founded_on-day": "1", "founded_on-month": "3", "founded_on-year": "2026", "founding_place": "Kovel"}
    assert answer(browser, path, **meeting).endswith("/name")
    assert (draft.committee.founded_on, draft.committee.founding_place) == ("2026-03-01", "Kovel")
    assert len(draft.committee.members) == 2
    page = browser.open(f"/drafts/{draft.id}/check").text
    assert "Petro, Kalynove" in page
    assert "2026-03-01, Kovel" in page


def test_one_member_more_may_be_asked_for_and_what_was_written_stays(browse: Browse, draft: pb.Petition) -> None:
    browser = browse("ann")
    members = {f"{field}_{row}": text for row in range(3) for field, text in (("name", f"M{row}"), ("territory", "R"))}
    path = answer(browser, f"/drafts/{draft.id}/committee", **members, more="1")
    page = browser.open(path).text
    assert 'value="M2"' in page
    assert 'name="name_3"' in page
    assert 'name="name_4"' not in page


def test_day_that_is_none_is_told_and_nothing_is_lost(browse: Browse, draft: pb.Petition) -> None:
    browser, path = browse("ann"), f"/drafts/{draft.id}/meeting"
    browser.open(path)
    wrong = {"founded_on-day": "30", "founded_on-month": "2", "founded_on-year": "2026", "founding_place": "Kovel"}
    page = browser.send(path, **wrong)
    assert page.status_code == 400
    assert "Write a day of the calendar" in page.text
    assert 'value="Kovel"' in page.text


def test_rules_that_ask_for_a_committee_offer_nothing_else(browse: Browse, draft: pb.Petition, world: World) -> None:
    give_rules(world, committee=pb.Committee(members_min=7, territories_min=7))
    browser = browse("ann")
    page = browser.open(f"/drafts/{draft.id}/author").text
    assert 'value="committee"' in page
    assert 'value="organisation"' not in page
    page = browser.open(f"/drafts/{draft.id}/committee").text
    assert "at least 7 members" in page
    assert 'name="name_6"' in page


def test_what_the_rules_say_of_the_committee_stands_beside_its_part_of_the_preview(
    browse: Browse, draft: pb.Petition, world: World
) -> None:
    world.petitions.draft_refusal = InvalidFields(invalid("author_kind", "COMMITTEE_REQUIRED", limit=7))
    browser, path = browse("ann"), f"/drafts/{draft.id}/check"
    browser.open(path)
    page = browser.send(path)
    assert page.status_code == 400
    assert "Only a committee of at least 7 members" in page.text
    assert 'href="#author_kind"' in page.text
    assert 'id="author_kind"' in page.text


def test_preview_tells_of_the_supporters_that_it_will_need(browse: Browse, draft: pb.Petition, world: World) -> None:
    give_rules(world, sponsors=5, author_counts=True)
    page = browse("ann").open(f"/drafts/{draft.id}/check").text
    assert "it first needs 5 supporters" in page
    assert "You count as its first signer" in page


@pytest.mark.parametrize("counts", [True, False])
def test_author_is_known_as_a_signer_only_where_they_count_as_one(
    browse: Browse, draft: pb.Petition, world: World, counts: bool
) -> None:
    give_rules(world, author_counts=counts)
    browser, path = browse("ann"), f"/drafts/{draft.id}/check"
    browser.open(path)
    browser.send(path)
    assert [each.scope_token for each in world.petitions.updates] == [f"ann petition:{draft.id}" if counts else ""]


def test_members_are_shown_on_the_page_of_an_open_petition(browse: Browse, world: World) -> None:
    members = [pb.CommitteeMember(name="Olena", territory_code="R1")]
    opened = world.petitions.add(
        author=pb.PetitionAuthor(kind=pb.AUTHOR_KIND_COMMITTEE),
        committee=pb.InitiativeCommittee(members=members, size=1, founded_on="2026-03-01", founding_place="Kovel"),
    )
    page = browse().open(f"/petitions/{opened.number}").text
    assert "an initiative committee of 1 member, Olena Koval" in page
    assert "<li>Olena, Verbiv</li>" in page
