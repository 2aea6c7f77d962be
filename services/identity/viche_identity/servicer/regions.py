"""A region as the operator brings it, read and checked as a whole."""

from collections.abc import Sequence

from viche.identity.v1 import identity_pb2

from viche_chassis.errors import FieldViolation, InvalidFields
from viche_chassis.ids import new_id
from viche_chassis.validation import violations
from viche_identity.domain import people
from viche_identity.domain import region as rules
from viche_identity.servicer.messages import within


def read_region(
    request: identity_pb2.PutRegionRequest,
    known_territories: Sequence[rules.Territory],
    known_authorities: Sequence[rules.Authority],
) -> tuple[list[rules.Territory], list[rules.Authority]]:
    """The territories and authorities of a request, with new ids for the authorities.

    Raises:
        InvalidFields: naming every item that cannot be taken, for instance "authorities[2].parent_slug".
    """
    territories = [
        rules.Territory(each.code, each.parent_code, each.name.texts, each.population) for each in request.territories
    ]
    authorities = [
        rules.Authority(new_id(), each.slug, each.parent_slug, each.name.texts, each.territory_code, each.level)
        for each in request.authorities
    ]
    codes = {each.code for each in [*known_territories, *territories]}
    found = _territory_violations(request, {each.code: each.parent for each in known_territories})
    found += _authority_violations(request, {each.slug: each.parent for each in known_authorities}, codes)
    if found:
        raise InvalidFields(*found)
    return territories, authorities


def _territory_violations(request: identity_pb2.PutRegionRequest, known: dict[str, str]) -> list[FieldViolation]:
    items = [(each.code, each.parent_code) for each in request.territories]
    found = list(rules.tree_violations(items, known, "territories", "parent_code"))
    for place, item in enumerate(request.territories):
        own = [
            *violations(item),
            *rules.name_violations(item.name.texts, "name"),
            *rules.population_violations(item.population, "population"),
        ]
        found += within(f"territories[{place}]", own)
    return found


def _authority_violations(
    request: identity_pb2.PutRegionRequest, known: dict[str, str], codes: set[str]
) -> list[FieldViolation]:
    items = [(each.slug, each.parent_slug) for each in request.authorities]
    found = list(rules.tree_violations(items, known, "authorities", "parent_slug"))
    for place, item in enumerate(request.authorities):
        own = [
            *violations(item),
            *rules.name_violations(item.name.texts, "name"),
            *rules.slug_violations(item.slug, "slug"),
            *people.residence_violations(item.territory_code, codes, "territory_code"),
            *rules.level_violations(item.level, "level"),
        ]
        found += within(f"authorities[{place}]", own)
    return found
