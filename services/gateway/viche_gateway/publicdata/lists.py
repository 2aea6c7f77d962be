"""Lists of petitions, collected here and archived, as JSON in pages and as a table in one piece."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Response, redirect, request
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway import access
from viche_gateway.branding.current import listed
from viche_gateway.clients.opendata import Wanted
from viche_gateway.context import services, settings
from viche_gateway.languages import current_language
from viche_gateway.publicdata import answers, asking, outcomes, shapes
from viche_gateway.publicdata.outcomes import Facet

LIST_AGE_S = 5
TABLE_AGE_S = 60
_COLUMNS = ("Petition", "URL", "State", "Signatures Count")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where petitions stand: their address without its ending, and the states that one can ask for."""

    path: str
    origin: int
    facets: Mapping[str, Facet]


OWN = Shelf("/petitions", pb.PETITION_ORIGIN_OWN, outcomes.FACETS)
ARCHIVE = Shelf("/archived/petitions", pb.PETITION_ORIGIN_ARCHIVED, outcomes.ARCHIVED_FACETS)


@access.public(max_age_s=LIST_AGE_S)
def petition_list() -> Response:
    """A page of petitions collected here."""
    return _document(OWN)


@access.public(max_age_s=LIST_AGE_S)
def archived_list() -> Response:
    """A page of archived petitions."""
    return _document(ARCHIVE)


@access.public(max_age_s=TABLE_AGE_S)
def petition_table() -> Response:
    """All petitions collected here."""
    return _table(OWN)


@access.public(max_age_s=TABLE_AGE_S)
def archived_table() -> Response:
    """All archived petitions."""
    return _table(ARCHIVE)


def _document(shelf: Shelf) -> Response:
    facet = shelf.facets.get(_state())
    if facet is None:
        return _to_all(f"{shelf.path}.json")
    number, size, wanted = asking.page(), asking.page_size(), _wanted(shelf, facet)
    found, total = [], 0
    if not facet.is_empty:
        page = services().opendata.page(wanted, facet.order, size, (number - 1) * size)
        found, total = page.petitions, page.total_size
    links = asking.links(f"{shelf.path}.json", number, total, size)
    return answers.document({"links": links, "data": [shapes.listed(each) for each in found]})


def _table(shelf: Shelf) -> Response:
    state = _state()
    facet = shelf.facets.get(state)
    if facet is None:
        return _to_all(f"{shelf.path}.csv")
    name = f"{state}-petitions.csv"
    if facet.is_empty:
        return answers.table(name, [_COLUMNS])
    wanted, public_url = _wanted(shelf, facet), settings().public_url
    return answers.whole_table(
        name, lambda: services().opendata.all(wanted), lambda petitions: _rows(petitions, public_url)
    )


def _rows(petitions: Iterator[pb.Petition], public_url: str) -> Iterator[tuple[object, ...]]:
    yield _COLUMNS
    for each in petitions:
        yield each.title, shapes.page_address(each, public_url), outcomes.state(each), each.signature_count


def _state() -> str:
    return request.args.get("state", "") or "all"


def _wanted(shelf: Shelf, facet: Facet) -> Wanted:
    first, more = listed()
    return Wanted(
        authority_id=first,
        more_authority_ids=more,
        query=asking.query(),
        language=current_language(),
        states=facet.states,
        origin=shelf.origin,
        source_states=facet.source_states,
        source_has=facet.source_has,
        reached=facet.reached,
        outcome=facet.outcome,
    )


def _to_all(path: str) -> Response:
    """As on the UK's site, whoever asks for a state that is none is sent to all of them."""
    values = {**asking.kept(), "state": "all"}
    return answers.published(redirect(asking.link(path, values)))  # pyright: ignore[reportArgumentType]
