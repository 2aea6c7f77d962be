"""Starting a petition: one question a page, each answer saved, others' drafts unseen."""

from __future__ import annotations

from collections.abc import Callable

from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import TOWN, World

Browse = Callable[..., Browser]


def start(browser: Browser, title: str = "Benches along the river walk") -> str:
    browser.open("/petitions/start")
    return browser.send("/petitions/start", title=title).headers["Location"]


def test_answers_lead_from_question_to_question_to_the_check(browse: Browse, world: World) -> None:
    browser = browse("ann")
    path = start(browser)
    steps = (
        {"background": "One rests."}, {"authority_id": TOWN}, {"author_kind": "person"}, {"author_name": "Ann"},
    )  # fmt: skip
    for fields in steps:
        browser.open(path)
        path = browser.send(path, **fields).headers["Location"]
    assert path.endswith("/check")
    [draft] = world.petitions.petitions.values()
    assert (draft.background, draft.authority_id, draft.author_name) == ("One rests.", TOWN, "Ann")


def test_too_short_title_is_told_at_its_field(browse: Browse) -> None:
    browser = browse("ann")
    browser.open("/petitions/start")
    answer = browser.send("/petitions/start", title="Benches")
    assert answer.status_code == 400
    assert "Write at least 10 characters" in answer.text
    assert ">Benches</textarea>" in answer.text


def test_handing_in_ends_the_draft(browse: Browse, world: World) -> None:
    browser = browse("ann")
    check = start(browser).replace("/text", "/check")
    browser.open(check)
    browser.send(check)
    [petition] = world.petitions.petitions.values()
    assert petition.state == pb.PETITION_STATE_SUBMITTED
    assert browser.open(check).headers["Location"].endswith("/submitted")


def test_draft_of_somebody_else_is_not_found(browse: Browse) -> None:
    path = start(browse("ann"))
    assert browse("otto").open(path).status_code == 404


def test_answer_changed_from_the_check_leads_back_to_it(browse: Browse) -> None:
    browser = browse("ann")
    path = start(browser)
    browser.open(f"{path}?back=check")
    assert browser.send(f"{path}?back=check", background="One rests.").headers["Location"].endswith("/check")


def test_change_in_another_window_is_told_and_can_be_replaced(browse: Browse, world: World) -> None:
    here, there = browse("ann"), browse("ann")
    path = start(here)
    here.open(path)
    there.open(path)
    there.send(path, background="From there.")
    answer = here.send(path, background="From here.")
    assert answer.status_code == 409
    assert "changed in another window" in answer.text
    assert ">From here.</textarea>" in answer.text
    here.send(path, background="From here.")
    [draft] = world.petitions.petitions.values()
    assert draft.background == "From here."
