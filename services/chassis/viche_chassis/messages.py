"""Single fields of messages."""

from datetime import UTC, datetime
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp


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


def aware(message: Timestamp) -> datetime:
    """The instant of a message."""
    return message.ToDatetime(UTC)
