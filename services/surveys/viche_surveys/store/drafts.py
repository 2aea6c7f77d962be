"""Answers that were begun and are not sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from viche_chassis.db import Connection

_COLUMNS = (
    "id, survey_id, version, answers, page, language, seed, partner_id, respondent, erased_by, invitation_id,"
    " expires_at, edition"
)


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft; ``answers`` is sealed, ``page`` the name of the one that is shown next."""

    id: UUID
    survey_id: UUID
    version: int
    answers: bytes
    page: str
    language: str
    seed: int
    partner_id: UUID | None
    respondent: bytes | None
    erased_by: bytes | None
    invitation_id: UUID | None
    expires_at: datetime | None = None
    edition: int = 0


async def put(conn: Connection, draft: StoredDraft, days: int) -> datetime:
    """Keeps a draft, for so many days from now; returns until when."""
    cursor = await conn.execute(
        "INSERT INTO drafts AS known (id, survey_id, version, answers, page, language, seed, partner_id, respondent,"
        " erased_by, invitation_id, expires_at) VALUES (%(id)s, %(survey_id)s, %(version)s, %(answers)s, %(page)s,"
        " %(language)s, %(seed)s, %(partner_id)s, %(respondent)s, %(erased_by)s, %(invitation_id)s,"
        " now() + make_interval(days => %(days)s)) ON CONFLICT (id) DO UPDATE SET version = excluded.version,"
        " answers = excluded.answers, page = excluded.page, language = excluded.language, saved_at = now(),"
        " edition = known.edition + 1, expires_at = excluded.expires_at RETURNING expires_at",
        {
            "id": draft.id, "survey_id": draft.survey_id, "version": draft.version, "answers": draft.answers,
            "page": draft.page, "language": draft.language, "seed": draft.seed, "partner_id": draft.partner_id,
            "respondent": draft.respondent, "erased_by": draft.erased_by, "invitation_id": draft.invitation_id,
            "days": days,
        },
    )  # fmt: skip
    row = await cursor.fetchone()
    assert row is not None  # an upsert returns its row
    return row[0]


async def get(conn: Connection, id: UUID) -> StoredDraft | None:
    """A draft whose time is not over."""
    return _draft(await _select(conn, id, ""))


async def of_person(conn: Connection, survey_id: UUID, respondent: bytes) -> StoredDraft | None:
    """The draft that a person has saved last in a survey."""
    query = (
        f"SELECT {_COLUMNS} FROM drafts WHERE survey_id = %(survey_id)s AND respondent = %(respondent)s"  # noqa: S608 (ours)
        " AND expires_at > now() ORDER BY saved_at DESC, id LIMIT 1"
    )
    cursor = await conn.execute(query, {"survey_id": survey_id, "respondent": respondent})  # pyright: ignore[reportArgumentType, reportCallIssue]
    return _draft(await cursor.fetchone())


async def hold(conn: Connection, id: UUID) -> StoredDraft | None:
    """The same, held until the transaction has ended."""
    return _draft(await _select(conn, id, " FOR UPDATE"))


async def hold_all(conn: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Holds drafts until the transaction has ended; those that are gone are left out."""
    cursor = await conn.execute(
        "SELECT id FROM drafts WHERE id = ANY(%(ids)s) AND expires_at > now() ORDER BY id FOR UPDATE",
        {"ids": list(ids)},
    )
    return {row[0] for row in await cursor.fetchall()}


async def delete(conn: Connection, ids: Sequence[UUID]) -> None:
    """Deletes drafts."""
    await conn.execute("DELETE FROM drafts WHERE id = ANY(%(ids)s)", {"ids": list(ids)})


async def expire(conn: Connection, limit: int) -> int:
    """Deletes some drafts whose time is over, or whose survey has closed; returns how many."""
    cursor = await conn.execute(
        "DELETE FROM drafts WHERE id IN (SELECT d.id FROM drafts d WHERE d.expires_at <= now() OR EXISTS"
        " (SELECT 1 FROM surveys s WHERE s.id = d.survey_id AND s.closed_at < now() - interval '1 day')"
        " ORDER BY d.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)",
        {"limit": limit},
    )
    return cursor.rowcount


async def _select(conn: Connection, id: UUID, lock: str) -> Any:
    query = f"SELECT {_COLUMNS} FROM drafts WHERE id = %(id)s AND expires_at > now(){lock}"  # noqa: S608 (ours)
    return await (await conn.execute(query, {"id": id})).fetchone()  # pyright: ignore[reportArgumentType, reportCallIssue]


def _draft(row: Any) -> StoredDraft | None:
    return StoredDraft(*row) if row else None
