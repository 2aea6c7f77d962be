"""What waits for officers, who is on it, and what they wrote about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.moderation import CLAIM_LASTS, DEEDS, STEPS, Advice, Claim, Note, NoteKind, Task
from viche_petitions.domain.moderation_errors import OpinionGiven
from viche_petitions.domain.office import Waits
from viche_petitions.domain.petition import Petition
from viche_petitions.store.rows import COLUMNS, petition
from viche_sdk.types import Event

_AWAITED = sql.SQL(
    "deadlines d JOIN petitions p ON p.id = d.petition_id"
    " CROSS JOIN LATERAL jsonb_array_elements(p.terms -> 'clocks') AS rule"
)
_TASKS = sql.SQL(
    "todo AS ("
    " SELECT p.id, 'check' AS task, p.submitted_at AS since FROM petitions p"
    " WHERE p.state = 'submitted' AND p.authority_id = ANY(%(authorities)s)"
    " UNION ALL SELECT p.id, 'complaint', c.made_at FROM complaints c JOIN petitions p ON p.id = c.petition_id"
    " WHERE p.state = 'rejected' AND p.authority_id = ANY(%(authorities)s)"
    " AND NOT EXISTS (SELECT 1 FROM complaint_decisions e WHERE e.complaint_id = c.id)"
    " UNION ALL SELECT p.id, CASE WHEN rule ->> 'ends_with' = %(answered)s THEN 'answer' ELSE 'announce' END,"
    " d.started_at FROM {awaited} WHERE d.met_at IS NULL AND p.opened_at IS NOT NULL"
    " AND p.authority_id = ANY(%(authorities)s) AND rule ->> 'name' = d.clock"
    " AND rule ->> 'ends_with' = ANY(%(steps)s)"
    # where reaching a threshold starts no clock, an answer is awaited all the same
    " UNION ALL SELECT p.id, 'answer', min(r.reached_at) FROM thresholds_reached r"
    " JOIN petitions p ON p.id = r.petition_id WHERE p.authority_id = ANY(%(authorities)s)"
    " AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.petition_id = p.id) AND NOT EXISTS"
    " (SELECT 1 FROM deadlines d WHERE d.petition_id = p.id AND d.event = 'threshold_reached:' || r.threshold)"
    " GROUP BY p.id), every AS (SELECT * FROM todo UNION ALL SELECT q.petition_id, 'opinion', q.at FROM case_notes q"
    " WHERE q.kind = 'question' AND q.officer <> %(me)s AND q.petition_id IN (SELECT id FROM todo)"
    " AND NOT EXISTS (SELECT 1 FROM case_notes a WHERE a.answers = q.id)),"
    " cases AS (SELECT id, array_agg(DISTINCT task) AS tasks, min(since) AS since FROM every GROUP BY id)"
).format(awaited=_AWAITED)
_DUE = sql.SQL(
    "(SELECT min(d.ends_at) FROM {} WHERE d.petition_id = cases.id AND d.met_at IS NULL"
    " AND rule ->> 'name' = d.clock AND rule ->> 'ends_with' = ANY(%(deeds)s))"
).format(_AWAITED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Which cases: of authorities, as an officer sees them, with something to do; None for anything."""

    authorities: list[UUID]
    officer: bytes
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in the queue."""

    due_at: datetime | None
    since: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Case:
    """A petition that waits for somebody."""

    petition: Petition
    tasks: tuple[Task, ...]
    place: Place
    is_overdue: bool
    claim: Claim | None


async def list_(conn: Connection, which: Waiting, after: Place | None, limit: int) -> list[Case]:
    """A page of what waits: what is due first, then what waits longest."""
    query = sql.SQL(
        "WITH {tasks}, queue AS (SELECT id, tasks, since, {due} AS due_at FROM cases"
        " WHERE %(task)s::text IS NULL OR %(task)s = ANY(tasks)),"
        " page AS (SELECT * FROM queue WHERE %(after_id)s::uuid IS NULL OR (coalesce(due_at, 'infinity'), since, id)"
        " > (coalesce(%(after_due)s::timestamptz, 'infinity'), %(after_since)s::timestamptz, %(after_id)s::uuid)"
        " ORDER BY coalesce(due_at, 'infinity'), since, id LIMIT %(limit)s)"
        " SELECT {columns}, page.tasks, page.since, page.due_at, page.due_at < now() AS is_overdue,"
        " k.officer AS claimed_by, k.claimed_at + %(claim_lasts)s AS claimed_until FROM page"
        " JOIN petitions p USING (id) LEFT JOIN listed_counts l ON l.petition_id = p.id"
        " LEFT JOIN case_claims k ON k.petition_id = p.id AND k.claimed_at > now() - %(claim_lasts)s"
        " ORDER BY coalesce(page.due_at, 'infinity'), page.since, p.id"
    ).format(tasks=_TASKS, due=_DUE, columns=COLUMNS)
    cursor = await conn.execute(
        query,
        {
            "task": which.task, "after_due": after.due_at if after else None, "limit": limit,
            "after_since": after.since if after else None, "after_id": after.id if after else None,
            "deeds": list(DEEDS), "claim_lasts": CLAIM_LASTS, **_values(which),
        },
    )  # fmt: skip
    return [_case(row) for row in await cursor.fetchall()]


async def count(conn: Connection, which: Waiting) -> tuple[int, Mapping[Task, int]]:
    """How many cases there are of what is asked for, and how many have each task."""
    query = sql.SQL(
        "WITH {} SELECT (SELECT count(*) FROM cases WHERE %(task)s::text IS NULL OR %(task)s = ANY(tasks)),"
        " (SELECT jsonb_object_agg(task, cases) FROM (SELECT task, count(DISTINCT id) AS cases FROM every"
        " GROUP BY task) AS counted)"
    ).format(_TASKS)
    row = await (await conn.execute(query, {"task": which.task, **_values(which)})).fetchone()
    assert row is not None  # a SELECT of values has one row
    return row[0], {Task(task): cases for task, cases in (row[1] or {}).items()}


async def summary(conn: Connection, authorities: list[UUID]) -> list[Waits]:
    """What waits at each of some authorities, by authority and task; opinions are left out."""
    query = sql.SQL(
        "WITH {tasks}, queue AS (SELECT id, tasks, {due} AS due_at FROM cases),"
        " calendars AS (SELECT p.authority_id, mode() WITHIN GROUP (ORDER BY coalesce(p.terms ->> 'calendar', ''))"
        " AS calendar FROM queue JOIN petitions p USING (id) GROUP BY p.authority_id)"
        " SELECT p.authority_id, task, count(*) AS cases, count(*) FILTER (WHERE due_at < now()) AS overdue,"
        " min(due_at) FILTER (WHERE due_at >= now()) AS next_ends_at, calendar"
        " FROM queue CROSS JOIN LATERAL unnest(queue.tasks) AS task JOIN petitions p USING (id)"
        " JOIN calendars USING (authority_id) WHERE task <> 'opinion' GROUP BY p.authority_id, task, calendar"
        " ORDER BY p.authority_id, task"
    ).format(tasks=_TASKS, due=_DUE)
    cursor = await conn.execute(query, {"deeds": list(DEEDS), **_values(Waiting(authorities, b""))})
    return [Waits(row[0], Task(row[1]), *row[2:]) for row in await cursor.fetchall()]


async def tasks_of(conn: Connection, which: Waiting, petition_id: UUID) -> tuple[Task, ...]:
    """What is to be done with one petition."""
    query = sql.SQL("WITH {} SELECT tasks FROM cases WHERE id = %(id)s").format(_TASKS)
    row = await (await conn.execute(query, {"id": petition_id, **_values(which)})).fetchone()
    return _tasks(row[0]) if row else ()


async def claim(conn: Connection, petition_id: UUID, officer: bytes) -> datetime | None:
    """Puts an officer on a case.

    Returns:
        until when; None when somebody else is on it.
    """
    cursor = await conn.execute(
        "INSERT INTO case_claims AS k (petition_id, officer) VALUES (%(id)s, %(officer)s)"
        " ON CONFLICT (petition_id) DO UPDATE SET officer = excluded.officer, claimed_at = now()"
        " WHERE k.officer = excluded.officer OR k.claimed_at <= now() - %(lasts)s"
        " RETURNING k.claimed_at + %(lasts)s",
        {"id": petition_id, "officer": officer, "lasts": CLAIM_LASTS},
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def claim_of(conn: Connection, petition_id: UUID) -> Claim | None:
    """Who is on a case now."""
    cursor = await conn.execute(
        "SELECT officer, claimed_at + %(lasts)s FROM case_claims"
        " WHERE petition_id = %(id)s AND claimed_at > now() - %(lasts)s",
        {"id": petition_id, "lasts": CLAIM_LASTS},
    )
    row = await cursor.fetchone()
    return Claim(bytes(row[0]), row[1]) if row else None


async def release(conn: Connection, petition_id: UUID) -> None:
    """Takes whoever it is off a case."""
    await conn.execute("DELETE FROM case_claims WHERE petition_id = %(id)s", {"id": petition_id})


async def add_note(conn: Connection, petition_id: UUID, note: Note) -> None:
    """Writes a note.

    Raises:
        OpinionGiven: somebody has answered the same question.
    """
    try:
        await conn.execute(
            "INSERT INTO case_notes (id, petition_id, kind, text, advice, reason, answers, officer, at)"
            " VALUES (%(id)s, %(petition_id)s, %(kind)s, %(text)s, %(advice)s, %(reason)s, %(answers)s,"
            " %(officer)s, %(at)s)",
            {
                "id": note.id, "petition_id": petition_id, "kind": note.kind, "text": note.text,
                "advice": note.advice or "", "reason": note.reason, "answers": note.answers,
                "officer": note.officer, "at": note.at,
            },
        )  # fmt: skip
    except psycopg.errors.UniqueViolation as error:
        raise OpinionGiven() from error


async def notes_of(conn: Connection, petition_id: UUID) -> list[Note]:
    """Notes of a case in order."""
    cursor = await conn.execute(
        "SELECT id, kind, text, officer, at, advice, reason, answers FROM case_notes"
        " WHERE petition_id = %(id)s ORDER BY at, id",
        {"id": petition_id},
    )
    return [_note(row) for row in await cursor.fetchall()]


async def withdraw(conn: Connection, petition_id: UUID, author: bytes) -> bool:
    """Makes a draft again of what waits, if nobody has decided or supported it; False when it cannot be."""
    cursor = await conn.execute(
        "UPDATE petitions SET state = 'draft', submitted_at = NULL, terms = NULL, version = version + 1,"
        " updated_at = now() WHERE id = %(id)s AND author = %(author)s AND state IN ('sponsoring', 'submitted')"
        " AND number IS NULL AND sponsors = 0",
        {"id": petition_id, "author": author},
    )
    return cursor.rowcount == 1


def _values(which: Waiting) -> dict[str, object]:
    return {
        "authorities": which.authorities, "me": which.officer, "answered": Event.ANSWERED, "steps": list(STEPS),
    }  # fmt: skip


def _case(row: Any) -> Case:
    claim = Claim(bytes(row.claimed_by), row.claimed_until) if row.claimed_by else None
    place = Place(row.due_at, row.since, row.id)
    return Case(petition(row), _tasks(row.tasks), place, bool(row.is_overdue), claim)


def _tasks(names: Iterable[str]) -> tuple[Task, ...]:
    return tuple(task for task in Task if task in names)


def _note(row: Any) -> Note:
    advice = Advice(row.advice) if row.advice else None
    return Note(row.id, NoteKind(row.kind), row.text, bytes(row.officer), row.at, advice, row.reason, row.answers)
