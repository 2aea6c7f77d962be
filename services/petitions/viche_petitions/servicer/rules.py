"""Rules as messages: workflows, the terms that they give, and the deadlines that follow."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.messages import timestamp
from viche_petitions.domain.rules import facts_of
from viche_petitions.domain.steps import Prolonged
from viche_sdk.types import (
    ClosingEvent,
    Deadline,
    Failure,
    FixedClock,
    FixedCommittee,
    FixedExtension,
    FixedMinima,
    FixedThreshold,
    LegalBasis,
    Localized,
    Period,
    Progress,
    Reason,
    Setting,
    Terms,
    Unit,
    Workflow,
)

UNITS = {
    Unit.CALENDAR_DAY: pb.TIME_UNIT_CALENDAR_DAY,
    Unit.WORKING_DAY: pb.TIME_UNIT_WORKING_DAY,
    Unit.MONTH: pb.TIME_UNIT_MONTH,
}


def terms_message(
    terms: Terms,
    reached: Mapping[str, datetime] | None = None,
    progress: Iterable[Progress] = (),
    *,
    for_officers: bool = False,
) -> pb.Terms:
    """Terms.

    Args:
        reached: thresholds with when they were reached.
        progress: how far each threshold is; where there are no signatures yet, nothing.
        for_officers: whether they have the clocks, too, that are for officers only.
    """
    territories = {each.threshold: each.territories for each in progress}
    return pb.Terms(
        workflow=terms.workflow, workflow_version=terms.version, min_assurance=terms.min_assurance.value,
        thresholds=(
            _threshold(each, (reached or {}).get(each.name), territories.get(each.name, 0)) for each in terms.thresholds
        ),
        territory_code=terms.resident_of, signatures_per_mailbox=terms.signatures_per_mailbox,
        open_days=terms.open_days or 0, legal_basis=localized(terms.legal_basis.act), basis=_basis(terms.legal_basis),
        clocks=(_clock(each) for each in terms.clocks if each.public or for_officers), calendar=terms.calendar,
        stages=map(str, terms.stages), channels=_channels(terms), votes_against=terms.votes_against,
        author_counts=terms.author_counts, author_shown=terms.author_shown, signers_shown=str(terms.signers_shown),
        sponsors=terms.sponsors, committee=_committee(terms.committee) if terms.committee else None,
        closing_events=map(closing_event_message, terms.closing_events), failure=_failure(terms.failed),
    )  # fmt: skip


def deadline_message(
    clock: FixedClock, deadline: Deadline, met_at: datetime | None = None, prolonged: Prolonged | None = None
) -> pb.Deadline:
    """A deadline of a clock, when the event happened that it waits for, and how it was prolonged."""
    return pb.Deadline(
        clock=clock.name, title=localized(clock.title), event=str(deadline.event),
        started_at=timestamp(deadline.started_at), period=_period(deadline.period),
        ends_at=timestamp(deadline.ends_at), last_day=deadline.last_day.isoformat(),
        extended_by=_period(deadline.extended_by) if deadline.extended_by else None,
        calendar=deadline.calendar.code if deadline.calendar else "",
        calendar_source=deadline.calendar.source if deadline.calendar else "",
        skipped_days=(day.isoformat() for day in deadline.skipped), legal_basis=_basis(deadline.legal_basis),
        ends_with=str(clock.ends_with or ""), met_at=timestamp(met_at), is_public=clock.public,
        extended_at=timestamp(prolonged.extended_at) if prolonged else None,
        extension_reason=pb.LocalizedText(texts=dict(prolonged.reason)) if prolonged else None,
        former_last_day=prolonged.former.last_day.isoformat() if prolonged else "",
    )  # fmt: skip


def workflow_message(workflow: Workflow) -> pb.Workflow:
    """A workflow with what it asks for and how it speaks."""
    return pb.Workflow(
        name=workflow.name, version=workflow.version, title=localized(workflow.title),
        settings=map(_setting, workflow.settings), legal_basis=localized(workflow.legal_basis.act),
        summary=localized(workflow.summary), valid_from=workflow.valid_from.isoformat(),
        basis=_basis(workflow.legal_basis), vocabulary=vocabulary_of(workflow),
        rejection_reasons=map(reason_message, workflow.moderation.reasons if workflow.moderation else ()),
        complaint_to=localized(workflow.complaint.to) if workflow.complaint else None, facts=facts_of(workflow),
    )  # fmt: skip


def vocabulary_of(workflow: Workflow) -> dict[str, pb.LocalizedText]:
    """The words of a workflow by name, forms for numbers by name and category."""
    return {name: localized(word) for name, word in workflow.vocabulary.words()}


def speak(petition: pb.Petition, workflow: Workflow | None) -> pb.Petition:
    """The petition with the words of its workflow; None is for one whose workflow is not known here."""
    for name, word in vocabulary_of(workflow).items() if workflow else ():
        petition.vocabulary[name].CopyFrom(word)
    return petition


def localized(text: Localized) -> pb.LocalizedText:
    """A text in its languages."""
    return pb.LocalizedText(texts=dict(text))


def _basis(basis: LegalBasis | None) -> pb.LegalBasis | None:
    return pb.LegalBasis(act=localized(basis.act), article=basis.article, url=basis.url) if basis else None


def _period(period: Period) -> pb.Period:
    return pb.Period(length=period.length, unit=UNITS[period.unit])


def _threshold(threshold: FixedThreshold, reached_at: datetime | None, territories: int) -> pb.Threshold:
    return pb.Threshold(
        name=threshold.name, signatures=threshold.signatures, effect=localized(threshold.effect),
        reached_at=timestamp(reached_at), minima=_minima(threshold.minima) if threshold.minima else None,
        legal_basis=_basis(threshold.legal_basis), territories_reached=territories,
    )  # fmt: skip


def _minima(minima: FixedMinima) -> pb.Minima:
    return pb.Minima(territories=minima.territories, per_territory=dict(minima.per_territory))


def _clock(clock: FixedClock) -> pb.Clock:
    return pb.Clock(
        name=clock.name, title=localized(clock.title), period=_period(clock.period), starts_at=str(clock.starts_at),
        ends_with=str(clock.ends_with or ""), extension=_extension(clock.extension) if clock.extension else None,
        notice=localized(clock.notice) if clock.notice else None, legal_basis=_basis(clock.legal_basis),
        is_public=clock.public,
    )  # fmt: skip


def _extension(extension: FixedExtension) -> pb.Extension:
    return pb.Extension(
        period=_period(extension.period), by=localized(extension.by), notice=extension.notice,
        most_total=extension.most_total or 0,
    )  # fmt: skip


def _channels(terms: Terms) -> Iterable[pb.Channel]:
    return (pb.Channel(kind=str(each.kind), min_assurance=str(each.min_assurance)) for each in terms.channels)


def _committee(committee: FixedCommittee) -> pb.Committee:
    return pb.Committee(
        members_min=committee.members_min, members_max=committee.members_max or 0,
        territories_min=committee.territories_min or 0, protocol=committee.protocol,
    )  # fmt: skip


def closing_event_message(event: ClosingEvent) -> pb.ClosingEvent:
    """Something outside that closes petitions before their time."""
    return pb.ClosingEvent(
        name=event.name, title=localized(event.title), effect=localized(event.effect),
        legal_basis=_basis(event.legal_basis),
    )  # fmt: skip


def _failure(failure: Failure) -> pb.Failure:
    effect = localized(failure.effect) if failure.effect else None
    return pb.Failure(becomes=str(failure.becomes), effect=effect, legal_basis=_basis(failure.legal_basis))


def _setting(setting: Setting) -> pb.WorkflowSetting:
    return pb.WorkflowSetting(
        name=setting.name, title=localized(setting.title), default_value=setting.default or "",
        kind=str(setting.kind), help=localized(setting.help), minimum=setting.minimum or 0,
        maximum=setting.maximum or 0, is_optional=setting.optional,
        choices=(pb.SettingChoice(value=each.value, title=localized(each.title)) for each in setting.choices),
    )  # fmt: skip


def reason_message(reason: Reason) -> pb.RejectionReason:
    """Why a draft may be rejected."""
    return pb.RejectionReason(
        code=reason.code, title=localized(reason.title), help=localized(reason.help), hides_text=reason.hides_text
    )
