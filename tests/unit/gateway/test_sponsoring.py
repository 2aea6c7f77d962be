"""Sponsors: the author passes a link on, people support, and both learn what came of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import World
from viche_gateway.testing.petitions import terms

Browse = Callable[..., Browser]


@pytest.fixture
def petition(world: World) -> pb.Petition:
    """Ann's petition, which looks for two supporters."""
    made = world.petitions.add(
        number=0, state=pb.PETITION_STATE_SPONSORING, opened_at=None, closes_at=None, terms=terms(10),
        sponsorship=pb.Sponsorship(needed=2, most=20), author=pb.PetitionAuthor(kind=pb.AUTHOR_KIND_PERSON),
    )  # fmt: skip
    world.petitions.authors[made.id] = "ann"
    return made


def support(browser: Browser, petition: pb.Petition) -> None:
    path = f"/support/invite-{petition.id}"
    browser.open(path)
    assert browser.send(path).headers["Location"].endswith("/thanks")


def test_author_sees_the_link_and_how_many_are_missing(browse: Browse, petition: pb.Petition) -> None:
    page = browse("ann").open(f"/drafts/{petition.id}/supporters").text
    assert f"http://127.0.0.1:8080/support/invite-{petition.id}" in page
    assert "Find 2 more supporters" in page
    mine = browse("ann").open("/me").text
    assert "0 of 2 supporters." in mine
    assert f"/drafts/{petition.id}/supporters" in mine


def test_link_of_somebody_elses_petition_is_not_told(browse: Browse, petition: pb.Petition) -> None:
    assert browse("otto").open(f"/drafts/{petition.id}/supporters").status_code == 404


def test_addresses_get_a_mail_each_and_once(browse: Browse, petition: pb.Petition, world: World) -> None:
    browser, path = browse("ann"), f"/drafts/{petition.id}/supporters"
    browser.open(path)
    there = browser.send(path, emails="olena@example.org\n\n petro@example.org ", language="uk").headers["Location"]
    assert world.sponsors.invited == ["olena@example.org", "petro@example.org"]
    assert "2 mails are on their way." in browser.open(there).text
    there = browser.send(path, emails="olena@example.org", language="uk").headers["Location"]
    assert "The others were asked before" in browser.open(there).text


@pytest.mark.parametrize(("emails", "said"), [("", "This answer is missing"), ("olena@example.org\npetro", "petro: ")])
def test_wrong_line_is_named_and_nothing_is_lost(
    browse: Browse, petition: pb.Petition, world: World, emails: str, said: str
) -> None:
    browser, path = browse("ann"), f"/drafts/{petition.id}/supporters"
    browser.open(path)
    answer = browser.send(path, emails=emails, language="uk")
    assert answer.status_code == 400
    assert said in answer.text
    assert f">{emails}</textarea>" in answer.text
    assert world.sponsors.invited == []


def test_who_is_not_signed_in_reads_all_and_signs_in_first(browse: Browse, petition: pb.Petition) -> None:
    page = browse().open(f"/support/invite-{petition.id}").text
    assert petition.background in page
    assert "Olena Koval" in page
    assert f"/sign-in?next=/support/invite-{petition.id}" in page
    assert "csrf_token" not in page


def test_supporting_takes_one_press_and_moves_the_petition_on(
    browse: Browse, petition: pb.Petition, world: World
) -> None:
    world.identity.add_person("olena")
    support(browse("otto"), petition)
    assert petition.sponsorship.count == 1
    browser = browse("olena")
    support(browser, petition)
    assert petition.state == pb.PETITION_STATE_SUBMITTED
    assert "is checked now" in browser.open(f"/support/invite-{petition.id}/thanks").text
    assert "You support this petition already" in browser.open(f"/support/invite-{petition.id}").text


def test_author_is_told_that_others_have_to_support(browse: Browse, petition: pb.Petition) -> None:
    browser, path = browse("ann"), f"/support/invite-{petition.id}"
    page = browser.open(path).text
    assert "Others have to support it." in page
    assert "Support this petition" not in page


def test_link_of_an_open_petition_leads_to_it(browse: Browse, world: World) -> None:
    opened = world.petitions.add()
    answer = browse().open(f"/support/invite-{opened.id}")
    assert answer.headers["Location"].endswith(f"/petitions/{opened.number}")


def test_link_of_a_rejected_petition_says_that_it_takes_no_support(browse: Browse, petition: pb.Petition) -> None:
    petition.state, petition.number = pb.PETITION_STATE_REJECTED, 700_009
    assert "does not look for supporters now" in browse().open(f"/support/invite-{petition.id}").text


def test_unknown_link_is_not_found(browse: Browse) -> None:
    assert browse().open("/support/a-token").status_code == 404


def test_organisation_and_committee_stand_where_the_author_does(browse: Browse, petition: pb.Petition) -> None:
    petition.author.CopyFrom(
        pb.PetitionAuthor(
            kind=pb.AUTHOR_KIND_ORGANISATION, organisation=pb.Organisation(name="Friends of Trees", role="chair")
        )
    )
    path = f"/support/invite-{petition.id}"
    assert "by Friends of Trees, Olena Koval, chair" in browse().open(path).text
    petition.author.CopyFrom(pb.PetitionAuthor(kind=pb.AUTHOR_KIND_COMMITTEE))
    petition.committee.CopyFrom(pb.InitiativeCommittee(size=7))
    assert "by an initiative committee of 7 members, Olena Koval" in browse().open(path).text
