"""Checking petitions in the console, and what their authors and everybody else see of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from viche.identity.v1 import audit_pb2
from viche.petitions.v1 import moderation_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.console.filling import filled
from viche_gateway.testing import COUNCIL, TOWN, World

Browse = Callable[..., Browser]
NOTE = "The road belongs to the state, so the town cannot repair it."
REFUSED = {"reason": "local", "note": NOTE, "language": "en", "duplicate_of": ""}


def submitted(world: World, **fields: Any) -> pb.Petition:
    petition = world.petitions.add(**{"number": 0, "state": pb.PETITION_STATE_SUBMITTED, "opened_at": None, **fields})
    world.petitions.authors[petition.id] = "ann"
    return petition


def rejected(world: World, **fields: Any) -> pb.Petition:
    petition = submitted(world, number=700_100, state=pb.PETITION_STATE_REJECTED)
    petition.rejection.CopyFrom(
        pb.Rejection(
            reason="local", title=pb.LocalizedText(texts={"en": "It is local"}), note=NOTE, language="en",
            complaint_to=pb.LocalizedText(texts={"en": "The ombudsman"}), rejected_at=petition.updated_at, **fields,
        )
    )  # fmt: skip
    return petition


def case(petition: pb.Petition, path: str = "") -> str:
    return f"/console/petitions/{petition.id}{path}"


def template(world: World, **fields: Any) -> moderation_pb2.AnswerTemplate:
    values: dict[str, Any] = {
        "id": "018f5c1e-0000-7000-8000-0000000000aa",
        "authority_id": COUNCIL,
        "title": "Not ours",
        **fields,
    }
    made = moderation_pb2.AnswerTemplate(**values)
    world.moderation.templates[made.id] = made
    return made


def test_a_case_names_the_colleagues_who_wrote_in_it(browse: Browse, world: World) -> None:
    petition, colleague = submitted(world), b"c" * 32
    file = moderation_pb2.CaseFile(claim=moderation_pb2.CASE_CLAIM_COLLEAGUE, claimed_by=b"d" * 32)
    file.notes.add(kind=moderation_pb2.CASE_NOTE_KIND_NOTE, text="Ours.", officer=colleague)
    world.moderation.files[petition.id] = file
    world.identity_trail.officers += [
        audit_pb2.Officer(pseudonym=colleague, name="Vira Koval", email="vira@example.org"),
        audit_pb2.Officer(pseudonym=b"d" * 32, email="dan@example.org"),
    ]
    page = browse("otto").open(case(petition)).text
    assert "Vira Koval" in page
    assert "dan@example.org" in page
    assert "vira@example.org" not in page


def test_rejecting_asks_for_reason_and_letter_and_shows_what_everybody_will_see(browse: Browse, world: World) -> None:
    petition = submitted(world)
    browser = browse("otto")
    assert "Ask somebody about local." in browser.open(case(petition, "/reject")).text
    assert 'name="note"' in browser.open(case(petition, "/reject/letter?reason=local")).text
    preview = browser.send(case(petition, "/reject/letter"), **REFUSED).text
    assert NOTE in preview
    assert petition.title in preview
    assert petition.state == pb.PETITION_STATE_SUBMITTED
    browser.send(case(petition, "/reject"), **REFUSED)
    assert (petition.state, petition.rejection.note) == (pb.PETITION_STATE_REJECTED, NOTE)


def test_preview_hides_the_text_that_the_reason_hides(browse: Browse, world: World) -> None:
    petition = submitted(world)
    browser = browse("otto")
    browser.open(case(petition, "/reject/letter?reason=libel"))
    preview = browser.send(case(petition, "/reject/letter"), **{**REFUSED, "reason": "libel"}).text
    assert "Its text is not shown" in preview
    assert petition.background not in preview


def test_text_of_the_letter_survives_the_way_back_from_its_preview(browse: Browse, world: World) -> None:
    petition = submitted(world)
    browser = browse("otto")
    browser.open(case(petition, "/reject/letter?reason=local"))
    browser.send(case(petition, "/reject/letter"), **REFUSED)
    assert f">{NOTE}</textarea>" in browser.send(case(petition, "/reject/letter"), step="edit").text


def test_refused_letter_says_why_and_loses_nothing(browse: Browse, world: World) -> None:
    petition = submitted(world)
    browser = browse("otto")
    browser.open(case(petition, "/reject/letter?reason=local"))
    answer = browser.send(case(petition, "/reject"), **{**REFUSED, "note": "No."})
    assert answer.status_code == 400
    assert "Write at least 10 characters." in answer.text
    assert ">No.</textarea>" in answer.text


@pytest.mark.parametrize("query", ["", "?reason=", "?reason=weather", "?reason=local&duplicate_of=many"])
def test_without_a_reason_of_the_rules_there_is_no_letter(browse: Browse, world: World, query: str) -> None:
    answer = browse("otto").open(case(submitted(world), f"/reject/letter{query}"))
    assert answer.status_code == 400
    assert "There is a problem" in answer.text or "needs another look" in answer.text


def test_letter_begins_with_the_template_of_the_reason_in_the_language_of_the_petition(
    browse: Browse, world: World
) -> None:
    texts = {"en": "“{title}” to {authority}: {reason} ({number})", "uk": "Про «{title}»"}
    template(world, reason="local", text=pb.LocalizedText(texts=texts))
    english = browse("otto").open(case(submitted(world, title="Mend the road"), "/reject/letter?reason=local")).text
    assert "“Mend the road” to Dibrova Council: It is local ({number})" in english
    ukrainian = submitted(world, title="Полагодьте дорогу", language="uk")
    page = browse("otto").open(case(ukrainian, "/reject/letter?reason=local")).text
    assert "Про «Полагодьте дорогу»" in page
    assert '<option value="uk" selected>' in page


def test_template_of_another_reason_is_not_offered(browse: Browse, world: World) -> None:
    template(world, reason="libel", text=pb.LocalizedText(texts={"en": "Something about libel."}))
    page = browse("otto").open(case(submitted(world), "/reject/letter?reason=local")).text
    assert "Something about libel." not in page
    assert "Not ours" not in page


def test_case_that_a_colleague_has_decided_says_so(browse: Browse, world: World) -> None:
    petition = submitted(world)
    browser = browse("otto")
    browser.open(case(petition, "/reject/letter?reason=local"))
    petition.state = pb.PETITION_STATE_OPEN
    answer = browser.send(case(petition, "/reject"), **REFUSED)
    assert "A colleague may have been faster" in browser.open(answer.headers["Location"]).text
    assert petition.state == pb.PETITION_STATE_OPEN


def test_form_that_is_sent_twice_says_that_it_is_done(browse: Browse, world: World) -> None:
    petition = submitted(world)
    browser = browse("otto")
    browser.open(case(petition, "/reject/letter?reason=local"))
    for _ in range(2):
        browser.open(case(petition, "/note"))
        answer = browser.send(case(petition, "/reject"), **REFUSED)
        assert answer.headers["Location"].endswith("?done=rejected")


def test_queue_shows_what_is_to_be_done_and_filters_by_links(browse: Browse, world: World) -> None:
    late = submitted(world, title="Mend the road to school")
    complained = rejected(world)
    complained.complaint.CopyFrom(pb.Complaint(text="It is not local.", made_at=complained.updated_at))
    world.moderation.overdue.add(late.id)
    browser = browse("otto")
    page = browser.open("/console").text
    assert "2 cases wait for you" in page
    assert "Late" in page
    assert 'href="/console?task=complaint"' in page
    only = browser.open("/console?task=complaint").text
    assert late.title not in only
    assert "1 case waits for you" in only
    assert f'href="/console?task=complaint&amp;authority={TOWN}"' in only


def test_case_is_taken_and_given_back(browse: Browse, world: World) -> None:
    petition = submitted(world)
    browser = browse("otto")
    browser.open(case(petition))
    browser.send(case(petition, "/claim"))
    assert "Give it back" in browser.open(case(petition)).text
    browser.send(case(petition, "/release"))
    assert "I take it" in browser.open(case(petition)).text


def test_colleague_is_asked_and_answers(browse: Browse, world: World) -> None:
    petition = submitted(world)
    browser = browse("otto")
    browser.open(case(petition, "/ask"))
    browser.send(case(petition, "/ask"), text="Is the road ours?")
    (question,) = world.moderation.files[petition.id].notes
    assert question.is_open
    assert "Not answered yet" in browser.open(case(petition)).text
    question.is_mine = False
    browser.open(case(petition, f"/opinions/{question.id}"))
    refused = browser.send(case(petition, f"/opinions/{question.id}"), advice="reject", reason="", text="The state's.")
    assert refused.status_code == 400
    browser.send(case(petition, f"/opinions/{question.id}"), advice="reject", reason="local", text="The state's.")
    page = browser.open(case(petition)).text
    assert "A colleague advises to reject it" in page
    assert "It is local" in page


def test_note_is_written_into_the_case(browse: Browse, world: World) -> None:
    petition = submitted(world)
    browser = browse("otto")
    browser.open(case(petition, "/note"))
    assert browser.send(case(petition, "/note"), text="").status_code == 400
    browser.send(case(petition, "/note"), text="I have phoned the author.")
    assert "I have phoned the author." in browser.open(case(petition)).text


def test_notes_are_never_public(browse: Browse, world: World) -> None:
    petition = submitted(world)
    browser = browse("otto")
    browser.open(case(petition, "/note"))
    browser.send(case(petition, "/note"), text="I have phoned the author.")
    browser.open(case(petition, "/reject/letter?reason=local"))
    browser.send(case(petition, "/reject"), **REFUSED)
    assert "phoned" not in browse().open(f"/petitions/{petition.number}").text


def test_complaint_is_decided_by_somebody_else_after_a_preview(browse: Browse, world: World) -> None:
    petition = rejected(world)
    petition.complaint.CopyFrom(pb.Complaint(text="The road is the town's.", made_at=petition.updated_at))
    world.moderation.rejected_by[petition.id] = "otto"
    browser = browse("otto")
    assert "so a colleague decides" in browser.open(case(petition)).text
    world.moderation.rejected_by[petition.id] = "somebody else"
    assert "The road is the town&#39;s." in browser.open(case(petition, "/complaint")).text
    decision = {"verdict": "dismissed", "text": "We have looked it up.", "language": "en"}
    assert "stays rejected" in browser.send(case(petition, "/complaint/preview"), **decision).text
    assert not petition.complaint.HasField("decided_at")
    browser.send(case(petition, "/complaint"), **decision)
    assert petition.complaint.decision == "We have looked it up."


def test_rejected_petition_has_a_public_page_with_its_reason(browse: Browse, world: World) -> None:
    same = world.petitions.add()
    petition = rejected(world, duplicate_of=same.number)
    page = browse().open(f"/petitions/{petition.number}").text
    assert NOTE in page
    assert petition.background in page
    assert f'href="/petitions/{same.number}"' in page
    assert "Sign this petition" not in page


def test_hidden_text_leaves_its_number(browse: Browse, world: World) -> None:
    petition = rejected(world, hides_text=True)
    petition.title = petition.background = petition.author_name = ""
    page = browse().open(f"/petitions/{petition.number}").text
    assert "Its text is not shown" in page
    assert '<h1 class="govuk-heading-xl">Petition 700100</h1>' in page
    assert "Petition 700100" in browse().open("/petitions?state=rejected").text


def test_author_sees_why_and_complains_once(browse: Browse, world: World) -> None:
    petition = rejected(world)
    browser = browse("ann")
    assert f"/drafts/{petition.id}/rejected" in browser.open("/me").text
    assert "It is local" in browser.open(f"/drafts/{petition.id}/rejected").text
    browser.open(f"/drafts/{petition.id}/complaint")
    short = browser.send(f"/drafts/{petition.id}/complaint", text="No.")
    assert (short.status_code, ">No.</textarea>" in short.text) == (400, True)
    browser.send(f"/drafts/{petition.id}/complaint", text="The road is the town's.")
    assert petition.complaint.text == "The road is the town's."
    page = browser.open(f"/drafts/{petition.id}/rejected").text
    assert "The complaint is being looked at." in page
    assert f'href="/drafts/{petition.id}/complaint"' not in page


def test_rules_that_name_nobody_take_no_complaint(browse: Browse, world: World) -> None:
    petition = rejected(world)
    petition.rejection.ClearField("complaint_to")
    browser = browse("ann")
    assert f'href="/drafts/{petition.id}/complaint"' not in browser.open(f"/drafts/{petition.id}/rejected").text
    assert browser.open(f"/drafts/{petition.id}/complaint").status_code == 303


def test_new_draft_begins_with_the_rejected_text(browse: Browse, world: World) -> None:
    petition = rejected(world)
    browser = browse("ann")
    browser.open(f"/drafts/{petition.id}/rejected")
    answer = browser.send(f"/drafts/{petition.id}/anew")
    made = world.petitions.petitions[answer.headers["Location"].split("/")[2]]
    assert made.state == pb.PETITION_STATE_DRAFT
    assert (made.title, made.background) == (petition.title, petition.background)


@pytest.mark.parametrize("path", ["rejected", "complaint", "withdraw"])
def test_pages_of_an_author_are_nobody_elses(browse: Browse, world: World, path: str) -> None:
    petition = rejected(world)
    assert browse("otto").open(f"/drafts/{petition.id}/{path}").status_code == 404
    assert browse("otto").open(f"/petitions/{petition.number}/mine").status_code == 404


def test_author_takes_back_what_waits(browse: Browse, world: World) -> None:
    petition = submitted(world)
    browser = browse("ann")
    assert f"/drafts/{petition.id}/withdraw" in browser.open(f"/drafts/{petition.id}/submitted").text
    browser.open(f"/drafts/{petition.id}/withdraw")
    assert browser.send(f"/drafts/{petition.id}/withdraw").headers["Location"].endswith("/check")
    assert petition.state == pb.PETITION_STATE_DRAFT


def test_template_is_kept_deleted_and_brought_back(browse: Browse, world: World) -> None:
    browser = browse("otto")
    browser.open("/console/templates/new")
    fields = {"authority_id": COUNCIL, "title": "Not ours", "reason": "", "text.en": "Dear author of {title}"}
    answer = browser.send("/console/templates/new", **fields)
    assert "Not ours" in browser.open(answer.headers["Location"]).text
    (made,) = world.moderation.templates.values()
    answer = browser.send(f"/console/templates/{made.id}/delete")
    assert world.moderation.templates == {}
    browser.open(answer.headers["Location"])
    browser.send(f"/console/templates/{made.id}/undelete")
    assert list(world.moderation.templates) == [made.id]


def test_template_needs_a_name_and_a_text(browse: Browse) -> None:
    browser = browse("otto")
    browser.open("/console/templates/new")
    answer = browser.send("/console/templates/new", authority_id=COUNCIL, title="", reason="")
    assert answer.status_code == 400
    assert answer.text.count("This answer is missing.") >= 2


def test_variables_without_a_value_stay() -> None:
    assert filled("{title} {number} {other}", {"title": "Road"}) == "Road {number} {other}"


def operator(world: World) -> None:
    person = world.identity.add_person("olga", name="Olga Operator")
    person.grants.add(role="operator", authority_id=COUNCIL, covers_authority_ids=[COUNCIL])


def test_operator_sets_the_rules_after_seeing_what_changes(browse: Browse, world: World) -> None:
    operator(world)
    world.moderation.settings[COUNCIL, "petition-local"] = {"threshold": "3"}
    path = f"/console/rules/{COUNCIL}/petition-local"
    browser = browse("olga")
    assert path in browser.open("/console/rules").text
    assert 'value="3"' in browser.open(path).text
    refused = browser.send(path, **{"settings.threshold": "many"})
    assert (refused.status_code, "Write a whole number" in refused.text) == (400, True)
    preview = browser.send(path, **{"settings.threshold": "9"}).text
    assert "Signatures needed" in preview
    assert world.moderation.settings[COUNCIL, "petition-local"] == {"threshold": "3"}
    browser.send(path, **{"settings.threshold": "9", "step": "set"})
    assert world.moderation.settings[COUNCIL, "petition-local"] == {"threshold": "9"}


def test_rules_are_for_operators(browse: Browse, world: World) -> None:
    operator(world)
    assert browse("otto").open("/console/rules").status_code == 403
    assert browse("otto").open(f"/console/rules/{COUNCIL}/petition-local").status_code == 403
    assert browse("olga").open(f"/console/rules/{TOWN}/petition-local").status_code == 403


def test_api_rejects_complains_and_says_why(app: Flask, world: World) -> None:
    petition = submitted(world)
    client, at = app.test_client(), f"/api/v1/petitions/{petition.id}"
    ann, otto = {"Authorization": "Bearer ann"}, {"Authorization": "Bearer otto"}
    body = {"reason": "local", "note": NOTE, "language": "en"}
    assert client.post(f"{at}/reject", json=body, headers=ann).status_code == 403
    assert client.post(f"{at}/reject", json={**body, "note": "No."}, headers=otto).status_code == 400
    assert client.post(f"{at}/reject", json=body, headers=otto).json["state"] == "rejected"  # pyright: ignore[reportOptionalSubscript]
    assert client.post(f"{at}/reject", json=body, headers=otto).status_code == 409
    complained = client.post(f"{at}/complaint", json={"text": "The road is the town's."}, headers=ann)
    assert complained.status_code == 200
    found: Any = client.get(f"/api/v1/petitions/{petition.number}").json
    assert (found["rejection"]["note"], found["rejection"]["complaint_decided_at"]) == (NOTE, None)
    assert client.post(f"{at}/withdraw", headers=ann).status_code == 409
