"""Surveys over the API: the list, one of them, its form, its results."""

from viche.surveys.v1 import participation_pb2
from viche.surveys.v1 import surveys_pb2 as pb

from viche_gateway.api import survey_results, survey_shapes, survey_values
from viche_gateway.api.answering import ANSWERING, respondent, said_of
from viche_gateway.api.fields import Sent, Uuid, Whole, choice, text
from viche_gateway.api.operations import Call, Caller, Operation, Reply
from viche_gateway.api.petitions import changed_at
from viche_gateway.context import services, settings

LIST_AGE_S = 15
SURVEY_AGE_S = 10
MOST_LANGUAGE = 40
LANGUAGE = "BCP 47 language of the texts; one that the survey does not have falls back to its first."
INVITATION = "Secret of the link, for surveys that are answered once per link."
_NOT_FOUND = {"SURVEY_NOT_FOUND": 404}


class SurveyListQuery(Sent):
    """Which surveys to list."""

    state = choice(*survey_values.STATES, load_default=str, metadata={"description": "Only in this state."})
    authority = Uuid(load_default=str, metadata={"description": "Only of the authority of this id.", "format": "uuid"})
    page_size = Whole(least=1, most=100, load_default=20, metadata={"description": "How many on a page."})
    page_token = text(most=500, load_default=str, metadata={"description": "From the answer before."})


class SurveyFormQuery(Sent):
    """Which form."""

    language = text(most=MOST_LANGUAGE, load_default=str, metadata={"description": LANGUAGE})
    invitation = text(most=200, load_default=str, metadata={"description": INVITATION})


def list_surveys(call: Call) -> Reply:
    """Public surveys, page by page."""
    query = call.query
    found = services().surveys.listed(
        survey_values.STATES.get(query["state"], pb.SURVEY_STATE_UNSPECIFIED),
        [query["authority"]] if query["authority"] else [],
        query["page_size"],
        query["page_token"],
    )
    return Reply(survey_values.survey_page(found))


def get_survey(call: Call, number: int) -> Reply:
    """One survey."""
    found = services().surveys.by_number(number)
    return Reply(survey_values.survey(found), changed_at(found.updated_at))


def get_survey_form(call: Call, number: int) -> Reply:
    """Its whole form."""
    survey = services().surveys.known(number)
    asked = participation_pb2.ListAnswerPagesRequest(
        number=number,
        language=call.query["language"] or settings().default_language,
        respondent=respondent(survey, call.session, call.query["invitation"]),
    )
    with said_of(survey):
        return Reply(survey_values.form(services().participation.form(asked)))


def get_survey_results(call: Call, number: int) -> Reply:
    """Its results."""
    return Reply(survey_results.document(services().surveys.known(number), services().results.public(number)))


OPERATIONS = (
    Operation(
        method="get",
        path="/surveys",
        run=list_surveys,
        summary="List surveys",
        tag="surveys",
        description="Those that the portal lists.",
        query=SurveyListQuery,
        answer=survey_shapes.SurveyPageShape,
        max_age_s=LIST_AGE_S,
        reasons={"BAD_PAGE_TOKEN": 400},
    ),
    Operation(
        method="get",
        path="/surveys/{number}",
        run=get_survey,
        summary="Get a survey",
        tag="surveys",
        answer=survey_shapes.SurveyShape,
        max_age_s=SURVEY_AGE_S,
        reasons=_NOT_FOUND,
    ),
    Operation(
        method="get",
        path="/surveys/{number}/form",
        run=get_survey_form,
        summary="Get a survey's form",
        tag="surveys",
        description="All that is needed to draw it: every page with its questions in one language, pages and questions "
        "that depend on answers with their conditions in CEL. A survey that counts persons shows it to those alone "
        "who may answer.",
        caller=Caller.EITHER,
        query=SurveyFormQuery,
        answer=survey_shapes.SurveyFormShape,
        reasons=ANSWERING,
    ),
    Operation(
        method="get",
        path="/surveys/{number}/results",
        run=get_survey_results,
        summary="Get a survey's results",
        tag="surveys",
        description="The numbers of the results' page; what fewer than k answers would tell is null. The same as a "
        "table: `/surveys/NUMBER/results.csv` of the portal; a question as a picture: "
        "`/surveys/NUMBER/results/QUESTION.svg` and `.png`.",
        answer=survey_shapes.ResultsShape,
        max_age_s=SURVEY_AGE_S,
        reasons={"RESULTS_NOT_PUBLIC": 409, **_NOT_FOUND},
    ),
)
