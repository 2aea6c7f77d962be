"""The page of an archived petition: what its source says, in the source's figures, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from viche.petitions.v1 import archive_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.charts import stated_chart
from viche_gateway.testing import World
from viche_gateway.testing.channel import stamp

FIRST = datetime(2025, 7, 6, tzinfo=UTC)


def add(world: World, source: archive_pb2.SourceFacts | None = None, **fields: Any) -> pb.Petition:
    """A petition of which nothing is known but its title and its count."""
    unknown: dict[str, Any] = dict.fromkeys(("created_at", "opened_at", "closes_at", "terms"))
    values = {"is_archived": True, "state": pb.PETITION_STATE_CLOSED, "author_name": "", "source": source, **unknown}
    return world.petitions.add(**{**values, **fields})


def page(world: World, petition: pb.Petition) -> str:
    answer = world.app().test_client().get(f"/petitions/{petition.number}")
    assert answer.status_code == 200
    return answer.text


def territory(kind: str, name: str, count: int) -> pb.TerritoryCount:
    return pb.TerritoryCount(kind=kind, territory_code=name[:2], territory_name=name, signature_count=count)


def day(number: int, count: int) -> pb.CountPoint:
    at = FIRST + timedelta(days=number)
    return pb.CountPoint(minute=stamp(at), day=at.date().isoformat(), signature_count=count)


def test_petition_of_which_nothing_is_known_has_a_page_without_dates(world: World) -> None:
    text = page(world, add(world))
    assert "Taken over into the archive" in text
    assert "Started in the other system" not in text
    assert "It stood there" not in text
    assert "Response" not in text


def test_petition_that_collects_elsewhere_cannot_be_signed_here(world: World) -> None:
    petition = add(world, state=pb.PETITION_STATE_OPEN, closes_at=stamp(datetime(2999, 1, 1, tzinfo=UTC)))
    text = page(world, petition)
    assert "It cannot be signed here." in text
    assert f"/petitions/{petition.number}/sign" not in text
    assert "days left" not in world.app().test_client().get("/petitions").text


def test_source_and_licence_are_shown(world: World) -> None:
    source = archive_pb2.SourceFacts(threshold=25_000, topics=["Energy", "Health"], days_left=0, kind="Referendum")
    text = page(world, add(world, source, source_name="We the People", source_licence="public domain"))
    for fact in ("We the People", "public domain", "25,000", "Energy, Health", "Referendum", "Days left"):
        assert fact in text


def test_steps_are_those_that_the_source_dates(world: World) -> None:
    source = archive_pb2.SourceFacts()
    source.stages.add(event="scheduled_debate", day="2016-09-05")
    source.stages.add(event="opened").at.FromJsonString("2016-05-25T11:19:56Z")
    source.stages.add(event="deadline", day="2999-01-01")
    text = page(world, add(world, source, source_state="open", imported_at=stamp(FIRST)))
    places = [
        text.index(each)
        for each in ("25 May 2016", "5 September 2016", "6 July 2025", "It stood there as “open”.", "1 January 2999")
    ]
    assert places == sorted(places)


def test_response_debate_and_rejection_are_shown_with_their_links(world: World) -> None:
    source = archive_pb2.SourceFacts(
        response=archive_pb2.SourceResponse(
            summary="No.", details="We will <b>not</b>.", responded_on="2016-07-08", url="https://example.org/answer"
        ),
        debate=archive_pb2.SourceDebate(
            overview="They talked.", debated_on="2016-09-05", transcript_url="https://example.org/record"
        ),
        rejection=archive_pb2.SourceRejection(code="duplicate", details="There is one already."),
    )
    text = page(world, add(world, source))
    for said in ("No.", "We will &lt;b&gt;not&lt;/b&gt;.", "8 July 2016", "They talked.", "duplicate"):
        assert said in text
    assert 'href="https://example.org/answer"' in text
    assert 'href="https://example.org/record"' in text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "www.example.org", "data:text/html,x"])
def test_addresses_that_are_no_web_addresses_are_no_links(world: World, address: str) -> None:
    source = archive_pb2.SourceFacts(website=address, response=archive_pb2.SourceResponse(url=address))
    assert f'href="{address}' not in page(world, add(world, source, source_url=address))


def test_signatures_by_territory_are_shown_as_stated_with_what_they_do_not_add_up_to(world: World) -> None:
    petition = add(world, signature_count=3_555_721)
    world.petitions.tallies[petition.id] = [
        territory("country", "Albania", 20), territory("country", "Ukraine", 3_555_664),
        territory("constituency", "York", 3_555_721),
    ]  # fmt: skip
    text = page(world, petition)
    assert text.index("Ukraine") < text.index("Albania")
    assert "Signatures by constituency" in text
    assert text.count("add up to 3,555,684. The petition states 3,555,721.") == 1


def test_long_divisions_show_the_first_and_count_the_rest(world: World) -> None:
    petition = add(world)
    world.petitions.tallies[petition.id] = [territory("country", f"Land {n:03}", n) for n in range(100)]
    text = page(world, petition)
    assert "Land 070" in text
    assert "Land 069" not in text
    assert "70 more are in the open data." in text


def test_daily_history_is_drawn(world: World) -> None:
    petition = add(world)
    world.petitions.history[petition.id] = [day(0, 15_631), day(1, 15_900), day(30, 40_000)]
    text = page(world, petition)
    assert "From 15,631 signatures on 6 July 2025 to 40,000 on 5 August 2025" in text
    assert "The source has no count for the days that are left blank." in text


def test_chart_has_gaps_where_days_are_missing_and_falls_where_the_count_fell(world: World) -> None:
    with world.app().test_request_context():
        chart = stated_chart([day(0, 100), day(1, 50), day(10, 100)])
    assert chart is not None
    assert chart.line == "M0.0 0.0H64.0V100.0M640.0 0.0h1"
    assert [row.count for row in chart.rows] == [100, 50, 100]


def test_chart_needs_two_days_and_a_signature(world: World) -> None:
    with world.app().test_request_context():
        assert [stated_chart(points) for points in ([], [day(0, 5)], [day(0, 0), day(1, 0)])] == [None] * 3


def test_long_history_is_thinned_to_days_that_the_source_has(world: World) -> None:
    points = [day(number, number) for number in range(400)]
    with world.app().test_request_context():
        chart = stated_chart(points)
    assert chart is not None
    assert chart.note == ""
    assert (chart.rows[0].count, chart.rows[-1].count, len(chart.rows)) == (0, 399, 12)
    stated = {point.signature_count: point.day for point in points}
    assert all(stated[row.count] == row.date.date().isoformat() for row in chart.rows)


def test_api_gives_history_and_territories_of_an_archived_petition(world: World) -> None:
    petition = add(world, signature_count=30, source_name="UK Parliament", source_licence="OGL")
    world.petitions.history[petition.id] = [day(0, 5)]
    world.petitions.tallies[petition.id] = [territory("country", "Ukraine", 20)]
    client = world.app().test_client()
    one = f"/api/v1/petitions/{petition.number}"
    found = client.get(one).json
    assert found is not None
    assert (found["source_name"], found["source_licence"]) == ("UK Parliament", "OGL")
    assert client.get(f"{one}/history").json == {
        "number": petition.number,
        "points": [{"minute": "2025-07-06T00:00:00.000Z", "day": "2025-07-06", "signature_count": 5}],
    }
    tally = client.get(f"{one}/tally").json
    assert tally is not None
    assert tally["territories"] == [
        {"territory_code": "Uk", "name": "Ukraine", "kind": "country", "signature_count": 20}
    ]
