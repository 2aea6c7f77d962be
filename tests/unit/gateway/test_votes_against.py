"""Votes against: offered where the rules have them, said to be final before the button, and shown beside signatures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import World
from viche_gateway.testing.petitions import terms

Browse = Callable[..., Browser]
CHANGED = "has changed since you opened this page"
FINAL = "You have one voice on this petition"


@pytest.fixture
def petition(world: World) -> pb.Petition:
    """A petition that people may vote against."""
    voted = terms(1000)
    voted.votes_against = True
    return world.petitions.add(terms=voted, signature_count=41, votes_against=7)


def test_both_sides_stand_beside_each_other_with_their_words(browse: Browse, petition: pb.Petition) -> None:
    page = browse().open(f"/petitions/{petition.number}").text
    assert "<dt>For</dt><dd>41</dd>" in page
    assert "<dt>Against</dt><dd>7</dd>" in page
    assert f'href="/petitions/{petition.number}/sign?vote=against"' in page


def test_a_vote_against_is_one_press(browse: Browse, petition: pb.Petition) -> None:
    browser = browse("ann")
    page = browser.open(f"/petitions/{petition.number}/sign?vote=against").text
    assert page.index(FINAL) < page.rindex("Vote against this petition")
    answer = browser.send(f"/petitions/{petition.number}/sign")
    assert answer.headers["Location"] == f"/petitions/{petition.number}/thanks?vote=against"
    assert "your vote against counts" in browser.open(answer.headers["Location"]).text
    assert (petition.signature_count, petition.votes_against) == (41, 8)
    assert "You have voted against this petition" in browser.open(f"/petitions/{petition.number}/sign").text


def test_who_has_a_voice_already_is_told_so_on_either_side(browse: Browse, petition: pb.Petition) -> None:
    browser = browse("ann")
    browser.open(f"/petitions/{petition.number}/sign?vote=against")
    browser.send(f"/petitions/{petition.number}/sign")
    browser.open("/me/details")
    answer = browser.send(f"/petitions/{petition.number}/sign")
    assert (answer.status_code, "or voted against it already" in answer.text) == (409, True)


def test_who_signs_is_told_that_it_is_final_too(browse: Browse, petition: pb.Petition) -> None:
    browser = browse("ann")
    assert FINAL in browser.open(f"/petitions/{petition.number}/sign").text
    browser.send(f"/petitions/{petition.number}/sign")
    assert (petition.signature_count, petition.votes_against) == (42, 7)


def test_a_vote_by_mail_says_what_it_is_at_every_step(browse: Browse, petition: pb.Petition) -> None:
    browser = browse()
    assert FINAL in browser.open(f"/petitions/{petition.number}/sign?vote=against").text
    answer = browser.send(f"/petitions/{petition.number}/sign/email", name="Ivan", email="ivan@example.org")
    assert "your vote against counts" in browser.open(answer.headers["Location"]).text
    assert "Confirm my vote against" in browser.open("/confirm/Ivan").text
    answer = browser.send("/confirm/Ivan")
    assert answer.headers["Location"] == f"/petitions/{petition.number}/thanks?vote=against"
    assert petition.votes_against == 8


def test_a_press_counts_for_nothing_but_what_its_page_showed(browse: Browse, petition: pb.Petition) -> None:
    owner, stranger = browse(), browse()
    _ask_by_mail(owner, petition, "for")
    assert CHANGED not in owner.open("/confirm/Ivan").text
    _ask_by_mail(stranger, petition, "against")
    again = owner.send("/confirm/Ivan")
    assert (again.status_code, petition.signature_count, petition.votes_against) == (409, 41, 7)
    assert again.text.index(CHANGED) < again.text.index("Confirm my vote against")
    assert owner.send("/confirm/Ivan").status_code == 303
    assert (petition.signature_count, petition.votes_against) == (41, 8)


def test_a_press_that_does_not_say_what_it_saw_is_shown_it(browse: Browse, petition: pb.Petition) -> None:
    browser = browse()
    _ask_by_mail(browser, petition, "for")
    browser.open("/confirm/Ivan")
    again = browser.send("/confirm/Ivan", shown="")
    assert (again.status_code, CHANGED in again.text, petition.signature_count) == (409, True, 41)
    assert browser.send("/confirm/Ivan").status_code == 303
    assert petition.signature_count == 42


def _ask_by_mail(browser: Browser, petition: pb.Petition, vote: str) -> None:
    browser.open(f"/petitions/{petition.number}/sign")
    browser.send(f"/petitions/{petition.number}/sign/email", name="Ivan", email="ivan@example.org", vote=vote)


def test_a_faulty_form_stays_on_its_side(browse: Browse, petition: pb.Petition) -> None:
    browser = browse()
    browser.open(f"/petitions/{petition.number}/sign?vote=against")
    page = browser.send(f"/petitions/{petition.number}/sign/email", name="Ivan", email="")
    assert (page.status_code, 'name="vote" value="against"' in page.text) == (400, True)


def test_other_petitions_have_one_side(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    for path in ("", "/sign", "/sign?vote=against"):
        page = browse().open(f"/petitions/{petition.number}{path}").text
        assert "ote against" not in page


def test_removed_votes_are_told_apart(browse: Browse, petition: pb.Petition) -> None:
    petition.removals.signatures, petition.removals.votes_against = 3, 2
    at = petition.updated_at
    petition.removals.items.add(reason="automated", signatures=3, at=at)
    petition.removals.items.add(reason="automated", signatures=2, is_against=True, at=at)
    page = browse().open(f"/petitions/{petition.number}").text
    assert "3 signatures were removed" in page
    assert "2 votes against were removed" in page
    assert "without details" not in page


def test_data_has_votes_against_beside_the_count(app: Flask, world: World, petition: pb.Petition) -> None:
    petition.channels_against.add(channel="email", signature_count=7)
    client = app.test_client()
    found: Any = client.get(f"/petitions/{petition.number}.json").json
    shown = found["data"]["attributes"]
    assert (shown["signature_count"], shown["votes_against_count"]) == (41, 7)
    assert shown["votes_against_by_channel"] == [{"channel": "email", "votes_against_count": 7}]
    counted: Any = client.get(f"/petitions/{petition.number}/count.json").json
    assert (counted["signature_count"], counted["votes_against_count"]) == (41, 7)
    other: Any = client.get(f"/petitions/{world.petitions.add().number}.json").json
    assert other["data"]["attributes"]["votes_against_count"] is None


def test_the_api_tells_votes_and_rules(app: Flask, petition: pb.Petition) -> None:
    found: Any = app.test_client().get(f"/api/v1/petitions/{petition.number}").json
    assert (found["signature_count"], found["votes_against_count"]) == (41, 7)
    assert (found["terms"]["votes_against"], found["terms"]["signers_shown"]) == (True, "")


@pytest.mark.parametrize(("query", "status"), [("?vote=against", 201), ("?vote=for", 201), ("?vote=maybe", 400)])
def test_a_program_votes_too(app: Flask, petition: pb.Petition, query: str, status: int) -> None:
    path = f"/api/v1/petitions/{petition.number}/signatures{query}"
    assert app.test_client().post(path, headers={"Authorization": "Bearer ann"}).status_code == status
    assert petition.votes_against == (8 if query == "?vote=against" else 7)


def test_the_history_of_votes_is_asked_for_by_name(app: Flask, world: World, petition: pb.Petition) -> None:
    world.petitions.history_against[petition.id] = [pb.CountPoint(signature_count=7)]
    found: Any = app.test_client().get(f"/petitions/{petition.number}/history.json?side=against").json
    assert [each["votes_against_count"] for each in found["history"]] == [7]


def test_officers_choose_a_side_where_there_are_two(browse: Browse, world: World, petition: pb.Petition) -> None:
    world.integrity.meant = 5
    browser = browse("otto")
    folder = f"/console/petitions/{petition.id}/signatures"
    assert 'name="side"' in browser.open(f"{folder}/remove").text
    assert 'name="side"' not in browser.open(f"/console/petitions/{world.petitions.add().id}/signatures/remove").text
    page = browser.open(f"{folder}/remove?look=1&channel=person&side=against").text
    assert ("5 votes against" in page, world.integrity.asked[-1].is_against) == (True, True)
    asked = browser.send(f"{folder}/remove", reason="automated").text
    assert "Remove 5 votes against?" in asked
    assert "5 votes against were removed" in asked
