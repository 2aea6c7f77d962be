"""Events in the console: written step by step, published, looked after at the door, announced."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from viche.social.v1 import posts_pb2
from viche.social.v1 import public_events_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.console.events import pieces
from viche_gateway.testing import COUNCIL, TOWN, World

Browse = Callable[..., Browser]
SEATED = {"is_needed": True, "capacity": 3, "has_waiting_list": True, "most_seats": 2}


@pytest.fixture
def otto(browse: Browse) -> Browser:
    """An officer of both authorities."""
    return browse("otto")


def begin(browser: Browser, world: World) -> pb.Event:
    browser.open("/console/events/new")
    browser.send("/console/events/new", authority_id=COUNCIL, kind=str(int(pb.EVENT_KIND_MEETING)))
    return list(world.public_events.known.values())[-1]


def fill(browser: Browser, event: pb.Event, step: str, back: str = "", **fields: Any) -> Any:
    path = f"/console/events/{event.id}/steps/{step}{back}"
    assert browser.open(path).status_code == 200
    return browser.send(path, **fields)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_an_event_is_written_step_by_step_and_published(otto: Browser, world: World) -> None:
    event = begin(otto, world)
    answer = fill(otto, event, "text", title__en="Streets", summary__en="Which street first?", title__uk="Вулиці")
    assert answer.headers["Location"] == f"/console/events/{event.id}/steps/time"
    fill(otto, event, "time", day="2026-12-01", begins="18:00", ends="20:30", time_zone="Europe/Sofia")
    fill(otto, event, "place", place__en="Town hall", address__en="Main street 1", coordinates="50.45, 30.52")
    fill(otto, event, "online", online_url="https://meet.example/1", online_for_registered="yes")
    fill(otto, event, "agenda", agenda__en="18:00 Welcome")
    fill(otto, event, "materials", title_0__en="Plan", url_0="https://plan.example/1")
    fill(otto, event, "contact", contact="Roads, +380 1")
    answer = fill(otto, event, "registration", needed="yes", capacity="30", waiting="yes", most_seats="2",
                  until_day="2026-11-30", until_hour="12:00", reminder="48")  # fmt: skip
    assert answer.headers["Location"] == f"/console/events/{event.id}/preview"
    content = event.content
    assert (content.starts, content.ends) == ("2026-12-01T18:00", "2026-12-01T20:30")
    assert (content.time_zone, content.place.title["en"]) == ("Europe/Sofia", "Town hall")
    assert (content.place.latitude, content.online_for_registered) == (50.45, True)
    assert [(each.title["en"], each.url) for each in content.materials] == [("Plan", "https://plan.example/1")]
    assert content.registration == pb.EventRegistration(
        is_needed=True, until="2026-11-30T12:00", capacity=30, has_waiting_list=True, most_seats=2
    )
    assert content.reminder_hours == 48
    page = otto.open(f"/console/events/{event.id}/preview").text
    assert "18:00 to 20:30" in page
    assert "https://meet.example" not in page
    answer = otto.send(f"/console/events/{event.id}/publish")
    assert answer.headers["Location"] == f"/console/events/{event.id}?done=published"
    assert event.state == pb.EVENT_STATE_PUBLISHED


def test_what_is_missing_stands_in_the_preview_and_leads_to_its_field(otto: Browser, world: World) -> None:
    event = begin(otto, world)
    page = otto.open(f"/console/events/{event.id}/preview").text
    assert "2 things are missing" in page
    assert "Publish this event" not in page
    link = f"/console/events/{event.id}/steps/time?back=preview"
    assert f'{link}#day"' in page
    assert 'id="day-error"' in otto.open(link).text
    fill(otto, event, "text", title__en="Streets")
    otto.open(f"/console/events/{event.id}/steps/text")
    answer = otto.send(f"/console/events/{event.id}/publish", version=str(event.version))
    assert answer.status_code == 409
    assert event.state == pb.EVENT_STATE_DRAFT


@pytest.mark.parametrize(
    ("step", "fields", "wrong"),
    [
        ("kind", {"kind": "77"}, "kind"),
        ("time", {"day": "2026-02-30", "begins": "18:00"}, "day"),
        ("time", {"day": "2026-02-28", "begins": "25:00"}, "begins"),
        ("time", {"day": "2026-02-28", "begins": ""}, "begins"),
        ("time", {"day": "", "begins": "", "ends": "18:00"}, "day"),
        ("time", {"day": "2026-02-28", "begins": "10:00", "last_day": "2026-03-01"}, "ends"),
        ("place", {"coordinates": "north"}, "coordinates"),
        ("place", {"coordinates": "50.45, nan"}, "coordinates"),
        ("online", {"online_url": "javascript:alert(1)"}, "online_url"),
        ("materials", {"title_0__en": "Plan", "url_0": "plan.pdf"}, "url_0"),
        ("materials", {"title_0__en": "", "url_0": "https://plan.example"}, "title_0__en"),
        ("contact", {"contact": "x" * 400}, "contact"),
        ("registration", {"needed": ""}, "needed"),
        ("registration", {"needed": "yes", "capacity": "many"}, "capacity"),
        ("registration", {"needed": "yes", "most_seats": "21"}, "most_seats"),
        ("registration", {"needed": "yes", "until_day": "2026-02-28"}, "until_hour"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_is_lost(
    otto: Browser, world: World, step: str, fields: dict[str, str], wrong: str
) -> None:
    event = begin(otto, world)
    answer = fill(otto, event, step, **fields)
    assert answer.status_code == 400
    assert f'id="{wrong}-error"' in answer.text
    assert all(f'value="{text}"' in answer.text or text in answer.text for text in fields.values() if len(text) > 2)
    assert event.version == 1


@pytest.mark.parametrize("step", pieces.STEPS)
def test_a_form_that_changes_nothing_saves_nothing(otto: Browser, world: World, step: str) -> None:
    event = world.public_events.add(
        COUNCIL, registration=SEATED, place={"title": {"en": "Hall"}}, agenda={"en": "One"}, contact="Me",
        materials=[{"title": {"en": "Plan"}, "url": "https://plan.example"}], online_url="https://meet.example",
    )  # fmt: skip
    fields = pieces.values_of(step, event.content) if step != "time" else {
        "day": "2026-12-01", "begins": "18:00", "ends": "20:00", "time_zone": "Europe/Kyiv"}  # fmt: skip
    answer = fill(otto, event, step, **fields)
    assert answer.status_code == 303
    assert event.version == 1


def test_a_change_that_comes_late_is_told_and_keeps_what_was_written(otto: Browser, world: World) -> None:
    event = begin(otto, world)
    path = f"/console/events/{event.id}/steps/text"
    otto.open(path)
    event.version += 1
    answer = otto.send(path, title__en="Mine")
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    assert otto.send(path, title__en="Mine").status_code == 303
    assert event.content.title["en"] == "Mine"


def test_moving_a_published_event_says_how_many_are_told(otto: Browser, world: World) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    world.public_events.come(event, "Ann")
    assert "we write to all of them" in otto.open(f"/console/events/{event.id}/steps/time").text
    answer = fill(otto, event, "time", day="2026-12-02", begins="18:00", time_zone="Europe/Kyiv")
    assert answer.headers["Location"].endswith("done=changed&told=1")
    assert "1 mail about it is on its way." in otto.open(answer.headers["Location"]).text


def test_places_that_are_taken_cannot_be_taken_away(otto: Browser, world: World) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    world.public_events.come(event, "Ann", seats=2)
    answer = fill(otto, event, "registration", needed="yes", capacity="1", waiting="yes", most_seats="2")
    assert answer.status_code == 400
    assert "People have taken 2 places already" in answer.text


def test_the_list_counts_phases_and_shows_one(otto: Browser, world: World) -> None:
    world.public_events.add(COUNCIL)
    world.public_events.add(TOWN, state=pb.EVENT_STATE_DRAFT, title={"en": "Not yet"})
    world.public_events.add(COUNCIL, starts="2026-11-01T10:00", ends="", title={"en": "Long ago"})
    page = otto.open("/console/events").text
    for said in ("Draft (1)", "Coming (1)", "Past (1)", "Does not take place (0)"):
        assert said in page
    page = otto.open("/console/events?phase=past").text
    assert "Long ago" in page
    assert "Not yet" not in page


def test_cancelling_asks_for_a_reason_once(otto: Browser, world: World) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    world.public_events.come(event, "Ann")
    path = f"/console/events/{event.id}/cancel"
    otto.open(path)
    assert 'id="reason-error"' in otto.send(path, reason="").text
    answer = otto.send(path, reason="The hall is flooded.")
    page = otto.open(answer.headers["Location"]).text
    assert "It does not take place: The hall is flooded." in page
    assert "1 mail about it" in page
    assert otto.open(f"/console/events/{event.id}/steps/text").status_code == 303


def test_a_draft_is_thrown_away_after_asking(otto: Browser, world: World) -> None:
    event = begin(otto, world)
    otto.open(f"/console/events/{event.id}/delete")
    assert event.id in world.public_events.known
    otto.send(f"/console/events/{event.id}/delete")
    assert event.id not in world.public_events.known


def test_who_comes_is_found_checked_in_and_back(otto: Browser, world: World) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    ann = world.public_events.come(event, "Ann")
    world.public_events.come(event, "Bob", state=pb.REGISTRATION_STATE_WAITING, position=1)
    page = otto.open(f"/console/events/{event.id}/people").text
    assert "0 of 1 is here" in words(page)
    assert "Waits for a place (1)" in words(page)
    page = otto.open(f"/console/events/{event.id}/people?q=ann").text
    assert "Bob" not in page
    answer = otto.send(f"/console/events/{event.id}/people/{ann.id}/here")
    assert answer.headers["Location"] == f"/console/events/{event.id}/people?q=ann#p-{ann.id}"
    assert ann.HasField("checked_in_at")
    otto.open(f"/console/events/{event.id}/people")
    otto.send(f"/console/events/{event.id}/people/{ann.id}/undo")
    assert not ann.HasField("checked_in_at")


def test_somebody_is_added_at_the_door_until_it_is_full(otto: Browser, world: World) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    path = f"/console/events/{event.id}/people/add"
    otto.open(f"/console/events/{event.id}/people")
    assert 'id="name-error"' in otto.send(path, name="").text
    assert otto.send(path, name="Carl", seats="2").status_code == 303
    assert [(each.name, each.seats, each.is_from_door) for each in world.public_events.people[event.id]] == [
        ("Carl", 2, True)
    ]
    world.public_events.come(event, "Dan")
    otto.open(f"/console/events/{event.id}/people")
    assert "All places are taken." in otto.send(path, name="Eve").text


@pytest.mark.parametrize("state", [pb.REGISTRATION_STATE_REGISTERED, pb.REGISTRATION_STATE_PENDING])
def test_removing_mails_the_reason(otto: Browser, world: World, state: pb.RegistrationState.ValueType) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    ann = world.public_events.come(event, "Ann", state=state)
    path = f"/console/events/{event.id}/people/{ann.id}/remove"
    assert "ann@example.org" in otto.open(path).text
    assert 'id="reason-error"' in otto.send(path, reason=" ").text
    otto.send(path, reason="Twice on the list.")
    assert (ann.state, world.public_events.reasons) == (pb.REGISTRATION_STATE_REMOVED, ["Twice on the list."])


def test_the_table_has_no_formula_and_the_printed_list_all_names(otto: Browser, world: World) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    world.public_events.come(event, "=HYPERLINK(1)")
    answer = otto.open(f"/console/events/{event.id}/people.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    (row,) = csv.DictReader(StringIO(answer.text))
    assert (row["name"], row["seats"], row["state"]) == ("'=HYPERLINK(1)", "1", "registered")
    assert "=HYPERLINK(1)" in otto.open(f"/console/events/{event.id}/people/print").text


def test_operators_read_events_and_see_nobody_who_comes(browse: Browse, world: World) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    olga = browse("olga")
    page = olga.open(f"/console/events/{event.id}").text
    assert "List at the door" not in page
    for path in ("people", "people.csv", "people/print", "steps/text", "cancel"):
        assert olga.open(f"/console/events/{event.id}/{path}").status_code == 403
    assert olga.open("/console/events/new").status_code == 303


def test_an_event_without_registration_has_no_list(otto: Browser, world: World) -> None:
    event = world.public_events.add(COUNCIL)
    assert otto.open(f"/console/events/{event.id}/people").status_code == 404


def test_announcing_begins_a_post_with_day_place_and_link(otto: Browser, world: World) -> None:
    event = world.public_events.add(
        COUNCIL, place={"title": {"en": "Hall"}}, summary={"en": "Come.", "uk": "Приходьте."}
    )
    otto.open(f"/console/events/{event.id}")
    answer = otto.send(f"/console/events/{event.id}/announce")
    (post,) = world.posts.known.values()
    assert answer.headers["Location"] == f"/console/posts/{post.id}/steps/channels"
    assert (post.content.kind, post.authority_id) == (posts_pb2.POST_KIND_EVENT, COUNCIL)
    assert post.content.text["en"] == "Tuesday, 1 December 2026, 18:00 to 20:00\nHall\n\nCome."
    assert post.content.text["uk"] == "Приходьте."
    assert post.content.link == "http://127.0.0.1:8080/events/1"


def test_main_moments_are_one_post_to_which_the_event_leads(otto: Browser, world: World) -> None:
    event = world.public_events.add(COUNCIL, starts="2026-11-01T10:00", ends="")
    for _ in range(2):
        otto.open(f"/console/events/{event.id}")
        otto.send(f"/console/events/{event.id}/moments")
    (post,) = world.posts.known.values()
    assert post.content.kind == posts_pb2.POST_KIND_MOMENTS
    assert event.content.moments_post_id == post.id


def test_what_does_not_fit_the_phase_leads_back(otto: Browser, world: World) -> None:
    coming = world.public_events.add(COUNCIL)
    otto.open(f"/console/events/{coming.id}")
    assert otto.send(f"/console/events/{coming.id}/moments").headers["Location"] == f"/console/events/{coming.id}"
    assert not world.posts.known
