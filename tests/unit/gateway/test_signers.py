"""Names of signers: said before the button, given where they are missing, and listed where the rules publish them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import World
from viche_gateway.testing.petitions import terms

Browse = Callable[..., Browser]
DAY = "2026-03-01"


@pytest.fixture
def petition(world: World) -> pb.Petition:
    """A petition whose signers are published."""
    shown = terms(1000)
    shown.signers_shown = "names"
    return world.petitions.add(terms=shown)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.extensions["viche.clock"] = lambda: datetime(2026, 3, 1, 12, tzinfo=UTC)
    return app.test_client()


def test_the_line_is_shown_before_the_button(browse: Browse, client: FlaskClient, petition: pb.Petition) -> None:
    browser = browse("ann")
    page = browser.open(f"/petitions/{petition.number}/sign").text
    assert "<strong><bdi>Ann Adams</bdi></strong>, 1 March 2026" in page
    assert page.index("Your name becomes public") < page.rindex("Sign this petition")
    answer = browser.send(f"/petitions/{petition.number}/sign")
    assert answer.headers["Location"] == f"/petitions/{petition.number}/thanks"


def test_a_name_is_published_only_after_the_page_said_so(browse: Browse, world: World, petition: pb.Petition) -> None:
    other = world.petitions.add()
    browser = browse("ann")
    browser.open(f"/petitions/{other.number}/sign")
    answer = browser.send(f"/petitions/{petition.number}/sign")
    assert answer.status_code == 400
    assert "Your name becomes public" in answer.text
    assert "This answer is missing" not in answer.text
    assert browser.send(f"/petitions/{petition.number}/sign").status_code == 303


def test_who_has_no_name_gives_it_on_the_page(browse: Browse, world: World, petition: pb.Petition) -> None:
    world.identity.add_person("nameless")
    browser = browse("nameless")
    page = browser.open(f"/petitions/{petition.number}/sign").text
    assert 'name="name"' in page
    missing = browser.send(f"/petitions/{petition.number}/sign", name=" ")
    assert (missing.status_code, 'href="#name"' in missing.text) == (400, True)
    assert browser.send(f"/petitions/{petition.number}/sign", name="Nina Nameless").status_code == 303
    assert world.identity.people["nameless"].name == "Nina Nameless"


def test_who_signs_by_mail_is_told_twice(browse: Browse, client: FlaskClient, petition: pb.Petition) -> None:
    browser = browse()
    assert "Your name becomes public" in browser.open(f"/petitions/{petition.number}/sign").text
    browser.send(f"/petitions/{petition.number}/sign/email", name="Ivan", email="ivan@example.org")
    assert "<strong><bdi>Ivan</bdi></strong>, 1 March 2026" in browser.open("/confirm/Ivan").text


def test_other_petitions_say_nothing_of_it(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    for who in ("", "ann"):
        assert "becomes public" not in browse(who).open(f"/petitions/{petition.number}/sign").text
    assert "/signatures" not in browse().open(f"/petitions/{petition.number}").text


def test_the_list_goes_on_and_back(client: FlaskClient, world: World, petition: pb.Petition) -> None:
    for number in range(60):
        world.signers.add(petition.id, f"Person {number:02}", DAY)
    first = client.get(f"/petitions/{petition.number}/signatures")
    assert ("Person 49" in first.text, "Person 50" in first.text) == (True, False)
    assert "1 March 2026" in first.text
    second = client.get(f"/petitions/{petition.number}/signatures?page=50").text
    assert ("Person 50" in second, "Earlier signatures" in second, "Later signatures" in second) == (True, True, False)


def test_the_list_begins_with_a_day(client: FlaskClient, world: World, petition: pb.Petition) -> None:
    world.signers.add(petition.id, "Early", DAY)
    world.signers.add(petition.id, "Late", "2026-03-02")
    page = client.get(f"/petitions/{petition.number}/signatures?from=2026-03-02").text
    assert ("Early" in page, "Late" in page) == (False, True)
    assert "Nobody on the list" in client.get(f"/petitions/{petition.number}/signatures?from=2026-04-01").text
    assert "Early" in client.get(f"/petitions/{petition.number}/signatures?from=yesterday").text


def test_search_engines_are_asked_to_stay_away(client: FlaskClient, petition: pb.Petition) -> None:
    answer = client.get(f"/petitions/{petition.number}/signatures")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex, noarchive">' in answer.text


def test_there_is_no_list_where_the_rules_publish_none(client: FlaskClient, world: World) -> None:
    petition = world.petitions.add()
    answer = client.get(f"/petitions/{petition.number}/signatures")
    assert (answer.status_code, "not published" in answer.text) == (404, True)


def test_a_name_is_text(client: FlaskClient, world: World, petition: pb.Petition) -> None:
    world.signers.add(petition.id, "<script>alert(1)</script>", DAY)
    assert "<script>alert(1)" not in client.get(f"/petitions/{petition.number}/signatures").text


def test_the_petition_leads_to_the_list(browse: Browse, petition: pb.Petition) -> None:
    assert f"/petitions/{petition.number}/signatures" in browse().open(f"/petitions/{petition.number}").text


@pytest.mark.parametrize(("query", "status"), [("", 409), ("?publish_name=yes", 201), ("?publish_name=1", 400)])
def test_a_program_says_that_the_name_may_be_published(
    client: FlaskClient, petition: pb.Petition, query: str, status: int
) -> None:
    answer = client.post(
        f"/api/v1/petitions/{petition.number}/signatures{query}", headers={"Authorization": "Bearer ann"}
    )
    assert answer.status_code == status
