"""Signatures that count. Written in batches; what is accepted was committed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.pauses import Stop
from viche_petitions.domain.sides import Side, side_of
from viche_petitions.domain.signers import GivenName
from viche_petitions.domain.signing import Signer
from viche_petitions.store import locks, pauses

_INSERT = """
WITH item AS (
    SELECT * FROM unnest(%(signature_ids)s::uuid[], %(petition_ids)s::uuid[], %(signers)s::bytea[],
        %(request_ids)s::uuid[], %(territories)s::text[], %(assurances)s::text[],
        %(networks)s::text[], %(mail_domains)s::text[])
        AS item (signature_id, petition_id, signer, request_id, territory_code, assurance, network, mail_domain)
), fresh AS (
    -- in the order of the key, so that two batches wait for each other and never both
    INSERT INTO signers (petition_id, signer, signature_id, request_id)
    SELECT petition_id, signer, signature_id, request_id FROM item ORDER BY petition_id, signer
    ON CONFLICT DO NOTHING RETURNING signature_id
), accepted AS (
    SELECT item.* FROM item JOIN fresh USING (signature_id)
), signed AS (
    INSERT INTO {signatures} (id, petition_id, channel, territory_code, assurance, created_at)
    SELECT signature_id, petition_id, %(channel)s, territory_code, assurance, now() FROM accepted
), validated AS (
    INSERT INTO signature_transitions (signature_id, step, state, at)
    SELECT signature_id, %(step)s, 'validated', now() FROM accepted
), tallied AS (
    INSERT INTO {tallies} AS known (petition_id, territory_code, channel, shard, count)
    SELECT petition_id, territory_code, %(channel)s, %(shard)s, count(*) FROM accepted GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (petition_id, territory_code, channel, shard) DO UPDATE SET count = known.count + excluded.count
), traced AS (
    INSERT INTO signature_traces (signature_id, petition_id, network, mail_domain, at)
    SELECT signature_id, petition_id, network, mail_domain, now() FROM accepted WHERE network <> ''
), timed AS (
    INSERT INTO {minutes} AS known (petition_id, minute, shard, count)
    SELECT petition_id, date_trunc('minute', now()), %(shard)s, count(*)
    FROM accepted GROUP BY 1 ORDER BY 1
    ON CONFLICT (petition_id, minute, shard) DO UPDATE SET count = known.count + excluded.count
)
SELECT signature_id, now() AS at FROM fresh
"""
INSERT: Mapping[Side, LiteralString] = {
    Side.FOR: _INSERT.format(signatures="signatures", tallies="tallies", minutes="count_minutes"),
    Side.AGAINST: _INSERT.format(
        signatures="votes_against", tallies="tallies_against", minutes="count_minutes_against"
    ),
}
"""Written out once, since it runs for every batch."""

_COLLECTING = sql.SQL(
    "SELECT p.id, p.state IN ('open', 'threshold_reached') AND NOT p.is_archived AND clock_timestamp() < p.closes_at,"
    " CASE WHEN %(with_terms)s THEN p.terms END, {} FROM petitions p WHERE p.id = ANY(%(ids)s) AND p.number IS NOT NULL"
).format(pauses.SIGNING)


@dataclass(frozen=True, slots=True)
class NewSignature:
    """A signature to be written; ``request_id`` is None for those by e-mail.

    ``network`` is the address block that it comes from, and ``mail_domain`` that of the mailbox; empty where not known.
    ``given`` is the name that came with it, to be published where the rules ask for that.
    """

    id: UUID
    signer: Signer
    request_id: UUID | None
    network: str = ""
    mail_domain: str = ""
    given: GivenName | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who has signed, or voted against."""

    petition_id: UUID
    signer: bytes
    signature_id: UUID
    request_id: UUID | None
    side: Side


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody said that counts, and when."""

    at: datetime
    side: Side


@dataclass(frozen=True, slots=True)
class Collecting:
    """Whether a petition collects, by the database's clock, and what stops signing now, if anything does.

    ``terms`` are as stored, None when it has none.
    """

    is_open: bool
    terms: dict[str, object] | None
    stop: Stop | None


async def insert(
    conn: Connection,
    signatures: Sequence[NewSignature],
    *,
    channel: str,
    step: int,
    shard: int,
    side: Side = Side.FOR,
) -> tuple[set[UUID], datetime | None]:
    """Writes signatures or votes against, moves tallies and minutes; persons who have given one are passed over.

    They bear the time at which the transaction began, because whether the petition is open was looked at after that: so
    none bears a time after the closing.

    Returns:
        ids of those that were written, and when.
    """
    cursor = await conn.execute(
        INSERT[side],
        {
            "signature_ids": [each.id for each in signatures],
            "petition_ids": [each.signer.petition_id for each in signatures],
            "signers": [each.signer.pseudonym for each in signatures],
            "request_ids": [each.request_id for each in signatures],
            "territories": [each.signer.territory_code for each in signatures],
            "assurances": [each.signer.assurance for each in signatures],
            "networks": [each.network for each in signatures],
            "mail_domains": [each.mail_domain for each in signatures],
            "channel": channel, "step": step, "shard": shard,
        },
    )  # fmt: skip
    rows = await cursor.fetchall()
    return {row[0] for row in rows}, rows[0][1] if rows else None


async def collecting(conn: Connection, petition_ids: Sequence[UUID], with_terms: bool) -> dict[UUID, Collecting]:
    """Which of the petitions collect now, and will until the transaction has ended. Unknown ones are left out.

    The lock comes in a statement before, because a statement sees what was committed when it began.
    """
    async with conn.pipeline():
        await locks.share_petitions(conn, petition_ids)
        cursor = await conn.execute(_COLLECTING, {"ids": list(petition_ids), "with_terms": with_terms})
        rows = await cursor.fetchall()
    return {row[0]: Collecting(bool(row[1]), row[2], pauses.stop(row[3])) for row in rows}


async def find_signed(
    conn: Connection, petition_ids: Sequence[UUID], signers: Sequence[bytes], request_ids: Sequence[UUID]
) -> list[Signed]:
    """Who has signed or voted against, either as one of the signers or with one of the request ids."""
    cursor = await conn.execute(
        "SELECT found.*, EXISTS (SELECT FROM votes_against v WHERE v.id = found.signature_id) FROM ("
        "SELECT petition_id, signer, signature_id, request_id FROM signers WHERE (petition_id, signer) IN"
        " (SELECT * FROM unnest(%(petition_ids)s::uuid[], %(signers)s::bytea[]))"
        " UNION SELECT petition_id, signer, signature_id, request_id FROM signers"
        " WHERE request_id = ANY(%(request_ids)s)) AS found",
        {"petition_ids": list(petition_ids), "signers": list(signers), "request_ids": list(request_ids)},
    )
    return [Signed(row[0], row[1], row[2], row[3], side_of(row[4])) for row in await cursor.fetchall()]


async def voice_of(conn: Connection, petition_id: UUID, signer: bytes) -> Voice | None:
    """When somebody signed or voted against; None when they have not, or when it does not count.

    A signature that was found to be fraudulent is told of as if it counted, so that whoever made it learns nothing.
    """
    cursor = await conn.execute(
        "SELECT coalesce(s.created_at, v.created_at), v.id IS NOT NULL FROM signers"
        " LEFT JOIN signatures s ON s.id = signers.signature_id"
        " LEFT JOIN votes_against v ON v.id = signers.signature_id"
        " WHERE signers.petition_id = %(petition_id)s AND signers.signer = %(signer)s"
        " AND (SELECT state FROM signature_transitions t WHERE t.signature_id = signers.signature_id"
        " ORDER BY step DESC LIMIT 1) IN ('validated', 'fraudulent')",
        {"petition_id": petition_id, "signer": signer},
    )
    row = await cursor.fetchone()
    return Voice(row[0], side_of(row[1])) if row else None


async def list_signers(conn: Connection, petition_id: UUID, after: bytes, limit: int) -> list[bytes]:
    """Pseudonyms of those whose signature counts, in the order of the pseudonyms; votes against are left out."""
    cursor = await conn.execute(
        "SELECT signer FROM signers WHERE petition_id = %(petition_id)s AND signer > %(after)s"
        " AND NOT EXISTS (SELECT FROM votes_against v WHERE v.id = signers.signature_id)"
        " AND 'validated' = (SELECT state FROM signature_transitions t WHERE t.signature_id = signers.signature_id"
        " ORDER BY step DESC LIMIT 1) ORDER BY signer LIMIT %(limit)s",
        {"petition_id": petition_id, "after": after, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]
