"""Identifiers: UUIDv7 (RFC 9562), made here because PostgreSQL 15 makes none."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7: unique, and sorting by the millisecond it was made in."""
    return UUID(int=uuid_utils.uuid7().int)
