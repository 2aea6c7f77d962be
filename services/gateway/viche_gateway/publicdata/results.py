"""Results of surveys as data, and each question as a picture for posts."""

from flask import Response, abort
from viche.surveys.v1 import results_pb2, surveys_pb2

from viche_gateway import access
from viche_gateway.api import survey_results
from viche_gateway.context import services
from viche_gateway.pictures.png import png
from viche_gateway.portal.surveys.results.figure import figure
from viche_gateway.portal.surveys.results.view import view_of
from viche_gateway.publicdata import answers, result_shapes

AGE_S = 10
PICTURE_AGE_S = 60


@access.public(max_age_s=AGE_S)
def document(number: int) -> Response:
    """All numbers that everybody may see."""
    survey, found = _found(number)
    return answers.document(survey_results.document(survey, found))


@access.public(max_age_s=AGE_S)
def table(number: int) -> Response:
    """The same as a table."""
    survey, found = _found(number)
    return answers.table(f"survey-{number}-results.csv", result_shapes.rows(view_of(survey, found), found))


@access.public(max_age_s=PICTURE_AGE_S)
def drawing(number: int, question: str) -> Response:
    """A question as a picture of any size."""
    return answers.published(Response(_figure(number, question), mimetype="image/svg+xml"))


@access.public(max_age_s=PICTURE_AGE_S)
def picture(number: int, question: str) -> Response:
    """A question as a picture that every network takes."""
    return answers.published(Response(png(_figure(number, question)), mimetype="image/png"))


def _found(number: int) -> tuple[surveys_pb2.Survey, results_pb2.Results]:
    return services().surveys.known(number), services().results.public(number)


def _figure(number: int, name: str) -> str:
    view = view_of(*_found(number))
    question = view.find(name)
    if question is None or not question.is_drawn:
        abort(404)
    return figure(view, question)
