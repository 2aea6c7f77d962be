"""Something outside closes petitions early, for instance a dissolution: operators say so, after they saw how many."""

import time

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import answers_pb2

from viche_gateway import access, forms
from viche_gateway.context import new_request_id, services
from viche_gateway.sessions import signed_in

ROLE = "operator"
_MOST_S = 5.0


@access.operator
def closing(authority_id: str) -> str:
    """What may close the petitions of an authority early, and how many it would close."""
    _check(authority_id)
    cases = services().answers.closing_cases(signed_in().access_token, authority_id)
    return render_template("console/answers/closing.html", authority_id=authority_id, cases=cases, left=_left())


@access.operator
def ask_closing(authority_id: str, workflow: str, event: str) -> str:
    """Asks once."""
    return render_template(
        "console/answers/ask_closing.html", authority_id=authority_id, case=_case(authority_id, workflow, event)
    )


@access.operator
def close_for_event(authority_id: str, workflow: str, event: str) -> ResponseReturnValue:
    """Closes them, some hundreds at a time; what one press cannot do is left for the next."""
    case = _case(authority_id, workflow, event)
    token, request_id, until = signed_in().access_token, forms.request_id(), time.monotonic() + _MOST_S
    left = services().answers.close_for(token, request_id, authority_id, case).left
    while left and time.monotonic() < until:
        left = services().answers.close_for(token, new_request_id(), authority_id, case).left
    return redirect(url_for("console.closing", authority_id=authority_id, left=left), 303)


def operated() -> tuple[str, ...]:
    """Ids of the authorities that the person operates."""
    grants = [grant for grant in signed_in().person.grants if grant.role == ROLE]
    return tuple(sorted({id for grant in grants for id in (grant.authority_id, *grant.covers_authority_ids)}))


def _check(authority_id: str) -> None:
    if authority_id not in operated():
        abort(403)


def _case(authority_id: str, workflow: str, event: str) -> answers_pb2.ClosingCase:
    _check(authority_id)
    cases = services().answers.closing_cases(signed_in().access_token, authority_id)
    found = next((each for each in cases if each.workflow == workflow and each.event.name == event), None)
    return found if found is not None else abort(404)


def _left() -> int | None:
    """How many the last press has left; None where none was pressed."""
    text = request.args.get("left", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    path = "/authorities/<authority_id>/closing"
    blueprint.add_url_rule(path, view_func=closing)
    blueprint.add_url_rule(f"{path}/<workflow>/<event>", view_func=ask_closing)
    blueprint.add_url_rule(f"{path}/<workflow>/<event>", view_func=close_for_event, methods=["POST"])
