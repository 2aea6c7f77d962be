"""Public data of a whole instance with real petitions, read by a client that was written for the UK's site."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.suite import Suite
from tests.uk_client import UkClient, check_types, headline, strongest_constituency
from viche_cli.infra import process

# total, and the constituency with most signatures, as published in these files
PUBLISHED = {
    "uk_131215_2016-06-27T00.json": (131_215, 3_555_721, 3_555_684),
    "uk_241584_2019-03-24.json": (241_584, 5_156_603, 5_154_004),
}
LIST = "uk_petitions_list.json"


@pytest.fixture(scope="module")
def suite(with_demo: Callable[..., Suite], shared_data: Path) -> Iterator[Suite]:
    suite = with_demo("publicdata", environment={"VICHE_RATE_FACTOR": "1000"})
    suite.start()
    for name in (LIST, *PUBLISHED):
        done = suite.command("import", "petitions", str(shared_data / "petitions" / name))
        assert done.returncode == 0, done.stderr
    yield suite
    suite.stop()


@pytest.fixture(scope="module")
def get(suite: Suite) -> Iterator[Callable[..., httpx.Response]]:
    with httpx.Client(base_url=suite.url, trust_env=False, timeout=60) as client:
        yield client.get


@pytest.fixture(scope="module")
def uk(suite: Suite, get: Callable[..., httpx.Response]) -> UkClient:
    return UkClient(lambda url: get(url).raise_for_status().json(), suite.url)


def table(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.raise_for_status().text, newline="")))


def test_the_client_pages_through_the_whole_archive(uk: UkClient, shared_data: Path) -> None:
    rows = json.loads((shared_data / "petitions" / LIST).read_text("utf-8"))
    wanted = {int(row["identifier"]["_value"]): (row["numberOfSignatures"], row["status"]) for row in rows}
    found = list(uk.petitions(path="/archived/petitions.json"))
    assert len(found) == len({each["id"] for each in found}) == len(wanted | dict.fromkeys(_numbers()))
    shown = {
        each["id"]: (each["attributes"]["signature_count"], each["attributes"]["state"])
        for each in found
        if each["id"] not in _numbers()
    }
    assert shown == {number: facts for number, facts in wanted.items() if number not in _numbers()}
    counts = [each["attributes"]["signature_count"] for each in found]
    assert counts == sorted(counts, reverse=True)


def _numbers() -> set[int]:
    return {number for number, _, _ in PUBLISHED.values()}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_petition_of_the_uk_comes_out_as_it_went_in(suite: Suite, uk: UkClient, shared_data: Path, name: str) -> None:
    number, total, by_country = PUBLISHED[name]
    theirs = json.loads((shared_data / "petitions" / name).read_text("utf-8"))["data"]
    ours = uk.petition({"links": {"self": f"{suite.url}/archived/petitions/{number}.json"}})
    differing = {
        key: (value, ours["attributes"].get(key))
        for key, value in theirs["attributes"].items()
        if ours["attributes"].get(key, "missing") != value
    }
    assert differing == {}
    assert headline(ours) == headline(theirs)
    assert strongest_constituency(ours) == strongest_constituency(theirs)
    assert ours["attributes"]["signature_count"] == total
    assert sum(row["signature_count"] for row in ours["attributes"]["signatures_by_country"]) == by_country


def test_the_client_reads_what_is_collected_here(uk: UkClient) -> None:
    found = list(uk.petitions("open"))
    assert found
    for entry in found:
        whole = uk.petition(entry)
        check_types(whole["attributes"])
        places = whole["attributes"]["signatures_by_territory"]
        assert sum(each["signature_count"] for each in places) == whole["attributes"]["signature_count"]


def test_tables_say_what_lists_say(uk: UkClient, get: Callable[..., httpx.Response]) -> None:
    for path in ("/petitions", "/archived/petitions"):
        rows = {row["URL"].rpartition("/")[2]: row for row in table(get(f"{path}.csv"))}
        entries = {str(each["id"]): each["attributes"] for each in uk.petitions(path=f"{path}.json")}
        assert rows.keys() == entries.keys()
        for number, facts in entries.items():
            assert (rows[number]["State"], rows[number]["Signatures Count"]) == (
                facts["state"], str(facts["signature_count"]),
            )  # fmt: skip


def test_each_signature_is_a_row_of_the_ukrainian_table(uk: UkClient, get: Callable[..., httpx.Response]) -> None:
    petitions, votings = (table(get(f"/opendata/ua/{name}.csv")) for name in ("petitions", "votings"))
    for row in petitions:
        assert sum(1 for each in votings if each["motionUid"] == row["uid"]) == int(row["count"])
    named = {str(each["id"]) for each in uk.petitions() if "нічні потяги" in each["attributes"]["action"]}
    assert {row["motionUid"] for row in votings if row["voterName"]} == named
    assert all(row["voterName"] for row in votings if row["motionUid"] in named)
    assert {row["uid"] for row in petitions} == {
        str(each["id"]) for each in uk.petitions() if each["attributes"]["state"] != "rejected"
    }


def test_days_end_with_the_counts_of_minutes(uk: UkClient, get: Callable[..., httpx.Response]) -> None:
    number = next(uk.petitions("open"))["id"]
    minutes, days = (get(f"/petitions/{number}/history.json?by={by}").json()["history"] for by in ("minute", "day"))
    assert days[-1]["signature_count"] == minutes[-1]["signature_count"]
    assert 1 <= len(days) <= len(minutes)


def test_a_copy_of_a_table_that_is_still_good_is_not_sent_again(get: Callable[..., httpx.Response]) -> None:
    tag = get("/archived/petitions.csv").headers["ETag"]
    assert get("/archived/petitions.csv", headers={"If-None-Match": tag}).status_code == 304


def test_todays_snapshot_is_there_and_stays_as_it_is(suite: Suite, get: Callable[..., httpx.Response]) -> None:
    assert process.wait_until(lambda: bool(get("/opendata/snapshots.json").json()["data"]), 90)
    entries: list[dict[str, Any]] = get("/opendata/snapshots.json").json()["data"]
    assert {each["file"] for each in entries} == {"petitions.csv", "petitions.json"}
    for entry in entries:
        plain = get(entry["url"], headers={"Accept-Encoding": "identity"})
        zipped = get(entry["url"], headers={"Accept-Encoding": "gzip"})  # which httpx unpacks
        assert hashlib.sha256(plain.content).hexdigest() == entry["sha256"]
        assert plain.content == zipped.content
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
    assert get(entries[0]["url"].replace(entries[0]["day"], "2020-01-01")).status_code == 404
