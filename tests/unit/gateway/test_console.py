"""The console: the queue, the case, and buttons that ask once."""

from __future__ import annotations

from collections.abc import Callable

from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway import acts
from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import World

Browse = Callable[..., Browser]
ELSEWHERE = "018f5c1e-0000-7000-8000-0000000000ff"


def submitted(world: World, **differences: object) -> pb.Petition:
    return world.petitions.add(number=0, state=pb.PETITION_STATE_SUBMITTED, terms=None, **differences)


def test_opening_asks_once_and_shows_the_petition_as_citizens_see_it(browse: Browse, world: World) -> None:
    petition = submitted(world)
    browser = browse("otto")
    path = f"/console/petitions/{petition.id}/open"
    asked = browser.open(path)
    assert petition.title in asked.text
    assert petition.state == pb.PETITION_STATE_SUBMITTED
    browser.send(path)
    assert petition.state == pb.PETITION_STATE_OPEN


def test_closing_asks_once(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    browser = browse("otto")
    path = f"/console/petitions/{petition.id}/close"
    browser.open(path)
    browser.send(path)
    assert petition.state == pb.PETITION_STATE_CLOSED


def test_case_of_another_authority_is_closed(browse: Browse, world: World) -> None:
    world.petitions.elsewhere.add(ELSEWHERE)
    petition = submitted(world, authority_id=ELSEWHERE)
    browser = browse("otto")
    assert browser.open(f"/console/petitions/{petition.id}").status_code == 403


def test_draft_is_no_case(browse: Browse, world: World) -> None:
    petition = world.petitions.add(number=0, state=pb.PETITION_STATE_DRAFT)
    assert browse("otto").open(f"/console/petitions/{petition.id}").status_code == 404


def test_queue_shows_what_waits(browse: Browse, world: World) -> None:
    submitted(world, title="Open the swimming pool in the evening")
    page = browse("otto").open("/console").text
    assert "Open the swimming pool in the evening" in page
    assert "1 case waits for you" in page


def test_case_has_the_deadlines_of_officers_too(browse: Browse, world: World) -> None:
    memo = acts.deadline("memo", title=acts.text("Memo to the archive"), is_public=False)
    petition = world.petitions.add(terms=acts.rules(), deadlines=[memo])
    assert "Memo to the archive" in browse("otto").open(f"/console/petitions/{petition.id}").text
