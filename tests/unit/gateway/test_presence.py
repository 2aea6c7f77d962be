"""The presence report in the console."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask import Flask
from viche.social.v1 import presence_pb2 as pb
from viche.social.v1 import register_pb2

from tests.unit.gateway.conftest import Browser
from viche_gateway.presence_view import RULES, RUNGS
from viche_gateway.testing import TOWN, World
from viche_gateway.testing.presence import TODAY
from viche_social.domain.dialogue import Rule

Browse = Callable[..., Browser]
OWN = register_pb2.Body(id=TOWN, title="verbiv", is_own=True, authority_kind="municipality")
SHOP = register_pb2.Body(id="s", title="Coffee House", kind=register_pb2.BODY_KIND_COMPANY)
MAYOR = register_pb2.Body(id="m", title="Maria Petrenko", kind=register_pb2.BODY_KIND_HOLDER)


@pytest.fixture
def report(world: World) -> pb.GetReportResponse:
    """A town and a company on two networks."""
    found = world.presence.report
    found.known_since = "2026-01-01"
    found.rows.add(authority_kind="municipality", platform="facebook", accounts=40, of=41, percent=98)
    found.rows.add(authority_kind="ministry", platform="facebook", accounts=1, of=2, percent=50)
    found.rows.add(authority_kind="municipality", platform="x", accounts=29, of=41, percent=71)
    found.ranking.add(
        platform="facebook", rank=1, body=OWN, handle="verbiv", url="https://www.facebook.com/verbiv", followers=1200,
        followers_before=1500, day="2026-03-01", before_day="2026-02-01",
    )  # fmt: skip
    found.ranking.add(platform="facebook", body=SHOP, handle="=coffee", followers=9, day="2026-03-01")
    return found


def read(browser: Browser, address: str) -> str:
    browser.open(address)
    assert browser.page is not None
    return browser.page.text


@pytest.mark.usefixtures("report")
def test_shares_and_rankings_stand_there_by_network(browse: Browse) -> None:
    page = read(browse("otto"), "/console/presence")
    assert "Facebook: 41 of 43 have an account" in page
    assert page.index("Facebook: 41") < page.index("X (Twitter): 29")
    assert "98% (40 of 41)" in page
    assert "Communities" in page
    assert "Ministry" in page
    assert "Verbiv" in page  # in the reader's language, not as the register has it
    assert "−300" in page
    assert "to compare" in page
    assert "No data: nothing that people write to these accounts has been read so far." in page


def test_persons_subjects_and_dialogue_are_told_where_they_are_known(
    browse: Browse, report: pb.GetReportResponse
) -> None:
    report.persons.add(platform="x", person=MAYOR, body=OWN, person_followers=30)
    report.subjects.add(field="roads", bodies=2, followers=77)
    report.dialogues.add(
        body=OWN, asked=8, answered=6, median_s=7200, rung=pb.RUNG_SERVICING, rule="ASKS_NOTHING", posts=3
    )
    page = read(browse("otto"), "/console/presence")
    for words in ("Maria Petrenko", "No data", "roads", "77", "6 of 8", "2 hours", "Answers who asks", "asks people"):
        assert words in page


def test_an_empty_register_says_so(browse: Browse) -> None:
    page = read(browse("otto"), "/console/presence")
    assert "No account is in the register yet." in page
    assert "report.csv" not in page


@pytest.mark.usefixtures("report")
def test_a_day_before_the_register_says_when_it_begins(browse: Browse) -> None:
    page = read(browse("otto"), "/console/presence?on=2025-12-31&since=2025-12-01")
    assert "The register begins on 1 January 2026 and knows nothing of earlier days." in page


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize(("query", "field"), [("on=2999-01-01", "on"), ("since=2026-04-01", "since")])
def test_a_day_that_has_not_come_is_told_beside_its_field(browse: Browse, query: str, field: str) -> None:
    browser = browse("otto")
    page = read(browser, f"/console/presence?{query}")
    assert browser.page is not None
    assert browser.page.status_code == 400
    assert page.count("This day has not come yet.") == 2
    assert f'href="#{field}"' in page
    assert "2999-01-01" in page or "2026-04-01" in page


@pytest.mark.usefixtures("report")
def test_all_numbers_come_as_files_of_the_day(browse: Browse) -> None:
    browser = browse("otto")
    said = json.loads(read(browser, "/console/presence/report.json"))
    assert said["on"] == TODAY
    assert said["rows"][0] == {
        "authority_kind": "municipality", "platform": "facebook", "accounts": 40, "of": 41, "share": 0.9756,
        "percent": 98,
    }  # fmt: skip
    assert said["rows"][2]["platform"] == "twitter"
    shares = list(csv.DictReader(io.StringIO(read(browser, "/console/presence/report.csv"))))
    assert [(row["on"], row["platform"], row["percent"]) for row in shares] == [
        (TODAY, "facebook", "98"), (TODAY, "facebook", "50"), (TODAY, "twitter", "71"),
    ]  # fmt: skip
    ranking = list(csv.DictReader(io.StringIO(read(browser, "/console/presence/ranking.csv"))))
    assert [(row["rank"], row["handle"], row["followers_before"]) for row in ranking] == [
        ("1", "verbiv", "1500"), ("", "'=coffee", ""),
    ]  # fmt: skip


@pytest.mark.usefixtures("report")
def test_a_network_is_drawn_with_all_that_it_says_in_words(browse: Browse) -> None:
    browser = browse("otto")
    drawn = ElementTree.fromstring(read(browser, "/console/presence/facebook.svg"))
    texts = [each.text or "" for each in drawn.iter() if each.text]
    assert "Facebook: 41 of 43 have an account" in texts
    assert any("Communities: 98% (40 of 41); Ministry: 50% (1 of 2)" in each for each in texts)
    browser.open("/console/presence/facebook.png")
    assert browser.page is not None
    assert browser.page.data.startswith(b"\x89PNG")
    browser.open("/console/presence/none.svg")
    assert browser.page.status_code == 404


def test_citizens_are_not_let_in(browse: Browse) -> None:
    browser = browse("ann")
    browser.open("/console/presence")
    assert browser.page is not None
    assert browser.page.status_code == 403


def test_an_officer_enters_an_account_and_ends_it(browse: Browse, world: World) -> None:
    browser = browse("olga")
    browser.open("/console/presence/accounts/new")
    browser.send("/console/presence/accounts/new", authority_id=TOWN, platform="telegram", handle="@verbiv", url="")
    page = read(browser, "/console/presence/accounts?done=entered")
    (account,) = world.presence.accounts
    assert (account.body_id, account.platform, account.handle) == (TOWN, "telegram", "verbiv")
    assert "Entered by an officer" in page
    browser.send(f"/console/presence/accounts/{account.id}/end")
    assert browser.page is not None
    ended = read(browser, browser.page.headers["Location"])
    assert world.presence.accounts == []
    assert "The account verbiv has ended." in ended
    again = read(browser, ended.split('govuk-notification-banner__link" href="')[1].split('"')[0].replace("&amp;", "&"))
    assert 'value="verbiv"' in again


def test_what_is_no_account_is_told_beside_its_field_and_nothing_is_lost(browse: Browse, world: World) -> None:
    browser = browse("olga")
    browser.open("/console/presence/accounts/new")
    browser.send("/console/presence/accounts/new", authority_id=TOWN, platform="", handle="two words", url="")
    assert browser.page is not None
    assert browser.page.text.count("This answer is missing.") == 2
    browser.send("/console/presence/accounts/new", authority_id=TOWN, platform="vk", handle="two words", url="")
    assert "without spaces" in browser.page.text
    assert 'value="two words"' in browser.page.text
    assert world.presence.accounts == []


def test_accounts_of_registers_and_channels_are_ended_there(browse: Browse, world: World) -> None:
    for register, handle in (("channels", "connected"), ("congress", "listed")):
        world.presence.accounts.append(
            register_pb2.Account(id=handle, body_id=TOWN, platform="x", handle=handle, register=register)
        )
    page = read(browse("olga"), "/console/presence/accounts")
    assert "From the register congress" in page
    assert "It has ended" not in page


def test_people_find_where_to_follow_an_authority(app: Flask, world: World) -> None:
    client = app.test_client()
    assert 'id="follow"' not in client.get("/authorities/town/rules").text
    world.presence.accounts += [
        register_pb2.Account(id="1", body_id=TOWN, platform="x", handle="verbiv", url="https://x.com/verbiv"),
        register_pb2.Account(id="2", body_id=TOWN, platform="irc", handle="#verbiv"),
        register_pb2.Account(
            id="3", body_id=TOWN, platform="vk", handle="vote", url="https://vk.com/v",
            purpose=register_pb2.PURPOSE_CAMPAIGN,
        ),
    ]  # fmt: skip
    page = client.get("/authorities/town/rules").text
    assert 'X (Twitter): <a class="govuk-link" href="https://x.com/verbiv"' in page
    assert "#verbiv" not in page
    assert "vk.com" not in page
    world.channels["social"].is_down = True
    assert client.get("/authorities/town/rules").status_code == 200


def test_every_rule_of_the_ladder_has_its_sentence() -> None:
    assert set(RULES) == set(Rule)
    assert set(RUNGS) == {pb.RUNG_INFORMING, pb.RUNG_SERVICING, pb.RUNG_INTERACTION}


def tell(report: pb.GetReportResponse) -> None:
    """Two months of tones, and how the town answers."""
    shares = pb.ToneShares(friendly=25, neutral=60, angry=15)
    report.tones.add(body=OWN, month="2026-01", conversations=30, labelled=20, shares=shares)
    report.tones.add(body=OWN, month="2026-02", conversations=12, labelled=4)
    report.dialogues.add(
        body=OWN, asked=8, answered=6, median_s=7200, slow_s=90000, rung=pb.RUNG_SERVICING, rule="ASKS_NOTHING"
    )


def test_tones_are_told_by_month_with_their_number(browse: Browse, report: pb.GetReportResponse) -> None:
    tell(report)
    browser = browse("otto")
    page = read(browser, "/console/presence")
    for words in ("January 2026", "20 of 30", "25%", "60%", "15%", "4 of 12", "Too few people to tell"):
        assert words in page
    rows = list(csv.DictReader(io.StringIO(read(browser, "/console/presence/tones.csv"))))
    assert [(row["month"], row["labelled"], row["angry_percent"]) for row in rows] == [
        ("2026-01", "20", "15"), ("2026-02", "4", ""),
    ]  # fmt: skip
    assert json.loads(read(browser, "/console/presence/report.json"))["tones"][1]["angry_percent"] is None
    answers = list(csv.DictReader(io.StringIO(read(browser, "/console/presence/dialogue.csv"))))
    assert [(row["answered"], row["slow_s"]) for row in answers] == [("6", "90000")]


def test_everybody_reads_how_authorities_stand_where_it_is_published(
    world: World, report: pb.GetReportResponse
) -> None:
    tell(report)
    client = world.app(public_presence=True).test_client()
    page = client.get("/presence").text
    for words in ("As of 10 March 2026.", "6 of 8", "2 hours", "Answers who asks", "40 of 41", "98%", "How this is"):
        assert words in page
    assert "Coffee House" not in page
    said = json.loads(client.get("/presence/report.json?on=2026-03-01").text)
    assert (said["on"], sorted(said)) == ("2026-03-01", ["dialogues", "known_since", "on", "rows"])
    assert "facebook" in client.get("/presence/report.csv").text
    assert "ASKS_NOTHING" in client.get("/presence/dialogue.csv").text


def test_a_day_to_come_is_told_beside_its_field_to_everybody_too(world: World) -> None:
    answer = world.app(public_presence=True).test_client().get("/presence?on=2999-01-01")
    assert answer.status_code == 400
    assert 'href="#on"' in answer.text


@pytest.mark.parametrize("path", ["", "/report.json", "/report.csv", "/dialogue.csv"])
def test_nobody_reads_it_where_it_is_not_published(world: World, path: str) -> None:
    assert world.app().test_client().get(f"/presence{path}").status_code == 404


def test_ways_lead_there_where_it_is_published(world: World) -> None:
    published, not_published = world.app(public_presence=True).test_client(), world.app().test_client()
    for path in ("/opendata", "/authorities/town"):
        assert 'href="/presence"' in published.get(path).text
        assert 'href="/presence"' not in not_published.get(path).text
