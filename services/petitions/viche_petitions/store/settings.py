"""Figures that authorities set for workflows."""

from collections.abc import Mapping
from uuid import UUID

from psycopg.types.json import Jsonb

from viche_chassis.db import Connection


async def get(conn: Connection, authority_id: UUID, workflow: str) -> dict[str, str]:
    """The figures of an authority; empty when it has set none."""
    cursor = await conn.execute(
        "SELECT settings FROM workflow_settings WHERE authority_id = %(authority_id)s AND workflow = %(workflow)s",
        {"authority_id": authority_id, "workflow": workflow},
    )
    row = await cursor.fetchone()
    return row[0] if row else {}


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
