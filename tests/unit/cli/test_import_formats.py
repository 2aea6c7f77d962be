"""Which format a file is in, what is read from it, and what is said of files and rows that are bad."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from viche_cli.faults import Fault
from viche_cli.imports.content import load
from viche_cli.imports.formats import FORMATS, format_of
from viche_cli.imports.rows import Found, Row
from viche_cli.imports.sending import BATCH, BATCH_BYTES, batches

UK_LIST = {
    "_about": "http://example.org/1", "created": {"_value": "2015-07-20T08:02:12.106Z"},
    "identifier": {"_value": "1"}, "label": {"_value": "A petition"}, "numberOfSignatures": 22, "status": "open",
}  # fmt: skip
UK_PETITION = {
    "links": {"self": "https://petition.example.org/petitions/7.json"},
    "data": {
        "type": "petition", "id": 7,
        "attributes": {
            "action": "Plant trees", "background": "It is hot.", "state": "rejected", "signature_count": 21,
            "created_at": "2016-05-23T23:39:38.957Z", "opened_at": "2016-05-25T11:19:56.925Z",
            "closed_at": "2016-11-25T23:59:59.000Z", "rejected_at": "2016-12-01T10:00:00.000Z",
            "scheduled_debate_date": "2016-09-05", "creator_name": "Olena Koval",
            "rejection": {"code": "duplicate", "details": "There is one."},
            "government_response": {
                "summary": "No.", "details": "We will not.", "responded_on": "2016-07-08",
                "created_at": "2016-07-08T13:00:00.000Z", "updated_at": "2016-07-09T13:00:00.000Z",
            },
            "debate": {"debated_on": "2016-09-05", "transcript_url": "http://t", "video_url": "http://v",
                       "debate_pack_url": "http://p", "overview": "They talked."},
            "signatures_by_country": [{"name": "Ukraine", "code": "UA", "signature_count": 3}],
            "signatures_by_constituency": [{"name": "York", "ons_code": "E1", "mp": None, "signature_count": 9}],
        },
    },
}  # fmt: skip
UA = {"title": "Більше дерев", "votes": 5, "daysLeft": 90}
IT = {
    "id": 700, "titolo": "Alberi", "descrizione": "Più alberi.", "descrizioneBreve": "Alberi", "quorum": 50000,
    "sostenitori": 12, "idDecStatoIniziativa.nome": "CHIUSA", "dataInizioRaccolta": "2025-01-01",
    "dataFineRaccolta": "9999-12-31", "dataChiusura": "2025-07-01", "dataGazzetta": "2024-12-20",
    "dataIns": "2024-12-30T10:00:00",
}  # fmt: skip
DAILY = {"id": 700, "data": "2025-07-06", "sostenitori": 5}
US_HEADER = "id,title,body,issues1.name,signatureThreshold,signatureCount,deadline,status,created,response.url"
US_ROW = '4e7b352b4bd5046c04000000,Trees,"Two\nlines",Energy,5000.0,11729.0,1319289387.0,open,1316697387.0,'


def read(tmp_path: Path, text: str | bytes, format: str = "") -> Found:
    path = tmp_path / "file"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    content = load(path)
    return format_of(content, format).read(content)


def fault_of(tmp_path: Path, text: str | bytes, format: str = "") -> str:
    with pytest.raises(Fault) as caught:
        read(tmp_path, text, format)
    return str(caught.value).removeprefix(str(tmp_path / "file")).strip()


def only_item(found: Found) -> pb.ImportItem:
    assert found.refusals == []
    assert len(found.rows) == 1
    return found.rows[0].item


def refusals(found: Found) -> list[tuple[str, str]]:
    return [(refusal.where, refusal.message) for refusal in found.refusals]


def lines(*objects: Any) -> str:
    return "\n".join(json.dumps(each) for each in objects)


EXAMPLES = {
    "uk-list": json.dumps([UK_LIST]),
    "uk-petition": json.dumps(UK_PETITION),
    "ua-president": json.dumps([UA]),
    "it-initiatives": lines(IT, {**IT, "id": 701}),
    "it-daily": lines(DAILY),
    "us-wethepeople": f"{US_HEADER}\n{US_ROW}\n",
}


def test_every_format_has_an_example() -> None:
    assert set(EXAMPLES) == {each.name for each in FORMATS}


@pytest.mark.parametrize("name", EXAMPLES)
def test_format_is_recognised_by_the_content(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file"
    path.write_text(EXAMPLES[name])
    assert [each.name for each in FORMATS if each.fits(load(path))] == [name]


@pytest.mark.parametrize("name", EXAMPLES)
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path, name: str) -> None:
    plain = read(tmp_path, EXAMPLES[name])
    assert plain.rows
    assert read(tmp_path, b"\xef\xbb\xbf" + EXAMPLES[name].replace("\n", "\r\n").encode()) == plain


def test_unknown_format_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    sentence = fault_of(tmp_path, "a;b\n1;2\n")
    assert all(each.name in sentence for each in FORMATS)
    assert "--format" in sentence


def test_petition_of_the_uk_site_is_read_whole(tmp_path: Path) -> None:
    item = only_item(read(tmp_path, json.dumps(UK_PETITION)))
    assert (item.number, item.title, item.source_state, item.author_name) == (
        7,
        "Plant trees",
        "rejected",
        "Olena Koval",
    )
    assert item.source_url == "https://petition.example.org/petitions/7"
    assert item.closes_at.ToJsonString() == "2016-11-25T23:59:59Z"
    assert [(stage.event, stage.day) for stage in item.source.stages] == [
        ("opened", ""), ("scheduled_debate", "2016-09-05"), ("closed", ""), ("rejected", ""),
    ]  # fmt: skip
    response, debate = item.source.response, item.source.debate
    assert (response.summary, response.details, response.responded_on) == ("No.", "We will not.", "2016-07-08")
    assert response.updated_at.ToJsonString() == "2016-07-09T13:00:00Z"
    assert (debate.debated_on, debate.overview, debate.video_url) == ("2016-09-05", "They talked.", "http://v")
    assert (debate.transcript_url, debate.debate_pack_url) == ("http://t", "http://p")
    assert (item.source.rejection.code, item.source.rejection.details) == ("duplicate", "There is one.")
    assert [(each.kind, each.code, each.signature_count) for each in item.territories] == [
        ("country", "UA", 3), ("constituency", "E1", 9),
    ]  # fmt: skip


def test_petitions_with_one_title_are_two_and_keep_their_keys(tmp_path: Path) -> None:
    keys = [row.item.source_key for row in read(tmp_path, json.dumps([UA, UA, {**UA, "title": "Інше"}])).rows]
    assert len(set(keys)) == 3
    assert [row.item.source_key for row in read(tmp_path, json.dumps([UA, {**UA, "votes": 9}])).rows] == keys[:2]


def test_what_the_ukrainian_list_does_not_say_is_not_invented(tmp_path: Path) -> None:
    item = only_item(read(tmp_path, json.dumps([UA])))
    assert (item.number, item.source_url, item.source_state) == (0, "", "")
    assert not any(map(item.HasField, ("created_at", "opened_at", "closes_at")))
    assert (item.state, item.source.days_left) == (pb.PETITION_STATE_OPEN, 90)


def test_days_of_initiatives_are_those_of_rome_and_an_end_that_is_not_set_is_none(tmp_path: Path) -> None:
    item = only_item(read(tmp_path, lines(IT)))
    assert item.created_at.ToJsonString() == "2024-12-30T09:00:00Z"
    assert item.opened_at.ToJsonString() == "2024-12-31T23:00:00Z"
    assert item.closes_at.ToJsonString() == "2025-07-01T22:00:00Z"
    stages = [(stage.event, stage.day) for stage in item.source.stages]
    assert stages == [("published", "2024-12-20"), ("opened", "2025-01-01"), ("closed", "2025-07-01")]


def test_daily_counts_are_put_together_by_initiative_as_they_are(tmp_path: Path) -> None:
    fallen, other = {**DAILY, "data": "2025-07-09", "sostenitori": 3}, {**DAILY, "id": 701}
    found = read(tmp_path, lines(DAILY, other, fallen, DAILY))
    assert [(row.item.source_key, row.size, row.place) for row in found.rows] == [
        ("it-initiatives/700", 2, 1), ("it-initiatives/701", 1, 2),
    ]  # fmt: skip
    counts = [(count.day, count.signature_count) for count in found.rows[0].item.counts]
    assert counts == [("2025-07-06", 5), ("2025-07-09", 3)]
    assert found.total == 4


def test_day_with_two_counts_is_refused_the_second_time(tmp_path: Path) -> None:
    found = read(tmp_path, lines(DAILY, {**DAILY, "sostenitori": 6}))
    assert refusals(found) == [
        ("row 2 (line 2)", "the day 2025-07-06 of this initiative stands in row 1 already, with another count")
    ]


def test_american_row_is_read_with_its_figures(tmp_path: Path) -> None:
    item = only_item(read(tmp_path, f"{US_HEADER}\n{US_ROW}https://example.org/response\n"))
    assert (item.title, item.background, item.signature_count) == ("Trees", "Two\nlines", 11729)
    assert item.created_at.ToJsonString() == "2011-09-22T13:16:27Z"
    assert (item.source.threshold, list(item.source.topics)) == (5000, ["Energy"])
    assert item.source.response.url == "https://example.org/response"


@pytest.mark.parametrize(
    ("text", "format", "sentence"),
    [
        ('[{"a": 1}, {"b": ', "", "breaks off (column 18)"),
        ('[{"a": "text', "", "breaks off (column 8)"),
        ("[1; 2]", "", "is not JSON (column 3)"),
        ("[\n1; 2]", "", "is not JSON (line 2, column 2)"),
        ("[" * 100_000, "", "it is nested too deeply"),
        ("[" + "1" * 5_000 + "]", "", "a number in it is too long"),
        ("\n\n", "", "is empty"),
        ("title\n\u0456".encode("cp1251"), "", "is not UTF-8 (line 2, byte 6)"),
        ("{}", "uk-list", "does not hold a list of petitions but one object"),
        ("id,title,signatureCount,signatureThreshold\n", "", "lacks the columns body, deadline, status, created"),
        (f'{US_HEADER}\n4e7b352b4bd5046c04000000,"Tre', "", "is no whole table: unexpected end of data (line 2)"),
    ],
)
def test_bad_file_is_one_clear_sentence(tmp_path: Path, text: str | bytes, format: str, sentence: str) -> None:
    assert sentence in fault_of(tmp_path, text, format)


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        (json.dumps([UA, {**UA, "votes": -1}]), "row 2", "votes is -1 and not a number of signatures"),
        (json.dumps([UA, {**UA, "votes": 10**12}]), "row 2", "votes is 1000000000000 and not a number of signatures"),
        (json.dumps([UA, {**UA, "daysLeft": "soon"}]), "row 2", "daysLeft is 'soon' and not a number of days"),
        (json.dumps([UA, {**UA, "title": "<b>Now</b>"}]), "row 2", "title holds HTML (<b>): give plain text"),
        (json.dumps([UA, {**UA, "title": "Salt &amp; pepper"}]), "row 2", "title holds HTML (&amp;): give plain text"),
        (json.dumps([UA, {**UA, "title": "\ud83d"}]), "row 2", "title holds half a character (a surrogate)"),
        (json.dumps([UA, {**UA, "title": "a\x00"}]), "row 2", "title holds a NUL byte"),
        (json.dumps([{**UK_LIST, "created": {"_value": "0001-01-01T00:00:00+14:00"}}]), "row 1",
         "created._value is '0001-01-01T00:00:00+14:00', which is out of range"),
        (json.dumps([UA, 7]), "row 2", "it is a number and not an object"),
        (json.dumps([{**UK_LIST, "identifier": {"_value": "-5"}}]), "row 1",
         "identifier._value is '-5' and not a public number"),
        (lines(IT, {**IT, "dataChiusura": "2025-02-30"}), "row 2 (line 2)",
         "dataChiusura is '2025-02-30' and not a day such as 2025-07-06"),
        (lines(IT) + '\n\n{"id": 7, "tit', "row 2 (line 3)", "it breaks off (column 11)"),
        (f"{US_HEADER}\n{US_ROW}\n1,2\n", "row 2 (line 4)", "it has 2 cells and the table 10 columns"),
        (f"{US_HEADER}\n{US_ROW.replace('11729.0', '1e5')}\n", "row 1 (line 3)",
         "signatureCount is '1e5' and not a number of signatures"),
        (f"{US_HEADER}\n{US_ROW.replace('1316697387.0', '9316697387')}\n", "row 1 (line 3)",
         "created is '9316697387' and not a number of seconds since 1970"),
    ],
)  # fmt: skip
def test_bad_row_is_named_with_its_place(tmp_path: Path, text: str, where: str, message: str) -> None:
    assert refusals(read(tmp_path, text)) == [(where, message)]


@pytest.mark.parametrize(
    "text", ["for less (< than 3 years) & more", "write to <a@example.org>", "a <see below> b", "R&D;"]
)
def test_signs_that_are_no_html_go_in(tmp_path: Path, text: str) -> None:
    assert only_item(read(tmp_path, json.dumps([{**UA, "title": text}]))).title == text


def test_batches_are_whole_and_small() -> None:
    rows = [Row(place, pb.ImportItem(background="x" * 40_000)) for place in range(12)]
    rows += [Row(place, pb.ImportItem(title="t")) for place in range(2 * BATCH + 1)]
    found = list(batches(rows))
    assert [row for batch in found for row in batch] == rows
    assert max(len(batch) for batch in found) == BATCH
    assert max(sum(row.item.ByteSize() for row in batch) for batch in found) <= BATCH_BYTES


def test_big_row_travels_alone() -> None:
    big, small = Row(1, pb.ImportItem(background="x" * (BATCH_BYTES + 1))), Row(2, pb.ImportItem(title="t"))
    assert list(batches([small, big, small])) == [[small], [big], [small]]
