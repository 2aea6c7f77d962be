"""Steps, prolonged terms, hearings, appeals, early closings: shown before, asked once, told on the petition's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from viche.petitions.v1 import answers_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway import acts
from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import COUNCIL, World
from viche_gateway.testing.channel import stamp

Browse = Callable[..., Browser]
PLACE = {"title__en": "Debate in the council", "place__en": "Town hall, room 5"}


@pytest.fixture(autouse=True)
def clock(app: Any) -> None:
    app.extensions["viche.clock"] = lambda: acts.NOW


def rules() -> pb.Terms:
    terms = acts.rules()
    del terms.clocks[:]
    terms.clocks.extend(
        [
            acts.clock("announcement", "Announcement", "threshold_reached:answer", acts.period(3),
                       ends_with="consideration_started"),
            acts.clock("answer", "Answer of the council", "consideration_started", acts.period(10),
                       ends_with="answered",
                       extension=pb.Extension(period=acts.period(5), by=acts.text("the mayor"), notice=True)),
        ]
    )  # fmt: skip
    terms.thresholds[0].reached_at.CopyFrom(stamp(acts.NOW - acts.DAY))
    return terms


def reached(world: World, **fields: Any) -> pb.Petition:
    values = {"state": pb.PETITION_STATE_THRESHOLD_REACHED, "terms": rules(), "closes_at": stamp(acts.NOW + acts.DAY)}
    return world.petitions.add(**{**values, **fields})


def page_of(browse: Browse, petition: pb.Petition) -> str:
    return browse().open(f"/petitions/{petition.number}").text


def test_step_says_what_follows_and_asks_once(browse: Browse, world: World) -> None:
    begins = acts.deadline("answer", event="consideration_started")
    petition, browser = reached(world, deadlines=[begins]), browse("otto")
    assert "Announce that consideration has started" in browser.open(f"/console/petitions/{petition.id}").text
    path = f"/console/petitions/{petition.id}/steps/consideration_started"
    shown = browser.open(path).text
    assert "Answer of the council" in shown
    assert "28 November 2026" in shown
    assert "“Announcement” is done." in shown
    assert not petition.happenings
    browser.send(path)
    assert "Consideration has started" in page_of(browse, petition)
    assert "Announce that consideration" not in browser.open(f"/console/petitions/{petition.id}").text


def test_step_on_a_day_to_come_is_refused_beside_the_day(browse: Browse, world: World) -> None:
    petition = reached(world)
    refused = browse("otto").open(f"/console/petitions/{petition.id}/steps/consideration_started?day=2999-01-01")
    assert refused.status_code == 400
    assert "This day has not come yet." in refused.text
    assert 'href="#day"' in refused.text


def test_no_step_is_offered_before_a_threshold(browse: Browse, world: World) -> None:
    petition = reached(world, state=pb.PETITION_STATE_OPEN)
    petition.terms.thresholds[0].ClearField("reached_at")
    assert "/steps/" not in browse("otto").open(f"/console/petitions/{petition.id}").text


def test_term_is_prolonged_with_a_reason_that_citizens_read(browse: Browse, world: World) -> None:
    petition, browser = reached(world, deadlines=[acts.deadline("answer")]), browse("otto")
    path = f"/console/petitions/{petition.id}/terms/answer"
    assert "the mayor" in browser.open(path).text
    assert "This answer is missing." in browser.send(path).text
    shown = browser.send(path, reason__en="Two offices must be heard.")
    assert "As citizens see it" in shown.text
    assert not petition.deadlines[0].HasField("extended_by")
    browser.send(path, confirmed="yes")
    page = page_of(browse, petition)
    assert "Prolonged until 4 December 2026 because: Two offices must be heard." in page
    assert "28 November 2026" in page, "the day before is not forgotten"
    assert "/terms/answer" not in browser.open(f"/console/petitions/{petition.id}").text, "once"


def announce(browser: Browser, petition: pb.Petition, **fields: str) -> None:
    path = f"/console/petitions/{petition.id}/hearings/0/announce"
    browser.open(path)
    browser.send(path, day="2026-12-01", hour="14:30", **{**PLACE, **fields})
    browser.send(path, confirmed="yes")


def test_hearing_is_shown_then_announced_with_its_local_hour(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    path = f"/console/petitions/{petition.id}/hearings/0/announce"
    browser.open(path)
    shown = browser.send(path, day="2026-12-01", hour="14:30", **PLACE)
    assert "1 December 2026, 14:30" in shown.text
    assert not petition.hearings
    browser.send(path, confirmed="yes")
    page = page_of(browse, petition)
    assert "Debate in the council" in page
    assert "1 December 2026, 14:30" in page
    calendar = browse().open(f"/petitions/{petition.number}/deadlines.ics").text
    assert "DTSTART:20261201T123000Z" in calendar
    assert "LOCATION:Town hall\\, room 5" in calendar


def test_hearing_with_a_wrong_hour_loses_nothing(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    path = f"/console/petitions/{petition.id}/hearings/0/announce"
    browser.open(path)
    refused = browser.send(path, day="2026-12-01", hour="half past two", **PLACE)
    assert (refused.status_code, "Write a day and an hour" in refused.text) == (400, True)
    assert 'value="Town hall, room 5"' in refused.text


def test_cancelled_hearing_stays_on_the_page_with_why(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    announce(browser, petition)
    path = f"/console/petitions/{petition.id}/hearings/1/cancel"
    browser.open(path)
    browser.send(path, note__en="The room is flooded.")
    browser.send(path, confirmed="yes")
    page = page_of(browse, petition)
    assert "Cancelled" in page
    assert "The room is flooded." in page
    assert "STATUS:CANCELLED" in browse().open(f"/petitions/{petition.number}/deadlines.ics").text


def test_moved_hearing_names_the_day_that_it_was_set_for(browse: Browse, world: World) -> None:
    petition, browser = reached(world), browse("otto")
    announce(browser, petition)
    path = f"/console/petitions/{petition.id}/hearings/1/move"
    assert 'value="2026-12-01"' in browser.open(path).text
    browser.send(path, day="2026-12-03", hour="10:00", **{**PLACE, "note__en": "The speaker is ill."})
    browser.send(path, confirmed="yes")
    page = page_of(browse, petition)
    assert "3 December 2026, 10:00" in page
    assert "It was first set for 1 December 2026, 14:30." in page


def test_outcome_of_a_hearing_comes_with_its_recording(browse: Browse, world: World) -> None:
    over = pb.Hearing(version=1, hearing=1, title=acts.text("Debate"), place=acts.text("Hall"),
                      held_at=stamp(acts.NOW - acts.DAY))  # fmt: skip
    petition, browser = reached(world, hearings=[over]), browse("otto")
    path = f"/console/petitions/{petition.id}/hearings/1/outcome"
    assert path in browser.open(f"/console/petitions/{petition.id}").text
    browser.open(path)
    browser.send(path, outcome__en="The council agreed.", video_url="https://video.example/1")
    browser.send(path, confirmed="yes")
    page = page_of(browse, petition)
    assert "The council agreed." in page
    assert 'href="https://video.example/1"' in page


def test_failed_petition_says_what_becomes_of_it_and_is_taken_as_an_appeal(browse: Browse, world: World) -> None:
    petition, browser = reached(world, state=pb.PETITION_STATE_CLOSED), browse("otto")
    petition.terms.thresholds[0].ClearField("reached_at")
    assert "It is considered as an appeal." in page_of(browse, petition)
    path = f"/console/petitions/{petition.id}/appeal"
    browser.open(path)
    assert "This answer is missing." in browser.send(path).text
    browser.send(path, reference="K-17/2026")
    assert "K-17/2026" in page_of(browse, petition)


def test_petition_that_was_closed_early_says_by_what(browse: Browse, world: World) -> None:
    closed = pb.Happening(event="closed", at=stamp(acts.NOW), detail="end")
    petition = reached(world, state=pb.PETITION_STATE_CLOSED, happenings=[closed])
    page = page_of(browse, petition)
    assert "Closed early: Dissolution" in page
    assert "All petitions close." in page


def test_operator_closes_petitions_for_an_event_after_seeing_how_many(browse: Browse, world: World) -> None:
    operator = world.identity.add_person("olha", name="Olha Operator")
    operator.grants.add(role="operator", authority_id=COUNCIL)
    event = pb.ClosingEvent(name="end", title=acts.text("Dissolution"), effect=acts.text("All petitions close."))
    world.answers.closing.append(answers_pb2.ClosingCase(workflow="petition-local", event=event, open_petitions=3))
    path, browser = f"/console/authorities/{COUNCIL}/closing", browse("olha")
    assert "3 open petitions" in browser.open(path).text
    assert "Close 3 petitions" in browser.open(f"{path}/petition-local/end").text
    assert not world.answers.closed
    browser.send(f"{path}/petition-local/end")
    assert [each.event for each in world.answers.closed] == ["end"]
    assert browse("otto").open(path).status_code == 403, "officers do not"


def test_list_of_answered_petitions_leaves_out_the_others(browse: Browse, world: World) -> None:
    reached(world, title="Answered question about trees", answers=[pb.Answer(version=1, decision=pb.DECISION_ACCEPTED)])
    reached(world, title="Another question about trees")
    page = browse().open("/petitions?state=answered").text
    assert "Answered question about trees" in page
    assert "Another question about trees" not in page


def test_late_answer_is_called_late(browse: Browse, world: World) -> None:
    petition = reached(world, deadlines=[acts.deadline("answer", ends_at=stamp(acts.NOW - timedelta(days=1)))])
    assert "Late" in page_of(browse, petition)


def test_queue_names_petitions_that_become_appeals(browse: Browse, world: World) -> None:
    petition = reached(world, state=pb.PETITION_STATE_CLOSED, title="A petition that has failed")
    page = browse("otto").open("/console").text
    assert "1 petition becomes an appeal" in page
    assert f"/console/petitions/{petition.id}/appeal" in page


def test_api_tells_answer_files_and_hearings(browse: Browse, world: World) -> None:
    file = pb.Document(id="018f5c1e-0000-7000-8000-0000000000d0", file_name="план.pdf", media_type="application/pdf",
                       size_bytes=1200, sha256="ab" * 32, title=acts.text("The plan"))  # fmt: skip
    said = pb.Answer(version=1, decision=pb.DECISION_DECLINED, summary=acts.text("No."), signed_by="The mayor",
                     documents=[file], published_at=stamp(acts.NOW))  # fmt: skip
    hearing = pb.Hearing(version=1, hearing=1, title=acts.text("Debate"), place=acts.text("Hall"),
                         held_at=stamp(acts.NOW))  # fmt: skip
    petition = reached(world, answers=[said], hearings=[hearing])
    found = browse().open(f"/api/v1/petitions/{petition.number}").json
    assert found is not None
    (answer,) = found["answers"]
    assert (answer["decision"], answer["summary"]) == ("declined", {"en": "No."})
    assert answer["documents"][0]["url"].endswith("/%D0%BF%D0%BB%D0%B0%D0%BD.pdf")
    assert found["hearings"][0]["held_at"] == "2026-11-22T10:00:00.000Z"
