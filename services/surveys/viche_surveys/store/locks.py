"""Advisory locks of a transaction, so that two that must not overlap wait for each other."""

from collections.abc import Iterable
from uuid import UUID

from viche_chassis.db import Connection

NUMBERS = 7_168_413_201
"""Held while public numbers are given out."""
PUBLICATIONS = 7_168_413_202
"""Held while results are published."""
RECOUNTS = 7_168_413_203
"""Held while the surveys are recounted at night; makes the key of a survey's recount from that of the survey."""


async def hold(conn: Connection, key: int) -> None:
    """Holds ``key`` alone."""
    await conn.execute("SELECT pg_advisory_xact_lock(%(key)s)", {"key": key})


async def try_hold(conn: Connection, key: int) -> bool:
    """Holds ``key`` alone, unless somebody else does."""
    row = await (await conn.execute("SELECT pg_try_advisory_xact_lock(%(key)s)", {"key": key})).fetchone()
    assert row is not None  # a bare SELECT has one row
    return row[0]


async def hold_recount(conn: Connection, survey_id: UUID) -> None:
    """Holds a survey against other recounts, so that a difference is mended once."""
    await hold(conn, key_of(survey_id) ^ RECOUNTS)


async def hold_survey(conn: Connection, survey_id: UUID) -> None:
    """Holds a survey against all who answer it: for changing, opening, closing, throwing away."""
    await hold(conn, key_of(survey_id))


async def share_surveys(conn: Connection, survey_ids: Iterable[UUID]) -> None:
    """Keeps surveys as they are until the transaction has ended: for accepting answers. Read them after this."""
    await conn.execute(
        "SELECT pg_advisory_xact_lock_shared(key) FROM unnest(%(keys)s::bigint[]) AS key",
        {"keys": sorted(map(key_of, survey_ids))},
    )


def key_of(survey_id: UUID) -> int:
    """A lock's key: the last eight bytes of the id, the random ones of a UUIDv7."""
    return int.from_bytes(survey_id.bytes[-8:], "big", signed=True)
