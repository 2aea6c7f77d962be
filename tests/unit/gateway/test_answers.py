"""Answers: written one question a page, shown as citizens will see them, published, with files for everybody."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway import acts
from tests.unit.gateway.conftest import Browser
from viche_gateway import uploads
from viche_gateway.testing import World
from viche_gateway.testing.channel import stamp

Browse = Callable[..., Browser]
PDF = b"%PDF-1.7\n" + b"x" * 2000


def reached(world: World, **fields: Any) -> pb.Petition:
    return world.petitions.add(**{"state": pb.PETITION_STATE_THRESHOLD_REACHED, **fields})


def answer(**fields: Any) -> pb.Answer:
    values: dict[str, Any] = {
        "version": 1, "decision": pb.DECISION_DECLINED, "summary": acts.text("No trees this year.", uk="Без дерев."),
        "reasons": acts.text("There is no money."), "signed_by": "Olena Koval, mayor", "published_at": stamp(acts.NOW),
    }  # fmt: skip
    return pb.Answer(**{**values, **fields})


def write(browser: Browser, petition: pb.Petition, **answers: dict[str, str]) -> None:
    for step, fields in answers.items():
        path = f"/console/petitions/{petition.id}/answer/{step}"
        browser.open(path)
        assert browser.send(path, **fields).status_code == 303


def upload(browser: Browser, petition: pb.Petition, name: str, content: bytes, title: str = "The decision") -> Any:
    path = f"/console/petitions/{petition.id}/answer/documents"
    browser.open(path)
    return browser.send(path, title=title, file=(io.BytesIO(content), name))  # pyright: ignore[reportArgumentType]


def test_answer_is_written_shown_and_published(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    write(browser, petition, decision={"decision": "1"}, summary={"summary__en": "We plant them in May."},
          reasons={"reasons__en": "There is money.", "reasons__uk": "Гроші є."},
          signed_by={"signed_by": "Olena Koval, mayor"})  # fmt: skip
    path = f"/console/petitions/{petition.id}/answer/check"
    shown = browser.open(path).text
    assert "As citizens see it" in shown
    assert "We plant them in May." in shown
    assert not petition.answers
    browser.send(path)
    page = browse().open(f"/petitions/{petition.number}").text
    assert "Answered: Accepted" in page
    assert page.index("We plant them in May.") < page.rindex(petition.background)
    assert "Olena Koval, mayor" in page
    assert "Гроші є." in browse().open(f"/uk/petitions/{petition.number}").text


def test_draft_waits_for_colleagues_and_is_not_public(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    write(browser, petition, summary={"summary__en": "Half a sentence"})
    assert "Half a sentence" in browse("otto").open(f"/console/petitions/{petition.id}/answer/summary").text
    assert "Half a sentence" not in browse().open(f"/petitions/{petition.number}").text


def test_case_leads_to_the_draft_and_its_files(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    assert "Draft, not public" not in browser.open(f"/console/petitions/{petition.id}").text
    upload(browser, petition, "plan.pdf", PDF)
    assert "Draft, not public" in browser.open(f"/console/petitions/{petition.id}").text
    (document,) = world.answers.documents.values()
    path = f"/console/petitions/{petition.id}/answer/documents/{document.id}"
    loaded = browser.open(path)
    assert (loaded.data, loaded.cache_control.no_store) == (PDF, True)
    assert browse("ann").open(path).status_code == 403


def test_text_of_a_colleague_is_not_overwritten_unseen(browse: Browse, world: World) -> None:
    petition, slow, quick = reached(world), browse("otto"), browse("otto")
    path = f"/console/petitions/{petition.id}/answer/signed_by"
    slow.open(path)
    write(quick, petition, signed_by={"signed_by": "The mayor"})
    refused = slow.send(path, signed_by="The deputy")
    assert refused.status_code == 409
    assert "The deputy" in refused.text
    assert slow.send(path, signed_by="The deputy").status_code == 303


def test_missing_parts_are_named_before_anything_is_published(browse: Browse, world: World) -> None:
    petition = reached(world)
    shown = browse("otto").open(f"/console/petitions/{petition.id}/answer/check").text
    assert "Decision: This answer is missing." in shown
    assert "Publish this answer" not in shown


def test_early_answer_is_published_by_an_officer_who_says_to_know(browse: Browse, world: World) -> None:
    petition, browser = world.petitions.add(), browse("otto")
    write(browser, petition, decision={"decision": "4"}, summary={"summary__en": "It is so."})
    path = f"/console/petitions/{petition.id}/answer/check"
    browser.open(path)
    assert browser.send(path).status_code == 409
    assert not petition.answers
    browser.send(path, is_early="yes")
    assert len(petition.answers) == 1


def test_correction_says_what_changed_and_keeps_the_answer_as_it_was(browse: Browse, world: World) -> None:
    petition, browser = reached(world, answers=[answer()]), browse("otto")
    assert "No trees this year." in browser.open(f"/console/petitions/{petition.id}/answer/summary").text
    write(browser, petition, decision={"decision": "1"}, summary={"summary__en": "Trees in May."},
          correction_note={"correction_note__en": "There is money now."})  # fmt: skip
    path = f"/console/petitions/{petition.id}/answer/check"
    browser.open(path)
    browser.send(path)
    page = browse().open(f"/petitions/{petition.number}").text
    assert page.index("There is money now.") < page.index("No trees this year.")
    assert "Answered: Accepted" in page


def test_file_is_stored_and_anybody_loads_it_once_the_answer_is_published(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    assert upload(browser, petition, "C:\\my files\\План “озеленення”.pdf", PDF).status_code == 303
    assert "План" in browser.open(f"/console/petitions/{petition.id}/answer/documents").text
    (document,) = world.answers.documents.values()
    path = f"/petitions/{petition.number}/documents/{document.id}/{document.file_name}"
    assert browse().open(path).status_code == 404
    write(browser, petition, decision={"decision": "1"}, summary={"summary__en": "Yes."})
    check = f"/console/petitions/{petition.id}/answer/check"
    browser.open(check)
    browser.send(check)
    loaded = browse().open(path)
    assert (loaded.status_code, loaded.data) == (200, PDF)
    assert loaded.headers["X-Content-Type-Options"] == "nosniff"
    assert loaded.headers["Content-Type"] == "application/pdf"
    assert loaded.headers["Content-Disposition"].startswith("inline;")
    assert (loaded.get_etag()[0], loaded.cache_control.public) == (document.sha256, True)
    again = browse().open(path, headers={"If-None-Match": f'"{document.sha256}"'})
    assert (again.status_code, again.data) == (304, b"")
    assert path.split("/")[-2] in browse().open(f"/petitions/{petition.number}").text


def test_office_file_is_saved_and_not_shown_in_the_browser(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    assert upload(browser, petition, "table.xlsx", office("xl/workbook.xml")).status_code == 303
    (document,) = world.answers.documents.values()
    petition.answers.append(answer(documents=[document]))
    loaded = browse().open(f"/petitions/{petition.number}/documents/{document.id}/table.xlsx")
    assert loaded.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("evil.pdf", b"<html><script>alert(1)</script>", "This is no PDF"), ("empty.pdf", b"", "This file is empty"),
     ("large.pdf", b"%PDF-" + bytes(10_000), "This file is too large")],
    ids=["other type", "empty", "too large"],
)  # fmt: skip
def test_file_that_cannot_be_taken_is_told_beside_its_field(
    browse: Browse, world: World, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, said: str
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 10_000)
    petition, browser = reached(world), browse("otto")
    refused = upload(browser, petition, name, content)
    assert refused.status_code == 400
    assert said in refused.text
    assert 'value="The decision"' in refused.text
    assert not world.answers.documents


def test_file_without_a_title_is_asked_for_one(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    refused = upload(browser, petition, "plan.pdf", PDF, title="")
    assert "This answer is missing." in refused.text


def test_store_that_is_down_loses_no_text(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    write(browser, petition, summary={"summary__en": "We plant them."})
    world.objects.is_down = True
    assert upload(browser, petition, "plan.pdf", PDF).status_code in (409, 503)
    assert "We plant them." in browser.open(f"/console/petitions/{petition.id}/answer/summary").text


def test_file_is_taken_out_of_the_draft(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    upload(browser, petition, "plan.pdf", PDF)
    (document,) = world.answers.documents.values()
    browser.open(f"/console/petitions/{petition.id}/answer/documents")
    browser.send(f"/console/petitions/{petition.id}/answer/documents/{document.id}/remove")
    assert not world.answers.drafts[petition.id].content.documents


def test_citizen_cannot_send_a_large_body(browse: Browse, world: World) -> None:
    petition = reached(world)
    browser = browse("ann")
    browser.open("/me")
    path = f"/console/petitions/{petition.id}/answer/documents"
    assert browser.send(path, file=(io.BytesIO(PDF), "plan.pdf")).status_code == 403  # pyright: ignore


def test_lists_say_what_was_decided(browse: Browse, world: World) -> None:
    reached(world, answers=[pb.Answer(version=1, decision=pb.DECISION_ACCEPTED, published_at=stamp(acts.NOW))])
    assert "Answered: Accepted" in browse().open("/petitions").text


def test_draft_can_be_thrown_away(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    write(browser, petition, decision={"decision": "1"})
    browser.open(f"/console/petitions/{petition.id}/answer/check")
    browser.send(f"/console/petitions/{petition.id}/answer/discard")
    assert petition.id not in world.answers.drafts


def office(part: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    return file.getvalue()
