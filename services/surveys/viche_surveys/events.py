"""From what happened to the messages that say so."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from viche.surveys.v1 import events_pb2

from viche_surveys.attempts import Attempt
from viche_surveys.domain.survey import Survey


def opened(survey: Survey) -> events_pb2.SurveyOpened:
    """A survey takes answers from now on."""
    return events_pb2.SurveyOpened(survey_id=str(survey.id), number=survey.number or 0)


def closed(survey: Survey) -> events_pb2.SurveyClosed:
    """A survey takes answers no more."""
    return events_pb2.SurveyClosed(survey_id=str(survey.id), number=survey.number or 0)


def responses_accepted(survey_id: UUID, accepted: Sequence[Attempt], at: datetime) -> events_pb2.ResponsesAccepted:
    """Answers to one survey were accepted together."""
    message = events_pb2.ResponsesAccepted(survey_id=str(survey_id))
    for each in accepted:
        partner = str(each.partner_id) if each.partner_id else ""
        message.responses.add(response_id=str(each.id), version=each.live.version, partner_id=partner)
    message.accepted_at.FromDatetime(at)
    return message
