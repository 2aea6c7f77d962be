"""Organisations on the pages: founded, confirmed, joined, and authors of petitions."""

from __future__ import annotations

import re
from collections.abc import Callable

from viche.identity.v1 import organisations_pb2 as pb
from viche.petitions.v1 import petitions_pb2

from tests.unit.gateway.conftest import Browser
from tests.unit.gateway.test_everything import downloaded, read
from viche_gateway.testing import COUNCIL, World
from viche_gateway.testing.organisations import membership_id

Browse = Callable[..., Browser]
CONFIRMED = pb.ORGANISATION_STATE_CONFIRMED
ASKED = {"title": "Clean river", "register_number": "12345", "kind": "association", "authority_id": COUNCIL}


def test_organisation_is_founded_and_waits(browse: Browse, world: World) -> None:
    browser = browse("ann")
    browser.open("/me/organisations/new")
    assert browser.send("/me/organisations/new", **ASKED).status_code == 303
    page = browser.open("/me/organisations?done=asked").text
    assert "Clean river" in page
    assert "Waits for Dibrova Council to confirm it" in page


def test_missing_answers_keep_what_was_given(browse: Browse) -> None:
    browser = browse("ann")
    browser.open("/me/organisations/new")
    answer = browser.send("/me/organisations/new", **{**ASKED, "register_number": " "})
    assert answer.status_code == 400
    assert 'value="Clean river"' in answer.text
    assert "This answer is missing." in answer.text


def test_refused_organisation_shows_why_and_is_corrected(browse: Browse, world: World) -> None:
    held = world.organisations.add("ann", state=pb.ORGANISATION_STATE_REFUSED, reason="No such number.")
    browser = browse("ann")
    assert "No such number." in browser.open("/me/organisations").text
    assert 'value="12345"' in browser.open(f"/me/organisations/{held.id}").text
    browser.send(f"/me/organisations/{held.id}", **{**ASKED, "register_number": "54321"})
    assert (held.register_number, held.state) == ("54321", pb.ORGANISATION_STATE_WAITING)


def test_organisation_of_others_is_not_found(browse: Browse, world: World) -> None:
    held = world.organisations.add("otto")
    assert browse("ann").open(f"/me/organisations/{held.id}").status_code == 404


def test_link_lets_somebody_join(browse: Browse, world: World) -> None:
    held = world.organisations.add("ann")
    browser = browse("ann")
    browser.open("/me/organisations")
    page = browser.send(f"/me/organisations/{held.id}/invite", role="member").text
    path = re.findall(r"(/organisations/join/[\w-]+)", page)[0]
    stranger = browse()
    assert stranger.open(path).headers["Location"].startswith("/sign-in?next=/organisations/join/")
    otto = browse("otto")
    assert "Join Clean river?" in otto.open(path).text
    assert otto.send(path).status_code == 303
    assert world.organisations.roles["otto", held.id] == pb.MEMBER_ROLE_MEMBER


def test_last_representative_is_told_to_stay(browse: Browse, world: World) -> None:
    held = world.organisations.add("ann")
    browser = browse("ann")
    browser.open("/me/organisations")
    answer = browser.send(f"/me/organisations/{held.id}/members/{membership_id('ann', held.id)}/end")
    assert answer.status_code == 409
    assert "Invite another representative first." in answer.text


def test_operator_confirms_what_the_page_showed(browse: Browse, world: World) -> None:
    held = world.organisations.add("ann", authority_id=COUNCIL)
    browser = browse("olga")
    assert "Clean river" in browser.open("/console/organisations").text
    page = browser.open(f"/console/organisations/{held.id}").text
    assert "<li>ann</li>" in page
    held.version = 2
    answer = browser.send(f"/console/organisations/{held.id}/confirm")
    assert answer.status_code == 409
    assert "has changed since you looked" in answer.text
    assert browser.send(f"/console/organisations/{held.id}/confirm").status_code == 303
    assert held.state == CONFIRMED


def test_operator_says_why_an_organisation_is_not_confirmed(browse: Browse, world: World) -> None:
    held = world.organisations.add("ann", authority_id=COUNCIL)
    browser = browse("olga")
    browser.open(f"/console/organisations/{held.id}")
    assert browser.send(f"/console/organisations/{held.id}/refuse", reason=" ").status_code == 400
    assert browser.send(f"/console/organisations/{held.id}/refuse", reason="No such number.").status_code == 303
    assert held.reason == "No such number."


def test_officers_without_the_role_do_not_decide(browse: Browse) -> None:
    assert browse("otto").open("/console/organisations").status_code == 403


def test_petition_is_started_for_a_confirmed_organisation(browse: Browse, world: World) -> None:
    held = world.organisations.add("ann", state=CONFIRMED)
    world.organisations.add("ann", "Not confirmed yet")
    draft = world.petitions.add(state=petitions_pb2.PETITION_STATE_DRAFT)
    world.petitions.authors[draft.id] = "ann"
    browser = browse("ann")
    page = browser.open(f"/drafts/{draft.id}/author").text
    assert f'value="organisation:{held.id}"' in page
    assert "Not confirmed yet" not in page
    answer = browser.send(f"/drafts/{draft.id}/author", author_kind=f"organisation:{held.id}")
    assert answer.headers["Location"] == f"/drafts/{draft.id}/organisation"
    page = browser.open(answer.headers["Location"]).text
    assert "Confirmed on" in page
    assert 'id="organisation_name"' not in page
    browser.send(f"/drafts/{draft.id}/organisation", role="chair")
    assert draft.author.organisation.role == "chair"
    assert draft.author.organisation.name == "Clean river"


def test_confirmed_author_is_marked(world: World) -> None:
    said = petitions_pb2.Organisation(name="Clean river", register_number="12345")
    said.confirmed_at.GetCurrentTime()
    author = petitions_pb2.PetitionAuthor(kind=petitions_pb2.AUTHOR_KIND_ORGANISATION, organisation=said)
    petition = world.petitions.add(author=author)
    client = world.app().test_client()
    assert "Clean river (12345, confirmed)" in client.get(f"/petitions/{petition.number}").text
    petition.author.organisation.ClearField("confirmed_at")
    assert "Clean river (12345)" in client.get(f"/petitions/{petition.number}").text


def test_organisations_are_in_everything_about_me(browse: Browse, world: World) -> None:
    world.organisations.add("ann")
    [record] = read(downloaded(browse("ann")), "organisations")
    assert record["organisation"]["title"] == "Clean river"


def test_member_leaves(browse: Browse, world: World) -> None:
    held = world.organisations.add("otto")
    world.organisations.roles["ann", held.id] = pb.MEMBER_ROLE_MEMBER
    browser = browse("ann")
    assert "You belong to it." in browser.open("/me/organisations").text
    browser.send(f"/me/organisations/{held.id}/members/{membership_id('ann', held.id)}/end")
    assert ("ann", held.id) not in world.organisations.roles
