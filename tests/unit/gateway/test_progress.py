"""Progress to each threshold, where places count too."""

from __future__ import annotations

import re

from flask import Flask
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway import acts
from viche_gateway.portal.life import life_of
from viche_gateway.portal.progress import ways_of
from viche_gateway.testing import World

COUNTS = [
    pb.TerritoryCount(territory_code="R1", signature_count=310),
    pb.TerritoryCount(territory_code="R2", signature_count=50),
    pb.TerritoryCount(signature_count=5),
]


def petition(world: World, count: int, territories_reached: int = 0) -> pb.Petition:
    made = world.petitions.add(signature_count=count, terms=acts.rules())
    made.terms.thresholds[1].territories_reached = territories_reached
    world.petitions.tallies[made.id] = COUNTS
    return made


def text_of(app: Flask, made: pb.Petition) -> str:
    page = app.test_client().get(f"/petitions/{made.number}").text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_threshold_with_minima_is_reached_by_both_or_not_at_all(app: Flask, world: World) -> None:
    with app.test_request_context("/"):
        near = life_of(petition(world, 6000, territories_reached=1)).goal
        done = life_of(petition(world, 6000, territories_reached=2)).goal
    assert near is not None
    assert done is not None
    assert (near.signatures, near.missing, near.territories_missing, near.is_reached) == (5000, 0, 1, False)
    assert (done.territories_missing, done.is_reached) == (0, True)


def test_threshold_once_reached_stays_so(app: Flask, world: World) -> None:
    made = petition(world, 6000)
    made.terms.thresholds[1].reached_at.FromDatetime(acts.NOW)
    with app.test_request_context("/"):
        goal = life_of(made).goal
    assert goal is not None
    assert goal.is_reached


def test_page_tells_each_threshold_and_what_territories_still_need(app: Flask, world: World) -> None:
    text = text_of(app, petition(world, 6000, territories_reached=1))
    assert "1 more territory needs its minimum." in text
    assert "6,000 of 1,000 signatures Reached The council answers." in text
    assert "1 of 2 territories have their minimum." in text
    assert "Place Needed Signatures Kalynove 200 50 Verbiv 300 310" in text


def test_one_plain_threshold_needs_no_list(app: Flask, world: World) -> None:
    assert "How far it is" not in text_of(app, world.petitions.add(signature_count=10))


def test_smaller_territories_are_summed_up(app: Flask, world: World) -> None:
    made = petition(world, 100)
    made.terms.thresholds[1].minima.per_territory["R"] = 400
    with app.test_request_context("/"):
        counts = {line.territory: line.count for line in ways_of(made, COUNTS)[1].minima}
    assert counts == {"Dibrova Region": 360, "Verbiv": 310, "Kalynove": 50}


def test_states_are_called_by_their_names(app: Flask, world: World) -> None:
    made = petition(world, 100)
    made.terms.thresholds[1].minima.per_territory.update({"EL": 1, "BG": 1, "X9": 1})
    with app.test_request_context("/"):
        names = [line.territory for line in ways_of(made, None)[1].minima]
    assert names == ["Bulgaria", "Greece", "Kalynove", "Verbiv", "X9"]


def test_minima_are_told_without_counts_when_those_are_not_to_be_had(app: Flask, world: World) -> None:
    with app.test_request_context("/"):
        assert {line.count for line in ways_of(petition(world, 100), None)[1].minima} == {None}


def test_petition_says_under_which_version_it_opened(app: Flask, world: World) -> None:
    text = text_of(app, petition(world, 100))
    assert "This petition keeps the rules that it opened under: version 2.1." in text
    assert "Time to collect signatures: 3 months." in text
