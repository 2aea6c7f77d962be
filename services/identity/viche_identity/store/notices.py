"""Notices, each row as it was said."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_identity.domain.notices import Kind, Notice

_SAID = (
    "SELECT kind, texts, link, until_at, at, is_end,"
    " NOT is_end AND (until_at IS NULL OR until_at > clock_timestamp() OR kind = 'maintenance')"
    " AND position = (SELECT max(last.position) FROM notices AS last WHERE last.kind = notices.kind) AS holds,"
    " position FROM notices"
)


async def lock(conn: Connection) -> None:
    """Makes those who change notices wait for each other until the transaction ends."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('viche_identity.notices', 1))")


async def say(
    conn: Connection, kind: Kind, texts: Mapping[str, str], link: str, until_at: datetime | None, *, is_end: bool
) -> None:
    """Adds what is said of a kind from now on."""
    await conn.execute(
        "INSERT INTO notices (kind, texts, link, until_at, is_end)"
        " VALUES (%(kind)s, %(texts)s, %(link)s, %(until_at)s, %(is_end)s)",
        {"kind": kind, "texts": Jsonb(dict(texts)), "link": link, "until_at": until_at, "is_end": is_end},
    )


async def holding(conn: Connection) -> list[Notice]:
    """What holds now, at most one of a kind."""
    cursor = await conn.execute(f"SELECT * FROM ({_SAID}) AS said WHERE holds ORDER BY kind")  # noqa: S608
    return _notices(await cursor.fetchall())


async def said(conn: Connection, kind: Kind | None, limit: int) -> list[Notice]:
    """What was said of a kind, or of all, the latest first."""
    cursor = await conn.execute(
        f"SELECT * FROM ({_SAID}) AS said WHERE %(kind)s::text IS NULL OR kind = %(kind)s"  # noqa: S608
        " ORDER BY position DESC LIMIT %(limit)s",
        {"kind": kind, "limit": limit},
    )
    return _notices(await cursor.fetchall())


def _notices(rows: Sequence[Any]) -> list[Notice]:
    return [Notice(Kind(row[0]), *row[1:7]) for row in rows]
