"""Answers that authorities keep ready."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_petitions.domain.moderation import Template
from viche_petitions.domain.moderation_errors import NameTaken


async def list_(conn: Connection, authorities: Sequence[UUID]) -> list[Template]:
    """Templates of authorities, in their order and by title."""
    cursor = await conn.execute(
        "SELECT id, authority_id, name, reason, texts, updated_at FROM answer_templates"
        " WHERE authority_id = ANY(%(authorities)s) AND deleted_at IS NULL"
        " ORDER BY array_position(%(authorities)s, authority_id), name",
        {"authorities": list(authorities)},
    )
    return [_template(row) for row in await cursor.fetchall()]


async def get(conn: Connection, id: UUID, *, deleted: bool = False) -> Template | None:
    """One that is kept, or one that was deleted; held until the transaction ends."""
    cursor = await conn.execute(
        "SELECT id, authority_id, name, reason, texts, updated_at FROM answer_templates"
        " WHERE id = %(id)s AND (deleted_at IS NOT NULL) = %(deleted)s FOR UPDATE",
        {"id": id, "deleted": deleted},
    )
    row = await cursor.fetchone()
    return _template(row) if row else None


async def put(conn: Connection, template: Template) -> None:
    """Adds or replaces one, and brings it back where it was deleted.

    Raises:
        NameTaken: another one of the authority is called the same.
    """
    try:
        await conn.execute(
            "INSERT INTO answer_templates (id, authority_id, name, reason, texts)"
            " VALUES (%(id)s, %(authority_id)s, %(name)s, %(reason)s, %(texts)s)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, reason = excluded.reason, texts = excluded.texts,"
            " updated_at = now(), deleted_at = NULL",
            {
                "id": template.id, "authority_id": template.authority_id, "name": template.title,
                "reason": template.reason, "texts": Jsonb(dict(template.texts)),
            },
        )  # fmt: skip
    except psycopg.errors.UniqueViolation as error:
        raise NameTaken() from error


async def delete(conn: Connection, id: UUID) -> None:
    """Deletes one, and for good those that were deleted a month ago."""
    await conn.execute("DELETE FROM answer_templates WHERE deleted_at < now() - interval '30 days'")
    await conn.execute("UPDATE answer_templates SET deleted_at = now() WHERE id = %(id)s", {"id": id})


def _template(row: Any) -> Template:
    return Template(row[0], row[1], row[2], row[3], row[4], row[5])
