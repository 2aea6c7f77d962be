"""Public data has every key that readers of the UK's petitions know, in the same type."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from viche.petitions.v1 import archive_pb2 as archive
from viche.petitions.v1 import petitions_pb2 as pb

from tests.uk_client import UkClient, check_types, days_open, headline, strongest_constituency
from tests.unit.gateway.acts import deadline
from viche_gateway.testing import World
from viche_gateway.testing.channel import stamp
from viche_gateway.testing.petitions import terms

SITE = "http://127.0.0.1:8080"
UK_FILES = ("uk_131215_2016-06-27T00.json", "uk_241584_2019-03-24.json")
START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.app().test_client()


@pytest.fixture
def number(world: World) -> int:
    petition = world.petitions.add(terms=terms(10, 100), signature_count=12, deadlines=[deadline("answer")])
    petition.terms.author_shown = True
    petition.terms.thresholds[0].reached_at.CopyFrom(petition.updated_at)
    petition.state = pb.PETITION_STATE_THRESHOLD_REACHED
    counts = [("R1", 9), ("R2", 2), ("", 1)]
    world.petitions.tallies[petition.id] = [
        pb.TerritoryCount(territory_code=code, signature_count=count) for code, count in counts
    ]
    world.petitions.history[petition.id] = [
        pb.CountPoint(minute=stamp(START.replace(day=day, hour=hour)), signature_count=count)
        for day, hour, count in [(1, 9, 3), (1, 21, 4), (1, 22, 7), (3, 9, 12)]  # 22:30 is the next day in Kyiv
    ]
    return petition.number


@pytest.fixture
def archived(world: World) -> int:
    """As it comes from the UK's site."""
    at = stamp(START)
    source = archive.SourceFacts(
        stages=[
            archive.SourceStage(event="response_threshold_reached", at=at),
            archive.SourceStage(event="scheduled_debate", day="2026-04-05"),
            archive.SourceStage(event="government_response", day="2026-03-20"),
        ],
        response=archive.SourceResponse(summary="No.", details="Never.", responded_on="2026-03-20", created_at=at),
        debate=archive.SourceDebate(overview="Long.", debated_on="2026-04-05", video_url="https://example.org/v"),
        rejection=archive.SourceRejection(code="duplicate"),
        topics=["bridges"],
    )
    petition = world.petitions.add(
        is_archived=True, state=pb.PETITION_STATE_CLOSED, source_state="closed", terms=None, source=source,
        source_name="UK Parliament", source_licence="OGL v3", source_url="https://example.org/1", authority_id="",
    )  # fmt: skip
    world.petitions.tallies[petition.id] = [
        pb.TerritoryCount(territory_code="FR", territory_name="France", kind="country", signature_count=4),
        pb.TerritoryCount(territory_code="S1", territory_name="Fife", kind="constituency", signature_count=3,
                          representative="A. Member MP"),
    ]  # fmt: skip
    world.petitions.history[petition.id] = [pb.CountPoint(minute=at, day="2026-03-01", signature_count=7)]
    return petition.number


def attributes(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.json is not None, answer.text
    return answer.json["data"]["attributes"]


@pytest.mark.parametrize("name", UK_FILES)
@pytest.mark.parametrize("which", ["number", "archived"])
def test_a_petition_has_every_key_of_the_uk(
    client: FlaskClient, shared_data: Path, name: str, which: str, request: pytest.FixtureRequest
) -> None:
    theirs = json.loads((shared_data / "petitions" / name).read_text("utf-8"))
    ours = client.get(f"/petitions/{request.getfixturevalue(which)}.json").json
    assert list(_missing(theirs, ours)) == []
    assert ours is not None
    check_types(ours["data"]["attributes"])


def _missing(theirs: Any, ours: Any, path: str = "") -> list[str]:
    """Keys of theirs that ours has not, or with a value of another type where both have one."""
    if isinstance(theirs, list):
        return _missing(theirs[0], ours[0], f"{path}[]") if theirs and ours else []
    if not isinstance(theirs, dict):
        both = theirs is not None and ours is not None
        return [f"{path}: {type(ours)}"] if both and type(theirs) is not type(ours) else []
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
    assert answer["links"] == {"self": f"{SITE}/petitions/{number}.json"}
    assert (answer["data"]["type"], answer["data"]["id"]) == ("petition", number)
    facts = answer["data"]["attributes"]
    assert (facts["state"], facts["signature_count"], facts["creator_name"]) == ("open", 12, "Olena Koval")
    assert facts["response_threshold_reached_at"].endswith("Z")
    assert facts["debate_threshold_reached_at"] is None
    assert facts["signatures_by_country"] == []
    assert facts["signatures_by_constituency"] == [
        {"name": "Verbiv", "ons_code": "R1", "mp": None, "signature_count": 9},
        {"name": "Kalynove", "ons_code": "R2", "mp": None, "signature_count": 2},
    ]
    assert facts["signatures_by_territory"][2] == {"code": None, "name": None, "signature_count": 1}
    assert facts["deadlines"][0]["last_day"] == "2026-11-28"


def test_constituencies_are_the_territories_right_below_the_authoritys(world: World, client: FlaskClient) -> None:
    below = type(world.identity.territories[0])
    world.identity.territories.append(below(code="R11", parent_code="R1"))
    petition = world.petitions.add()
    world.petitions.tallies[petition.id] = [
        pb.TerritoryCount(territory_code=code, signature_count=count) for code, count in [("R11", 4), ("R1", 1)]
    ]
    facts = attributes(client, f"/petitions/{petition.number}.json")
    assert [(each["ons_code"], each["signature_count"]) for each in facts["signatures_by_constituency"]] == [("R1", 5)]
    assert {each["code"]: each["signature_count"] for each in facts["signatures_by_territory"]} == {"R11": 4, "R1": 1}


def test_an_authority_without_territories_below_it_has_no_constituencies(world: World, client: FlaskClient) -> None:
    town = next(each.id for each in world.identity.authorities if each.slug == "town")
    petition = world.petitions.add(authority_id=town)
    world.petitions.tallies[petition.id] = [pb.TerritoryCount(territory_code="R1", signature_count=3)]
    assert attributes(client, f"/petitions/{petition.number}.json")["signatures_by_constituency"] == []


def test_rules_that_show_the_number_alone_keep_places_back(world: World, client: FlaskClient, number: int) -> None:
    (petition,) = world.petitions.petitions.values()
    petition.terms.signers_shown = "number"
    facts = attributes(client, f"/petitions/{number}.json")
    assert (facts["signatures_by_constituency"], facts["signatures_by_territory"]) == ([], [])
    assert facts["signature_count"] == 12


@pytest.mark.parametrize(
    ("shown", "state", "name"),
    [(True, pb.PETITION_STATE_OPEN, "Olena Koval"), (False, pb.PETITION_STATE_OPEN, None),
     (True, pb.PETITION_STATE_CLOSED, None)],
)  # fmt: skip
def test_the_author_is_named_as_in_the_uk_where_the_rules_allow_it(
    world: World, client: FlaskClient, shown: bool, state: int, name: str | None
) -> None:
    petition = world.petitions.add(state=state)
    petition.terms.author_shown = shown
    assert attributes(client, f"/petitions/{petition.number}.json")["creator_name"] == name


def test_an_archived_petition_keeps_what_its_source_says(client: FlaskClient, archived: int) -> None:
    answer = client.get(f"/archived/petitions/{archived}.json").json
    assert answer is not None
    assert answer["data"]["type"] == "archived-petition"
    assert answer["links"]["self"] == f"{SITE}/archived/petitions/{archived}.json"
    facts = answer["data"]["attributes"]
    assert facts["signatures_by_country"] == [{"name": "France", "code": "FR", "signature_count": 4}]
    assert facts["signatures_by_constituency"] == [
        {"name": "Fife", "ons_code": "S1", "mp": "A. Member MP", "signature_count": 3}
    ]
    assert facts["response_threshold_reached_at"] == "2026-03-01T09:30:00.000Z"
    assert facts["government_response_at"] is None  # its day alone is known
    assert facts["scheduled_debate_date"] == "2026-04-05"
    assert facts["government_response"]["responded_on"] == "2026-03-20"
    assert facts["debate"]["video_url"] == "https://example.org/v"
    assert facts["rejection"] == {"code": "duplicate", "details": None}
    assert facts["source"]["licence"] == "OGL v3"


def test_an_archived_petition_stays_at_the_address_that_was_given_out(client: FlaskClient, archived: int) -> None:
    assert client.get(f"/petitions/{archived}.json").json == client.get(f"/archived/petitions/{archived}.json").json


def test_the_archive_has_only_archived_petitions(client: FlaskClient, number: int, archived: int) -> None:
    assert client.get(f"/archived/petitions/{number}.json").status_code == 404
    lists = [client.get(path).json for path in ("/petitions.json", "/archived/petitions.json")]
    assert [[each["id"] for each in found["data"]] for found in lists if found] == [[number], [archived]]


def test_a_client_for_the_uk_works_unchanged(world: World, client: FlaskClient, number: int) -> None:
    for count in range(120):
        world.petitions.add(signature_count=count)
    uk = UkClient(lambda url: client.get(url.removeprefix(SITE)).json, SITE)
    found = list(uk.petitions("open"))
    assert len({each["id"] for each in found}) == len(found) == 121
    assert [each["attributes"]["signature_count"] for each in found] == sorted([*range(120), 12], reverse=True)
    whole = uk.petition(next(each for each in found if each["id"] == number))
    assert headline(whole) == f"#{number} Plant trees on Market Square: 12 signatures (open)"
    assert strongest_constituency(whole) == ("Verbiv (R1, None)", 9)
    assert days_open(whole) == 12
    for each in found:
        check_types(each["attributes"])


def test_pages_link_to_each_other(world: World, client: FlaskClient) -> None:
    for _ in range(120):
        world.petitions.add()
    first = client.get("/petitions.json?state=open&q=trees").json
    assert first is not None
    second = client.get(first["links"]["next"].removeprefix(SITE)).json
    assert second is not None
    assert first["links"]["prev"] is None
    assert len(first["data"]) == 50
    assert parse_qs(urlsplit(second["links"]["self"]).query) == {"page": ["2"], "state": ["open"], "q": ["trees"]}
    assert second["links"]["prev"] == second["links"]["first"] == first["links"]["self"]
    assert parse_qs(urlsplit(second["links"]["last"]).query)["page"] == ["3"]
    assert {item["id"] for item in first["data"]}.isdisjoint(item["id"] for item in second["data"])
    assert second["data"][0]["links"]["self"].endswith(f"/petitions/{second['data'][0]['id']}.json")


def test_a_list_is_one_call_whatever_its_length(world: World, client: FlaskClient) -> None:
    for _ in range(60):
        world.petitions.add()
    client.get("/petitions.json")
    assert world.opendata.calls == ["ListPublicPetitions"]


@pytest.mark.parametrize(
    ("query", "ids"),
    [("page=0", [1, 2, 3]), ("page=-1", [1, 2, 3]), ("page=x", [1, 2, 3]), ("page=", [1, 2, 3]), ("count=2", [1, 2]),
     ("count=0", [1]), ("count=999", [1, 2, 3]), ("count=2&page=2", [3]), ("page=9", []), ("page=999999999", []),
     ("page=99999999999999", [1, 2, 3])],
)  # fmt: skip
def test_pages_are_read_as_the_uk_reads_them(world: World, client: FlaskClient, query: str, ids: list[int]) -> None:
    for number in (1, 2, 3):
        world.petitions.add(number=number)
    answer = client.get(f"/petitions.json?{query}")
    assert answer.json is not None
    assert (answer.status_code, [item["id"] for item in answer.json["data"]]) == (200, ids)


def test_past_the_end_the_page_before_is_the_last(world: World, client: FlaskClient) -> None:
    world.petitions.add()
    answer = client.get("/petitions.json?page=5").json
    assert answer is not None
    assert answer["links"]["prev"] == answer["links"]["last"] == f"{SITE}/petitions.json"
    assert answer["links"]["next"] is None


@pytest.mark.parametrize(
    ("state", "found"),
    [("all", [1, 2, 3]), ("open", [1, 2]), ("recent", [1, 2]), ("reached", [2]), ("closed", [3]), ("rejected", [4]),
     ("awaiting_response", [2]), ("with_response", []), ("awaiting_debate", []), ("debated", []),
     ("not_debated", []), ("", [1, 2, 3])],
)  # fmt: skip
def test_open_is_what_collects(world: World, client: FlaskClient, state: str, found: list[int]) -> None:
    stages = (
        pb.PETITION_STATE_OPEN, pb.PETITION_STATE_THRESHOLD_REACHED, pb.PETITION_STATE_CLOSED,
        pb.PETITION_STATE_REJECTED,
    )  # fmt: skip
    for number, stage in enumerate(stages, start=1):
        petition = world.petitions.add(number=number, state=stage)
        if stage == pb.PETITION_STATE_THRESHOLD_REACHED:
            petition.terms.thresholds[0].reached_at.CopyFrom(petition.updated_at)
    answer = client.get(f"/petitions.json?state={state}").json
    assert answer is not None
    assert [item["id"] for item in answer["data"]] == found


def text(english: str, **others: str) -> pb.LocalizedText:
    return pb.LocalizedText(texts={"en": english, **others})


def test_the_official_answer_is_where_the_uk_has_its_response(world: World, client: FlaskClient) -> None:
    petition = world.petitions.add(answers=[
        pb.Answer(version=1, summary=text("No."), published_at=stamp(START.replace(hour=22, minute=30))),
        pb.Answer(version=2, summary=text("Yes.", uk="Так."), reasons=text("There is money."),
                  published_at=stamp(START.replace(day=9))),
    ])  # fmt: skip
    petition.terms.thresholds[0].reached_at.CopyFrom(petition.updated_at)
    facts = attributes(client, f"/petitions/{petition.number}.json")
    assert facts["government_response_at"] == "2026-03-01T22:30:00.000Z"
    assert facts["government_response"] == {
        "responded_on": "2026-03-02", "summary": "Yes.", "details": "There is money.",
        "created_at": "2026-03-01T22:30:00.000Z", "updated_at": "2026-03-09T09:30:00.000Z",
    }  # fmt: skip
    ukrainian = attributes(client, f"/uk/petitions/{petition.number}.json")
    assert ukrainian["government_response"]["summary"] == "Так."
    for state, found in (("with_response", 1), ("awaiting_response", 0)):
        answer = client.get(f"/petitions.json?state={state}").json
        assert answer is not None
        assert len(answer["data"]) == found
    (row,) = csv.DictReader(io.StringIO(client.get("/opendata/ua/petitions.csv").text, newline=""))
    assert (row["status"], row["answerDate"]) == ("з відповіддю", "2026-03-02")
    assert row["answerUrl"] == f"{SITE}/petitions/{petition.number}"
    assert row["answerText"].startswith("Так.")


def hearing(number: int, version: int, **fields: Any) -> pb.Hearing:
    return pb.Hearing(hearing=number, version=version, held_at=stamp(START.replace(day=10 + number)),
                      published_at=stamp(START.replace(day=version)), **fields)  # fmt: skip


@pytest.mark.parametrize(
    ("hearings", "scheduled", "debated", "state"),
    [
        ([hearing(1, 1)], "2026-03-11", None, "awaiting_debate"),
        ([hearing(1, 1), hearing(1, 2, is_cancelled=True)], None, None, ""),
        ([hearing(1, 1), hearing(1, 2, outcome=text("They agreed."))], None, "2026-03-11", "debated"),
        ([hearing(1, 1, outcome=text("Later.")), hearing(2, 2)], "2026-03-12", "2026-03-11", "debated"),
    ],
)
def test_a_hearing_is_where_the_uk_has_its_debate(
    world: World,
    client: FlaskClient,
    hearings: list[pb.Hearing],
    scheduled: str | None,
    debated: str | None,
    state: str,
) -> None:
    petition = world.petitions.add(hearings=hearings)
    facts = attributes(client, f"/petitions/{petition.number}.json")
    assert facts["scheduled_debate_date"] == scheduled
    assert (facts["debate"] or {}).get("debated_on") == debated
    assert (facts["debate_scheduled_at"] is None) == (scheduled is None)
    assert (facts["debate_outcome_at"] is None) == (debated is None)
    for asked in ("awaiting_debate", "debated"):
        answer = client.get(f"/petitions.json?state={asked}").json
        assert answer is not None
        assert asked != state or len(answer["data"]) == 1


def test_a_rejection_says_why(world: World, client: FlaskClient) -> None:
    rejected = pb.Rejection(reason="local", note="The state owns it.", rejected_at=stamp(START))
    petition = world.petitions.add(state=pb.PETITION_STATE_REJECTED, rejection=rejected, title="", opened_at=None)
    facts = attributes(client, f"/petitions/{petition.number}.json")
    assert (facts["state"], facts["rejected_at"]) == ("rejected", "2026-03-01T09:30:00.000Z")
    assert facts["rejection"] == {"code": "local", "details": "The state owns it."}
    assert facts["opened_at"] is None


@pytest.mark.parametrize("path", ["", "/count", "/history"])
def test_a_petition_that_waits_again_is_not_there_though_it_has_a_number(
    world: World, client: FlaskClient, path: str
) -> None:
    world.petitions.add(number=7, state=pb.PETITION_STATE_SUBMITTED)
    assert client.get(f"/petitions/7{path}.json").status_code == 404


@pytest.mark.parametrize(
    ("state", "found"),
    [("all", [1, 2]), ("rejected", [1]), ("closed", [2]), ("published", [2]), ("with_response", [2]), ("debated", [])],
)
def test_states_of_the_archive_are_those_of_its_source(
    world: World, client: FlaskClient, state: str, found: list[int]
) -> None:
    answered = archive.SourceFacts(response=archive.SourceResponse(summary="Yes."))
    for number, word, source in ((1, "rejected", None), (2, "closed", answered)):
        world.petitions.add(number=number, is_archived=True, source_state=word, terms=None, source=source)
    answer = client.get(f"/archived/petitions.json?state={state}").json
    assert answer is not None
    assert [item["id"] for item in answer["data"]] == found


@pytest.mark.parametrize("path", ["/petitions.json", "/petitions.csv", "/archived/petitions.json"])
def test_a_state_that_is_none_leads_to_all(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?state=resting&q=tree")
    assert answer.status_code == 302
    assert urlsplit(answer.headers["Location"]).path == path
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"state": ["all"], "q": ["tree"]}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/petitions.json?q=%00", f"/petitions.json?q={'x' * 201}", "/petitions/700001/history.json?by=week",
             "/opendata/ua/petitions.csv?authority=nowhere"],
)  # fmt: skip
def test_what_cannot_be_is_refused(world: World, client: FlaskClient, path: str) -> None:
    world.petitions.add(number=700_001)
    answer = client.get(path)
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
    assert [row["signature_count"] for row in rows] == ["3", "4", "7", "12"]
    assert [row["minute"] for row in rows] == [point["minute"] for point in points["history"]]
    assert table.mimetype == "text/csv"


def test_the_history_by_day_has_the_count_at_the_end_of_each_local_day(client: FlaskClient, number: int) -> None:
    answer = client.get(f"/petitions/{number}/history.json?by=day").json
    assert answer is not None
    assert (answer["by"], answer["time_zone"]) == ("day", "Europe/Kyiv")
    assert [tuple(point.values()) for point in answer["history"]] == [
        ("2026-03-01", 4), ("2026-03-02", 7), ("2026-03-03", 12),
    ]  # fmt: skip
    table = client.get(f"/petitions/{number}/history.csv?by=day").text
    assert table.splitlines() == ["day,signature_count", "2026-03-01,4", "2026-03-02,7", "2026-03-03,12"]


def test_of_an_archived_petition_days_alone_are_known(client: FlaskClient, archived: int) -> None:
    answer = client.get(f"/petitions/{archived}/history.json").json
    assert answer is not None
    assert answer["history"] == [{"day": "2026-03-01", "signature_count": 7}]


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


def test_lists_are_there_while_identity_is_not(world: World, client: FlaskClient, number: int) -> None:
    world.channels["identity"].is_down = True
    answer = client.get("/petitions.json").json
    assert answer is not None
    assert answer["data"][0]["attributes"]["authority"]["name"] is None


def test_other_sites_may_read_it_and_see_the_licence(client: FlaskClient, number: int) -> None:
    for path in (f"/petitions/{number}.json", "/petitions.json", "/petitions.csv", f"/petitions/{number}/history.csv"):
        headers = client.get(path).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in headers["Link"]
        assert f'<{SITE}/opendata/method>; rel="describedby"' in headers["Link"]


def test_a_copy_that_is_still_good_is_not_sent_again(client: FlaskClient, number: int) -> None:
    first = client.get(f"/petitions/{number}.json")
    again = client.get(f"/petitions/{number}.json", headers={"If-None-Match": first.headers["ETag"]})
    assert first.last_modified is not None
    assert not first.headers["ETag"].startswith("W/")
    assert (again.status_code, again.data) == (304, b"")
