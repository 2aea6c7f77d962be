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


def submitted(petition_id: UUID) -> events_pb2.PetitionSubmitted:
    """A draft was handed in."""
    return events_pb2.PetitionSubmitted(petition_id=str(petition_id))
