"""Files of public data as they were on a day: added once, read, never changed."""

from dataclasses import dataclass
from datetime import date, datetime

from psycopg import sql

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class Written:
    """What is known of a file once it is written; sizes in bytes, the SHA-256 is that of the file itself."""

    day: date
    file_name: str
    size_bytes: int
    zipped_bytes: int
    sha256: str
    petitions: int
    parts: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A stored file; ``written_at`` is the instant whose numbers are in it."""

    written: Written
    written_at: datetime


_FOUND = sql.SQL("SELECT day, file_name, size_bytes, zipped_bytes, sha256, petitions, parts, written_at FROM snapshots")


async def today(conn: Connection, zone: str) -> date:
    """The day in ``zone``, by the database's clock as the transaction began."""
    row = await (await conn.execute("SELECT (now() AT TIME ZONE %(zone)s)::date", {"zone": zone})).fetchone()
    assert row is not None  # a bare SELECT has one row
    return row[0]


async def begin(conn: Connection) -> None:
    """Keeps other writers out, then has the transaction see the database as it is at one instant.

    LOCK takes no snapshot of the database, so what another writer has committed is seen.
    """
    await conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    await conn.execute("LOCK TABLE snapshots IN SHARE ROW EXCLUSIVE MODE")


async def exists(conn: Connection, day: date) -> bool:
    """Whether the day has its snapshot."""
    cursor = await conn.execute("SELECT 1 FROM snapshots WHERE day = %(day)s LIMIT 1", {"day": day})
    return await cursor.fetchone() is not None


async def add_part(conn: Connection, day: date, file_name: str, part: int, content: bytes) -> None:
    """Adds a part of a compressed file."""
    await conn.execute(
        "INSERT INTO snapshot_parts (day, file_name, part, content)"
        " VALUES (%(day)s, %(file_name)s, %(part)s, %(content)s)",
        {"day": day, "file_name": file_name, "part": part, "content": content},
    )


async def add(conn: Connection, written: Written, zone: str) -> None:
    """Adds a file whose parts are there. The database refuses it where its day is not today."""
    await conn.execute(
        "INSERT INTO snapshots (day, file_name, zone, size_bytes, zipped_bytes, sha256, petitions, parts) VALUES"
        " (%(day)s, %(file_name)s, %(zone)s, %(size)s, %(zipped)s, %(sha256)s, %(petitions)s, %(parts)s)",
        {
            "day": written.day, "file_name": written.file_name, "zone": zone, "size": written.size_bytes,
            "zipped": written.zipped_bytes, "sha256": written.sha256, "petitions": written.petitions,
            "parts": written.parts,
        },
    )  # fmt: skip


async def list_(conn: Connection, after: tuple[date, str] | None, limit: int) -> list[Snapshot]:
    """Files, the newest day first, after the last one of the page before."""
    day, name = after or (None, None)
    cursor = await conn.execute(
        _FOUND
        + sql.SQL(
            " WHERE %(day)s::date IS NULL OR day < %(day)s OR (day = %(day)s AND file_name > %(name)s)"
            " ORDER BY day DESC, file_name LIMIT %(limit)s"
        ),
        {"day": day, "name": name, "limit": limit},
    )
    return [_snapshot(row) for row in await cursor.fetchall()]


async def get(conn: Connection, day: date, file_name: str) -> Snapshot | None:
    """One file."""
    cursor = await conn.execute(
        _FOUND + sql.SQL(" WHERE day = %(day)s AND file_name = %(file_name)s"),
        {"day": day, "file_name": file_name},
    )
    row = await cursor.fetchone()
    return _snapshot(row) if row else None


async def get_part(conn: Connection, day: date, file_name: str, part: int) -> bytes | None:
    """A part of a compressed file."""
    cursor = await conn.execute(
        "SELECT content FROM snapshot_parts WHERE day = %(day)s AND file_name = %(file_name)s AND part = %(part)s",
        {"day": day, "file_name": file_name, "part": part},
    )
    row = await cursor.fetchone()
    return bytes(row[0]) if row else None


def _snapshot(row: tuple[object, ...]) -> Snapshot:
    *values, written_at = row
    return Snapshot(Written(*values), written_at)  # pyright: ignore[reportArgumentType] (as the table has them)
