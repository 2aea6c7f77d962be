"""The page of an authority's rules: all that its workflow says, and nothing else."""

from __future__ import annotations

import re

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway import acts
from viche_gateway.testing import COUNCIL, TOWN, World


def page(world: World, path: str = "/authorities/region/rules") -> str:
    answer = world.app().test_client().get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.fixture
def ruled(world: World) -> World:
    """The council has set its rules, the town has not."""
    world.petitions.rules[COUNCIL] = pb.GetRulesResponse(workflow=acts.workflow(), terms=acts.rules())
    return world


@pytest.mark.parametrize(
    "sentence",
    [
        "Petition to the council",
        "Residents ask the council to act.",
        "People who live here can sign: Dibrova Region.",
        "By e-mail, with a link that confirms the address",
        "With electronic identification (identity proven, level “high”)",
        "2 people can sign from one mailbox.",
        "People can also vote against.",
        "1,000 signatures : The council answers. Petitions Act, article 7",
        "5,000 signatures and the minimum in 2 territories: The council debates.",
        "The author counts as the first signer.",
        "5 first supporters, before the draft is checked",
        "A committee: at least 7 members; they live in at least 3 territories",
        "The minutes of the meeting that founded the committee are handed in.",
        "A court decides it Wait.",
        "You can complain to: the ombudsman.",
        "10 working days by the calendar of Ukraine",
        "by up to 5 working days; 15 working days in all at most; who decides: the mayor; people are told",
        "The council has ten working days.",
        "Dissolution All petitions close.",
        "It is considered as an appeal. Petitions Act, article 12",
        "Everybody sees the names of those who signed.",
        "Version 2.1 of the rules. In force from 1 January 2026.",
    ],
)
def test_rule_is_told(ruled: World, sentence: str) -> None:
    assert sentence in page(ruled)


def test_steps_stand_in_the_order_of_a_petitions_life(ruled: World) -> None:
    text = page(ruled)
    places = [text.index(title) for title in ("Check of the draft", "Collecting signatures", "Answer of the council")]
    assert places == sorted(places)


def test_clock_of_officers_is_not_told(ruled: World) -> None:
    assert "Memo to the archive" not in page(ruled)


def test_minima_stand_in_a_table_by_name(ruled: World) -> None:
    assert re.search(r"Place Needed Kalynove 200 Verbiv 300", page(ruled))


def test_act_is_linked_where_it_can_be_read(ruled: World) -> None:
    text = ruled.app().test_client().get("/authorities/region/rules").text
    assert 'href="https://example.org/act"' in text


def test_address_that_is_no_web_page_is_not_linked(ruled: World) -> None:
    ruled.petitions.rules[COUNCIL].workflow.basis.url = "javascript:alert(1)"
    assert "javascript:" not in ruled.app().test_client().get("/authorities/region/rules").text


def test_what_a_workflow_does_not_say_is_not_said(world: World) -> None:
    terms = pb.Terms(workflow="petition-local", thresholds=[pb.Threshold(name="answer", signatures=10)])
    world.petitions.rules[COUNCIL] = pb.GetRulesResponse(workflow=pb.Workflow(name="petition-local"), terms=terms)
    text = page(world)
    for heading in ("What is checked", "is refused", "closes a petition early", "too few", "stand behind"):
        assert heading not in text


def test_authority_without_settings_says_so_and_what_is_missing(ruled: World) -> None:
    missing = ["threshold", "population"]
    ruled.petitions.rules[TOWN] = pb.GetRulesResponse(workflow=acts.workflow(), missing=missing)
    text = page(ruled, "/authorities/town/rules?workflow=petition-local")
    assert "The authority has not set its rules yet." in text
    assert "Still missing: Setting threshold the number of inhabitants" in text
    assert "You can complain to: the ombudsman." in text
    assert "How many signatures" not in text


def test_rules_that_an_authority_may_never_choose_are_not_told(ruled: World) -> None:
    ruled.petitions.rules[TOWN] = pb.GetRulesResponse(workflow=acts.workflow(), missing=["threshold"])
    text = page(ruled, "/authorities/town/rules")
    assert "The authority has not set its rules yet." in text
    for rule in ("Petition to the council", "Setting threshold", "Petitions Act", "ombudsman", "A court"):
        assert rule not in text


def test_authority_is_found_by_slug_and_by_id(ruled: World) -> None:
    assert page(ruled, f"/authorities/{COUNCIL}/rules") == page(ruled)


@pytest.mark.parametrize("path", ["/authorities/nobody/rules", "/authorities/region/rules?workflow=none"])
def test_rules_that_there_are_not_are_not_found(ruled: World, path: str) -> None:
    assert ruled.app().test_client().get(path).status_code == 404


def test_step_that_ends_by_itself_asks_nothing_of_anybody(ruled: World) -> None:
    assert "Collecting signatures ends" not in page(ruled)


def test_rules_are_linked_from_where_people_need_them(ruled: World) -> None:
    petition = ruled.petitions.add()
    app = ruled.app()
    client = app.test_client()
    assert "/authorities/region/rules?workflow=petition-local" in client.get(f"/petitions/{petition.number}").text
    assert 'href="/uk/authorities/region/rules"' in client.get(f"/uk/petitions?authority={COUNCIL}").text
    client.set_cookie("viche_session", "ann")
    draft = ruled.petitions.add(number=0, state=pb.PETITION_STATE_DRAFT, terms=None)
    ruled.petitions.authors[draft.id] = "ann"
    assert 'href="/authorities/town/rules"' in client.get(f"/drafts/{draft.id}/authority").text
