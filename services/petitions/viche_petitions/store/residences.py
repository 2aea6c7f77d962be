"""Where territories lie, so that signatures can be summed up for those above."""

from collections.abc import Iterable

from psycopg import sql
from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_petitions.domain.signing import Signer

BY_TERRITORY = sql.SQL(
    "CASE WHEN p.terms @? '$.thresholds[*].minima.per_territory' THEN"
    " (SELECT jsonb_object_agg(code, signatures) FROM (SELECT code, sum(t.count)::bigint AS signatures"
    " FROM tallies t JOIN residences r USING (territory_code) CROSS JOIN unnest(r.path) AS code"
    " WHERE t.petition_id = p.id GROUP BY code) AS summed) END"
)
"""Validated signatures of petition ``p`` by territory, each with all below it; null where its terms ask for no minima,
so that only those that do are summed up."""


async def put(conn: Connection, signers: Iterable[Signer]) -> None:
    """Notes where signers' territories lie. What is known already is only read, so that signers never wait for it."""
    paths = {signer.territory_code: signer.residence for signer in signers if signer.residence}
    if not paths:
        return
    await conn.execute(
        "INSERT INTO residences (territory_code, path) SELECT new.territory_code, new.path"
        " FROM jsonb_to_recordset(%(paths)s) AS new (territory_code text, path text[])"
        " LEFT JOIN residences known USING (territory_code) WHERE known.path IS DISTINCT FROM new.path"
        " ORDER BY new.territory_code ON CONFLICT (territory_code) DO UPDATE SET path = excluded.path",
        {"paths": Jsonb([{"territory_code": code, "path": list(path)} for code, path in paths.items()])},
    )
