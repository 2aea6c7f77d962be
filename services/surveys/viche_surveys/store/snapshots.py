"""Which files a survey's answers lie in as columns, and who is taking them."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from psycopg import sql
from psycopg.rows import args_row
from psycopg.types.json import Jsonb

from viche_chassis.db import Connection, in_pages

FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Part:
    """A file of some answers.

    Attributes:
        last: id of its last answer; answers lie in the order of their ids.
        is_whole: never written anew.
    """

    id: UUID
    responses: int
    last: UUID
    is_whole: bool

    def key(self, survey_id: UUID) -> str:
        """Where it lies in the object store."""
        return f"{prefix(survey_id)}{self.id}.parquet"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Answers as they were."""

    survey_id: UUID
    parts: tuple[Part, ...]
    taken_at: datetime | None

    @property
    def responses(self) -> int:
        """How many answers are in it."""
        return sum(part.responses for part in self.parts)


class Row(NamedTuple):
    """An answer as it goes into a snapshot; ``answers`` is a JSON object."""

    id: UUID
    version: str
    language: str
    partner: str
    answers: str


def prefix(survey_id: UUID) -> str:
    """What the keys of a survey's parts begin with."""
    return f"surveys/snapshots/{survey_id}/"


class Countable(NamedTuple):
    """What tables of a survey are made from, in one look: its definition as JSON, and the latest snapshot."""

    authority_id: UUID
    definition: str
    snapshot: Snapshot | None


async def countable(conn: Connection, survey_id: UUID) -> Countable | None:
    """What tables of a survey are made from; None: there is no such survey."""
    cursor = await conn.execute(
        "SELECT s.authority_id, v.definition::text, n.parts, n.taken_at FROM surveys s"
        " JOIN survey_versions v ON v.survey_id = s.id AND v.version = s.version"
        " LEFT JOIN snapshots n ON n.survey_id = s.id AND n.taken_at IS NOT NULL WHERE s.id = %(id)s",
        {"id": survey_id},
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    snapshot = Snapshot(survey_id, _parts(row[2]), row[3]) if row[3] else None
    return Countable(row[0], row[1], snapshot)


async def due(conn: Connection, every_s: float, limit: int) -> list[UUID]:
    """Surveys with answers that are in no snapshot yet, if the last one is old enough."""
    cursor = await conn.execute(
        "SELECT s.id FROM surveys s JOIN LATERAL (SELECT r.id FROM responses r WHERE r.survey_id = s.id"
        " ORDER BY r.id DESC LIMIT 1) latest ON true LEFT JOIN snapshots n ON n.survey_id = s.id"
        " WHERE (n.taken_at IS NULL OR n.taken_at < clock_timestamp() - make_interval(secs => %(every)s))"
        " AND coalesce(n.claimed_until, '-infinity') < clock_timestamp()"
        " AND (NOT coalesce(n.is_settled, false) OR (n.parts->-1->>2)::uuid IS DISTINCT FROM latest.id)"
        " ORDER BY n.taken_at NULLS FIRST, s.id LIMIT %(limit)s",
        {"every": every_s, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def claim(conn: Connection, survey_id: UUID, claim: UUID, lease_s: float) -> Snapshot | None:
    """Takes up a survey for some seconds; None: somebody else has it."""
    cursor = await conn.execute(
        "INSERT INTO snapshots AS n (survey_id, claim, claimed_until)"
        " VALUES (%(survey_id)s, %(claim)s, clock_timestamp() + make_interval(secs => %(lease)s))"
        " ON CONFLICT (survey_id) DO UPDATE SET claim = excluded.claim, claimed_until = excluded.claimed_until"
        " WHERE coalesce(n.claimed_until, '-infinity') < clock_timestamp() RETURNING n.parts, n.taken_at",
        {"survey_id": survey_id, "claim": claim, "lease": lease_s},
    )
    row = await cursor.fetchone()
    return Snapshot(survey_id, _parts(row[0]), row[1]) if row else None


async def finish(
    conn: Connection, survey_id: UUID, claim: UUID, parts: Sequence[Part], at: datetime, is_settled: bool
) -> bool:
    """Says which files hold the answers now.

    Returns:
        whether it was still this worker's to say.
    """
    cursor = await conn.execute(
        "UPDATE snapshots SET parts = %(parts)s, taken_at = %(at)s, is_settled = %(is_settled)s, claim = NULL,"
        " claimed_until = NULL WHERE survey_id = %(survey_id)s AND claim = %(claim)s",
        {
            "survey_id": survey_id, "claim": claim, "at": at, "is_settled": is_settled,
            "parts": Jsonb([[str(each.id), each.responses, str(each.last), each.is_whole] for each in parts]),
        },
    )  # fmt: skip
    return cursor.rowcount == 1


async def give_back(conn: Connection, survey_id: UUID, claim: UUID, pause_s: float) -> None:
    """Lets a survey be taken up again after some seconds."""
    await conn.execute(
        "UPDATE snapshots SET claimed_until = clock_timestamp() + make_interval(secs => %(pause)s)"
        " WHERE survey_id = %(survey_id)s AND claim = %(claim)s",
        {"survey_id": survey_id, "claim": claim, "pause": pause_s},
    )


async def forget(conn: Connection, survey_id: UUID, taken_at: datetime | None) -> None:
    """Gives a snapshot up whose files are gone, so that it is taken anew as a whole."""
    await conn.execute(
        "DELETE FROM snapshots WHERE survey_id = %(survey_id)s AND taken_at = %(at)s",
        {"survey_id": survey_id, "at": taken_at},
    )


def responses(conn: Connection, survey_id: UUID, after: UUID, page: int) -> AsyncGenerator[list[Row], None]:
    """Answers with later ids, in the order of their ids, some at a time."""
    query = sql.SQL(
        "SELECT id, version::text, language, coalesce(partner_id::text, ''), answers::text FROM responses"
        " WHERE survey_id = %(survey_id)s AND id > %(after)s ORDER BY id"
    )
    return in_pages(conn, query, {"survey_id": survey_id, "after": after}, page, args_row(Row))


def _parts(stored: list[list[object]]) -> tuple[Part, ...]:
    return tuple(
        Part(UUID(str(id)), int(str(responses)), UUID(str(last)), bool(is_whole))
        for id, responses, last, is_whole in stored
    )
