"""People who prove, survey by survey, that it is them."""

from collections.abc import Iterable
from uuid import UUID

from viche.surveys.v1 import answers_pb2 as pb

from viche_chassis.errors import InvalidFields
from viche_chassis.tokens import Verifier
from viche_chassis.validation import violations
from viche_surveys.respondents import Respondents
from viche_surveys.scope_tokens import read_person


def proven(tokens: Verifier, people: Respondents, items: Iterable[pb.AnsweredBy]) -> list[tuple[UUID, bytes]]:
    """Surveys with the pseudonym of whoever asks in each. Checking signatures takes a while for many.

    Raises:
        InvalidFields: an item is none.
        TokenRefused: a scope token does not hold, or is for another survey.
    """
    asked = list(items)
    if faults := [fault for item in asked for fault in violations(item)]:
        raise InvalidFields(*faults)
    surveys = [UUID(item.survey_id) for item in asked]
    return [
        (survey, read_person(tokens, people, item.scope_token, survey).respondent)
        for survey, item in zip(surveys, asked, strict=True)
    ]
