"""Writing surveys, and their way to opening and closing."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_surveys.domain.definition import Quota
from viche_surveys.domain.survey import Settings, Summary, summary_to_json

_SETTINGS = (
    "admission = %(admission)s, assurance = %(assurance)s, territory_code = %(territory_code)s,"
    " results = %(results)s, k = %(k)s, is_listed = %(is_listed)s, needs_human_check = %(needs_human_check)s,"
    " opens_at = %(opens_at)s, closes_at = %(closes_at)s"
)


async def now(conn: Connection) -> datetime:
    """The database's clock."""
    row = await (await conn.execute("SELECT clock_timestamp()")).fetchone()
    assert row is not None  # a bare SELECT has one row
    return row[0]


async def insert(conn: Connection, id: UUID, authority_id: UUID, settings: Settings) -> None:
    """Adds a draft."""
    await conn.execute(
        "INSERT INTO surveys (id, authority_id, admission, assurance, territory_code, results, k, is_listed,"
        " needs_human_check, opens_at, closes_at) VALUES (%(id)s, %(authority_id)s, %(admission)s, %(assurance)s,"
        " %(territory_code)s, %(results)s, %(k)s, %(is_listed)s, %(needs_human_check)s, %(opens_at)s, %(closes_at)s)",
        {"id": id, "authority_id": authority_id, **_written(settings)},
    )


async def put_version(conn: Connection, id: UUID, version: int, definition: str, summary: Summary) -> None:
    """Puts the definition of a version there, as JSON, in place of the one that it has."""
    await conn.execute(
        "INSERT INTO survey_versions (survey_id, version, definition, summary)"
        " VALUES (%(id)s, %(version)s, %(definition)s::jsonb, %(summary)s::jsonb)"
        " ON CONFLICT (survey_id, version) DO UPDATE SET definition = excluded.definition, summary = excluded.summary",
        {"id": id, "version": version, "definition": definition, "summary": json.dumps(summary_to_json(summary))},
    )


async def definition(conn: Connection, id: UUID, version: int) -> str | None:
    """The definition of a version, as JSON; None where there is no such version."""
    cursor = await conn.execute(
        "SELECT definition::text FROM survey_versions WHERE survey_id = %(id)s AND version = %(version)s",
        {"id": id, "version": version},
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def change(conn: Connection, id: UUID, version: int, settings: Settings) -> None:
    """Gives a survey settings, and the version that is answered from now on."""
    await conn.execute(
        f"UPDATE surveys SET {_SETTINGS}, version = %(version)s, edition = edition + 1, updated_at = clock_timestamp()"  # noqa: S608 (ours)
        " WHERE id = %(id)s",
        {"id": id, "version": version, **_written(settings)},
    )


async def next_number(conn: Connection) -> int:
    """The public number after the highest; to be called holding ``locks.NUMBERS``."""
    row = await (await conn.execute("SELECT coalesce(max(number), 0) + 1 FROM surveys")).fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


async def schedule(conn: Connection, id: UUID, number: int) -> None:
    """Lets a draft wait for its time."""
    await conn.execute(
        "UPDATE surveys SET state = 'scheduled', number = %(number)s, edition = edition + 1,"
        " updated_at = clock_timestamp() WHERE id = %(id)s AND state = 'draft'",
        {"id": id, "number": number},
    )


async def open_(conn: Connection, id: UUID, number: int, at: datetime) -> None:
    """Opens a survey that is not open yet."""
    await conn.execute(
        "UPDATE surveys SET state = 'open', number = %(number)s, opened_at = %(at)s, edition = edition + 1,"
        " updated_at = %(at)s WHERE id = %(id)s AND state IN ('draft', 'scheduled')",
        {"id": id, "number": number, "at": at},
    )


async def close(conn: Connection, id: UUID, at: datetime) -> None:
    """Closes an open survey; in the last second of its term, where that was before."""
    await conn.execute(
        "UPDATE surveys SET state = 'closed', closed_at = greatest(opened_at, least(closes_at, %(at)s)),"
        " edition = edition + 1, updated_at = %(at)s WHERE id = %(id)s AND state = 'open'",
        {"id": id, "at": at},
    )


async def take_back(conn: Connection, id: UUID) -> None:
    """Makes a survey that waits for its time a draft again."""
    await conn.execute(
        "UPDATE surveys SET state = 'draft', edition = edition + 1, updated_at = clock_timestamp()"
        " WHERE id = %(id)s AND state = 'scheduled'",
        {"id": id},
    )


async def delete(conn: Connection, id: UUID) -> None:
    """Deletes a draft, with its versions and what waits for answers."""
    await conn.execute(
        "WITH links AS (DELETE FROM invitations WHERE survey_id = %(id)s),"
        " places AS (DELETE FROM quotas WHERE survey_id = %(id)s)"
        " DELETE FROM surveys WHERE id = %(id)s AND state = 'draft'",
        {"id": id},
    )


async def due(conn: Connection, limit: int) -> list[UUID]:
    """Surveys that are to be opened or closed by the database's clock."""
    cursor = await conn.execute(
        "SELECT id FROM surveys WHERE state = 'scheduled' AND opens_at <= clock_timestamp()"
        " UNION ALL SELECT id FROM surveys WHERE state = 'open'"
        " AND coalesce(closes_at, 'infinity') <= clock_timestamp()"
        " LIMIT %(limit)s",
        {"limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def count_answers(conn: Connection, id: UUID) -> dict[int, int]:
    """How many answers there are to each version that has any."""
    cursor = await conn.execute(
        "SELECT code::integer AS version, sum(count)::bigint FROM tallies"
        " WHERE survey_id = %(id)s AND question = '' GROUP BY code HAVING sum(count) > 0",
        {"id": id},
    )
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def count_drafts(conn: Connection, id: UUID) -> int:
    """How many answers were begun and are not sent."""
    row = await (await conn.execute("SELECT count(*) FROM drafts WHERE survey_id = %(id)s", {"id": id})).fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


async def put_quotas(conn: Connection, id: UUID, quotas: Sequence[Quota]) -> None:
    """Makes the places of quotas as many as the definition says, and never fewer than are taken."""
    await conn.execute(
        "INSERT INTO quotas (survey_id, quota, most)"
        " SELECT %(id)s, wanted.quota, wanted.most"
        " FROM unnest(%(names)s::text[], %(limits)s::bigint[]) AS wanted (quota, most)"
        " ON CONFLICT (survey_id, quota) DO UPDATE SET most = greatest(excluded.most, quotas.taken)",
        {"id": id, "names": [each.name for each in quotas], "limits": [each.limit for each in quotas]},
    )


def _written(settings: Settings) -> dict[str, object]:
    return {
        "admission": settings.admission.value, "assurance": settings.assurance,
        "territory_code": settings.territory_code, "results": settings.results.value, "k": settings.k,
        "is_listed": settings.is_listed, "needs_human_check": settings.needs_human_check,
        "opens_at": settings.opens_at, "closes_at": settings.closes_at,
    }  # fmt: skip
