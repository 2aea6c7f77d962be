"""Petitions for everybody: the list and the page of one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import access
from viche_gateway.branding.current import address_of, belongs_here, listed
from viche_gateway.charts import CountChart, count_chart, stated_chart
from viche_gateway.clients.petitions import Search
from viche_gateway.context import services
from viche_gateway.counting import shows_territories
from viche_gateway.languages import current_language
from viche_gateway.portal import rejected
from viche_gateway.portal.archived import archive_of
from viche_gateway.portal.deadlines import stages_of
from viche_gateway.portal.progress import ways_of
from viche_gateway.portal.tilemap import PER, map_of

PAGE_SIZE = 20
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MAX_PAGE = 500
ANSWERED = "answered"
# what "state" in the address means: a state, and where the petitions were collected
STATES = {
    "": (pb.PETITION_STATE_UNSPECIFIED, pb.PETITION_ORIGIN_UNSPECIFIED),
    "open": (pb.PETITION_STATE_OPEN, pb.PETITION_ORIGIN_OWN),
    "reached": (pb.PETITION_STATE_THRESHOLD_REACHED, pb.PETITION_ORIGIN_OWN),
    "closed": (pb.PETITION_STATE_CLOSED, pb.PETITION_ORIGIN_OWN),
    "rejected": (pb.PETITION_STATE_REJECTED, pb.PETITION_ORIGIN_OWN),
    ANSWERED: (pb.PETITION_STATE_UNSPECIFIED, pb.PETITION_ORIGIN_OWN),
    "archive": (pb.PETITION_STATE_UNSPECIFIED, pb.PETITION_ORIGIN_ARCHIVED),
}
ORDERS = {"recent": pb.PETITION_ORDER_RECENT, "count": pb.PETITION_ORDER_COUNT}
_MOST_TERRITORIES = 30


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader looks for, as it stands in the address."""

    query: str
    state: str
    order: str
    authority: str
    page: int

    def link(self, endpoint: str = "portal.petition_list", /, **changes: object) -> str:
        """The list's address with some of it changed; a change of the filter begins on page one."""
        names = ("query", "state", "order", "authority")
        values: dict[str, object] = {name: getattr(self, name) for name in names}
        values |= {"page": 1, **changes}
        kept = {("q" if name == "query" else name): value for name, value in values.items() if value not in ("", 1)}
        return url_for(endpoint, **kept)  # pyright: ignore[reportArgumentType]


@access.public(max_age_s=15)
def petition_list() -> str:
    """Petitions, searched and filtered by plain links, page by page."""
    wanted = read_filter()
    found = find(wanted)
    pages = max(1, -(-found.total_size // PAGE_SIZE))
    return render_template("petitions/list.html", found=found, wanted=wanted, pages=min(pages, MAX_PAGE))


@access.public(max_age_s=10)
def petition(number: int) -> ResponseReturnValue:
    """One petition: what it asks, how far it is, what happens next."""
    found = services().petitions.by_number(number)
    if not belongs_here(found.authority_id):
        return redirect(f"{address_of(found.authority_id)}{request.script_root}{quote(request.path)}")
    if found.state in rejected.SHOWN_HERE and not found.is_archived:
        return rejected.page(found)
    if found.is_archived:
        return _archived(found)
    territories = _territories(found.id) if shows_territories(found) else None
    shown = territories or []
    return render_template(
        "petitions/page.html",
        petition=found,
        chart=_chart(found.id),
        territories=shown[:_MOST_TERRITORIES],
        map=map_of(found, shown),
        map_per=PER,
        ways=ways_of(found, territories),
        stages=stages_of(found),
    )


def find(wanted: Filter) -> pb.ListPetitionsResponse:
    """A page of what the reader looks for."""
    state, origin = STATES[wanted.state]
    first, more = listed(wanted.authority)
    return services().petitions.search(
        Search(
            query=wanted.query,
            state=state,
            origin=origin,
            has_answer=wanted.state == ANSWERED,
            order=ORDERS.get(wanted.order, pb.PETITION_ORDER_UNSPECIFIED),
            authority_id=first,
            more_authority_ids=more,
            language=current_language(),
            page_size=PAGE_SIZE,
            skip=(wanted.page - 1) * PAGE_SIZE,
        )
    )


def read_filter() -> Filter:
    """What the reader looks for, by the address; what cannot be meant counts as not said."""
    asked = request.args
    page = asked.get("page", "1")
    return Filter(
        query=asked.get("q", "").replace("\x00", "").strip()[:200],
        state=asked.get("state", "") if asked.get("state", "") in STATES else "",
        order=asked.get("order", "") if asked.get("order", "") in ORDERS else "",
        authority=asked.get("authority", "") if _UUID.fullmatch(asked.get("authority", "")) else "",
        page=min(max(int(page), 1), MAX_PAGE) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def _archived(found: pb.Petition) -> str:
    return render_template(
        "petitions/page.html",
        petition=found,
        archive=archive_of(found, _territories(found.id) or []),
        chart=_chart(found.id, stated_chart),
        territories=[],
        map=None,
        ways=(),
        stages=(),
    )


def _chart(
    petition_id: str, draw: Callable[[Sequence[pb.CountPoint]], CountChart | None] = count_chart
) -> CountChart | None:
    try:
        return draw(services().petitions.history(petition_id, is_coarse=True))
    except DomainError:
        return None  # the page is worth having without its chart


def _territories(petition_id: str) -> list[pb.TerritoryCount] | None:
    """Counts by territory; None when they cannot be had now."""
    try:
        return list(services().petitions.tally(petition_id).territories)
    except DomainError:
        return None


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/petitions", view_func=petition_list)
    blueprint.add_url_rule("/petitions/<int:number>", view_func=petition)
