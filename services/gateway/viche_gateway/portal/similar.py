"""Petitions like the one that somebody starts: shown while its title is typed, or once after it where no script runs.

They are an offer: where they cannot be had, the draft goes on without them.
"""

from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import access
from viche_gateway.context import services
from viche_gateway.languages import current_language
from viche_gateway.portal.life import COLLECTING
from viche_gateway.sessions import signed_in

LEAST_TITLE = 10
MOST_TITLE = 300
SEEN = "similar_to"
"""The hidden field in which the script says for which title petitions were shown."""


@access.public(max_age_s=60)
def similar_petitions() -> str:
    """Part of a page: petitions like the title in the address; empty when there are none."""
    title = request.args.get("title", "").replace("\x00", "").strip()[:MOST_TITLE]
    return render_template("drafting/similar_part.html", found=_like(title, current_language()))


@access.person
def similar_to_draft(petition_id: str) -> ResponseReturnValue:
    """Asks whether one's own petition is among those like it; goes on where there are none."""
    mine = services().petitions.mine(signed_in().access_token)
    draft = next((petition for petition in mine if petition.id == petition_id), None)
    if draft is None:
        abort(404)
    onward = _onward(petition_id, "check" if request.args.get("back") == "check" else "text")
    found = _offer(draft)
    if not found:
        return redirect(onward, 303)
    return render_template("drafting/similar.html", petition=draft, found=found, onward=onward, collecting=COLLECTING)


def after_title(draft: pb.Petition, following: str) -> str:
    """Where to go when a title was saved: to petitions like it, unless there are none or they were shown already.

    Args:
        following: the step after the title, or "check".
    """
    was_shown = request.form.get(SEEN, "").strip() == draft.title
    if was_shown or not _offer(draft):
        return _onward(draft.id, following)
    return url_for("portal.similar_to_draft", petition_id=draft.id, back="check" if following == "check" else None)


def _offer(draft: pb.Petition) -> Sequence[pb.Petition]:
    """Petitions like a draft; none where they cannot be had."""
    try:
        return _like(draft.title, draft.language)
    except DomainError:
        return []


def _like(title: str, language: str) -> Sequence[pb.Petition]:
    if len(title) < LEAST_TITLE:
        return []
    return [each.petition for each in services().similar.to_title(title, language)]


def _onward(petition_id: str, step: str) -> str:
    if step == "check":
        return url_for("portal.check", petition_id=petition_id)
    return url_for("portal.question", petition_id=petition_id, step=step)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/petitions/similar", view_func=similar_petitions)
    blueprint.add_url_rule("/drafts/<petition_id>/similar", view_func=similar_to_draft)
