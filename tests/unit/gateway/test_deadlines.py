"""Deadlines on a petition's page and in its calendar file."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway import acts
from tests.unit.gateway.acts import DAY, NOW, deadline
from viche_gateway.portal.deadlines import Standing, stages_of
from viche_gateway.testing import World
from viche_gateway.testing.channel import stamp

SECOND = timedelta(seconds=1)


@pytest.fixture
def app(world: World) -> Flask:
    """The gateway on a fixed day."""
    app = world.app(timezone="Europe/Kyiv")
    app.extensions["viche.clock"] = lambda: NOW
    return app


def standing(app: Flask, world: World, **fields: Any) -> Standing:
    petition = world.petitions.add(deadlines=[deadline("answer", **fields)])
    with app.test_request_context("/"):
        [stage] = stages_of(petition)
    return stage.standing


def text_of(app: Flask, petition: pb.Petition) -> str:
    page = app.test_client().get(f"/petitions/{petition.number}").text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_term_under_way_is_running(app: Flask, world: World) -> None:
    assert standing(app, world) is Standing.RUNNING


def test_term_is_kept_to_its_last_second_and_not_longer(app: Flask, world: World) -> None:
    ends_at = NOW - DAY
    assert standing(app, world, ends_at=stamp(ends_at), met_at=stamp(ends_at - SECOND)) is Standing.KEPT
    assert standing(app, world, ends_at=stamp(ends_at), met_at=stamp(ends_at)) is Standing.DONE_LATE


def test_term_that_has_passed_without_its_event_is_late(app: Flask, world: World) -> None:
    assert standing(app, world, ends_with="closed", ends_at=stamp(NOW)) is Standing.LATE
    assert standing(app, world, ends_with="closed", ends_at=stamp(NOW + SECOND)) is Standing.RUNNING


def test_collecting_that_ended_early_says_so(app: Flask, world: World) -> None:
    ended = deadline("collect", ends_with="collection_ended", ends_at=stamp(NOW + DAY), met_at=stamp(NOW - DAY))
    assert "Ended early, on" in text_of(app, world.petitions.add(deadlines=[ended]))
    ended.met_at.CopyFrom(ended.ends_at)
    assert "Ended early" not in text_of(app, world.petitions.add(deadlines=[ended]))


def test_nobody_is_called_late_with_what_cannot_be_entered(app: Flask, world: World) -> None:
    assert standing(app, world, ends_with="registered", ends_at=stamp(NOW)) is Standing.OVER


@pytest.mark.parametrize("event", ["answered", "consideration_started", "verified", "opened"])
def test_who_has_not_done_in_time_what_can_be_entered_is_called_late(app: Flask, world: World, event: str) -> None:
    assert standing(app, world, ends_with=event, ends_at=stamp(NOW)) is Standing.LATE


@pytest.mark.parametrize("ends_with", ["", "collection_ended"])
def test_nobody_is_late_with_what_ends_by_itself(app: Flask, world: World, ends_with: str) -> None:
    assert standing(app, world, ends_with=ends_with, ends_at=stamp(NOW)) is Standing.OVER
    done = {"ends_at": stamp(NOW - DAY), "met_at": stamp(NOW - DAY + SECOND)}
    assert standing(app, world, ends_with=ends_with, **done) is Standing.OVER


def test_officers_deadline_stays_off_the_page_and_the_calendar(app: Flask, world: World) -> None:
    hidden = deadline("memo", title=acts.text("Memo to the archive"), is_public=False)
    petition = world.petitions.add(deadlines=[hidden])
    assert "Memo to the archive" not in text_of(app, petition)
    assert app.test_client().get(f"/petitions/{petition.number}/deadlines.ics").status_code == 404


def test_day_is_explained(app: Flask, world: World) -> None:
    petition = world.petitions.add(
        terms=acts.rules(), deadlines=[deadline("answer", extended_by=acts.period(5, pb.TIME_UNIT_WORKING_DAY))]
    )
    text = text_of(app, petition)
    for fact in (
        "Until Saturday, 28 November 2026 (7 days left)",
        "Start The petition has 1,000 signatures, 15 November 2026",
        "Length 10 working days; the day of the start is not counted",
        "Prolonged by 5 working days",
        "Calendar of working days Ukraine (holidays 0.109)",
        "Days off that were skipped Sat, 21 Nov 2026; Sun, 22 Nov 2026",
        "Result The end of Saturday, 28 November 2026 (time zone Europe/Kyiv)",
        "The rule Petitions Act, article 9",
    ):
        assert fact in text


def test_rule_without_a_basis_has_that_of_the_workflow(app: Flask, world: World) -> None:
    plain = deadline("answer")
    plain.ClearField("legal_basis")
    petition = world.petitions.add(terms=acts.rules(), deadlines=[plain])
    with app.test_request_context("/"):
        assert stages_of(petition)[0].basis.article == "3"


def names(app: Flask, petition: pb.Petition) -> list[str]:
    with app.test_request_context("/"):
        return [stage.name for stage in stages_of(petition) if stage.standing is Standing.COMING]


def chain() -> pb.Terms:
    terms = acts.rules()
    del terms.clocks[:]
    terms.clocks.extend(
        [
            acts.clock("collect", "Collecting", "opened", acts.period(45), ends_with="collection_ended"),
            acts.clock("publish", "Publication", "answered", acts.period(3), ends_with="closed"),
            acts.clock("answer", "Answer", "consideration_started", acts.period(10), ends_with="answered"),
            acts.clock("begin", "Beginning", "threshold_reached:answer", acts.period(3),
                       ends_with="consideration_started"),
            acts.clock("complaint", "Complaint", "complaint_made", acts.period(30), ends_with="complaint_decided"),
        ]
    )  # fmt: skip
    return terms


def test_terms_that_can_still_start_are_to_come(app: Flask, world: World) -> None:
    collect = deadline("collect", event="opened", ends_with="collection_ended")
    petition = world.petitions.add(terms=chain(), deadlines=[collect])
    assert names(app, petition) == ["begin", "answer", "publish"]
    assert "Starts when this happens: The petition has 1,000 signatures. Length: 3 days." in text_of(app, petition)


def test_nothing_is_to_come_for_a_petition_that_failed(app: Flask, world: World) -> None:
    done = deadline("collect", event="opened", ends_with="collection_ended", met_at=stamp(NOW))
    petition = world.petitions.add(terms=chain(), deadlines=[done], state=pb.PETITION_STATE_CLOSED)
    assert names(app, petition) == []


def test_term_whose_event_has_passed_is_not_to_come(app: Flask, world: World) -> None:
    terms = chain()
    terms.clocks.append(acts.clock("hand", "Handing over", "collection_ended", acts.period(3)))
    collect = deadline("collect", event="opened", ends_with="collection_ended")
    running = world.petitions.add(terms=terms, deadlines=[collect])
    collect.met_at.CopyFrom(stamp(NOW))
    ended = world.petitions.add(terms=terms, deadlines=[collect], state=pb.PETITION_STATE_CLOSED)
    assert "hand" in names(app, running)
    assert names(app, ended) == []


def test_what_follows_a_running_term_is_still_to_come_after_closing(app: Flask, world: World) -> None:
    running = deadline("begin", ends_with="consideration_started")
    petition = world.petitions.add(terms=chain(), deadlines=[running], state=pb.PETITION_STATE_CLOSED)
    assert names(app, petition) == ["answer", "publish"]


def test_calendar_file_has_a_day_for_each_deadline(app: Flask, world: World) -> None:
    petition = world.petitions.add(title="Trees; shade, rest", deadlines=[deadline("answer")], terms=chain())
    answer = app.test_client().get(f"/petitions/{petition.number}/deadlines.ics")
    lines = answer.get_data(as_text=True).replace("\r\n ", "").split("\r\n")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert lines.count("BEGIN:VEVENT") == 1
    assert f"UID:petition-{petition.number}-answer@127.0.0.1" in lines
    assert "DTSTART;VALUE=DATE:20261128" in lines
    assert r"SUMMARY:Answer of the council: Trees\; shade\, rest" in lines
    assert any(line.endswith("\\nThe rule: Petitions Act\\, article 9") for line in lines)
    assert any("Length: 10 working days\\; the day" in line for line in lines)


def test_calendar_file_speaks_the_readers_language(app: Flask, world: World) -> None:
    title = acts.text("Answer of the council", uk="Відповідь ради")
    petition = world.petitions.add(deadlines=[deadline("answer", title=title)])
    text = app.test_client().get(f"/uk/petitions/{petition.number}/deadlines.ics").get_data(as_text=True)
    assert "SUMMARY:Відповідь ради" in text
    assert f"/uk/petitions/{petition.number}" in text.replace("\r\n ", "")


def test_page_links_the_calendar_only_where_there_are_dates(app: Flask, world: World) -> None:
    with_dates = world.petitions.add(deadlines=[deadline("answer")])
    without = world.petitions.add()
    assert "deadlines.ics" in app.test_client().get(f"/petitions/{with_dates.number}").text
    assert "deadlines.ics" not in app.test_client().get(f"/petitions/{without.number}").text
