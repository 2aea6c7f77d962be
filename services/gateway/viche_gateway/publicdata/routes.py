"""The addresses of public data; readers of the UK's data find the same links here."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import InvalidFields, invalid
from viche_gateway import access
from viche_gateway.api import encode, share, values
from viche_gateway.api.petitions import changed_at
from viche_gateway.clients.petitions import Search
from viche_gateway.context import services, settings
from viche_gateway.languages import current_language
from viche_gateway.problem import QUERY
from viche_gateway.publicdata import shapes

AGE_S = 5
PAGE_SIZE = 25
MOST_PAGES = 100_000
MOST_QUERY_CHARS = 200
# as in the UK, a petition is open as long as it collects
STATES: Mapping[str, tuple[int, ...]] = {
    "all": (pb.PETITION_STATE_UNSPECIFIED,),
    "open": (pb.PETITION_STATE_OPEN, pb.PETITION_STATE_THRESHOLD_REACHED),
    "reached": (pb.PETITION_STATE_THRESHOLD_REACHED,),
    "closed": (pb.PETITION_STATE_CLOSED,),
}


@access.public(max_age_s=AGE_S)
def petition_list() -> Response:
    """A page of petitions, most recent first, or by what is looked for."""
    page, state, query = _page(), _state(), _query()
    search = Search(
        query=query,
        state=STATES[state][0],
        more_states=STATES[state][1:],
        language=current_language(),
        page_size=PAGE_SIZE,
        skip=(page - 1) * PAGE_SIZE,
    )
    found = services().petitions.search(search)
    last = max(1, -(-found.total_size // PAGE_SIZE))
    kept = {name: value for name, value in (("state", state), ("q", query)) if request.args.get(name)}
    data = [shapes.listed(item, settings().public_url) for item in found.petitions]
    return _json({"links": _links(kept, page, last), "data": data})


@access.public(max_age_s=AGE_S)
def petition(number: int) -> Response:
    """One petition."""
    found = services().petitions.by_number(number)
    territories = [] if found.is_archived else services().petitions.tally(found.id).territories
    return _json(shapes.whole(found, territories, settings().public_url), changed_at(found.updated_at))


@access.public(max_age_s=AGE_S)
def count(number: int) -> Response:
    """The count alone, for those who ask often."""
    found = services().petitions.by_number(number)
    body = {
        "number": number,
        "signature_count": found.signature_count,
        "updated_at": values.moment(found.updated_at),
    }
    return _json(body, changed_at(found.updated_at))


@access.public(max_age_s=AGE_S)
def history(number: int) -> Response:
    """The count over time."""
    return _json({"number": number, "history": [values.count_point(point) for point in _points(number)]})


@access.public(max_age_s=AGE_S)
def history_table(number: int) -> Response:
    """The count over time as a table (RFC 4180)."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(("minute", "signature_count"))
    table.writerows((values.moment(point.minute), point.signature_count) for point in _points(number))
    response = Response(text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="petition-{number}-history.csv"'
    share(response)
    return response


def _points(number: int) -> Sequence[pb.CountPoint]:
    found = services().petitions.by_number(number)
    return [] if found.is_archived else services().petitions.history(found.id)


def _json(body: object, modified_at: datetime | None = None) -> Response:
    response = Response(encode(body), mimetype="application/json")
    share(response, modified_at)
    return response


def _page() -> int:
    page = request.args.get("page", "1")
    if not (page.isascii() and page.isdigit() and len(page) <= 6 and 1 <= int(page) <= MOST_PAGES):
        raise InvalidFields(invalid(f"{QUERY}page", "OUT_OF_RANGE", least=1, most=MOST_PAGES))
    return int(page)


def _state() -> str:
    state = request.args.get("state", "") or "all"
    if state not in STATES:
        raise InvalidFields(invalid(f"{QUERY}state", "UNKNOWN_VALUE", choices=", ".join(STATES)))
    return state


def _query() -> str:
    query = request.args.get("q", "").strip()
    if "\x00" in query:
        raise InvalidFields(invalid(f"{QUERY}q", "NUL_BYTE"))
    if len(query) > MOST_QUERY_CHARS:
        raise InvalidFields(invalid(f"{QUERY}q", "TOO_LONG", limit=MOST_QUERY_CHARS))
    return query


def _links(kept: Mapping[str, str], page: int, last: int) -> dict[str, str | None]:
    def link(number: int) -> str:
        query = urlencode({**({"page": number} if number > 1 else {}), **kept})
        return f"{settings().public_url}/petitions.json" + (f"?{query}" if query else "")

    return {
        "self": link(page),
        "first": link(1),
        "last": link(last),
        "next": link(page + 1) if page < last else None,
        "prev": link(page - 1) if page > 1 else None,
    }


def add_routes(blueprint: Blueprint) -> None:
    """Adds the addresses."""
    one = "/petitions/<int:number>"
    blueprint.add_url_rule("/petitions.json", view_func=petition_list)
    blueprint.add_url_rule(f"{one}.json", view_func=petition)
    blueprint.add_url_rule(f"{one}/count.json", view_func=count)
    blueprint.add_url_rule(f"{one}/history.json", view_func=history)
    blueprint.add_url_rule(f"{one}/history.csv", view_func=history_table)
