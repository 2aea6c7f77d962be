"""The JSON API does what the portal does, for whoever holds a session token."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.ids import new_id
from viche_gateway.testing import COUNCIL, World, make_world

ANN = {"Authorization": "Bearer ann"}
OTTO = {"Authorization": "Bearer otto"}
DRAFT = {"title": "Plant trees on Market Square", "authority_id": COUNCIL, "language": "en"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.app().test_client()


def test_a_petition_is_found_by_its_number(world: World, client: FlaskClient) -> None:
    petition = world.petitions.add(signature_count=12)
    answer = client.get(f"/api/v1/petitions/{petition.number}")
    assert answer.json is not None
    assert answer.json["id"] == petition.id
    assert answer.json["state"] == "open"
    assert answer.json["signature_count"] == 12
    assert answer.json["terms"]["thresholds"][0]["reached_at"] is None


def test_petitions_are_filtered_by_state(world: World, client: FlaskClient) -> None:
    world.petitions.add()
    closed = world.petitions.add(state=pb.PETITION_STATE_CLOSED)
    answer = client.get("/api/v1/petitions?state=closed&page_size=5")
    assert answer.json is not None
    assert [item["number"] for item in answer.json["petitions"]] == [closed.number]
    assert answer.json["total_size"] == 1
    assert answer.json["total_is_at_least"] is False
    assert answer.json["next_page_token"] is None


def test_answered_petitions_are_listed_alone(world: World, client: FlaskClient) -> None:
    world.petitions.add()
    answered = world.petitions.add(answers=[pb.Answer(version=1)])
    listed = client.get("/api/v1/petitions?has_answer=true").json
    assert listed is not None
    assert [item["number"] for item in listed["petitions"]] == [answered.number]
    assert client.get("/api/v1/petitions?has_answer=perhaps").status_code == 400


def test_counts_come_by_territory_and_by_minute(world: World, client: FlaskClient) -> None:
    petition = world.petitions.add()
    world.petitions.tallies[petition.id] = [pb.TerritoryCount(territory_code="R1", signature_count=3)]
    world.petitions.history[petition.id] = [pb.CountPoint(minute=petition.opened_at, signature_count=3)]
    tally = client.get(f"/api/v1/petitions/{petition.number}/tally").json
    history = client.get(f"/api/v1/petitions/{petition.number}/history").json
    assert tally is not None
    assert tally["territories"] == [{"territory_code": "R1", "signature_count": 3, "name": None, "kind": None}]
    assert history is not None
    assert [point["signature_count"] for point in history["points"]] == [3]


@pytest.mark.parametrize(("path", "name"), [("authorities", "slug"), ("territories", "code"), ("workflows", "name")])
def test_the_region_is_public(client: FlaskClient, path: str, name: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.json is not None
    assert answer.json[path][0][name]


def test_a_link_becomes_a_session_and_ends(world: World, client: FlaskClient) -> None:
    asked = client.post("/api/v1/sign-in-links", json={"email": "ann@example.org", "language": "uk"})
    begun = client.post("/api/v1/sessions", json={"token": "ann"})
    assert begun.json is not None
    token = {"Authorization": f"Bearer {begun.json['session_token']}"}
    ended = client.delete("/api/v1/sessions/current", headers=token)
    after = client.get("/api/v1/me", headers=token)
    assert (asked.status_code, asked.data) == (202, b"")
    assert (world.identity.links[0].language, world.identity.links[0].network) == ("uk", "127.0.0.1")
    assert (begun.status_code, begun.json["token_type"]) == (201, "Bearer")
    assert (ended.status_code, after.status_code) == (204, 401)


def test_people_see_and_change_what_they_said_of_themselves(client: FlaskClient) -> None:
    changed = client.patch("/api/v1/me", headers=ANN, json={"residence_code": "R2"})
    seen = client.get("/api/v1/me", headers=ANN)
    assert changed.json == seen.json
    assert seen.json is not None
    assert seen.json["residence_code"] == "R2"
    assert seen.json["email"] == "ann@example.org"
    assert "id" not in seen.json


def test_a_draft_is_changed_handed_in_opened_and_closed(client: FlaskClient) -> None:
    made = _json(client.post("/api/v1/petitions", headers=ANN, json=DRAFT), 201)
    address = f"/api/v1/petitions/{made['id']}"
    change = {"version": made["version"], "background": "It is hot.", "submit": True}
    handed_in = _json(client.patch(address, headers=ANN, json=change), 200)
    opened = _json(client.post(f"{address}/open", headers=OTTO), 200)
    closed = _json(client.post(f"{address}/close", headers=OTTO), 200)
    assert (made["state"], made["number"]) == ("draft", None)
    assert (handed_in["state"], handed_in["title"]) == ("submitted", DRAFT["title"])
    assert opened["state"] == "open"
    assert opened["number"] > 0
    assert closed["state"] == "closed"


def test_a_draft_of_somebody_else_is_not_there(client: FlaskClient) -> None:
    made = _json(client.post("/api/v1/petitions", headers=ANN, json=DRAFT), 201)
    answer = client.patch(f"/api/v1/petitions/{made['id']}", headers=OTTO, json={"version": 1, "title": "Mine now"})
    assert answer.status_code == 404


def test_a_signature_counts_at_once(world: World, client: FlaskClient) -> None:
    petition = world.petitions.add()
    answer = _json(client.post(f"/api/v1/petitions/{petition.number}/signatures", headers=ANN), 201)
    assert answer["petition_number"] == petition.number
    assert petition.signature_count == 1


def test_a_second_signature_is_refused(world: World, client: FlaskClient) -> None:
    address = f"/api/v1/petitions/{world.petitions.add().number}/signatures"
    client.post(address, headers=ANN)
    answer = _json(client.post(address, headers=ANN), 409)
    assert answer["reason"] == "ALREADY_SIGNED"


def test_the_idempotency_key_is_the_request_id(world: World, client: FlaskClient) -> None:
    key = str(new_id())
    body = {"email": "eve@example.org", "name": "Eve", "language": "bg", "residence_code": "R1"}
    address = f"/api/v1/petitions/{world.petitions.add().number}/email-signatures"
    answer = client.post(address, json=body, headers={"Idempotency-Key": key})
    sent = world.petitions.email_signatures[0]
    assert answer.status_code == 202
    assert (sent.request_id, sent.network, sent.human_checked) == (key, "127.0.0.1", False)


def test_a_missing_idempotency_key_is_made_up(world: World, client: FlaskClient) -> None:
    for _ in range(2):
        client.post("/api/v1/sign-in-links", json={"email": "ann@example.org", "language": "uk"})
    first, second = (link.request_id for link in world.identity.links)
    assert first
    assert first != second


def test_a_signature_by_mail_is_confirmed_by_its_token(world: World, client: FlaskClient) -> None:
    petition = world.petitions.add()
    world.petitions.pending["Eve"] = petition.id
    answer = _json(client.post("/api/v1/email-signatures/confirm", json={"token": "Eve"}), 200)
    assert answer["petition_number"] == petition.number


def _json(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.data
    return answer.json
