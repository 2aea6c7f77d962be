"""What happened to petitions."""

from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection


async def add(conn: Connection, id: UUID, petition_id: UUID, event: str, at: datetime, officer: bytes | None) -> None:
    """Notes that something happened, and which officer said so, if any."""
    await conn.execute(
        "INSERT INTO happenings (id, petition_id, event, at, officer)"
        " VALUES (%(id)s, %(petition_id)s, %(event)s, %(at)s, %(officer)s)",
        {"id": id, "petition_id": petition_id, "event": event, "at": at, "officer": officer},
    )
