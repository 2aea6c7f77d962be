"""Public events over the API: the same events as on the portal."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from viche.social.v1 import public_events_pb2 as pb
from werkzeug.test import TestResponse

from viche_gateway.testing import COUNCIL, TOWN, World, make_world


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.app().test_client()


def said(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.json is not None
    return answer.json


def test_an_event_says_when_where_and_how_many_places_are_left(world: World, client: FlaskClient) -> None:
    event = world.public_events.add(
        COUNCIL, place={"title": {"en": "Hall"}, "latitude": 50.5, "longitude": 30.5},
        registration={"is_needed": True, "capacity": 3}, online_url="https://meet.example/1",
        online_for_registered=True,
    )  # fmt: skip
    world.public_events.come(event, "Ann")

    found = said(client.get("/api/v1/events/1"))

    assert (found["starts_at"], found["time_zone"]) == ("2026-12-01T16:00:00.000Z", "Europe/Kyiv")
    assert (found["place"]["latitude"], found["kind"], found["phase"]) == (50.5, "hearing", "coming")
    assert (found["is_online"], found["online_url"]) == (True, None)
    registration = found["registration"]
    assert (registration["status"], registration["capacity"], registration["places_left"]) == ("open", 3, 2)
    assert client.get(found["calendar_url"].removeprefix("http://127.0.0.1:8080")).status_code == 200
    assert "Ann" not in client.get("/api/v1/events/1").text


def test_what_comes_and_what_is_over_are_listed_apart(world: World, client: FlaskClient) -> None:
    world.public_events.add(COUNCIL)
    world.public_events.add(TOWN)
    world.public_events.add(COUNCIL, starts="2026-11-01T10:00", ends="")
    world.public_events.add(COUNCIL, state=pb.EVENT_STATE_DRAFT)

    past = said(client.get("/api/v1/events?phase=past"))["events"]
    of_town = said(client.get(f"/api/v1/events?authority={TOWN}&page_size=7"))["events"]

    assert [each["number"] for each in past] == [3]
    assert [each["number"] for each in of_town] == [2]
    assert world.public_events.asked.page_size == 7


@pytest.mark.parametrize("query", ["phase=draft", "until=tomorrow", "until=2026-12-01T10:00", "page_size=0"])
def test_a_query_that_means_nothing_is_refused(client: FlaskClient, query: str) -> None:
    assert said(client.get(f"/api/v1/events?{query}"), 400)["reason"] == "INVALID_FIELDS"


def test_an_end_is_asked_for_with_its_offset(world: World, client: FlaskClient) -> None:
    said(client.get("/api/v1/events?until=2026-12-01T10:00:00%2B02:00"))
    assert world.public_events.asked.to.seconds == 1_796_112_000


def test_a_draft_is_not_there(world: World, client: FlaskClient) -> None:
    world.public_events.add(COUNCIL, state=pb.EVENT_STATE_DRAFT)
    assert said(client.get("/api/v1/events/1"), 404)["reason"] == "EVENT_NOT_FOUND"
