"""Surveys for everybody: the list, and the page of one."""

from collections.abc import Sequence
from urllib.parse import quote

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from viche.surveys.v1 import surveys_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import access
from viche_gateway.branding.current import address_of, belongs_here, listed
from viche_gateway.context import services

PAGE_SIZE = 20
_ON_HOME = 3
_MOST_TOKEN = 500
_STATES = {"": pb.SURVEY_STATE_OPEN, "closed": pb.SURVEY_STATE_CLOSED}


@access.public(max_age_s=15)
def survey_list() -> str:
    """Open surveys, what closes soonest first; or closed ones, the latest first."""
    state = request.args.get("state", "") if request.args.get("state", "") in _STATES else ""
    found = services().surveys.listed(
        _STATES[state], authorities(), PAGE_SIZE, request.args.get("after", "")[:_MOST_TOKEN]
    )
    return render_template("portal/surveys/list.html", found=found, state=state)


@access.public(max_age_s=10)
def survey(number: int) -> ResponseReturnValue:
    """One survey: what it is about, who asks, how long it takes, until when."""
    found = services().surveys.by_number(number)
    if not belongs_here(found.authority_id):
        return redirect(f"{address_of(found.authority_id)}{request.script_root}{quote(request.path)}")
    return render_template("portal/surveys/page.html", survey=found, shows_results=shows_results(found))


def closing_soon() -> Sequence[pb.Survey]:
    """Open surveys for the home page; none while the service does not answer."""
    try:
        return services().surveys.listed(pb.SURVEY_STATE_OPEN, authorities(), _ON_HOME).surveys
    except DomainError:
        return ()


def shows_results(found: pb.Survey) -> bool:
    """Whether everybody may see results now, if there are enough answers."""
    results = found.settings.results
    is_closed = found.state == pb.SURVEY_STATE_CLOSED
    return results == pb.RESULTS_VISIBILITY_LIVE or (results == pb.RESULTS_VISIBILITY_CLOSED and is_closed)


def authorities() -> Sequence[str]:
    """Those whose surveys are shown at this place; none where it has all."""
    first, more = listed()
    return [first, *more] if first else []
