"""Maps of tiles: every territory has its place, and the map says no more than the table beside it."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from babel import Locale
from flask import Flask
from viche.identity.v1 import identity_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway import assets
from viche_gateway.portal.tilemap import PITCH, TileMap, map_of
from viche_gateway.regions import current_region
from viche_gateway.testing import World
from viche_gateway.tilemaps.layouts import COUNTRIES, Layout, layouts
from viche_gateway.tilemaps.shades import legend, levels

THEME = Path(assets.__file__).parent / "static" / "src" / "theme" / "_tokens.scss"
UKRAINE = "01 05 07 12 14 18 21 23 26 32 35 44 46 48 51 53 56 59 61 63 65 68 71 73 74 80 85"
BULGARIA = (
    "BLG BGS VAR VTR VID VRC GAB DOB KRZ KNL LOV MON PAZ PER PVN PDV RAZ RSE SLS SLV SML SFO SOF SZR TGV HKV SHU JAM"
)
KINGDOM = [*(f"E1200000{number}" for number in range(1, 10)), "N92000002", "S92000003", "W92000004"]
UNION = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
CODES = {
    "eu": set(UNION.split()),
    "ua": {f"UA{number}" for number in UKRAINE.split()},
    "bg": set(BULGARIA.split()),
    "gb": set(KINGDOM),
}
ALL = [pytest.param(country, layout, id=country) for country, layout in zip(COUNTRIES, layouts(), strict=True)]
PEOPLE = {"UA": 0, "UA05": 1_500_000, "UA07": 1_000_000, "UA80": 3_000_000, "UA05020000000000001": 30_000}


@pytest.mark.parametrize(("country", "layout"), ALL)
def test_layout_has_every_territory_of_the_country_once(country: str, layout: Layout) -> None:
    assert set(layout.tiles) == CODES[country]
    places = {(tile.column, tile.row) for tile in layout.tiles.values()}
    assert len(places) == len(CODES[country])


@pytest.mark.parametrize(("country", "layout"), ALL)
def test_labels_are_short_and_differ_in_every_language(country: str, layout: Layout) -> None:
    for language in ("en", "uk", "bg", "ru"):
        labels = [tile.label(language) for tile in layout.tiles.values()]
        assert len(set(labels)) == len(labels), language
        assert max(map(len, labels)) <= 5


@pytest.mark.parametrize(("country", "layout"), ALL)
def test_other_names_lead_to_tiles(country: str, layout: Layout) -> None:
    assert set(layout.aliases.values()) <= set(layout.tiles)
    assert not set(layout.aliases) & set(layout.tiles)


def test_states_of_the_union_are_countries() -> None:
    known = set(Locale("en").territories)
    assert {"GR" if code == "EL" else code for code in CODES["eu"]} <= known


def test_whatever_lies_in_an_oblast_lies_in_its_tile() -> None:
    ukraine, bulgaria = layouts()[COUNTRIES.index("ua")], layouts()[COUNTRIES.index("bg")]
    assert ukraine.tile_of("UA05020030000085835") == ukraine.tiles["UA05"]
    assert ukraine.tile_of("UA99020000000000000") is None
    assert bulgaria.tile_of("SFO54") == bulgaria.tile_of("BG-23") == bulgaria.tiles["SFO"]
    assert bulgaria.tile_of("BG") is None


def test_shades_part_what_is_above_zero_into_thirds() -> None:
    counts = {"a": 0, "b": 1, "c": 2, "d": 3, "e": 3, "f": 50, "g": 60}
    found = levels(counts)
    assert found == {"a": 0, "b": 1, "c": 1, "d": 2, "e": 2, "f": 3, "g": 3}
    assert [(shade.least, shade.most) for shade in legend(counts, found)] == [(1, 2), (3, 3), (50, 60)]


def test_nothing_has_no_shade() -> None:
    assert levels({"a": 0}) == {"a": 0}
    assert levels({"a": 7}) == {"a": 1}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_shades_differ_and_their_text_is_read(scheme: int) -> None:
    shades, texts = (
        re.findall(rf"^ *--{name}-[123]: (#\w+);", THEME.read_text("utf-8"), re.MULTILINE)[3 * scheme : 3 * scheme + 3]
        for name in ("shade", "on-shade")
    )
    for shade, text in zip(shades, texts, strict=True):
        assert contrast(shade, text) >= 4.5
    for one, next_one in itertools.pairwise(shades):
        assert contrast(one, next_one) >= 3


def test_map_sums_up_what_lies_in_each_tile(app: Flask, world: World) -> None:
    drawn = drawing(app, world, {"UA05020000000000001": 30, "UA05": 5, "UA80": 60, "": 4})
    counts = {place.name: place.count for place in drawn.places if place.count}
    assert counts == {"Place UA80": 60, "Place UA05": 35}
    assert drawn.elsewhere == 4
    assert drawn.is_finer
    assert drawn.title == "Most signatures: Place UA80, 60 of 99"
    assert (drawn.width, drawn.height) == (8 * PITCH, 5 * PITCH)


def test_shades_stand_for_population_where_all_of_it_is_known(app: Flask, world: World) -> None:
    drawn = drawing(app, world, {"UA05": 30, "UA07": 40, "UA80": 60})
    assert drawn.is_rated
    assert {place.name: (place.rate, place.level) for place in drawn.places if place.count} == {
        "Place UA80": (2.0, 1),
        "Place UA05": (2.0, 1),
        "Place UA07": (4.0, 3),
    }


def test_shades_stand_for_signatures_where_a_population_is_not_known(app: Flask, world: World) -> None:
    drawn = drawing(app, world, {"UA05": 30, "UA07": 40, "UA80": 60, "UA46": 1})
    assert not drawn.is_rated
    assert {place.level for place in drawn.places if place.count == 60} == {3}


def test_large_numbers_are_thousands(app: Flask, world: World) -> None:
    drawn = drawing(app, world, {"UA05": 123_456, "UA07": 7_890, "UA80": 12})
    assert drawn.in_thousands
    numbers = {place.name: place.number for place in drawn.places if place.count}
    assert numbers == {"Place UA05": "123", "Place UA07": "7.9", "Place UA80": "<0.1"}


def test_page_draws_the_map_and_its_table(app: Flask, world: World) -> None:
    text = page(app, world, {"UA05": 30, "UA07": 40, "UA80": 60})
    assert text.count('<g class="tile tile--') == 27 + 2
    assert 'role="img" aria-labelledby="map-title map-desc"' in text
    assert "Place UA80: 60 signatures" in text
    assert "for each 100,000 inhabitants" in text
    rows = re.findall(r'scope="row">([^<]*)</th><td[^>]*>([\d,.]+)</td><td[^>]*>([\d,.]+)</td>', text)
    assert rows[0] == ("Place UA80", "60", "2")
    assert len(rows) == 27
    assert "style=" not in text


def test_map_says_no_more_than_the_rules_allow(app: Flask, world: World) -> None:
    text = page(app, world, {"UA05": 30, "UA07": 40}, signers_shown="number")
    assert "Where people sign" not in text
    assert "Place UA05" not in text


def test_region_without_a_layout_has_bars(app: Flask, world: World) -> None:
    made = world.petitions.add(signature_count=15)
    world.petitions.tallies[made.id] = [
        pb.TerritoryCount(territory_code="R1", signature_count=10),
        pb.TerritoryCount(territory_code="R2", signature_count=5),
    ]
    text = app.test_client().get(f"/petitions/{made.number}").text
    assert "tilemap" not in text
    assert re.findall(r'<rect width="(\d+)" height="8"', text.partition("Where people sign")[2])[:2] == ["100", "50"]


def test_programs_are_told_no_more_than_readers(app: Flask, world: World) -> None:
    made = world.petitions.add(signature_count=15)
    made.terms.signers_shown = "number"
    world.petitions.tallies[made.id] = [pb.TerritoryCount(territory_code="R1", signature_count=10)]
    answer = app.test_client().get(f"/api/v1/petitions/{made.number}/tally").get_json()
    assert answer["territories"] == []


def settle(world: World, counts: dict[str, int], **rules: str) -> pb.Petition:
    """A petition to an authority of the whole country, signed in its oblasts."""
    for code, people in PEOPLE.items():
        above = "" if code == "UA" else "UA" if len(code) == 4 else "UA05"
        name = identity_pb2.LocalizedText(texts={"en": f"Place {code}"})
        world.identity.territories.append(
            identity_pb2.Territory(code=code, parent_code=above, population=people, name=name)
        )
    world.identity.authorities.append(identity_pb2.Authority(id="president", slug="president", territory_code="UA"))
    made = world.petitions.add(authority_id="president", signature_count=sum(counts.values()))
    for name, value in rules.items():
        setattr(made.terms, name, value)
    world.petitions.tallies[made.id] = [
        pb.TerritoryCount(territory_code=code, signature_count=count) for code, count in counts.items()
    ]
    return made


def drawing(app: Flask, world: World, counts: dict[str, int]) -> TileMap:
    made = settle(world, counts)
    with app.test_request_context("/"):
        assert "UA" in current_region().territories
        drawn = map_of(made, world.petitions.tallies[made.id])
    assert drawn is not None
    return drawn


def page(app: Flask, world: World, counts: dict[str, int], **rules: str) -> str:
    return app.test_client().get(f"/petitions/{settle(world, counts, **rules).number}").text


def contrast(one: str, other: str) -> float:
    """Of two colours (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
