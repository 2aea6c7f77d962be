"""Public petitions whose titles share trigrams, and how often trigrams occur."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.petition import Petition
from viche_petitions.domain.similarity import Probe, Rarity
from viche_petitions.store.rows import COLUMNS, SOURCE, petition

MOST_OF_A_PROBE = 200
MOST_CANDIDATES = 120
SAMPLE = 3_000
STATES = ["open", "threshold_reached", "closed"]
# what sources of archives say of petitions that were not published, or are not any more
REMOVED = ["rejected", "hidden"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A public petition whose title may be similar."""

    id: UUID
    title: str


async def total(conn: Connection) -> int:
    """How many petitions have ever been public."""
    row = await (await conn.execute("SELECT count(*) FROM petitions WHERE number IS NOT NULL")).fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


async def rarity(conn: Connection, total: int) -> Rarity:
    """How often trigrams occur in titles, counted in those of the petitions that opened last.

    Args:
        total: how many petitions there are.
    """
    cursor = await conn.execute(
        "SELECT trigram, count(*) FROM (SELECT searchable FROM petitions WHERE number IS NOT NULL"
        " ORDER BY coalesce(opened_at, created_at, '-infinity') DESC, id DESC LIMIT %(sample)s) AS latest,"
        " unnest(title_trigrams(searchable)) AS trigram GROUP BY trigram",
        {"sample": SAMPLE},
    )
    return Rarity(total, min(total, SAMPLE), dict(await cursor.fetchall()))


async def candidates(
    conn: Connection, probes: Sequence[Probe], weights: Sequence[float], authority_id: UUID | None
) -> list[Candidate]:
    """Public petitions that probes find, those first that the weightiest probes find together.

    Each probe brings a bounded number, so that a common one cannot make it slow.

    Args:
        weights: of the probes.
        authority_id: only petitions to it; None for all.
    """
    cursor = await conn.execute(
        "SELECT p.id, p.title FROM (SELECT found.id, sum(probe.weight) AS weight"
        " FROM unnest(%(first)s::text[], %(second)s::text[], %(weights)s::double precision[])"
        " AS probe (first, second, weight) CROSS JOIN LATERAL ("
        "SELECT p.id FROM petitions p WHERE title_trigrams(p.searchable) @> ARRAY[probe.first, probe.second]"
        " AND p.number IS NOT NULL AND p.state = ANY(%(states)s) AND lower(p.source_state) <> ALL(%(removed)s)"
        " AND (%(authority_id)s::uuid IS NULL OR p.authority_id = %(authority_id)s) LIMIT %(of_a_probe)s"
        ") AS found GROUP BY found.id ORDER BY weight DESC, found.id DESC LIMIT %(limit)s) AS best"
        " JOIN petitions p USING (id) ORDER BY best.weight DESC, p.id DESC",
        {
            "first": [probe.first for probe in probes], "second": [probe.second for probe in probes],
            "weights": list(weights), "states": STATES, "removed": REMOVED,
            "authority_id": authority_id, "of_a_probe": MOST_OF_A_PROBE, "limit": MOST_CANDIDATES,
        },
    )  # fmt: skip
    return [Candidate(*row) for row in await cursor.fetchall()]


async def get(conn: Connection, ids: Sequence[UUID]) -> list[Petition]:
    """Petitions by their ids."""
    query = sql.SQL("SELECT {} FROM {} WHERE p.id = ANY(%(ids)s) ORDER BY p.id").format(COLUMNS, SOURCE)
    cursor = await conn.execute(query, {"ids": list(ids)})
    return [petition(row) for row in await cursor.fetchall()]
