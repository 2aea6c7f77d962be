"""The page with results for everybody."""

from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from viche_gateway import access
from viche_gateway.branding.current import address_of, belongs_here
from viche_gateway.context import services
from viche_gateway.portal.surveys.results.view import view_of

AGE_S = 10


@access.public(max_age_s=AGE_S)
def survey_results(number: int) -> ResponseReturnValue:
    """All numbers of a survey that everybody may see."""
    survey = services().surveys.by_number(number)
    if not belongs_here(survey.authority_id):
        return redirect(f"{address_of(survey.authority_id)}{request.script_root}{quote(request.path)}")
    view = view_of(survey, services().results.public(number))
    return render_template("portal/surveys/results.html", survey=survey, view=view)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/surveys/<int:number>/results", view_func=survey_results)
