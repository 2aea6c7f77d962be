"""Between values of the domain and messages."""

from datetime import datetime
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp
from viche.petitions.v1 import petitions_pb2 as pb

from viche_petitions.domain.petition import Petition, State
from viche_sdk.types import Localized, Terms, Workflow

STATES = {
    State.DRAFT: pb.PETITION_STATE_DRAFT,
    State.SUBMITTED: pb.PETITION_STATE_SUBMITTED,
    State.OPEN: pb.PETITION_STATE_OPEN,
    State.THRESHOLD_REACHED: pb.PETITION_STATE_THRESHOLD_REACHED,
    State.CLOSED: pb.PETITION_STATE_CLOSED,
}


def timestamp(at: datetime | None) -> Timestamp | None:
    """The instant as a message; None stays None."""
    if at is None:
        return None
    message = Timestamp()
    message.FromDatetime(at)
    return message


def identifier(text: str) -> UUID | None:
    """The UUID in a field that was validated; None for an empty one."""
    return UUID(text) if text else None


def localized(text: Localized) -> pb.LocalizedText:
    """A text in several languages."""
    return pb.LocalizedText(texts=dict(text))


def terms_message(terms: Terms, reached: dict[str, datetime] | None = None) -> pb.Terms:
    """Terms, with when each threshold was reached."""
    thresholds = [
        pb.Threshold(
            name=each.name,
            signatures=each.signatures,
            effect=localized(each.effect),
            reached_at=timestamp((reached or {}).get(each.name)),
        )
        for each in terms.thresholds
    ]
    return pb.Terms(
        workflow=terms.workflow, workflow_version=terms.version, thresholds=thresholds,
        min_assurance=terms.min_assurance.value, territory_code=terms.resident_of,
        signatures_per_mailbox=terms.signatures_per_mailbox, open_days=terms.open_days or 0,
        legal_basis=localized(terms.legal_basis.act),
    )  # fmt: skip


def petition_message(petition: Petition) -> pb.Petition:
    """A petition. Its author is never in it."""
    return pb.Petition(
        id=str(petition.id), number=petition.number or 0, title=petition.title, background=petition.background,
        details=petition.details, language=petition.language,
        authority_id=str(petition.authority_id) if petition.authority_id else "",
        state=STATES[petition.state], author_name=petition.author_name, signature_count=petition.signature_count,
        terms=terms_message(petition.terms, petition.reached) if petition.terms else None,
        created_at=timestamp(petition.created_at), opened_at=timestamp(petition.opened_at),
        closes_at=timestamp(petition.closes_at), updated_at=timestamp(petition.updated_at),
        is_archived=petition.is_archived, source_url=petition.source_url, version=petition.version,
        source_state=petition.source_state,
    )  # fmt: skip


def workflow_message(workflow: Workflow) -> pb.Workflow:
    """A workflow with the settings that it asks for."""
    settings = [
        pb.WorkflowSetting(name=each.name, title=localized(each.title), default_value=each.default or "")
        for each in workflow.settings
    ]
    return pb.Workflow(
        name=workflow.name, version=workflow.version, title=localized(workflow.title), settings=settings,
        legal_basis=localized(workflow.legal_basis.act),
    )  # fmt: skip
