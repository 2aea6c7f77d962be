"""Rounds of consent that are under way."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from psycopg.rows import class_row

from viche_chassis.db import Connection

GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Consent:
    """One of them; `channel_id` is None for a new channel."""

    person: bytes
    authority_id: UUID
    channel_id: UUID | None
    connector: str
    own_values: Mapping[str, str]
    language: str
    verifier: bytes


async def insert(conn: Connection, state_hash: bytes, consent: Consent) -> None:
    """Adds one, and deletes those that are over."""
    await conn.execute("DELETE FROM consents WHERE expires_at < clock_timestamp()")
    await conn.execute(
        "INSERT INTO consents (state_hash, person, authority_id, channel_id, connector, own_values, language, verifier,"
        " expires_at) VALUES (%(state_hash)s, %(person)s, %(authority_id)s, %(channel_id)s, %(connector)s,"
        " %(own_values)s, %(language)s, %(verifier)s, clock_timestamp() + %(good_for)s)",
        {
            "state_hash": state_hash,
            "person": consent.person,
            "authority_id": consent.authority_id,
            "channel_id": consent.channel_id,
            "connector": consent.connector,
            "own_values": json.dumps(dict(consent.own_values)),
            "language": consent.language,
            "verifier": consent.verifier,
            "good_for": GOOD_FOR,
        },
    )


async def take(conn: Connection, state_hash: bytes, person: bytes) -> Consent | None:
    """Ends a round that this person began, once; None where there is none, or it is over."""
    cursor = conn.cursor(row_factory=class_row(Consent))
    await cursor.execute(
        "DELETE FROM consents WHERE state_hash = %(state_hash)s AND person = %(person)s"
        " AND expires_at >= clock_timestamp()"
        " RETURNING person, authority_id, channel_id, connector, own_values, language, verifier",
        {"state_hash": state_hash, "person": person},
    )
    return await cursor.fetchone()
