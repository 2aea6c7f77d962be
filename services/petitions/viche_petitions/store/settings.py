"""Figures that authorities set for workflows."""

from collections.abc import Mapping
from uuid import UUID

from psycopg.types.json import Jsonb

from viche_chassis.db import Connection


async def of_authority(conn: Connection, authority_id: UUID) -> dict[str, dict[str, str]]:
    """The figures of an authority, by the name of each workflow that it has set up, in the order of the names."""
    cursor = await conn.execute(
        "SELECT workflow, settings FROM workflow_settings WHERE authority_id = %(authority_id)s ORDER BY workflow",
        {"authority_id": authority_id},
    )
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def workflows_set_up(conn: Connection) -> set[str]:
    """Names of the workflows for which an authority has stored figures, an empty set of them too."""
    cursor = await conn.execute("SELECT DISTINCT workflow FROM workflow_settings ORDER BY workflow")
    return {row[0] for row in await cursor.fetchall()}


async def put(conn: Connection, authority_id: UUID, workflow: str, settings: Mapping[str, str]) -> None:
    """Replaces the figures of an authority."""
    await conn.execute(
        "INSERT INTO workflow_settings (authority_id, workflow, settings)"
        " VALUES (%(authority_id)s, %(workflow)s, %(settings)s)"
        " ON CONFLICT (authority_id, workflow) DO UPDATE SET settings = excluded.settings, updated_at = now()",
        {"authority_id": authority_id, "workflow": workflow, "settings": Jsonb(dict(settings))},
    )
