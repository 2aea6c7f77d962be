"""Surveys and their settings, from values to messages and back."""

from collections.abc import Iterable
from dataclasses import replace

from viche.surveys.v1 import surveys_pb2 as pb

from viche_chassis.messages import aware, timestamp
from viche_surveys.domain.faults import Fault
from viche_surveys.domain.life import tidied
from viche_surveys.domain.origin import FormOrigin
from viche_surveys.domain.survey import DEFAULT_K, Admission, Settings, State, Survey, Visibility

STATES = {
    State.DRAFT: pb.SURVEY_STATE_DRAFT,
    State.SCHEDULED: pb.SURVEY_STATE_SCHEDULED,
    State.OPEN: pb.SURVEY_STATE_OPEN,
    State.CLOSED: pb.SURVEY_STATE_CLOSED,
}
ADMISSIONS = {
    Admission.OPEN: pb.ADMISSION_OPEN,
    Admission.LINK: pb.ADMISSION_LINK,
    Admission.PERSON: pb.ADMISSION_PERSON,
}
VISIBILITIES = {
    Visibility.LIVE: pb.RESULTS_VISIBILITY_LIVE,
    Visibility.CLOSED: pb.RESULTS_VISIBILITY_CLOSED,
    Visibility.NEVER: pb.RESULTS_VISIBILITY_NEVER,
}
_STATE = {message: value for value, message in STATES.items()}
_ADMISSION = {message: value for value, message in ADMISSIONS.items()}
_VISIBILITY = {message: value for value, message in VISIBILITIES.items()}


def survey_message(survey: Survey) -> pb.Survey:
    """A survey as everybody may see it."""
    summary = survey.summary
    return pb.Survey(
        id=str(survey.id), number=survey.number or 0, authority_id=str(survey.authority_id),
        state=STATES[survey.state], settings=settings_message(survey.settings), version=survey.version,
        title=summary.title, introduction=summary.introduction, thanks=summary.thanks, languages=summary.languages,
        questions=summary.questions, pages=summary.pages, takes_files=summary.takes_files,
        responses=survey.published if survey.published >= survey.settings.k else 0,
        opened_at=timestamp(survey.opened_at), closed_at=timestamp(survey.closed_at),
        updated_at=timestamp(survey.updated_at),
    )  # fmt: skip


def settings_message(settings: Settings) -> pb.SurveySettings:
    """Settings as they are stored."""
    return pb.SurveySettings(
        admission=ADMISSIONS[settings.admission], assurance=settings.assurance,
        territory_code=settings.territory_code, opens_at=timestamp(settings.opens_at),
        closes_at=timestamp(settings.closes_at), results=VISIBILITIES[settings.results], k=settings.k,
        is_listed=settings.is_listed, needs_human_check=settings.needs_human_check,
    )  # fmt: skip


def read_settings(message: pb.SurveySettings, former: Settings | None = None) -> Settings:
    """Settings that somebody wants.

    Args:
        former: what is not specified stays as in these; without them it has its default.
    """
    base = former or Settings()
    return tidied(
        replace(
            base,
            admission=_ADMISSION.get(message.admission, base.admission),
            assurance=message.assurance.strip(),
            territory_code=message.territory_code.strip(),
            opens_at=aware(message.opens_at) if message.HasField("opens_at") else None,
            closes_at=aware(message.closes_at) if message.HasField("closes_at") else None,
            results=_VISIBILITY.get(message.results, base.results),
            k=message.k or (former.k if former else DEFAULT_K),
            is_listed=message.is_listed,
            needs_human_check=message.needs_human_check,
        )
    )


def read_state(message: pb.SurveyState.ValueType) -> State | None:
    """The state that a filter means; None for any."""
    return _STATE.get(message)


def fault_messages(faults: Iterable[Fault]) -> list[pb.DefinitionFault]:
    """What is wrong with a definition."""
    return [pb.DefinitionFault(place=each.place, reason=each.reason, values=dict(each.values)) for each in faults]


def read_origin(message: pb.FormOrigin) -> FormOrigin:
    """The file that a survey was read from, as the form that was sent tells it."""
    return FormOrigin(
        message.filename, message.format, message.questions, _read_faults(message.changed),
        _read_faults(message.refused),
    )  # fmt: skip


def origin_message(origin: FormOrigin) -> pb.FormOrigin:
    """The same, as it is kept."""
    return pb.FormOrigin(
        filename=origin.filename, format=origin.format, questions=origin.questions,
        changed=fault_messages(origin.changed), refused=fault_messages(origin.refused),
        read_at=timestamp(origin.read_at) if origin.read_at else None,
    )  # fmt: skip


def _read_faults(messages: Iterable[pb.DefinitionFault]) -> tuple[Fault, ...]:
    return tuple(Fault(each.place, each.reason, dict(each.values)) for each in messages)
