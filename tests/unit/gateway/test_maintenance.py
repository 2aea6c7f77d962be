"""Maintenance: reading goes on, what is sent is refused in words, and nothing that was typed is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from google.rpc import status_pb2
from viche.identity.v1 import notices_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.maintenance import RETRY_S
from viche_gateway.testing import World

Browse = Callable[..., Browser]
MAINTENANCE = pb.NOTICE_KIND_MAINTENANCE
PROTOBUF = {"Authorization": "Bearer olga", "Content-Type": "application/x-protobuf"}


@pytest.fixture
def number(world: World) -> int:
    """A petition that collects, seen before the maintenance begins."""
    return world.petitions.add().number


def begin(world: World, app: Flask, **options: object) -> None:
    world.notices.put(MAINTENANCE, **options)  # pyright: ignore[reportArgumentType]
    app.extensions["viche.notices"].forget()


def test_reading_goes_on_and_every_page_says_so(browse: Browse, app: Flask, world: World, number: int) -> None:
    begin(world, app, until_at=datetime.now(UTC) + timedelta(hours=1), en="A new version is coming")
    for path in ("/", f"/petitions/{number}", f"/petitions/{number}/sign"):
        page = browse().open(path)
        assert page.status_code == 200
        assert "A new version is coming" in page.text
        assert "We expect to be done by" in page.text
    assert "A new version is coming" in browse("otto").open("/console").text


def test_maintenance_without_words_is_told_in_ours(browse: Browse, app: Flask, world: World) -> None:
    begin(world, app)
    assert "Work is being done on this portal." in browse().open("/help").text


def test_a_form_is_refused_and_keeps_what_was_typed(browse: Browse, app: Flask, world: World) -> None:
    browser = browse("ann")
    browser.open("/petitions/start")
    begin(world, app)
    answer = browser.send("/petitions/start", title='Benches "for all" & <shade>')
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == str(RETRY_S)
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'name="title" value="Benches &#34;for all&#34; &amp; &lt;shade&gt;"' in answer.text
    assert 'action="/petitions/start"' in answer.text
    assert len(re.findall('name="csrf_token"', answer.text)) == 1
    assert world.petitions.petitions == {}


def test_what_was_kept_is_taken_when_the_work_is_done(browse: Browse, app: Flask, world: World) -> None:
    browser = browse("ann")
    browser.open("/petitions/start")
    begin(world, app)
    browser.send("/petitions/start", title="Benches for all")
    world.notices.said.clear()
    app.extensions["viche.notices"].forget()
    assert browser.send("/petitions/start").status_code == 303
    assert [each.title for each in world.petitions.petitions.values()] == ["Benches for all"]


def test_a_form_of_another_language_is_sent_where_it_came_from(browse: Browse, app: Flask, world: World) -> None:
    browser = browse("ann")
    browser.open("/uk/petitions/start")
    begin(world, app)
    assert 'action="/uk/petitions/start"' in browser.send("/uk/petitions/start", title="Лави").text


def test_the_api_answers_a_problem_with_retry_after(app: Flask, world: World, number: int) -> None:
    begin(world, app, until_at=datetime.now(UTC) + timedelta(minutes=10))
    client = app.test_client()
    answer = client.post(f"/api/v1/petitions/{number}/signatures", json={}, headers={"Authorization": "Bearer ann"})
    assert answer.status_code == 503
    assert answer.content_type.startswith("application/problem+json")
    assert json.loads(answer.text)["reason"] == "MAINTENANCE"
    assert 500 < int(answer.headers["Retry-After"]) <= 600
    assert client.get(f"/api/v1/petitions/{number}").status_code == 200


def test_maintenance_that_takes_longer_than_was_said_goes_on(app: Flask, world: World) -> None:
    begin(world, app, until_at=datetime.now(UTC) - timedelta(minutes=1))
    answer = app.test_client().post("/api/v1/sessions", json={})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == str(RETRY_S)


def test_it_outlasts_the_stop_of_identity(app: Flask, world: World) -> None:
    begin(world, app)
    app.test_client().get("/help")
    world.channels["identity"].is_down = True
    app.extensions["viche.notices"].forget()
    assert json.loads(app.test_client().post("/api/v1/sessions", json={}).text)["reason"] == "MAINTENANCE"


def test_a_process_that_knows_nothing_yet_takes_nothing(app: Flask, world: World) -> None:
    app.extensions["viche.notices"].forget()
    world.channels["identity"].is_down = True
    answer = app.test_client().post("/api/v1/sessions", json={})
    assert answer.status_code == 503
    assert json.loads(answer.text)["reason"] == "UNAVAILABLE"


def test_an_operator_ends_it_in_the_console(browse: Browse, app: Flask, world: World) -> None:
    begin(world, app)
    browser = browse("olga")
    assert "End the maintenance" in browser.open("/console/notices").text
    assert browser.send("/console/notices/end", kind="maintenance").status_code == 303
    assert not any(each.holds for each in world.notices.said)
    browser.open("/console/notices")
    assert browser.send("/console/notices/preview", text_en="Done").status_code == 200


@pytest.mark.parametrize(
    ("method", "is_taken"),
    [
        ("NoticesService/EndNotice", True),
        ("NoticesService/PutNotice", True),
        ("AuthoritiesService/ListGrants", True),
        ("AuthoritiesService/CreateGrant", False),
    ],
)
def test_an_operator_from_afar_may_end_it_and_look(app: Flask, world: World, method: str, is_taken: bool) -> None:
    begin(world, app)
    with app.test_request_context(f"/rpc/viche.identity.v1.{method}", method="POST", headers=PROTOBUF):
        answer = app.full_dispatch_request() if not is_taken else app.preprocess_request()
    if is_taken:
        assert answer is None
    else:
        assert status_pb2.Status.FromString(answer.data).message == "MAINTENANCE"
