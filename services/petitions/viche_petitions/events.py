"""From what happened to the messages that say so."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp
from viche.petitions.v1 import events_pb2


def opened(petition_id: UUID, number: int) -> events_pb2.PetitionOpened:
    """A petition collects from now on."""
    return events_pb2.PetitionOpened(petition_id=str(petition_id), number=number)


def closed(petition_id: UUID, number: int) -> events_pb2.PetitionClosed:
    """A petition collects no more."""
    return events_pb2.PetitionClosed(petition_id=str(petition_id), number=number)


def threshold_reached(petition_id: UUID, number: int, threshold: str, signatures: int) -> (
    events_pb2.PetitionThresholdReached
):  # fmt: skip
    """A threshold was reached."""
    return events_pb2.PetitionThresholdReached(
        petition_id=str(petition_id), number=number, threshold=threshold, signatures=signatures
    )


def signatures_accepted(petition_id: UUID, signature_ids: Sequence[UUID], at: datetime) -> (
    events_pb2.SignaturesAccepted
):  # fmt: skip
    """Signatures of one petition were counted together."""
    accepted_at = Timestamp()
    accepted_at.FromDatetime(at)
    ids = [str(signature_id) for signature_id in signature_ids]
    return events_pb2.SignaturesAccepted(petition_id=str(petition_id), signature_ids=ids, accepted_at=accepted_at)


def confirmation_requested(signature_id: UUID) -> events_pb2.SignatureConfirmationRequested:
    """A signature by e-mail waits for its confirmation."""
    return events_pb2.SignatureConfirmationRequested(signature_id=str(signature_id))


def sponsored(petition_id: UUID) -> events_pb2.PetitionSponsored:
    """A draft has the sponsors that it needs."""
    return events_pb2.PetitionSponsored(petition_id=str(petition_id))


def sponsor_invited(invitation_id: UUID) -> events_pb2.SponsorInvited:
    """Somebody is invited to support a petition."""
    return events_pb2.SponsorInvited(invitation_id=str(invitation_id))


def submitted(petition_id: UUID) -> events_pb2.PetitionSubmitted:
    """A draft was handed in."""
    return events_pb2.PetitionSubmitted(petition_id=str(petition_id))


def draft_written_for(petition_id: UUID) -> events_pb2.DraftWrittenFor:
    """An officer has written a draft for somebody."""
    return events_pb2.DraftWrittenFor(petition_id=str(petition_id))


def signatures_invalidated(petition_id: UUID, signature_ids: Sequence[UUID]) -> events_pb2.SignaturesInvalidated:
    """Signatures of one petition were taken out of the count together."""
    ids = [str(signature_id) for signature_id in signature_ids]
    return events_pb2.SignaturesInvalidated(petition_id=str(petition_id), signature_ids=ids)


def threshold_reversed(petition_id: UUID, number: int, threshold: str, signatures: int) -> (
    events_pb2.PetitionThresholdReversed
):  # fmt: skip
    """A threshold is not reached any more."""
    return events_pb2.PetitionThresholdReversed(
        petition_id=str(petition_id), number=number, threshold=threshold, signatures=signatures
    )


def rejected(petition_id: UUID, number: int) -> events_pb2.PetitionRejected:
    """A petition was rejected before it opened."""
    return events_pb2.PetitionRejected(petition_id=str(petition_id), number=number)


def complaint_made(petition_id: UUID, number: int) -> events_pb2.ComplaintMade:
    """The author of a rejected petition complains."""
    return events_pb2.ComplaintMade(petition_id=str(petition_id), number=number)


def complaint_decided(petition_id: UUID, number: int, *, is_upheld: bool) -> events_pb2.ComplaintDecided:
    """A complaint was decided; where the rejection was taken back, the petition's number is not public any more."""
    shown = 0 if is_upheld else number
    return events_pb2.ComplaintDecided(petition_id=str(petition_id), number=shown, is_upheld=is_upheld)


def step_taken(petition_id: UUID, number: int, event: str) -> events_pb2.PetitionStepTaken:
    """A step of the way from the threshold to the answer was taken."""
    return events_pb2.PetitionStepTaken(petition_id=str(petition_id), number=number, event=event)


def answered(petition_id: UUID, number: int, version: int) -> events_pb2.PetitionAnswered:
    """An answer was published, or corrected."""
    return events_pb2.PetitionAnswered(petition_id=str(petition_id), number=number, version=version)


def hearing_published(petition_id: UUID, number: int, version: int) -> events_pb2.HearingPublished:
    """A hearing was announced, moved or cancelled, or its outcome published."""
    return events_pb2.HearingPublished(petition_id=str(petition_id), number=number, version=version)


def deadline_extended(petition_id: UUID, number: int, clock: str) -> events_pb2.DeadlineExtended:
    """A term was prolonged."""
    return events_pb2.DeadlineExtended(petition_id=str(petition_id), number=number, clock=clock)
