"""Public data has every key that readers of the UK's petitions know."""

import csv
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.testing import World, make_world
from viche_gateway.testing.petitions import terms

UK_FILES = ("uk_131215_2016-06-27T00.json", "uk_241584_2019-03-24.json")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.app().test_client()


@pytest.fixture
def number(world: World) -> int:
    petition = world.petitions.add(terms=terms(10, 100), signature_count=12)
    petition.terms.thresholds[0].reached_at.CopyFrom(petition.updated_at)
    petition.state = pb.PETITION_STATE_THRESHOLD_REACHED
    counts = [("R1", 9), ("R2", 2), ("", 1)]
    world.petitions.tallies[petition.id] = [
        pb.TerritoryCount(territory_code=code, signature_count=count) for code, count in counts
    ]
    world.petitions.history[petition.id] = [pb.CountPoint(minute=petition.opened_at, signature_count=12)]
    return petition.number


@pytest.mark.parametrize("name", UK_FILES)
def test_a_petition_has_every_key_of_the_uk(client: FlaskClient, number: int, shared_data: Path, name: str) -> None:
    theirs = json.loads((shared_data / "petitions" / name).read_text("utf-8"))
    ours = client.get(f"/petitions/{number}.json").json
    assert list(_missing(theirs, ours)) == []


def _missing(theirs: Any, ours: Any, path: str = "") -> list[str]:
    if isinstance(theirs, list):
        return _missing(theirs[0], ours[0], f"{path}[]") if theirs and ours else []
    if not isinstance(theirs, dict):
        return []
    missing = [f"{path}.{key}" for key in theirs if key not in ours]
    return missing + [
        fault
        for key in theirs
        if key in ours and ours[key] is not None
        for fault in _missing(theirs[key], ours[key], f"{path}.{key}")
    ]


def test_a_petition_says_what_it_is(client: FlaskClient, number: int) -> None:
    answer = client.get(f"/petitions/{number}.json").json
    assert answer is not None
    assert answer["links"] == {"self": f"http://127.0.0.1:8080/petitions/{number}.json"}
    assert (answer["data"]["type"], answer["data"]["id"]) == ("petition", number)
    attributes = answer["data"]["attributes"]
    assert (attributes["state"], attributes["signature_count"]) == ("open", 12)
    assert attributes["response_threshold_reached_at"].endswith("Z")
    assert attributes["debate_threshold_reached_at"] is None
    assert attributes["signatures_by_country"] == []
    assert attributes["signatures_by_constituency"] == [
        {"name": "Verbiv", "ons_code": "R1", "mp": None, "signature_count": 9},
        {"name": "Kalynove", "ons_code": "R2", "mp": None, "signature_count": 2},
    ]


def test_an_archived_petition_keeps_the_words_of_its_source(world: World, client: FlaskClient) -> None:
    petition = world.petitions.add(
        is_archived=True, state=pb.PETITION_STATE_CLOSED, source_state="rejected", terms=None
    )
    answer = client.get(f"/petitions/{petition.number}.json").json
    assert answer is not None
    assert answer["data"]["attributes"]["state"] == "rejected"
    assert answer["data"]["attributes"]["signatures_by_constituency"] == []


def test_pages_link_to_each_other(world: World, client: FlaskClient) -> None:
    for _ in range(60):
        world.petitions.add()
    first = client.get("/petitions.json?state=open&q=trees").json
    assert first is not None
    second = client.get(first["links"]["next"].removeprefix("http://127.0.0.1:8080")).json
    assert second is not None
    assert first["links"]["prev"] is None
    assert parse_qs(urlsplit(second["links"]["self"]).query) == {"page": ["2"], "state": ["open"], "q": ["trees"]}
    assert second["links"]["prev"] == second["links"]["first"] == first["links"]["self"]
    assert parse_qs(urlsplit(second["links"]["last"]).query)["page"] == ["3"]
    assert {item["id"] for item in first["data"]}.isdisjoint(item["id"] for item in second["data"])
    assert second["data"][0]["links"]["self"].endswith(f"/petitions/{second['data'][0]['id']}.json")


@pytest.mark.parametrize(
    ("state", "found"), [("all", [1, 2, 3]), ("open", [1, 2]), ("reached", [2]), ("closed", [3]), ("", [1, 2, 3])]
)
def test_open_is_what_collects(world: World, client: FlaskClient, state: str, found: list[int]) -> None:
    for number, stage in enumerate(
        (pb.PETITION_STATE_OPEN, pb.PETITION_STATE_THRESHOLD_REACHED, pb.PETITION_STATE_CLOSED), start=1
    ):
        world.petitions.add(number=number, state=stage)
    answer = client.get(f"/petitions.json?state={state}").json
    assert answer is not None
    assert [item["id"] for item in answer["data"]] == found


@pytest.mark.parametrize("query", ["state=resting", "page=0", "page=-1", "page=x", "page=9999999", "q=%00"])
def test_a_list_that_cannot_be_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/petitions.json?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_the_count_comes_alone(client: FlaskClient, number: int) -> None:
    answer = client.get(f"/petitions/{number}/count.json").json
    assert answer is not None
    assert (answer["number"], answer["signature_count"]) == (number, 12)


def test_the_history_comes_as_json_and_as_a_table(client: FlaskClient, number: int) -> None:
    points = client.get(f"/petitions/{number}/history.json").json
    table = client.get(f"/petitions/{number}/history.csv")
    assert points is not None
    rows = list(csv.DictReader(table.text.splitlines()))
    assert rows == [{"minute": points["history"][0]["minute"], "signature_count": "12"}]
    assert table.mimetype == "text/csv"


def test_names_follow_the_language_of_the_path_alone(world: World, client: FlaskClient, number: int) -> None:
    world.identity.territories[1].name.texts["uk"] = "Вербів"
    plain = client.get(f"/petitions/{number}.json", headers={"Accept-Language": "uk"}).json
    ukrainian = client.get(f"/uk/petitions/{number}.json").json
    names = [
        answer["data"]["attributes"]["signatures_by_constituency"][0]["name"]
        for answer in (plain, ukrainian)
        if answer is not None
    ]
    assert names == ["Verbiv", "Вербів"]


def test_other_sites_may_read_it(client: FlaskClient, number: int) -> None:
    assert client.get(f"/petitions/{number}.json").headers["Access-Control-Allow-Origin"] == "*"


def test_a_copy_that_is_still_good_is_not_sent_again(client: FlaskClient, number: int) -> None:
    first = client.get(f"/petitions/{number}.json")
    again = client.get(f"/petitions/{number}.json", headers={"If-None-Match": first.headers["ETag"]})
    assert first.last_modified is not None
    assert not first.headers["ETag"].startswith("W/")
    assert (again.status_code, again.data) == (304, b"")
