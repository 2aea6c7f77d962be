"""Home and the pages that explain."""

from flask import Blueprint, render_template
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway import access
from viche_gateway.branding.current import listed
from viche_gateway.clients.petitions import Search
from viche_gateway.context import services

PAGE_AGE_S = 300
_OPEN_ON_HOME = 5
_REACHED_ON_HOME = 4


@access.public(max_age_s=15)
def home() -> str:
    """What is open, what has reached its goal, one search field, one way to begin."""
    petitions = services().petitions
    collecting = petitions.search(_on_home(pb.PETITION_STATE_OPEN, pb.PETITION_ORDER_COUNT, _OPEN_ON_HOME))
    reached = petitions.search(
        _on_home(pb.PETITION_STATE_THRESHOLD_REACHED, pb.PETITION_ORDER_RECENT, _REACHED_ON_HOME)
    )
    return render_template("home.html", collecting=collecting, reached=reached)


def _on_home(state: int, order: int, size: int) -> Search:
    """Home shows what people can still act on, hence no archive."""
    first, more = listed()
    return Search(
        state=state,
        order=order,
        page_size=size,
        origin=pb.PETITION_ORIGIN_OWN,
        authority_id=first,
        more_authority_ids=more,
    )


@access.public(max_age_s=PAGE_AGE_S)
def help_page() -> str:
    """How petitions work here, from the rules that are in force."""
    return render_template("help.html", workflows=services().petitions.workflows(in_use=True))


@access.public(max_age_s=PAGE_AGE_S)
def privacy() -> str:
    """What is kept of people, why and for how long."""
    return render_template("privacy.html")


@access.public(max_age_s=PAGE_AGE_S)
def accessibility() -> str:
    """The accessibility statement (Directive (EU) 2016/2102, article 7)."""
    return render_template("accessibility.html")


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/", view_func=home)
    blueprint.add_url_rule("/help", view_func=help_page)
    blueprint.add_url_rule("/privacy", view_func=privacy)
    blueprint.add_url_rule("/accessibility", view_func=accessibility)
