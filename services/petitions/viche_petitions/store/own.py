"""What is kept of a signer, found by the pseudonyms of the petitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_petitions.domain.signing import Signer


@dataclass(frozen=True, slots=True)
class OwnSignature:
    """A signature with the petition that it is under; ``number`` is 0 where the petition has none yet.

    ``name`` is what is published with it, sealed; None where nothing is.
    """

    petition_id: UUID
    number: int
    title: str
    signed_at: datetime
    channel: str
    territory_code: str
    state: str
    signature_id: UUID
    name: bytes | None
    is_against: bool


async def petition_ids(conn: Connection, after: UUID, limit: int) -> list[UUID]:
    """Petitions that can have signatures, in their order."""
    cursor = await conn.execute(
        "SELECT id FROM petitions WHERE id > %(after)s AND NOT is_archived AND state <> 'draft'"
        " ORDER BY id LIMIT %(limit)s",
        {"after": after, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def signatures(conn: Connection, signers: Sequence[Signer]) -> list[OwnSignature]:
    """Signatures of a signer and their votes against, in the order in which they were given."""
    cursor = await conn.execute(
        "SELECT petitions.id, coalesce(petitions.number, 0) AS number, petitions.title, signatures.created_at,"
        " signatures.channel, signatures.territory_code,"
        " coalesce((SELECT moved.state FROM signature_transitions AS moved"
        " WHERE moved.signature_id = signatures.id ORDER BY moved.step DESC LIMIT 1), '') AS state,"
        " signatures.id AS signature_id,"
        " (SELECT named.name FROM signer_names AS named WHERE named.signature_id = signatures.id) AS name,"
        " signatures.is_against"
        " FROM unnest(%(petitions)s::uuid[], %(signers)s::bytea[]) AS asked (petition_id, signer)"
        " JOIN signers USING (petition_id, signer) CROSS JOIN LATERAL (SELECT s.id, s.channel, s.territory_code,"
        " s.created_at, false AS is_against FROM signatures s WHERE s.id = signers.signature_id"
        " UNION ALL SELECT v.id, v.channel, v.territory_code, v.created_at, true FROM votes_against v"
        " WHERE v.id = signers.signature_id) AS signatures"
        " JOIN petitions ON petitions.id = asked.petition_id ORDER BY signatures.created_at, signatures.id",
        {"petitions": [each.petition_id for each in signers], "signers": [each.pseudonym for each in signers]},
    )
    return [OwnSignature(*row) for row in await cursor.fetchall()]
