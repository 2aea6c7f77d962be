"""What happened to petitions."""

from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_petitions.domain.answer_errors import AlreadyRecorded
from viche_petitions.store.violations import told


async def add(
    conn: Connection, id: UUID, petition_id: UUID, event: str, at: datetime, officer: bytes | None, detail: str = ""
) -> None:
    """Notes that something happened, which officer said so, if any, and what is to be said of it besides.

    Raises:
        AlreadyRecorded: it is a step that happens once, and was noted before.
    """
    values = {"id": id, "petition_id": petition_id, "event": event, "at": at, "officer": officer, "detail": detail}
    with told({"happenings_once": AlreadyRecorded}):
        await conn.execute(
            "INSERT INTO happenings (id, petition_id, event, at, officer, detail)"
            " VALUES (%(id)s, %(petition_id)s, %(event)s, %(at)s, %(officer)s, %(detail)s)",
            values,
        )
