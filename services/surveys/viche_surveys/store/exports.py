"""Exports and their queue, and the responses that go into them."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.rows import args_row

from viche_chassis.db import Connection, in_pages
from viche_surveys.domain.exports import Export, State, Stored, Wanted

_COLUMNS = sql.SQL(
    "e.id, e.survey_id, e.format, e.language, e.with_personal, e.file_name, e.state, e.attempts, e.written, e.total,"
    " e.size_bytes, e.reason, e.created_at, e.expires_at"
)


async def insert(conn: Connection, wanted: Wanted) -> None:
    """Puts one into the queue."""
    await conn.execute(
        "INSERT INTO exports (id, survey_id, format, language, with_personal, file_name)"
        " VALUES (%(id)s, %(survey_id)s, %(format)s, %(language)s, %(with_personal)s, %(file_name)s)",
        {
            "id": wanted.id, "survey_id": wanted.survey_id, "format": wanted.format, "language": wanted.language,
            "with_personal": wanted.with_personal, "file_name": wanted.file_name,
        },
    )  # fmt: skip


async def get(conn: Connection, id: UUID) -> Export | None:
    """The export with that id."""
    query = sql.SQL("SELECT {} FROM exports e WHERE e.id = %(id)s").format(_COLUMNS)
    row = await (await conn.execute(query, {"id": id})).fetchone()
    return _export(row) if row else None


async def of_survey(conn: Connection, survey_id: UUID, limit: int) -> list[Export]:
    """Exports of a survey, the latest first."""
    query = sql.SQL(
        "SELECT {} FROM exports e WHERE e.survey_id = %(survey_id)s ORDER BY e.created_at DESC, e.id DESC"
        " LIMIT %(limit)s"
    ).format(_COLUMNS)
    cursor = await conn.execute(query, {"survey_id": survey_id, "limit": limit})
    return [_export(row) for row in await cursor.fetchall()]


async def claim(conn: Connection, claim: UUID, lease_s: float, most_attempts: int) -> Export | None:
    """Takes the next one that waits, or that whoever had it has given up, for some seconds; None: there is none."""
    query = sql.SQL(
        "WITH next AS (SELECT id FROM exports WHERE state IN ('queued', 'running') AND attempts < %(most)s"
        " AND coalesce(claimed_until, '-infinity') < clock_timestamp() ORDER BY created_at, id LIMIT 1"
        " FOR UPDATE SKIP LOCKED)"
        " UPDATE exports e SET state = 'running', attempts = attempts + 1, claim = %(claim)s, written = 0,"
        " claimed_until = clock_timestamp() + make_interval(secs => %(lease)s)"
        " FROM next WHERE e.id = next.id RETURNING {}"
    ).format(_COLUMNS)
    cursor = await conn.execute(query, {"claim": claim, "lease": lease_s, "most": most_attempts})
    row = await cursor.fetchone()
    return _export(row) if row else None


async def renew(conn: Connection, id: UUID, claim: UUID, lease_s: float, written: int, total: int) -> bool:
    """Says that one is still being made, and how far it is.

    Returns:
        whether it is still this worker's.
    """
    cursor = await conn.execute(
        "UPDATE exports SET claimed_until = clock_timestamp() + make_interval(secs => %(lease)s),"
        " written = %(written)s, total = %(total)s WHERE id = %(id)s AND claim = %(claim)s AND state = 'running'",
        {"id": id, "claim": claim, "lease": lease_s, "written": written, "total": total},
    )
    return cursor.rowcount == 1


async def finish(conn: Connection, id: UUID, claim: UUID, size_bytes: int, written: int, days: int) -> bool:
    """Says that the file is there.

    Returns:
        whether it was still this worker's to say.
    """
    cursor = await conn.execute(
        "UPDATE exports SET state = 'done', size_bytes = %(size)s, written = %(written)s, total = %(written)s,"
        " ended_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(days => %(days)s)"
        " WHERE id = %(id)s AND claim = %(claim)s AND state = 'running'",
        {"id": id, "claim": claim, "size": size_bytes, "written": written, "days": days},
    )
    return cursor.rowcount == 1


async def put_back(conn: Connection, id: UUID, claim: UUID, pause_s: float, *, counts: bool) -> None:
    """Gives one back to the queue for some seconds later.

    Args:
        counts: whether this was one of its attempts.
    """
    await conn.execute(
        "UPDATE exports SET state = 'queued', claim = NULL, attempts = attempts - %(not_counted)s,"
        " claimed_until = clock_timestamp() + make_interval(secs => %(pause)s)"
        " WHERE id = %(id)s AND claim = %(claim)s AND state = 'running'",
        {"id": id, "claim": claim, "pause": pause_s, "not_counted": 0 if counts else 1},
    )


async def fail(conn: Connection, id: UUID, claim: UUID, reason: str) -> None:
    """Says that one cannot be made."""
    await conn.execute(
        "UPDATE exports SET state = 'failed', reason = %(reason)s, ended_at = clock_timestamp()"
        " WHERE id = %(id)s AND claim = %(claim)s AND state = 'running'",
        {"id": id, "claim": claim, "reason": reason},
    )


async def fail_abandoned(conn: Connection, most_attempts: int, reason: str) -> int:
    """Says so of those that nobody ended in as many attempts.

    Returns:
        how many.
    """
    cursor = await conn.execute(
        "UPDATE exports SET state = 'failed', reason = %(reason)s, ended_at = clock_timestamp()"
        " WHERE state = 'running' AND attempts >= %(most)s AND claimed_until < clock_timestamp()",
        {"most": most_attempts, "reason": reason},
    )
    return cursor.rowcount


async def cancel(conn: Connection, id: UUID) -> None:
    """Stops one, or gives its file up."""
    await conn.execute(
        "UPDATE exports SET state = 'cancelled', ended_at = clock_timestamp()"
        " WHERE id = %(id)s AND state IN ('queued', 'running', 'done')",
        {"id": id},
    )


async def expire(conn: Connection) -> None:
    """Gives up files whose time is over."""
    await conn.execute(
        "UPDATE exports SET state = 'expired', ended_at = clock_timestamp()"
        " WHERE state = 'done' AND expires_at < clock_timestamp()"
    )


async def to_remove(conn: Connection, limit: int) -> list[Export]:
    """Those whose files are to be deleted, the longest ended first."""
    query = sql.SQL(
        "SELECT {} FROM exports e WHERE e.removed_at IS NULL AND e.state IN ('failed', 'cancelled', 'expired')"
        " ORDER BY e.ended_at, e.id LIMIT %(limit)s"
    ).format(_COLUMNS)
    return [_export(row) for row in await (await conn.execute(query, {"limit": limit})).fetchall()]


async def mark_removed(conn: Connection, ids: list[UUID], after_s: float) -> None:
    """Says that files are gone for good: those of exports that ended so long ago that nobody still writes them."""
    await conn.execute(
        "UPDATE exports SET removed_at = clock_timestamp() WHERE id = ANY(%(ids)s)"
        " AND ended_at < clock_timestamp() - make_interval(secs => %(after)s)",
        {"ids": ids, "after": after_s},
    )


async def forget(conn: Connection, days: int) -> None:
    """Deletes rows whose files have been gone so long."""
    await conn.execute(
        "DELETE FROM exports WHERE removed_at < clock_timestamp() - make_interval(days => %(days)s)", {"days": days}
    )


async def begin_snapshot(conn: Connection, timeout_s: int) -> datetime:
    """Lets the transaction see what is committed now and nothing later, with time for statements that read much.

    Returns:
        now.
    """
    await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    row = await (
        await conn.execute(
            "SELECT now(), set_config('statement_timeout', %(timeout)s, true)", {"timeout": f"{timeout_s}s"}
        )
    ).fetchone()
    assert row is not None  # a bare SELECT has one row
    return row[0]


async def versions(conn: Connection, survey_id: UUID) -> dict[int, str]:
    """Definitions of the versions that were answered, and of the one that is answered now, as JSON."""
    cursor = await conn.execute(
        "SELECT v.version, v.definition::text FROM survey_versions v JOIN surveys s ON s.id = v.survey_id"
        " WHERE v.survey_id = %(id)s AND (v.version = s.version OR EXISTS (SELECT FROM responses r"
        " WHERE r.survey_id = v.survey_id AND r.version = v.version))",
        {"id": survey_id},
    )
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def count_responses(conn: Connection, survey_id: UUID) -> int:
    """How many there are."""
    cursor = await conn.execute("SELECT count(*) FROM responses WHERE survey_id = %(id)s", {"id": survey_id})
    row = await cursor.fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


def responses(
    conn: Connection, survey_id: UUID, page: int, *, with_private: bool
) -> AsyncGenerator[list[Stored], None]:
    """All responses in the order of their ids, some at a time."""
    joined = "LEFT JOIN response_private p ON p.survey_id = r.survey_id AND p.response_id = r.id"
    query = sql.SQL(
        "SELECT r.id::text, r.version, date_trunc('second', CASE WHEN r.channel = 'import' THEN r.given_at"
        " ELSE r.accepted_at END), r.language, r.channel, coalesce(r.partner_id::text, ''), r.territory_code,"
        " r.assurance, r.source, r.answers::text, {} FROM responses r {} WHERE r.survey_id = %(id)s ORDER BY r.id"
    ).format(sql.SQL("p.answers" if with_private else "NULL::bytea"), sql.SQL(joined if with_private else ""))
    return in_pages(conn, query, {"id": survey_id}, page, args_row(Stored))


def _export(row: Any) -> Export:
    return Export(
        id=row.id, survey_id=row.survey_id, format=row.format, language=row.language, with_personal=row.with_personal,
        file_name=row.file_name, state=State(row.state), attempts=row.attempts, written=row.written, total=row.total,
        size_bytes=row.size_bytes, reason=row.reason, created_at=row.created_at, expires_at=row.expires_at,
    )  # fmt: skip
