"""How terms were prolonged, beside the deadlines themselves."""

from datetime import datetime
from typing import Any

from psycopg import sql

from viche_petitions.domain.steps import Prolonged
from viche_sdk.types import Deadline

OF_DEADLINE = sql.SQL(
    "(SELECT to_jsonb(x) - 'officer' FROM deadline_extensions x"
    " WHERE x.petition_id = d.petition_id AND x.clock = d.clock AND x.started_at = d.started_at)"
)
"""How deadline ``d`` was prolonged; :func:`prolonged` reads it."""


def prolonged(stored: dict[str, Any] | None) -> Prolonged | None:
    """What :data:`OF_DEADLINE` gave."""
    if stored is None:
        return None
    return Prolonged(
        Deadline.from_json(stored["former"]), datetime.fromisoformat(stored["extended_at"]), stored["reason"]
    )
