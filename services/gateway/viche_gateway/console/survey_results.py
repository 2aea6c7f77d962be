"""Results as those see them who wrote a survey: exact, live, by partner; and what people wrote in their own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from viche.identity.v1 import partners_pb2
from viche.surveys.v1 import surveys_pb2

from viche_chassis.errors import DomainError
from viche_gateway import access
from viche_gateway.console.surveys import office
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.portal.surveys.results.view import ResultsView, view_of
from viche_gateway.sessions import signed_in

READERS = frozenset({"moderator", "officer", "operator"})
"""Who is led to what people wrote; the service lets nobody else in."""
EXPORTERS = frozenset({"officer", "operator"})
"""Who is led to files with all answers; the service lets nobody else in."""
_PARTNERS = frozenset({"press", "officer", "operator"})
_MOST_TOKEN = 500


@dataclass(frozen=True, slots=True)
class Around:
    """What all pages about the results of a survey show around them."""

    survey: surveys_pb2.Survey
    title: str
    may_read: bool
    may_export: bool

    @property
    def languages(self) -> Sequence[str]:
        """Of the survey."""
        return self.survey.languages


@access.officer
def survey_results(survey_id: str) -> str:
    """All numbers, of all answers or of those that came through one partner."""
    around = around_of(survey_id)
    partners = _partners(around.survey)
    chosen = request.args.get("partner", "")
    if chosen and chosen not in dict(partners):
        abort(404)
    found = services().results.exact(signed_in().access_token, survey_id, chosen)
    return render_template(
        "console/results/page.html", around=around, view=view_of(around.survey, found), partners=partners,
        form=Form({"partner": chosen}), chosen=dict(partners).get(chosen, ""),
    )  # fmt: skip


@access.officer
def survey_text_answers(survey_id: str, question: str) -> str:
    """What people wrote in answer to a question, the latest first."""
    around = around_of(survey_id)
    token = signed_in().access_token
    found = services().results.texts(token, survey_id, question, request.args.get("after", "")[:_MOST_TOKEN])
    shown = _view(around).find(question) or abort(404)
    return render_template("console/results/texts.html", around=around, question=shown, found=found)


def around_of(survey_id: str) -> Around:
    """The survey, for those whose roles cover it; 404 for what is no id.

    Raises:
        DomainError: there is none, or it is not theirs.
    """
    try:
        UUID(survey_id)
    except ValueError:
        abort(404)
    written = office.read(survey_id)
    return Around(written.survey, written.title, _holds(READERS), _holds(EXPORTERS))


def _holds(roles: frozenset[str]) -> bool:
    """Whether the officer has one of the roles somewhere; which authority is checked by the service."""
    return any(grant.role in roles for grant in signed_in().person.grants)


def _view(around: Around) -> ResultsView:
    return view_of(around.survey, services().results.exact(signed_in().access_token, around.survey.id))


def _partners(survey: surveys_pb2.Survey) -> Sequence[tuple[str, str]]:
    """Ids and names of partners; none while identity does not answer, or for those who have nothing to do with them."""
    if not _holds(_PARTNERS):
        return ()
    try:
        found: Sequence[partners_pb2.Partner] = services().partners.of_authorities(signed_in().access_token)
    except DomainError:
        return ()
    return sorted(((each.id, each.title) for each in found), key=lambda each: each[1].casefold())


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/surveys/<survey_id>/results"
    blueprint.add_url_rule(one, view_func=survey_results)
    blueprint.add_url_rule(f"{one}/texts/<question>", view_func=survey_text_answers)
