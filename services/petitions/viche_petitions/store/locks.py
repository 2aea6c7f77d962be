"""Advisory locks of a transaction, so that two that must not overlap wait for each other."""

from collections.abc import Iterable
from uuid import UUID

from viche_chassis.db import Connection

NUMBERS = 7_168_413_101
"""Held while public numbers are given out or taken over."""

THRESHOLDS = 7_168_413_102
"""Makes the key of a petition's thresholds from that of the petition."""

RECOUNT = 7_168_413_103
"""Makes the key of a petition's recount from that of the petition."""


async def hold(conn: Connection, key: int) -> None:
    """Holds ``key`` alone."""
    await conn.execute("SELECT pg_advisory_xact_lock(%(key)s)", {"key": key})


async def hold_petition(conn: Connection, petition_id: UUID) -> None:
    """Holds a petition against all who sign it: for opening and closing."""
    await hold(conn, key_of(petition_id.bytes))


async def hold_thresholds(conn: Connection, petition_id: UUID) -> None:
    """Holds the thresholds of a petition: who notes or takes back that one was reached looks at the count under this.

    Nobody who signs waits for it. Who needs both holds the petition first.
    """
    await hold(conn, key_of(petition_id.bytes) ^ THRESHOLDS)


async def hold_recount(conn: Connection, petition_id: UUID) -> None:
    """Holds a petition against other recounts, so that a difference is mended once."""
    await hold(conn, key_of(petition_id.bytes) ^ RECOUNT)


async def share_petitions(conn: Connection, petition_ids: Iterable[UUID]) -> None:
    """Keeps petitions from being closed until the transaction has ended."""
    await conn.execute(
        "SELECT pg_advisory_xact_lock_shared(key) FROM unnest(%(keys)s::bigint[]) AS key",
        {"keys": sorted(key_of(petition_id.bytes) for petition_id in petition_ids)},
    )


def key_of(name: bytes) -> int:
    """A lock's key for an id or a pseudonym: its last eight bytes, the random ones of a UUIDv7."""
    return int.from_bytes(name[-8:], "big", signed=True)
