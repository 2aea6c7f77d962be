"""Public events as everybody sees them: pages, registration, a registration by its secret link, calendars, feeds."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from viche.social.v1 import public_events_pb2 as pb

from tests.unit.gateway.atom_rules import complaints
from tests.unit.gateway.conftest import Browser
from viche_gateway.portal.events.registering import UNPROVEN
from viche_gateway.testing import COUNCIL, TOWN, World

Browse = Callable[..., Browser]
SEATED = {"is_needed": True, "capacity": 1, "has_waiting_list": True, "most_seats": 2}
FULL = {"is_needed": True, "capacity": 1}


def get(world: World, path: str) -> Any:
    return world.app().test_client().get(path)


def words(text: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text.partition("<main")[2])))


def register(browser: Browser, fields: dict[str, str]) -> Any:
    browser.open("/events/1/register")
    return browser.send("/events/1/register", **fields)


def test_the_page_says_when_in_the_zone_of_the_event_where_and_how_to_come(world: World) -> None:
    world.public_events.add(
        COUNCIL, time_zone="Europe/Sofia", summary={"en": "We talk."}, agenda={"en": "18:00 Welcome"},
        place={"title": {"en": "Hall"}, "address": {"en": "Main street"}, "accessibility": {"en": "A ramp"}},
        materials=[{"title": {"en": "Plan"}, "url": "https://plan.example"}, {"url": "javascript:alert(1)"}],
        contact="Roads", registration=SEATED,
    )  # fmt: skip
    answer = get(world, "/events/1")
    assert answer.cache_control.public
    said = words(answer.text)
    for expected in ("Tuesday, 1 December 2026", "18:00 to 20:00 (Sofia time)", "Main street", "A ramp", "1 of 1 place",
                     "18:00 Welcome", "Roads"):  # fmt: skip
        assert expected in said
    assert 'href="https://plan.example"' in answer.text
    assert 'href="javascript:' not in answer.text
    assert 'href="/events/1/event.ics"' in answer.text
    assert 'href="/events/1/register"' in answer.text


def test_the_page_tells_search_engines_what_it_is(world: World) -> None:
    world.public_events.add(COUNCIL, title={"en": "</script><b>"}, place={"title": {"en": "Hall"}})
    text = get(world, "/events/1").text
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0])
    assert (data["@type"], data["name"]) == ("Event", "</script><b>")
    assert (data["startDate"], data["endDate"]) == ("2026-12-01T18:00:00+02:00", "2026-12-01T20:00:00+02:00")
    assert data["location"] == [{"@type": "Place", "name": "Hall"}]
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert "maximumAttendeeCapacity" not in data


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"registration": {"is_needed": False}}, "You need not register. Just come."),
        ({"registration": FULL}, "All places are taken, and there is no waiting list."),
        ({"registration": {"is_needed": True, "until": "2026-11-20T12:00"}}, "The time for registering is over."),
        ({"starts": "2026-11-23T13:00", "ends": "2026-11-23T20:00"}, "This event has begun or is over already."),
        ({"state": pb.EVENT_STATE_CANCELLED}, "This event does not take place."),
    ],
)
def test_why_one_cannot_register_is_said_in_a_sentence_of_its_own(
    world: World, browse: Browse, fields: dict[str, Any], said: str
) -> None:
    event = world.public_events.add(COUNCIL, **fields)
    if event.content.registration.capacity:
        world.public_events.come(event, "Bob")
    page = browse().open("/events/1/register").text
    assert said in words(page)
    assert 'name="name"' not in page


def test_events_are_listed_by_day_and_by_authority(world: World) -> None:
    world.public_events.add(COUNCIL)
    world.public_events.add(TOWN, title={"en": "Of the town"})
    world.public_events.add(COUNCIL, starts="2026-12-05T10:00", ends="", title={"en": "Later"})
    page = get(world, "/events").text
    assert re.findall(r'<h2[^>]*id="day-([\d-]+)"', page) == ["2026-12-01", "2026-12-05"]
    assert "Of the town" in page
    assert "Of the town" not in get(world, "/events?authority=region").text


def test_an_empty_list_says_what_to_do(world: World) -> None:
    assert "Nothing is planned just now." in get(world, "/events").text
    assert get(world, "/events.ics").status_code == 404


def test_what_is_over_leads_to_what_mattered(world: World) -> None:
    world.public_events.add(COUNCIL, starts="2026-11-01T10:00", ends="")
    assert "The market square" in get(world, "/events?past=1").text
    assert "The market square" not in get(world, "/events").text
    assert "Register" not in words(get(world, "/events/1").text)


def test_home_shows_the_next_two_and_the_authority_its_own(world: World) -> None:
    for day in (3, 1, 2):
        world.public_events.add(COUNCIL, starts=f"2026-12-0{day}T18:00", ends="", title={"en": f"Day {day}"})
    world.public_events.add(TOWN, starts="2026-11-01T10:00", ends="", title={"en": "Was"})
    home = words(get(world, "/").text)
    assert home.index("Day 1") < home.index("Day 2")
    assert "Day 3" not in home
    assert "Day 3" in get(world, "/authorities/region").text
    assert "Was" in get(world, "/authorities/town").text


def test_pages_that_show_events_aside_stand_without_them(world: World) -> None:
    app = world.app()
    world.channels["social"].is_down = True
    assert app.test_client().get("/").status_code == 200


def test_by_mail_a_registration_waits_for_the_button(world: World, browse: Browse) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    browser = browse()
    answer = register(browser, {"name": "Eve", "email": "eve@example.org", "seats": "1"})
    assert answer.headers["Location"] == "/events/1/mail"
    assert "Look into your mailbox" in browser.open("/events/1/mail").text
    (made,) = world.public_events.people[event.id]
    path = f"/events/registrations/{made.id}"
    assert "Confirm that you come" in browser.open(path).text
    assert made.state == pb.REGISTRATION_STATE_PENDING
    answer = browser.send(f"{path}/confirm")
    assert made.state == pb.REGISTRATION_STATE_REGISTERED
    assert "You have a place" in browser.open(answer.headers["Location"]).text


def test_a_double_press_makes_one_registration(world: World, browse: Browse) -> None:
    event = world.public_events.add(COUNCIL, registration={"is_needed": True})
    browser = browse()
    browser.open("/events/1/register")
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', browser.page.text if browser.page else ""))
    for _ in range(2):
        browser._client.post("/events/1/register", data={**form, "name": "Eve", "email": "eve@example.org"})
    assert len(world.public_events.people[event.id]) == 1


def test_when_all_is_taken_one_waits_and_is_told_the_place(world: World, browse: Browse) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    world.public_events.come(event, "Bob")
    browser = browse()
    assert "waiting list" in browser.open("/events/1/register").text
    answer = register(browser, {"name": "Eve", "email": "eve@example.org"})
    assert answer.headers["Location"] == "/events/1/mail?waits=1"
    assert "only then you are on the waiting list" in browser.open(answer.headers["Location"]).text
    made = world.public_events.people[event.id][-1]
    browser.open(f"/events/registrations/{made.id}")
    answer = browser.send(f"/events/registrations/{made.id}/confirm")
    assert "You are number 1." in browser.open(answer.headers["Location"]).text


def test_who_is_signed_in_registers_at_once_and_finds_it_again(world: World, browse: Browse) -> None:
    event = world.public_events.add(
        COUNCIL, registration=SEATED, online_url="https://meet.example/1", online_for_registered=True
    )
    ann = browse("ann")
    assert "https://meet.example/1" not in ann.open("/events/1").text
    answer = register(ann, {"name": "Ann Adams"})
    (made,) = world.public_events.people[event.id]
    assert answer.headers["Location"] == f"/me/events/{made.id}?done=1"
    assert made.email == world.identity.people["ann"].email
    page = ann.open(answer.headers["Location"]).text
    assert "You have a place" in page
    assert "https://meet.example/1" in page
    assert f"/me/events/{made.id}" in ann.open("/me").text
    assert ann.open("/events/1/register").headers["Location"] == f"/me/events/{made.id}"


def test_everything_about_me_has_my_registrations(world: World, browse: Browse) -> None:
    world.public_events.add(COUNCIL, registration=SEATED)
    ann = browse("ann")
    register(ann, {"name": "Ann Adams"})
    ann.open("/me/everything")
    with zipfile.ZipFile(io.BytesIO(ann.send("/me/everything").data)) as archive:
        (kept,) = json.loads(archive.read("events.json"))
    assert (kept["registration"]["name"], kept["event"]["number"]) == ("Ann Adams", "1")


def test_a_registration_of_somebody_else_is_not_there(world: World, browse: Browse) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    register(browse("ann"), {"name": "Ann Adams"})
    (made,) = world.public_events.people[event.id]
    assert browse("otto").open(f"/me/events/{made.id}").status_code == 404
    assert browse("otto").open("/me/events/none").status_code == 404


@pytest.mark.parametrize("is_person", [True, False], ids=["person", "mail"])
def test_places_are_given_back_after_asking_once(world: World, browse: Browse, *, is_person: bool) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    browser = browse("ann" if is_person else "")
    register(browser, {"name": "Ann", "email": "ann@example.org"})
    (made,) = world.public_events.people[event.id]
    made.state = pb.REGISTRATION_STATE_REGISTERED
    path = f"/me/events/{made.id}" if is_person else f"/events/registrations/{made.id}"
    assert f'href="{path}/cancel"' in browser.open(path).text
    assert "Give your place back?" in browser.open(f"{path}/cancel").text
    assert made.state == pb.REGISTRATION_STATE_REGISTERED
    answer = browser.send(f"{path}/cancel")
    assert made.state == pb.REGISTRATION_STATE_CANCELLED
    assert "Given back" in browser.open(answer.headers["Location"]).text


def test_a_link_that_was_not_used_in_time_leads_to_the_form(world: World, browse: Browse) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    made = world.public_events.come(event, "Eve", state=pb.REGISTRATION_STATE_PENDING)
    browser = browse()
    path = f"/events/registrations/{made.id}"
    browser.open(path)
    made.state = pb.REGISTRATION_STATE_EXPIRED
    answer = browser.send(f"{path}/confirm")
    assert answer.status_code == 409
    assert "was not used in time" in answer.text
    assert browser.open("/events/registrations/unknown").status_code == 404


@pytest.mark.parametrize(
    ("fields", "wrong", "said"),
    [
        ({"name": "", "email": "eve@example.org"}, "name", "This answer is missing."),
        ({"name": "Eve", "email": ""}, "email", "This answer is missing."),
        ({"name": "Eve", "email": "nowhere"}, "email", "This is not an e-mail address."),
        ({"name": "Eve", "email": "eve@example.org", "seats": "many"}, "seats", "Write a whole number in digits."),
        ({"name": "Eve", "email": "eve@example.org", "seats": "3"}, "seats", "One person may take 2 places at most."),
    ],
)
def test_faults_stand_beside_their_fields_with_all_that_was_written(
    world: World, browse: Browse, fields: dict[str, str], wrong: str, said: str
) -> None:
    world.public_events.add(COUNCIL, registration=SEATED)
    answer = register(browse(), fields)
    assert answer.status_code == 400
    assert f'id="{wrong}-error"' in answer.text
    assert said in words(answer.text)
    assert f'value="{fields["name"]}"' in answer.text or not fields["name"]


def test_a_place_that_was_taken_meanwhile_is_said(world: World, browse: Browse) -> None:
    event = world.public_events.add(COUNCIL, registration=FULL)
    browser = browse()
    browser.open("/events/1/register")
    world.public_events.come(event, "Bob")
    answer = browser.send("/events/1/register", name="Eve", email="eve@example.org")
    assert answer.status_code == 409
    assert "All places are taken." in answer.text


def test_programs_that_fill_in_everything_register_nobody(world: World, browse: Browse) -> None:
    event = world.public_events.add(COUNCIL, registration=SEATED)
    assert register(browse(), {"name": "Bot", "email": "bot@example.org", "website": "x"}).status_code == 303
    assert world.public_events.people[event.id] == []


def test_without_a_solved_challenge_few_register_from_one_connection(world: World) -> None:
    event = world.public_events.add(COUNCIL, registration={"is_needed": True})
    browser = Browser(world.app(rate_factor=0.1).test_client())
    codes = [
        register(browser, {"name": f"Eve {each}", "email": f"eve{each}@example.org"}).status_code
        for each in range(UNPROVEN.most // 10 + 1)
    ]
    assert codes == [303] * (UNPROVEN.most // 10) + [429]
    assert len(world.public_events.people[event.id]) == UNPROVEN.most // 10


def test_calendars_keep_the_entry_and_tell_what_does_not_take_place(world: World) -> None:
    event = world.public_events.add(COUNCIL, place={"title": {"en": "Hall"}}, online_url="https://meet.example/1",
                                    online_for_registered=True)  # fmt: skip
    world.public_events.add(TOWN)
    answer = get(world, "/authorities/region/events.ics")
    assert answer.headers["ETag"]
    lines = answer.text.split("\r\n")
    for line in ("UID:event-1@example.org", "DTSTART:20261201T160000Z", "DTEND:20261201T180000Z", "LOCATION:Hall"):
        assert line in lines
    assert "meet.example" not in answer.text
    assert answer.text.count("BEGIN:VEVENT") == 1
    assert get(world, "/events.ics").text.count("BEGIN:VEVENT") == 2
    event.state, event.cancelled_because, event.sequence = pb.EVENT_STATE_CANCELLED, "A flood.", 2
    one = get(world, "/events/1/event.ics")
    assert {"STATUS:CANCELLED", "SEQUENCE:2", "UID:event-1@example.org"} <= set(one.text.split("\r\n"))
    assert one.headers["Content-Disposition"] == 'attachment; filename="event-1.ics"'


def test_a_calendar_that_is_known_is_not_sent_again(world: World) -> None:
    world.public_events.add(COUNCIL)
    client = world.app().test_client()
    etag = client.get("/events.ics").headers["ETag"]
    assert client.get("/events.ics", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("path", ["/events.atom", "/authorities/region/events.atom"])
def test_the_feed_has_the_events(world: World, path: str) -> None:
    world.public_events.add(COUNCIL, place={"title": {"en": "Hall"}})
    answer = get(world, path)
    assert complaints(answer.data) == []
    assert "Tuesday, 1 December 2026, 18:00 to 20:00. Hall" in answer.text


def test_a_draft_has_no_page(world: World) -> None:
    world.public_events.add(COUNCIL, state=pb.EVENT_STATE_DRAFT)
    for path in ("/events/1", "/events/1/register", "/events/1/event.ics"):
        assert get(world, path).status_code == 404


def test_days_are_said_in_the_language_of_the_reader(world: World) -> None:
    world.public_events.add(COUNCIL)
    assert "Вівторок, 1 грудня 2026" in words(get(world, "/uk/events/1").text)


@pytest.mark.parametrize(
    ("prefix", "zone", "said"),
    [
        ("/uk", "Europe/Kyiv", "за часом міста Київ"),
        ("/bg", "Europe/Sofia", "часово време на София"),
        ("", "Europe/Kyiv", "Kyiv time"),
    ],
)
def test_the_city_of_a_zone_is_named_in_the_language_of_the_reader(
    world: World, prefix: str, zone: str, said: str
) -> None:
    world.public_events.add(COUNCIL, time_zone=zone)

    assert said in words(get(world, f"{prefix}/events/1").text)
