"""Tables: the columns of the UK and of Ukraine's annex 34, safe to open, whole or not at all, never in memory."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from viche.petitions.v1 import petitions_pb2 as pb
from werkzeug.test import Client

from viche_chassis.errors import TooManyRequests
from viche_gateway.caching import PageCache
from viche_gateway.publicdata.answers import TABLES
from viche_gateway.publicdata.files import MOST_FILES, MOST_WAITING, Tables
from viche_gateway.publicdata.lists import TABLE_AGE_S
from viche_gateway.publicdata.routes import is_streamed
from viche_gateway.testing import World
from viche_gateway.testing.channel import stamp

SITE = "http://127.0.0.1:8080"
DAY = "2026-11-22"
# annex 34 to resolution 835, in the structure of January 2025
UA_PETITIONS = (
    "uid,kind,title,url,text,authorityName,authorityId,authorityCattutc,startDate,count,creator,status,answerDate,"
    "answerUrl,answerText"
)
UA_VOTINGS = "motionUid,voterName,motionTitle,date"


class Clock:
    """Seconds that are moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(world: World, clock: Clock) -> FlaskClient:
    app = world.app()
    app.extensions[TABLES] = Tables(TABLE_AGE_S, clock)
    return app.test_client()


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    """The rows of a table."""
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8; header=present"), answer.text
    assert not answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_the_list_as_a_table_has_the_columns_of_the_uk(world: World, client: FlaskClient) -> None:
    for number in range(1, 9):
        world.petitions.add(number=number, signature_count=number * 10)
    found = rows(client, "/petitions.csv")
    assert list(found[0]) == ["Petition", "URL", "State", "Signatures Count"]
    assert [row["URL"] for row in found] == [f"{SITE}/petitions/{number}" for number in range(1, 9)]
    assert (found[7]["State"], found[7]["Signatures Count"]) == ("open", "80")


def test_a_table_is_narrowed_as_the_list_is(world: World, client: FlaskClient) -> None:
    world.petitions.add(number=1, title="Mend the bridge")
    world.petitions.add(number=2, state=pb.PETITION_STATE_CLOSED)
    world.petitions.add(number=3, is_archived=True, source_state="rejected", terms=None)
    answer = client.get("/petitions.csv?state=closed")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="closed-petitions.csv"'
    assert [row["URL"][-1] for row in rows(client, "/petitions.csv?state=closed")] == ["2"]
    assert [row["URL"][-1] for row in rows(client, "/petitions.csv?q=bridge")] == ["1"]
    assert [row["State"] for row in rows(client, "/archived/petitions.csv")] == ["rejected"]
    assert rows(client, "/petitions.csv?state=debated") == []


def test_a_title_that_would_be_a_formula_is_a_text(world: World, client: FlaskClient) -> None:
    title = '=HYPERLINK("https://example.org";"Sign"), twice\nand more'
    world.petitions.add(title=title, background="@SUM(A1)", authority_id=world.identity.authorities[0].id)
    assert rows(client, "/petitions.csv")[0]["Petition"] == f"'{title}"
    assert rows(client, "/opendata/ua/petitions.csv")[0]["text"] == "'@SUM(A1)"


def test_ukrainian_tables_have_exactly_the_columns_of_the_annex(world: World, client: FlaskClient) -> None:
    for path, columns in (("/opendata/ua/petitions.csv", UA_PETITIONS), ("/opendata/ua/votings.csv", UA_VOTINGS)):
        assert client.get(path).text == f"{columns}\r\n"


def test_a_ukrainian_row_says_what_is_known_and_leaves_out_the_rest(world: World, client: FlaskClient) -> None:
    authority = world.identity.authorities[0]
    authority.name.texts["uk"] = "Дібровська рада"
    authority.territory_code = "UA32140050000046018"
    opened_at = stamp(datetime(2026, 3, 1, 22, 30, tzinfo=UTC))  # the next day in Kyiv
    petition = world.petitions.add(number=7, title="Полагодити міст", background="Дошок нема.", details="Двох.",
                                   opened_at=opened_at, signature_count=12)  # fmt: skip
    petition.terms.author_shown = True
    (row,) = rows(client, "/opendata/ua/petitions.csv")
    assert row == {
        "uid": "7", "kind": "", "title": "Полагодити міст", "url": f"{SITE}/petitions/7",
        "text": "Дошок нема.\n\nДвох.", "authorityName": "Дібровська рада", "authorityId": "",
        "authorityCattutc": "UA32140050000046018", "startDate": "2026-03-02", "count": "12", "creator": "Olena Koval",
        "status": "триває збір підписів", "answerDate": "", "answerUrl": "", "answerText": "",
    }  # fmt: skip


def test_an_author_whom_the_rules_do_not_show_is_nowhere(world: World, client: FlaskClient) -> None:
    world.petitions.add(author_name="Olena Koval")
    for path in ("/opendata/ua/petitions.csv", "/petitions.csv", "/petitions.json", "/opendata/ua/votings.csv"):
        assert "Koval" not in client.get(path).text


def test_a_code_that_is_none_of_the_ukrainian_codifier_is_left_out(world: World, client: FlaskClient) -> None:
    world.petitions.add()
    assert rows(client, "/opendata/ua/petitions.csv")[0]["authorityCattutc"] == ""


def test_ukrainian_states_are_told_in_ukrainian(world: World, client: FlaskClient) -> None:
    reached = world.petitions.add(number=1, state=pb.PETITION_STATE_CLOSED)
    reached.terms.thresholds[0].reached_at.CopyFrom(reached.updated_at)
    world.petitions.add(number=2, state=pb.PETITION_STATE_CLOSED)
    world.petitions.add(number=3, state=pb.PETITION_STATE_REJECTED)
    world.petitions.add(number=4, is_archived=True)
    found = {row["uid"]: row["status"] for row in rows(client, "/opendata/ua/petitions.csv")}
    assert found == {"1": "на розгляді", "2": "збір підписів завершено"}


def test_a_row_bears_a_name_where_the_rules_publish_names(world: World, client: FlaskClient) -> None:
    petition = world.petitions.add(number=1, title="Named")
    petition.terms.signers_shown = "names"
    world.opendata.days = {1: {"2026-11-21": 1, DAY: 3, "2026-11-23": 1}}
    for name, day in (("Gone", "2026-11-20"), ("Olena", DAY), ("Ivan", DAY), ("Anna", "2026-11-23")):
        world.signers.add(petition.id, name, day)
    found = [(row["voterName"], row["date"]) for row in rows(client, "/opendata/ua/votings.csv")]
    assert found == [("", "2026-11-21"), ("Olena", DAY), ("Ivan", DAY), ("", DAY), ("Anna", "2026-11-23")]


def test_each_signature_is_a_row_with_its_day_and_without_a_name(world: World, client: FlaskClient) -> None:
    for number in range(1, 6):
        world.petitions.add(number=number, title=f"Number {number}")
    world.opendata.days = {1: {DAY: 2, "2026-11-23": 1}, 5: {DAY: 1}}
    found = rows(client, "/opendata/ua/votings.csv")
    assert [tuple(row.values()) for row in found] == [
        ("1", "", "Number 1", DAY), ("1", "", "Number 1", DAY), ("1", "", "Number 1", "2026-11-23"),
        ("5", "", "Number 5", DAY),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["petitions", "votings"])
def test_an_authority_takes_its_own_rows(world: World, client: FlaskClient, name: str) -> None:
    council, town = world.identity.authorities
    for number, authority in ((1, council), (2, town)):
        world.petitions.add(number=number, authority_id=authority.id)
        world.opendata.days[number] = {DAY: 1}
    found = rows(client, f"/opendata/ua/{name}.csv?authority=town")
    assert [next(iter(row.values())) for row in found] == ["2"]


def test_a_table_that_has_not_changed_is_not_sent_again(world: World, clock: Clock, client: FlaskClient) -> None:
    petition = world.petitions.add()
    tag = client.get("/petitions.csv").headers["ETag"]
    assert tag.startswith("W/")
    assert client.get("/petitions.csv", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/petitions.csv?state=open", headers={"If-None-Match": tag}).status_code == 200
    petition.signature_count += 1
    clock.now += TABLE_AGE_S
    assert client.get("/petitions.csv", headers={"If-None-Match": tag}).status_code == 200


def test_a_table_is_made_once_a_minute_and_only_if_something_has_changed(
    world: World, clock: Clock, client: FlaskClient
) -> None:
    for number in range(1, 8):
        world.petitions.add(number=number)
    asked = []
    for seconds in (0, TABLE_AGE_S - 1, 2, TABLE_AGE_S):
        clock.now += seconds
        assert len(rows(client, "/petitions.csv")) == 7
        asked.append(len(world.opendata.calls))
    assert asked == [3, 3, 4, 5]  # three pages; nothing; whether it has changed; the same
    world.petitions.add(number=8)
    clock.now += TABLE_AGE_S
    assert len(rows(client, "/petitions.csv")) == 8


def test_a_service_that_is_down_is_said_before_a_table_begins(world: World, client: FlaskClient) -> None:
    world.channels["petitions"].is_down = True
    assert client.get("/petitions.csv").status_code == 503


def test_a_table_that_could_not_be_made_to_its_end_is_not_sent(world: World, client: FlaskClient) -> None:
    for number in range(1, 8):
        world.petitions.add(number=number)
    world.opendata.fails_after = 2
    assert client.get("/petitions.csv").status_code == 503
    world.opendata.fails_after = None
    assert len(rows(client, "/petitions.csv")) == 7


def test_a_table_says_its_length_and_is_sent_in_parts(world: World) -> None:
    for number in range(1, 61):
        world.petitions.add(number=number, title="long " * 2_000)
    client = Client(PageCache(world.app().wsgi_app, is_streamed=is_streamed))
    answer = client.get("/petitions.csv", buffered=False)
    parts = [len(part) for part in answer.response]
    assert len(parts) > 1
    assert max(parts) <= 256 * 1024
    assert sum(parts) == answer.content_length
    answer.close()


def test_many_readers_share_one_making(world: World) -> None:
    made = []

    def begin() -> tuple[str, list[bytes]]:
        made.append(1)
        time.sleep(0.05)
        return "1", [b"a", b"b"]

    kept = Tables(60)
    with ThreadPoolExecutor(8) as readers:
        tables = list(readers.map(lambda _: kept.get("key", begin), range(8)))
    assert (len(made), {b"".join(table.file.parts()) for table in tables}) == (1, {b"ab"})


def test_while_a_table_is_made_anew_the_one_before_is_given(clock: Clock) -> None:
    kept = Tables(60, clock)
    kept.get("key", lambda: ("1", [b"old"]))
    clock.now += 60
    begun, done = threading.Event(), threading.Event()

    def begin() -> tuple[str, list[bytes]]:
        begun.set()
        assert done.wait(10)
        return "2", [b"new"]

    with ThreadPoolExecutor(1) as other:
        renewed = other.submit(kept.get, "key", begin)
        assert begun.wait(10)
        meanwhile = kept.get("key", begin)
        done.set()
        assert (meanwhile.version, renewed.result().version) == ("1", "2")


def test_only_so_many_wait_for_tables() -> None:
    kept, done = Tables(60), threading.Event()
    started = threading.Barrier(MOST_WAITING + 1)

    def begin() -> tuple[str, list[bytes]]:
        started.wait(10)
        assert done.wait(10)
        return "1", [b"x"]

    with ThreadPoolExecutor(MOST_WAITING) as readers:
        waiting = [readers.submit(kept.get, str(number), begin) for number in range(MOST_WAITING)]
        started.wait(10)
        with pytest.raises(TooManyRequests):
            kept.get("one more", begin)
        done.set()
        assert [each.result().version for each in waiting] == ["1"] * MOST_WAITING
    assert kept.get("one more", lambda: ("2", [b"y"])).version == "2"


def test_files_that_nobody_asks_for_are_given_up() -> None:
    kept = Tables(60)
    before = len(os.listdir("/proc/self/fd"))
    for number in range(5 * MOST_FILES):
        kept.get(str(number), lambda: ("1", [b"x"]))
    assert len(os.listdir("/proc/self/fd")) - before <= MOST_FILES


@pytest.mark.parametrize(
    ("path", "streamed"),
    [("/petitions.csv", True), ("/uk/petitions.csv", True), ("/archived/petitions.csv", True),
     ("/uk/archived/petitions.csv", True), ("/opendata/ua/votings.csv", True),
     ("/opendata/snapshots/2026-11-22/petitions.json", True), ("/opendata", False), ("/opendata/method", False),
     ("/petitions.json", False), ("/petitions/1/history.csv", False), ("/opendata/snapshots.json", False)],
)  # fmt: skip
def test_what_is_streamed_is_known_by_its_path(path: str, streamed: bool) -> None:
    assert is_streamed(path) is streamed


@pytest.fixture
def snapshot(world: World) -> bytes:
    content = (
        "Petition,URL,State,Signatures Count\r\nПолагодити міст,https://example.org/petitions/1,open,12\r\n".encode()
    )
    world.opendata.files = {(DAY, "petitions.csv"): content, (DAY, "petitions.json"): b'{"data":[]}'}
    return content


def test_a_snapshot_is_sent_as_it_is_kept_or_unpacked(client: FlaskClient, snapshot: bytes) -> None:
    path = f"/opendata/snapshots/{DAY}/petitions.csv"
    plain, zipped = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    assert plain.data == snapshot == gzip.decompress(zipped.data)
    assert (plain.content_length, zipped.content_length) == (len(plain.data), len(zipped.data))
    assert plain.headers["ETag"] == f'"{hashlib.sha256(snapshot).hexdigest()}"' != zipped.headers["ETag"]
    for answer in (plain, zipped):
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{DAY}-petitions.csv"'


def test_a_snapshot_that_one_has_is_not_sent_again(client: FlaskClient, snapshot: bytes) -> None:
    path = f"/opendata/snapshots/{DAY}/petitions.csv"
    tag = f'"{hashlib.sha256(snapshot).hexdigest()}"'
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_day_without_a_snapshot_is_not_found(client: FlaskClient, snapshot: bytes) -> None:
    answer = client.get("/opendata/snapshots/2020-01-01/petitions.csv")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.json is not None
    assert answer.json["reason"] == "SNAPSHOT_NOT_FOUND"


def test_snapshots_are_listed_with_their_digests(world: World, client: FlaskClient, snapshot: bytes) -> None:
    for day in range(1, 10):
        world.opendata.files[f"2026-10-0{day}", "petitions.csv"] = b"old"
    listed = client.get("/opendata/snapshots.json").json
    assert listed is not None
    assert len(listed["data"]) == 11
    (entry,) = [each for each in listed["data"] if (each["day"], each["file"]) == (DAY, "petitions.csv")]
    assert entry["url"] == f"{SITE}/opendata/snapshots/{DAY}/petitions.csv"
    assert (entry["sha256"], entry["size_bytes"]) == (hashlib.sha256(snapshot).hexdigest(), len(snapshot))


def test_the_page_lists_what_there_is(client: FlaskClient, snapshot: bytes) -> None:
    text = client.get("/opendata").text
    assert hashlib.sha256(snapshot).hexdigest() in text
    for path in ("/petitions.json", "/petitions.csv", "/archived/petitions.json", "/archived/petitions.csv",
                 "/opendata/ua/petitions.csv", "/opendata/ua/votings.csv", "/opendata/snapshots.json",
                 f"/opendata/snapshots/{DAY}/petitions.csv", "/opendata/method", "/api/docs"):  # fmt: skip
        assert f'href="{path}"' in text
        assert client.get(path).status_code == 200
    assert "CC BY 4.0" in text


def test_the_licence_is_the_operators(world: World) -> None:
    client = world.app(data_licence="CC0 1.0", data_licence_url="https://example.org/cc0").test_client()
    assert 'href="https://example.org/cc0">CC0 1.0</a>' in client.get("/opendata").text
    assert '<https://example.org/cc0>; rel="license"' in client.get("/petitions.json").headers["Link"]


def test_the_page_is_there_without_snapshots_and_while_they_cannot_be_had(world: World) -> None:
    client = world.app().test_client()
    assert "There is no snapshot yet" in client.get("/opendata").text
    world.channels["petitions"].is_down = True
    assert "cannot be had at the moment" in client.get("/opendata").text


def test_the_note_says_where_names_are_published(client: FlaskClient) -> None:
    text = client.get("/opendata/method").text
    assert "only for petitions whose rules make the names of signers public" in text
    assert "Europe/Kyiv" in text


def test_every_page_leads_to_the_open_data(client: FlaskClient) -> None:
    assert 'href="/opendata"' in client.get("/").text
