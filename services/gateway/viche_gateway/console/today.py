"""Today: what waits for the officer, oldest first."""

from flask import Blueprint, render_template, request
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway import access
from viche_gateway.clients.petitions import Search
from viche_gateway.context import services
from viche_gateway.sessions import signed_in

_MOST_OPEN = 50


@access.officer
def today() -> str:
    """The queue of submitted petitions, and what is open at the officer's authorities."""
    session = signed_in()
    waiting = services().petitions.submitted(session.access_token, request.args.get("from", "")[:500])
    return render_template("console/today.html", session=session, waiting=waiting, collecting=_collecting())


def _collecting() -> list[pb.Petition]:
    session = signed_in()
    own = sorted({grant.authority_id for grant in session.person.grants})
    covered = sorted({code for grant in session.person.grants for code in grant.covers_authority_ids} | set(own))
    found: list[pb.Petition] = []
    for authority_id in covered[:20]:
        for state in (pb.PETITION_STATE_OPEN, pb.PETITION_STATE_THRESHOLD_REACHED):
            search = Search(state=state, authority_id=authority_id, page_size=_MOST_OPEN)
            found.extend(services().petitions.search(search).petitions)
    return sorted(found, key=lambda petition: petition.closes_at.seconds)[:_MOST_OPEN]


def add_routes(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("", view_func=today)
