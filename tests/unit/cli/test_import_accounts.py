"""Registers of accounts and tables of figures, read from files."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from viche_cli.commands.import_accounts import accounts, figures
from viche_cli.imports.registers import figures as figure_tables
from viche_cli.imports.registers.found import Found, NotARegister
from viche_cli.imports.registers.own_table import TEMPLATE
from viche_cli.imports.registers.reading import read, without_bodies
from viche_social.domain.register import BodyKind, Purpose

HOLDERS = [
    {"id": {"bioguide": "A1"}, "name": {"official_full": "Ann Adams"}, "term": {"type": "sen"}},
    {"id": {"bioguide": "B1"}, "name": {"first": "Bob", "last": "Brown"}, "term": {"type": "rep"}},
]
ACCOUNTS = """\
# official accounts alone
- id:
    bioguide: A1
  social:
    twitter: SenAnn
    twitter_id: 77
    youtube_id: UCabc
    mastodon: '@ann@social.example'
- id:
    bioguide: Z9
  social:
    facebook: nobody
"""


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def table(folder: Path, text: str) -> Found:
    return read(file(folder, "Our Table.csv", text), "")


def places(found: Found) -> list[tuple[str, str]]:
    return [(each.place, each.reason) for each in found.refused]


def test_office_holders_are_counted_with_their_chamber(tmp_path: Path) -> None:
    found = read(file(tmp_path, "current.json", json.dumps(HOLDERS)), "")
    assert [(each.key, each.authority_kind, each.title, each.kind) for each in found.bodies or ()] == [
        ("A1", "senate", "Ann Adams", BodyKind.HOLDER), ("B1", "house", "Bob Brown", BodyKind.HOLDER),
    ]  # fmt: skip


def test_a_holder_without_chamber_is_named_with_its_place(tmp_path: Path) -> None:
    found = read(file(tmp_path, "current.json", json.dumps([*HOLDERS, {"id": {"bioguide": "C1"}}])), "")
    assert places(found) == [("entry 3 (C1)", "REQUIRED"), ("entry 3 (C1)", "REQUIRED")]


def test_name_and_id_on_a_platform_are_one_account(tmp_path: Path) -> None:
    found = read(file(tmp_path, "social.yaml", ACCOUNTS), "")
    assert [(each.body_key, each.platform, each.handle, each.external_id) for each in found.accounts or ()] == [
        ("A1", "mastodon", "@ann@social.example", ""),
        ("A1", "twitter", "SenAnn", "77"),
        ("A1", "youtube", "UCabc", "UCabc"),
        ("Z9", "facebook", "nobody", ""),
    ]
    assert found.accounts
    assert found.accounts[2].url == "https://www.youtube.com/channel/UCabc"


def test_accounts_of_nobody_are_named_with_their_lines_where_the_bodies_are_given(tmp_path: Path) -> None:
    alone = read(file(tmp_path, "social.yaml", ACCOUNTS), "")
    without_bodies([alone])
    assert alone.unknown == []
    without_bodies([alone, read(file(tmp_path, "current.json", json.dumps(HOLDERS)), "")])
    assert [(each.place, each.reason) for each in alone.unknown] == [("line 9 (Z9), facebook", "UNKNOWN_BODY")]


def test_our_template_is_read_as_it_is_printed(tmp_path: Path) -> None:
    found = table(tmp_path, TEMPLATE)
    assert (found.register, found.refused) == ("our-table", [])
    assert [(each.key, each.kind, each.authority_kind, each.parent_key) for each in found.bodies or ()] == [
        ("Ministry of Education", BodyKind.AUTHORITY, "ministry", ""),
        ("Ministry of Roads", BodyKind.AUTHORITY, "ministry", ""),
        ("Maria Petrenko", BodyKind.HOLDER, "minister", "Ministry of Education"),
        ("Coffee House", BodyKind.COMPANY, "", ""),
    ]
    assert len(found.accounts or ()) == 4


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A,town,fb,two words,", "BAD_HANDLE"),
        ("A,town,fb,,", "REQUIRED"),
        ("A,town,,handle,", "UNKNOWN_VALUE"),
        ("A,town,fb,a,javascript:x", "BAD_ADDRESS"),
        ("A,,fb,a,", "REQUIRED"),
        (",town,fb,a,", "REQUIRED"),
        ("B,city,fb,a,", "CONTRADICTION"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_with_its_place(tmp_path: Path, row: str, reason: str) -> None:
    found = table(tmp_path, f"body,kind,platform,handle,url\nB,town,fb,b,\n{row}\n")
    assert set(places(found)) == {("line 3", reason)}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "body,platform\n", "there is no column kind, handle, url"),
        ("a.csv", "body,kind,platform,handle,url,colour\n", "nobody knows: colour"),
        ("a.csv", "title,votes\n", "no columns body and platform"),
        ("a.json", '[{"title": 1}]', "none of the registers"),
        ("a.json", "[", "no JSON"),
        ("a.yaml", "- a: [1\n- b: 2", "no YAML in line 2"),
        ("a.yaml", "!!python/object/apply:os.system ['true']", "no YAML"),
    ],
)
def test_what_is_no_register_says_why(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(NotARegister, match=said):
        read(file(tmp_path, name, text), "")


def test_the_command_prints_one_object_per_file_and_fails_when_one_cannot_be_taken(tmp_path: Path) -> None:
    good, bad = file(tmp_path, "good.csv", TEMPLATE), file(tmp_path, "bad.csv", "x\n1\n")
    done = CliRunner().invoke(accounts, ["--check", "--json", str(bad), str(good)])
    first, second = (json.loads(line) for line in done.output.splitlines())
    assert (first["ok"], first["refused"][0]["reason"]) == (False, "NOT_A_REGISTER")
    assert (second["ok"], second["register"], second["bodies"], second["accounts"]) == (True, "good", 4, 4)
    assert done.exit_code == 1
    assert CliRunner().invoke(accounts, ["--template"]).output == TEMPLATE


def test_figures_come_from_our_table_and_from_twitters(tmp_path: Path) -> None:
    text = "platform,handle,followers,posts,colour\nfb,town,12,,red\nx,t,a,3,\n"
    ours = figure_tables.read(file(tmp_path, "a.csv", text))
    assert [(each.platform, each.handle, each.metric, each.value) for each in ours.rows] == [
        ("facebook", "town", "followers", 12), ("x", "t", "posts", 3),
    ]  # fmt: skip
    assert [(each.place, each.reason) for each in ours.refused] == [("line 3", "NOT_A_NUMBER")]
    theirs = figure_tables.read(file(tmp_path, "b.csv", "id,screen_name,name,followers,friends\n7,SenAnn,Ann,5,6\n"))
    assert [(each.external_id, each.metric, each.value) for each in theirs.rows] == [
        ("7", "followers", 5), ("7", "following", 6),
    ]  # fmt: skip
    none = file(tmp_path, "c.csv", "platform,handle\nx,a\n")
    assert "holds no figures" in str(CliRunner().invoke(figures, ["--check", str(none)]).exception)


def test_the_register_of_congress_is_read_whole(shared_data: Path) -> None:
    folder = shared_data / "social"
    if not folder.is_dir():
        pytest.skip(f"no registers at {folder}")
    files = ("congress-current.json", "congress-social-media.yaml", "congress_accounts_office_campaign.json")
    holders, official, others = found = [read(folder / name, "") for name in files]
    without_bodies(found)
    assert Counter(each.authority_kind for each in holders.bodies or ()) == {"house": 437, "senate": 100}
    assert [each.refused for each in found] == [[], [], []]
    assert (len(official.accounts or ()), official.unknown) == (1734, [])
    assert Counter(each.authority_kind for each in others.bodies or ()) == {"committee": 40, "caucus": 32, "party": 4}
    assert Counter(each.purpose for each in others.accounts or ()) == {Purpose.CAMPAIGN: 560, Purpose.OFFICE: 120}
    assert (others.left_out, len(others.unknown)) == (545, 160)
    twitter = figure_tables.read(folder / "twitter_accounts_2017-08-09.csv")
    assert (len(twitter.rows), twitter.refused) == (532 * 4, [])
