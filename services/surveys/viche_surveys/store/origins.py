"""Files that surveys were read from."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_surveys.domain.faults import Fault
from viche_surveys.domain.origin import FormOrigin


async def insert(conn: Connection, survey_id: UUID, origin: FormOrigin) -> None:
    """Keeps the file of a new survey."""
    await conn.execute(
        "INSERT INTO form_origins (survey_id, filename, format, questions, changed, refused)"
        " VALUES (%(survey_id)s, %(filename)s, %(format)s, %(questions)s, %(changed)s, %(refused)s)",
        {
            "survey_id": survey_id, "filename": origin.filename, "format": origin.format,
            "questions": max(origin.questions, 0), "changed": _json(origin.changed), "refused": _json(origin.refused),
        },
    )  # fmt: skip


async def get(conn: Connection, survey_id: UUID) -> FormOrigin | None:
    """The file that a survey was read from; None where it comes from none."""
    cursor = await conn.execute(
        "SELECT filename, format, questions, changed, refused, read_at FROM form_origins"
        " WHERE survey_id = %(survey_id)s",
        {"survey_id": survey_id},
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    filename, format, questions, changed, refused, read_at = row
    return FormOrigin(filename, format, questions, _faults(changed), _faults(refused), read_at)


def _json(found: Iterable[Fault]) -> Jsonb:
    return Jsonb([[each.place, each.reason, dict(each.values)] for each in found])


def _faults(found: list[Any]) -> tuple[Fault, ...]:
    return tuple(Fault(*each) for each in found)
