"""What the public pages say of a petition."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.charts import count_chart
from viche_gateway.formats import days_left, full_date, percent
from viche_gateway.testing import World
from viche_gateway.testing.channel import stamp
from viche_gateway.testing.petitions import terms

DAY = timedelta(days=1)
START = datetime(2026, 11, 1, 8, tzinfo=UTC)


def page(world: World, petition: pb.Petition) -> str:
    return world.app().test_client().get(f"/petitions/{petition.number}").text


def test_count_is_shown_against_the_next_threshold(world: World) -> None:
    text = page(world, world.petitions.add(signature_count=812, terms=terms(250, 1000)))
    assert "of 1,000 signatures" in text
    assert "188 more are needed." in text


def test_reached_petition_says_so_and_still_takes_signatures(world: World) -> None:
    state = pb.PETITION_STATE_THRESHOLD_REACHED
    text = page(world, world.petitions.add(signature_count=1200, state=state))
    assert "The goal is reached." in text
    assert "Sign this petition" in text


def test_closed_petition_has_no_button(world: World) -> None:
    text = page(world, world.petitions.add(state=pb.PETITION_STATE_CLOSED))
    assert "takes no more signatures" in text
    assert "Sign this petition" not in text


def test_archived_petition_is_for_reading(world: World) -> None:
    text = page(world, world.petitions.add(is_archived=True, terms=None, state=pb.PETITION_STATE_CLOSED))
    assert "This petition is kept for reading." in text


def test_what_people_write_is_shown_as_text(world: World) -> None:
    text = page(world, world.petitions.add(title="<script>alert(1)</script>", background="<b>bold</b> & more"))
    assert "<script>alert" not in text
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in text


def test_page_says_to_networks_what_it_is(world: World) -> None:
    petition = world.petitions.add(title='Trees for "Market" Square')
    text = page(world, petition)
    told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', text))
    assert told == {
        "type": "website",
        "site_name": "Dibrova Region",
        "title": "Trees for &#34;Market&#34; Square",
        "description": "In summer the square is too hot to cross.",
        "url": f"http://127.0.0.1:8080/petitions/{petition.number}",
        "image": f"http://127.0.0.1:8080/petitions/{petition.number}/card.png",
    }


def test_empty_list_says_why_and_what_to_do(world: World) -> None:
    text = world.app().test_client().get("/petitions?q=zzz").text
    assert "Nothing matches." in text
    assert 'href="/petitions/start"' in text


def test_help_names_only_rules_that_are_in_use(world: World) -> None:
    unused = pb.Workflow(name="petition-eci", title=pb.LocalizedText(texts={"en": "European citizens' initiative"}))
    world.petitions.workflows.append(unused)
    text = world.app().test_client().get("/help").text
    assert "Petitions to local authorities" in text
    assert "European" not in text


def test_a_search_with_more_matches_than_are_counted_says_so(world: World) -> None:
    world.petitions.most_counted = 2
    for _ in range(3):
        world.petitions.add(title="A bridge")
    assert "More than 2 petitions about “bridge”" in world.app().test_client().get("/petitions?q=bridge").text


def test_not_found_offers_search(world: World) -> None:
    answer = world.app().test_client().get("/nowhere")
    assert answer.status_code == 404
    assert 'role="search"' in answer.text


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99999999999999999999", "state=none", "authority=none"])
def test_strange_filters_give_a_list(world: World, query: str) -> None:
    world.petitions.add()
    assert world.app().test_client().get(f"/petitions?{query}").status_code == 200


def test_pages_keep_the_filter(world: World) -> None:
    for _ in range(25):
        world.petitions.add()
    text = world.app().test_client().get("/petitions?state=open").text
    assert 'href="/petitions?state=open&amp;page=2"' in text


def test_chart_needs_two_points_and_names_its_finding(world: World) -> None:
    points = [
        pb.CountPoint(minute=stamp(START + DAY * day), signature_count=count)
        for day, count in enumerate([1, 60, 80, 100])
    ]
    with world.app().test_request_context("/"):
        chart = count_chart(points)
        assert count_chart(points[:1]) is None
    assert chart is not None
    assert chart.title == "Half of the signatures came in the first day"
    assert chart.line.startswith("M0.0 198.0")
    assert [row.count for row in chart.rows] == [1, 60, 80, 100]


def test_percent_is_whole_only_at_the_end() -> None:
    assert (percent(999, 1000), percent(1000, 1000), percent(0, 1000)) == (99, 100, 0)


def test_time_left_is_said_in_the_unit_that_matters(world: World) -> None:
    app = world.app()
    app.extensions["viche.clock"] = lambda: START
    with app.test_request_context("/"):
        left = [days_left(START + span) for span in (DAY * 33, DAY, DAY / 2, DAY / 48, -DAY)]
    assert left == ["33 days left", "1 day left", "12 hours left", "Less than an hour left", "The term has ended"]


def test_dates_are_those_of_the_region(world: World) -> None:
    with world.app(timezone="Europe/Kyiv").test_request_context("/"):
        assert full_date(datetime(2026, 12, 11, 23, tzinfo=UTC)) == "12 December 2026"
