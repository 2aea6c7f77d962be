"""From what happened to the messages that say so."""

from viche.surveys.v1 import events_pb2

from viche_surveys.domain.survey import Survey


def opened(survey: Survey) -> events_pb2.SurveyOpened:
    """A survey takes answers from now on."""
    return events_pb2.SurveyOpened(survey_id=str(survey.id), number=survey.number or 0)


def closed(survey: Survey) -> events_pb2.SurveyClosed:
    """A survey takes answers no more."""
    return events_pb2.SurveyClosed(survey_id=str(survey.id), number=survey.number or 0)
