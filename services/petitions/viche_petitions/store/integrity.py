"""Decisions to take signatures out of the count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_petitions.domain.integrity import Kind, Progress, SignatureFilter
from viche_petitions.store.meant import meant, values

_LISTED = 500
_COLUMNS = (
    "i.id, i.petition_id, i.kind, i.reason, i.note, i.filter, i.signatures, i.undoes, i.created_at, p.state,"
    " p.place, p.moved, p.ended_at, (SELECT u.id FROM invalidations u WHERE u.undoes = i.id) AS undone_by"
    " FROM invalidations i JOIN invalidation_progress p ON p.invalidation_id = i.id"
)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision to be stored."""

    id: UUID
    petition_id: UUID
    kind: Kind
    reason: str
    note: Mapping[str, str]
    which: SignatureFilter
    officer: bytes


@dataclass(frozen=True, slots=True)
class Invalidation:
    """A decision and how far it is carried out: ``place`` items are worked off, ``moved`` have changed by it."""

    id: UUID
    petition_id: UUID
    kind: Kind
    reason: str
    note: Mapping[str, str]
    which: SignatureFilter
    signatures: int
    undoes: UUID | None
    created_at: datetime
    state: Progress
    place: int
    moved: int
    ended_at: datetime | None
    undone_by: UUID | None


async def add(conn: Connection, decision: Decision, cutoff_at: datetime) -> int:
    """Stores a decision with the signatures that it means.

    Returns:
        how many there are; with 0 nothing is stored.
    """
    query = sql.SQL(
        "INSERT INTO invalidation_items (invalidation_id, place, signature_id)"
        " SELECT %(id)s, row_number() OVER (ORDER BY s.id), s.id FROM {}"
    ).format(meant(decision.which))
    asked = values(decision.petition_id, decision.which, cutoff_at)
    cursor = await conn.execute(query, {"id": decision.id, **asked})
    if cursor.rowcount:
        await _add(conn, decision, cutoff_at, cursor.rowcount, None)
    return cursor.rowcount


async def add_undo(conn: Connection, decision: Decision, undone: Invalidation) -> None:
    """Stores the decision to put back what ``undone`` has taken out."""
    await _add(conn, decision, undone.created_at, undone.moved, undone.id)


async def get(conn: Connection, id: UUID) -> Invalidation | None:
    """A decision; its progress is locked until the end of the transaction."""
    await conn.execute("SELECT 1 FROM invalidation_progress WHERE invalidation_id = %(id)s FOR UPDATE", {"id": id})
    query = sql.SQL("SELECT {} WHERE i.id = %(id)s").format(sql.SQL(_COLUMNS))
    row = await (await conn.execute(query, {"id": id})).fetchone()
    return _read(row) if row else None


async def list_(conn: Connection, petition_id: UUID) -> list[Invalidation]:
    """Decisions about a petition, the latest first."""
    query = sql.SQL(
        "SELECT {} WHERE i.petition_id = %(id)s ORDER BY i.created_at DESC, i.id DESC LIMIT %(limit)s"
    ).format(sql.SQL(_COLUMNS))
    cursor = await conn.execute(query, {"id": petition_id, "limit": _LISTED})
    return [_read(row) for row in await cursor.fetchall()]


async def _add(conn: Connection, decision: Decision, cutoff_at: datetime, signatures: int, undoes: UUID | None) -> None:
    await conn.execute(
        "WITH decided AS (INSERT INTO invalidations"
        " (id, petition_id, kind, reason, note, filter, cutoff_at, signatures, undoes, officer)"
        " VALUES (%(id)s, %(petition_id)s, %(kind)s, %(reason)s, %(note)s, %(filter)s, %(cutoff_at)s, %(signatures)s,"
        " %(undoes)s, %(officer)s) RETURNING id)"
        " INSERT INTO invalidation_progress (invalidation_id) SELECT id FROM decided",
        {
            "id": decision.id, "petition_id": decision.petition_id, "kind": decision.kind, "reason": decision.reason,
            "note": Jsonb(dict(decision.note)), "filter": Jsonb(decision.which.content()), "cutoff_at": cutoff_at,
            "signatures": signatures, "undoes": undoes, "officer": decision.officer,
        },
    )  # fmt: skip


def _read(row: Any) -> Invalidation:
    return Invalidation(
        id=row.id, petition_id=row.petition_id, kind=Kind(row.kind), reason=row.reason, note=row.note,
        which=SignatureFilter.read(row.filter), signatures=row.signatures, undoes=row.undoes,
        created_at=row.created_at, state=Progress(row.state), place=row.place, moved=row.moved,
        ended_at=row.ended_at, undone_by=row.undone_by,
    )  # fmt: skip
