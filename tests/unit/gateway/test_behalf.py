"""Petitions that officers write for somebody: the form, the preview, and who is told that an officer wrote it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from viche.petitions.v1 import behalf_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway.conftest import Browser
from tests.unit.gateway.test_everything import downloaded
from viche_chassis.errors import Code
from viche_gateway.testing import COUNCIL, World
from viche_gateway.testing.channel import refusal, stamp

Browse = Callable[..., Browser]
FORM = "/console/write-for"
PREVIEW = "/console/write-for/preview"
TYPED = {
    "email": "olena@example.org", "name": "Olena", "language": "uk", "title": "Put a bench at the bus stop",
    "background": "Old people stand there.", "authority_id": COUNCIL,
}  # fmt: skip
PLAIN = "Nothing is handed in until this person confirms."


def test_it_is_written_after_a_look_and_not_before(browse: Browse, world: World) -> None:
    browser = browse("otto")
    assert FORM in browser.open("/console").text
    assert PLAIN in browser.open(FORM).text
    looked = browser.send(PREVIEW, **TYPED).text
    assert PLAIN in looked
    assert TYPED["title"] in looked
    assert world.behalf.asked == []
    assert browser.send(FORM).headers["Location"].endswith("/console/write-for?done=written")
    (asked,) = world.behalf.asked
    assert {name: getattr(asked, name) for name in TYPED} == TYPED
    assert asked.request_id
    assert "The petition is written." in browser.open(f"{FORM}?done=written").text


def test_it_can_be_changed_after_the_look(browse: Browse, world: World) -> None:
    browser = browse("otto")
    browser.open(FORM)
    browser.send(PREVIEW, **TYPED)
    assert 'value="Put a bench at the bus stop"' in browser.send(PREVIEW, change="1").text
    assert world.behalf.asked == []


@pytest.mark.parametrize("field", TYPED)
def test_nothing_is_lost_where_something_is_missing(browse: Browse, world: World, field: str) -> None:
    browser = browse("otto")
    browser.open(FORM)
    answer = browser.send(PREVIEW, **{**TYPED, field: ""})
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    kept = "title" if field != "title" else "name"
    assert TYPED[kept] in answer.text


def test_an_authority_of_others_is_no_choice(browse: Browse) -> None:
    browser = browse("otto")
    browser.open(FORM)
    answer = browser.send(PREVIEW, **{**TYPED, "authority_id": "018f5c1e-0000-7000-8000-00000000ffff"})
    assert answer.status_code == 400


def test_a_refusal_is_said_and_what_was_typed_stays(browse: Browse, world: World) -> None:
    browser = browse("otto")
    browser.open(FORM)
    browser.send(PREVIEW, **TYPED)
    world.channels["petitions"].refusal = refusal(Code.RESOURCE_EXHAUSTED, "TOO_MANY_WRITTEN", limit="3")
    answer = browser.send(FORM)
    assert answer.status_code == 400
    assert "3 petitions already wait for the person" in answer.text
    assert TYPED["title"] in answer.text


def test_citizens_have_no_such_page(browse: Browse) -> None:
    assert browse("ann").open(FORM).status_code == 403


def test_the_citizen_reads_on_the_draft_that_an_officer_wrote_it(browse: Browse, world: World) -> None:
    draft = world.petitions.add(
        number=0, state=pb.PETITION_STATE_DRAFT, terms=None, opened_at=None, closes_at=None
    )  # fmt: skip
    world.petitions.authors[draft.id] = "ann"
    browser = browse("ann")
    assert "by an officer" not in browser.open(f"/drafts/{draft.id}/check").text
    at = stamp(datetime(2026, 3, 1, 12, tzinfo=UTC))
    world.behalf.mine.append(
        behalf_pb2.Written(petition_id=draft.id, authority_id=COUNCIL, written_at=at, deleted_at=at)
    )
    page = browser.open(f"/drafts/{draft.id}/check").text
    assert "Written for you by an officer of Dibrova Council on 1 March 2026." in page
    assert "it is deleted on 1 March 2026" in page


def test_colleagues_read_in_the_case_who_wrote_it_and_citizens_do_not(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    path = f"/console/petitions/{petition.id}"
    assert "Written at the desk" not in browse("otto").open(path).text
    world.behalf.writer = b"w" * 32
    assert "Written at the desk by a colleague, 1 March 2026." in browse("otto").open(path).text
    assert "Written at the desk" not in browse("ann").open(f"/petitions/{petition.number}").text


def test_everything_about_me_has_it(browse: Browse, world: World) -> None:
    world.behalf.mine.append(behalf_pb2.Written(petition_id="a", title="A bench"))
    (written,) = json.loads(downloaded(browse("ann"))["written_for_me.json"])
    assert written["title"] == "A bench"
