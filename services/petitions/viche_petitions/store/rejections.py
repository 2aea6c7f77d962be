"""Rejections of petitions, and complaints about them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_petitions.domain.moderation_errors import AlreadyComplained, NothingToDecide
from viche_petitions.domain.rejections import Complaint, Decision, Rejection, Rule

BODY = sql.SQL(
    "jsonb_build_object('id', j.id, 'rule', j.rule, 'note', j.note, 'language', j.language,"
    " 'duplicate_of', j.duplicate_of, 'officer', encode(j.officer, 'hex'), 'rejected_at', j.rejected_at, 'complaint',"
    " (SELECT jsonb_build_object('id', c.id, 'text', c.text, 'made_at', c.made_at, 'decision',"
    " (SELECT jsonb_build_object('is_upheld', d.is_upheld, 'text', d.text, 'language', d.language,"
    " 'officer', encode(d.officer, 'hex'), 'decided_at', d.decided_at) FROM complaint_decisions d"
    " WHERE d.complaint_id = c.id)) FROM complaints c WHERE c.rejection_id = j.id))"
)
"""A rejection ``j`` with the complaint about it and what was decided, for :func:`rejection`."""

LAST = sql.SQL(
    "(SELECT {} FROM rejections j WHERE j.petition_id = p.id ORDER BY j.rejected_at DESC, j.id DESC LIMIT 1)"
).format(BODY)
"""The last rejection of a petition ``p``; null where it never was rejected."""


def rejection(body: Any) -> Rejection:
    """A rejection from :data:`BODY`."""
    return Rejection(
        id=UUID(body["id"]), rule=Rule.read(body["rule"]), note=body["note"], language=body["language"],
        duplicate_of=body["duplicate_of"], officer=bytes.fromhex(body["officer"]),
        rejected_at=datetime.fromisoformat(body["rejected_at"]),
        complaint=_complaint(body["complaint"]) if body["complaint"] else None,
    )  # fmt: skip


def _complaint(body: Any) -> Complaint:
    decision = body["decision"]
    return Complaint(
        UUID(body["id"]), body["text"], datetime.fromisoformat(body["made_at"]),
        Decision(
            decision["is_upheld"], decision["text"], decision["language"], bytes.fromhex(decision["officer"]),
            datetime.fromisoformat(decision["decided_at"]),
        ) if decision else None,
    )  # fmt: skip


async def list_of(conn: Connection, petition_id: UUID) -> list[Rejection]:
    """All rejections of a petition, oldest first."""
    query = sql.SQL("SELECT {} FROM rejections j WHERE j.petition_id = %(id)s ORDER BY j.rejected_at, j.id").format(
        BODY
    )
    return [rejection(row[0]) for row in await (await conn.execute(query, {"id": petition_id})).fetchall()]


async def reject(conn: Connection, petition_id: UUID, number: int, hides_text: bool, at: datetime) -> bool:
    """Moves on a petition that waits to be checked; False when it does not wait."""
    cursor = await conn.execute(
        "UPDATE petitions SET state = 'rejected', number = %(number)s, text_hidden = %(hides)s, updated_at = %(at)s"
        " WHERE id = %(id)s AND state = 'submitted'",
        {"id": petition_id, "number": number, "hides": hides_text, "at": at},
    )
    return cursor.rowcount == 1


async def add(conn: Connection, petition_id: UUID, made: Rejection) -> None:
    """Notes a rejection."""
    await conn.execute(
        "INSERT INTO rejections (id, petition_id, reason, rule, note, language, duplicate_of, hides_text, officer,"
        " rejected_at) VALUES (%(id)s, %(petition_id)s, %(reason)s, %(rule)s, %(note)s, %(language)s,"
        " %(duplicate_of)s, %(hides)s, %(officer)s, %(at)s)",
        {
            "id": made.id, "petition_id": petition_id, "reason": made.rule.reason.code,
            "rule": Jsonb(made.rule.content()), "note": made.note, "language": made.language,
            "duplicate_of": made.duplicate_of, "hides": made.rule.reason.hides_text, "officer": made.officer,
            "at": made.rejected_at,
        },
    )  # fmt: skip


async def take_back(conn: Connection, petition_id: UUID, at: datetime) -> None:
    """Lets a rejected petition wait again, with the number that it has."""
    await conn.execute(
        "UPDATE petitions SET state = 'submitted', updated_at = %(at)s WHERE id = %(id)s AND state = 'rejected'",
        {"id": petition_id, "at": at},
    )


async def complain(conn: Connection, id: UUID, rejection_id: UUID, petition_id: UUID, text: str, at: datetime) -> None:
    """Notes a complaint.

    Raises:
        AlreadyComplained: there is one about this rejection.
    """
    try:
        await conn.execute(
            "INSERT INTO complaints (id, rejection_id, petition_id, text, made_at)"
            " VALUES (%(id)s, %(rejection_id)s, %(petition_id)s, %(text)s, %(at)s)",
            {"id": id, "rejection_id": rejection_id, "petition_id": petition_id, "text": text, "at": at},
        )
    except psycopg.errors.UniqueViolation as error:
        raise AlreadyComplained() from error


async def decide(conn: Connection, complaint_id: UUID, decision: Decision) -> None:
    """Notes what was decided about a complaint.

    Raises:
        NothingToDecide: it was decided already.
    """
    try:
        await conn.execute(
            "INSERT INTO complaint_decisions (complaint_id, is_upheld, text, language, officer, decided_at)"
            " VALUES (%(id)s, %(is_upheld)s, %(text)s, %(language)s, %(officer)s, %(at)s)",
            {
                "id": complaint_id, "is_upheld": decision.is_upheld, "text": decision.text,
                "language": decision.language, "officer": decision.officer, "at": decision.decided_at,
            },
        )  # fmt: skip
    except psycopg.errors.UniqueViolation as error:
        raise NothingToDecide() from error
