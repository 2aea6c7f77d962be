"""A petition inside the page of a partner: what it asks, how far it is, and the way to sign it on the portal."""

from flask import Blueprint, render_template

from viche_gateway import access
from viche_gateway.context import services
from viche_gateway.embed import framing


@framing.framed
@access.public(max_age_s=10)
def petition(number: int) -> str:
    """One petition; its signature is given on the portal, where people are signed in or confirm by mail."""
    return render_template("embed/petition.html", petition=services().petitions.by_number(number))


def add_routes(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/petitions/<int:number>", view_func=petition)
