"""What goes when a person is erased: who they are in surveys, what they said of themselves, answers begun, files."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from viche_chassis.db import Connection


async def surveys_after(conn: Connection, after: UUID, limit: int) -> list[UUID]:
    """Surveys in which somebody may be known, in their order."""
    cursor = await conn.execute(
        "SELECT id FROM surveys WHERE id > %(after)s AND number IS NOT NULL ORDER BY id LIMIT %(limit)s",
        {"after": after, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def forget(conn: Connection, keys: Sequence[bytes]) -> None:
    """Forgets whoever is erased by one of the keys. Their other answers stay.

    Files that they uploaded for personal questions are marked as removed; whoever sweeps deletes the objects. Exports
    that have what they said of themselves are over, and those that are being made begin anew.
    """
    await conn.execute(
        "WITH gone AS (DELETE FROM respondents WHERE erased_by = ANY(%(keys)s) RETURNING survey_id, response_id),"
        " private AS (DELETE FROM response_private p USING gone"
        " WHERE p.survey_id = gone.survey_id AND p.response_id = gone.response_id),"
        " uploads AS (UPDATE files f SET removed_at = now() FROM gone WHERE f.is_personal"
        " AND f.survey_id = gone.survey_id AND f.response_id = gone.response_id),"
        " made AS (UPDATE exports e SET state = 'expired', ended_at = clock_timestamp() FROM gone"
        " WHERE e.survey_id = gone.survey_id AND e.with_personal AND e.state = 'done'),"
        " begun AS (UPDATE exports e SET state = 'queued', claim = NULL, claimed_until = NULL, attempts = attempts - 1"
        " FROM gone WHERE e.survey_id = gone.survey_id AND e.with_personal AND e.state = 'running')"
        " DELETE FROM drafts WHERE erased_by = ANY(%(keys)s)",
        {"keys": list(keys)},
    )


async def remember(conn: Connection, keys: Sequence[bytes]) -> None:
    """Keeps keys of somebody who was erased just now."""
    await conn.execute(
        "INSERT INTO erased (erased_by) SELECT unnest(%(keys)s::bytea[]) ON CONFLICT DO NOTHING", {"keys": list(keys)}
    )


async def remembered_after(conn: Connection, after: bytes, limit: int) -> list[bytes]:
    """Keys that are kept, in their order."""
    cursor = await conn.execute(
        "SELECT erased_by FROM erased WHERE erased_by > %(after)s ORDER BY erased_by LIMIT %(limit)s",
        {"after": after, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def drop_remembered(conn: Connection, kept_for: timedelta) -> None:
    """Drops keys of those who were erased longer ago."""
    await conn.execute("DELETE FROM erased WHERE erased_at < now() - %(kept_for)s", {"kept_for": kept_for})
