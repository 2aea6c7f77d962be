"""What all answers to surveys over the API have in common: who answers, and how a refusal is said."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from viche.surveys.v1 import answers_pb2
from viche.surveys.v1 import surveys_pb2 as pb

from viche_chassis.errors import DomainError, InvalidFields
from viche_gateway import problem
from viche_gateway.clients.answering import AUDIENCE, SCOPE
from viche_gateway.context import client_network, services
from viche_gateway.portal.surveys.refusing import is_personal, sentence_of
from viche_gateway.sessions import Session

ANSWERING: Mapping[str, int] = {
    "SURVEY_NOT_FOUND": 404, "NOT_OPEN": 409, "SIGN_IN_NEEDED": 401, "ASSURANCE_TOO_LOW": 403, "OTHER_TERRITORY": 403,
    "INVITATION_REFUSED": 403, "INVITATION_USED": 409, "ALREADY_ANSWERED": 409,
}  # fmt: skip
"""Why somebody may not answer, with the status of each."""


@contextmanager
def said_of(survey: pb.Survey) -> Iterator[None]:
    """Refusals are said of surveys, where other parts of the portal know their reasons, too."""
    try:
        yield
    except InvalidFields:
        raise
    except DomainError as error:
        raise problem.Worded(error, sentence_of(survey, error)) from error


def respondent(survey: pb.Survey, session: Session | None, invitation: str) -> answers_pb2.Respondent:
    """Who answers; who has a session stays unknown where the survey does not count persons."""
    token = ""
    if session is not None and is_personal(survey):
        token = services().identity.scope_token(session.access_token, AUDIENCE, SCOPE.format(survey.id))
    return answers_pb2.Respondent(scope_token=token, invitation=invitation, network=client_network())
