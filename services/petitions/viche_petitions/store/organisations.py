"""Organisations that were confirmed when they became authors."""

from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.authors import ConfirmedOrganisation

CONFIRMED_AT = sql.SQL(
    "CASE WHEN p.author_kind = 'organisation' THEN (SELECT o.confirmed_at FROM confirmed_authors o"
    " WHERE o.petition_id = p.id AND o.name = p.organisation_name AND o.register_number = p.organisation_number) END"
)
"""When the author of a petition ``p`` was confirmed; NULL where it is what the person says alone."""


async def hold(conn: Connection, petition_id: UUID) -> None:
    """Holds a petition's row until the transaction ends: it is handed in before or after."""
    await conn.execute("SELECT 1 FROM petitions WHERE id = %(id)s FOR UPDATE", {"id": petition_id})


async def put(conn: Connection, petition_id: UUID, organisation: ConfirmedOrganisation) -> None:
    """Notes which confirmed organisation the author of a draft acts for."""
    await conn.execute(
        "INSERT INTO confirmed_authors (petition_id, organisation_id, name, register_number, confirmed_at)"
        " VALUES (%(petition)s, %(organisation)s, %(name)s, %(number)s, %(confirmed_at)s)"
        " ON CONFLICT (petition_id) DO UPDATE SET organisation_id = excluded.organisation_id, name = excluded.name,"
        " register_number = excluded.register_number, confirmed_at = excluded.confirmed_at",
        {
            "petition": petition_id,
            "organisation": organisation.id,
            "name": organisation.name,
            "number": organisation.register_number,
            "confirmed_at": organisation.confirmed_at,
        },
    )
