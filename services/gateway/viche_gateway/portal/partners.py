"""A partner's own page, by its secret link: how many answers came from its pages."""

from flask import Blueprint, Response, make_response, render_template

from viche_gateway import access
from viche_gateway.context import services


@access.form
def partner_totals(token: str) -> Response:
    """Its totals, and nobody else's; the address is the secret, so it is told to no other site."""
    found = services().partners.by_link(token)
    page = render_template("partners/totals.html", partner=found, totals=services().partners.totals(found.id))
    response = make_response(page)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def add_routes(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/partners/<token>", view_func=partner_totals)
