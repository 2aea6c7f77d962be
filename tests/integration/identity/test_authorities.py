"""The trees of territories and authorities, and the figures that they have."""

import pytest
from viche.identity.v1 import identity_pb2

from tests.integration.identity.world import World, reasons, region
from viche_chassis.testing import FakeRpcError


async def test_parents_come_before_children(world: World) -> None:
    territories = (await world.authorities.ListTerritories(identity_pb2.ListTerritoriesRequest())).territories
    authorities = (await world.authorities.ListAuthorities(identity_pb2.ListAuthoritiesRequest())).authorities
    assert [(each.code, each.parent_code) for each in territories] == [
        ("UA32", ""), ("UA3204", "UA32"), ("UA3208", "UA32"), ("UA320401", "UA3204"),
    ]  # fmt: skip
    assert [each.slug for each in authorities] == ["council", "east", "west", "town"]
    assert authorities[0].name.texts["en"] == "council"


async def test_putting_a_region_again_keeps_ids_and_takes_new_names(world: World) -> None:
    first = await world.put_region()
    request = region()
    request.authorities[1].name.texts["uk"] = "Східна рада"
    again = await world.put_region(request)
    authorities = (await world.authorities.ListAuthorities(identity_pb2.ListAuthoritiesRequest())).authorities
    assert again == first
    assert authorities[1].name.texts["uk"] == "Східна рада"


async def test_an_empty_region_changes_nothing(world: World) -> None:
    assert await world.put_region(identity_pb2.PutRegionRequest()) == {}


async def test_an_authority_has_its_level_and_the_population_of_its_territory(world: World) -> None:
    request = region()
    request.territories[1].population = 42_000
    request.authorities[1].level = "municipality"
    request.authorities[1].population = 7
    put = (await world.authorities.PutRegion(request)).authorities[1]
    authorities = (await world.authorities.ListAuthorities(identity_pb2.ListAuthoritiesRequest())).authorities
    territories = (await world.authorities.ListTerritories(identity_pb2.ListTerritoriesRequest())).territories
    assert (put.level, put.population) == ("municipality", 42_000)
    assert {each.slug: (each.level, each.population) for each in authorities} == {
        "council": ("", 0), "east": ("municipality", 42_000), "west": ("", 0), "town": ("", 0),
    }  # fmt: skip
    assert [each.population for each in territories] == [0, 42_000, 0, 0]


async def test_a_region_put_again_brings_its_figures_up_to_date(world: World) -> None:
    request = region()
    request.territories[1].population, request.authorities[1].level = 42_000, "municipality"
    await world.put_region(request)
    request.territories[1].population, request.authorities[1].level = 41_000, "region"
    await world.put_region(request)
    authorities = (await world.authorities.ListAuthorities(identity_pb2.ListAuthoritiesRequest())).authorities
    assert (authorities[1].level, authorities[1].population) == ("region", 41_000)


async def test_figures_that_cannot_be_are_refused_with_their_fields(world: World) -> None:
    request = region()
    request.territories[2].population = -1
    request.authorities[3].level = "village"
    with pytest.raises(FakeRpcError) as caught:
        await world.put_region(request)
    assert reasons(caught.value) == {
        "territories[2].population": "OUT_OF_RANGE",
        "authorities[3].level": "UNKNOWN_VALUE",
    }


@pytest.mark.parametrize(
    ("territories", "authorities", "expected"),
    [
        ([("B", "A")], [], {"territories[0].parent_code": "UNKNOWN_PARENT"}),
        ([("UA32", "UA320401")], [], {"territories[0].parent_code": "CIRCLE"}),
        ([("A", "A")], [], {"territories[0].parent_code": "CIRCLE"}),
        ([("A", ""), ("A", "UA32")], [], {"territories[1]": "REPEATED"}),
        ([("", "")], [], {"territories[0].code": "REQUIRED"}),
        ([], [("x", "y", "UA32")], {"authorities[0].parent_slug": "UNKNOWN_PARENT"}),
        ([], [("council", "town", "UA32")], {"authorities[0].parent_slug": "CIRCLE"}),
        ([], [("x", "", "UA99")], {"authorities[0].territory_code": "UNKNOWN_TERRITORY"}),
        ([], [("Рада", "", "UA32")], {"authorities[0].slug": "BAD_SLUG"}),
    ],
)
async def test_a_bad_region_is_refused_whole(
    world: World, territories: list, authorities: list, expected: dict
) -> None:
    request = region(territories, authorities)
    for item in request.territories:
        if not item.code:
            item.name.texts["en"] = "nameless"
    with pytest.raises(FakeRpcError) as caught:
        await world.put_region(request)
    assert reasons(caught.value) == expected


async def test_a_territory_that_moves_takes_those_below_along(world: World) -> None:
    await world.ensure("olena@example.org", "authors", residence_code="UA320401")
    await world.put_region(region([("UA320401", "UA3208")], []))
    _, _, claims = await world.access(await world.session("olena@example.org"))
    assert claims["residence"] == ["UA32", "UA3208", "UA320401"]
