"""The place that a request is for, and where the petitions of an authority are at home."""

from collections.abc import Iterable

from flask import current_app, g, has_request_context
from viche.identity.v1 import identity_pb2

from viche_chassis.brand import text_of
from viche_chassis.errors import DomainError
from viche_gateway.branding.places import Place, Places
from viche_gateway.languages import current_language
from viche_gateway.regions import current_region, find_authority, localized


def places() -> Places:
    """All places of this instance."""
    return current_app.extensions["viche.places"]


def here() -> Place:
    """The place of this request; the region's where there is no request, or its host is nobody's."""
    return g.get("place", places().main) if has_request_context() else places().main


def site_name() -> str:
    """The name of this place for the reader: as the brand says it, else the authority's own, else the region's."""
    settings = current_app.extensions["viche.settings"]
    place = here()
    if name := place.name(current_language(), settings.default_language):
        return name
    if not place.is_main and (name := _authority_name(place.slug)):
        return name
    return places().main.name(current_language(), settings.default_language) or settings.region_name


def link_to(kind: str) -> str:
    """A link of the foot, for instance "imprint", in the reader's language; empty where there is none."""
    default = current_app.extensions["viche.settings"].default_language
    for place in (here(), places().main):
        if texts := place.shown.look.links.get(kind):
            return text_of(texts, current_language(), default)
    return ""


def home_of(authority_id: str) -> Place:
    """Where petitions to an authority are at home: its own host, else that of the nearest above it, else the portal."""
    by_slug = places().by_slug
    if not by_slug or not authority_id:
        return places().main
    try:
        authorities = current_region().authorities
    except DomainError:  # a page is worth having without its address
        return places().main
    above = {each.slug: each for each in authorities.values()}
    authority = authorities.get(authority_id)
    while authority is not None and authority.slug not in by_slug:
        authority = above.get(authority.parent_slug) if authority.parent_slug else None
    return by_slug[authority.slug] if authority is not None else places().main


def address_of(authority_id: str) -> str:
    """The address where petitions to an authority are at home, without a final slash."""
    return home_of(authority_id).url


def authorities_here() -> list[identity_pb2.Authority]:
    """The authorities of this place, that of its host first and then all below it; all of them on the portal.

    Raises:
        DomainError: identity has not answered since this process started.
    """
    authorities = current_region().authorities
    place = here()
    if place.is_main:
        return list(authorities.values())
    return list(_below(place.slug, authorities.values()))


def belongs_here(authority_id: str) -> bool:
    """Whether petitions to an authority are shown at this place."""
    return here().is_main or any(each.id == authority_id for each in authorities_here())


def listed(wanted: str = "") -> tuple[str, tuple[str, ...]]:
    """The authorities of a list at this place, as one and those beside it; none where it has all.

    Args:
        wanted: id of the one that the reader asks for; one of another place counts as not said.
    """
    if here().is_main or (wanted and belongs_here(wanted)):
        return wanted, ()
    first, *more = [each.id for each in authorities_here()]
    return first, tuple(more)


def _below(slug: str, authorities: Iterable[identity_pb2.Authority]) -> Iterable[identity_pb2.Authority]:
    """The authority and all below it; parents stand before children."""
    found = {slug}
    for each in authorities:
        if each.slug in found or each.parent_slug in found:
            found.add(each.slug)
            yield each


def _authority_name(slug: str) -> str:
    try:
        authority = find_authority(slug)
    except DomainError:
        return ""
    return localized(authority.name.texts) if authority else ""
