"""Terms that were prolonged, petitions that failed, and those that something outside closes."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_petitions.domain.answer_errors import AlreadyExtended
from viche_petitions.domain.petition import Petition
from viche_petitions.domain.texts import Texts
from viche_petitions.store.rows import COLUMNS, SOURCE, petition
from viche_petitions.store.violations import told
from viche_sdk.types import Deadline

_FAILED = sql.SQL(
    "p.state = 'closed' AND NOT p.is_archived AND p.authority_id = ANY(%(authorities)s)"
    " AND p.terms->'failed'->>'becomes' = 'appeal'"
    " AND NOT EXISTS (SELECT 1 FROM thresholds_reached r WHERE r.petition_id = p.id)"
    " AND NOT EXISTS (SELECT 1 FROM happenings h WHERE h.petition_id = p.id AND h.event = 'taken_as_appeal')"
)
_COLLECTING = sql.SQL(
    "p.state IN ('open', 'threshold_reached') AND NOT p.is_archived AND p.authority_id = %(authority_id)s"
)


class ClosingCase(NamedTuple):
    """A closing event that the terms of open petitions name, as JSON, and how many of them there are."""

    workflow: str
    event: dict[str, Any]
    open_petitions: int


async def extend(conn: Connection, petition_id: UUID, deadline: Deadline) -> bool:
    """Puts a prolonged deadline in place of the one that runs; False when none does."""
    cursor = await conn.execute(
        "UPDATE deadlines SET ends_at = %(ends_at)s, body = %(body)s::jsonb"
        " WHERE petition_id = %(id)s AND clock = %(clock)s AND met_at IS NULL",
        {"id": petition_id, "clock": deadline.clock, "ends_at": deadline.ends_at, "body": deadline.to_json()},
    )
    return cursor.rowcount == 1


async def add_extension(
    conn: Connection, petition_id: UUID, former: Deadline, reason: Texts, officer: bytes, at: datetime
) -> None:
    """Keeps what a deadline was before it was prolonged, and why."""
    with told({"deadline_extensions_once": AlreadyExtended}):
        await conn.execute(
            "INSERT INTO deadline_extensions (petition_id, clock, started_at, former, reason, officer, extended_at)"
            " VALUES (%(id)s, %(clock)s, %(started_at)s, %(former)s::jsonb, %(reason)s, %(officer)s, %(at)s)",
            {
                "id": petition_id, "clock": former.clock, "started_at": former.started_at, "former": former.to_json(),
                "reason": Jsonb(dict(reason)), "officer": officer, "at": at,
            },
        )  # fmt: skip


async def collect_until(conn: Connection, petition_id: UUID, ends_at: datetime) -> None:
    """Lets a petition collect longer."""
    await conn.execute(
        "UPDATE petitions SET closes_at = %(ends_at)s WHERE id = %(id)s AND state IN ('open', 'threshold_reached')",
        {"id": petition_id, "ends_at": ends_at},
    )


async def failed(conn: Connection, authorities: list[UUID], limit: int) -> list[Petition]:
    """Petitions that failed and wait to be taken as an appeal, closed longest ago first."""
    query = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY p.closed_at, p.id LIMIT %(limit)s").format(
        COLUMNS, SOURCE, _FAILED
    )
    cursor = await conn.execute(query, {"authorities": authorities, "limit": limit})
    return [petition(row) for row in await cursor.fetchall()]


async def count_failed(conn: Connection, authorities: list[UUID]) -> int:
    """How many of them there are."""
    query = sql.SQL("SELECT count(*) FROM petitions p WHERE {}").format(_FAILED)
    row = await (await conn.execute(query, {"authorities": authorities})).fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


async def closing_cases(conn: Connection, authority_id: UUID) -> list[ClosingCase]:
    """What the terms of an authority's open petitions name as closing events."""
    query = sql.SQL(
        "SELECT p.terms->>'workflow' AS workflow, (array_agg(e ORDER BY p.opened_at DESC))[1] AS event, count(*)"
        " FROM petitions p CROSS JOIN LATERAL jsonb_array_elements(p.terms->'closing_events') AS e WHERE {}"
        " GROUP BY 1, e->>'name' ORDER BY 1, e->>'name'"
    ).format(_COLLECTING)
    cursor = await conn.execute(query, {"authority_id": authority_id})
    return [ClosingCase(row[0], row[1], row[2]) for row in await cursor.fetchall()]


async def closed_by(conn: Connection, authority_id: UUID, workflow: str, event: str) -> list[UUID]:
    """The open petitions that a closing event ends, in the order of their ids."""
    query = sql.SQL(
        "SELECT p.id FROM petitions p WHERE {} AND p.terms->>'workflow' = %(workflow)s"
        " AND p.terms->'closing_events' @> jsonb_build_array(jsonb_build_object('name', %(event)s::text)) ORDER BY p.id"
    ).format(_COLLECTING)
    cursor = await conn.execute(query, {"authority_id": authority_id, "workflow": workflow, "event": event})
    return [row[0] for row in await cursor.fetchall()]
