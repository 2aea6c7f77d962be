"""Which signatures an officer means, and what they come to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.integrity import SignatureFilter
from viche_petitions.store.sides import TABLES

LONG_STATEMENT = "25s"
_SAMPLE = 5

_MEANT = sql.SQL(
    "{signatures} s WHERE s.petition_id = %(petition_id)s AND s.created_at < %(cutoff_at)s"
    " AND s.created_at >= (SELECT p.created_at FROM petitions p WHERE p.id = %(petition_id)s)"
    " AND (%(channel)s = '' OR s.channel = %(channel)s)"
    " AND (%(territories)s::text[] IS NULL OR s.territory_code = ANY(%(territories)s))"
    " AND (%(since)s::timestamptz IS NULL OR s.created_at >= %(since)s)"
    " AND (%(until)s::timestamptz IS NULL OR s.created_at < %(until)s)"
    " AND (%(signature_ids)s::uuid[] IS NULL OR s.id = ANY(%(signature_ids)s)){on_paper}{traced}"
    " AND 'validated' = (SELECT t.state FROM signature_transitions t WHERE t.signature_id = s.id"
    " ORDER BY t.step DESC LIMIT 1)"
)
_ON_PAPER = sql.SQL(" AND s.paper_batch_id = %(paper_batch_id)s")
_TRACED = sql.SQL(
    " AND s.id IN (SELECT signature_id FROM signature_traces WHERE petition_id = %(petition_id)s"
    " AND at < %(cutoff_at)s AND (%(network)s = '' OR network = %(network)s)"
    " AND (%(mail_domain)s = '' OR mail_domain = %(mail_domain)s))"
)
_PATHS = sql.SQL(
    "SELECT code, count(*) FROM {} JOIN residences r USING (territory_code) CROSS JOIN unnest(r.path) AS code"
    " GROUP BY code"
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a filter means: how many, by channel and territory, most first, and times of some of them."""

    channels: tuple[tuple[str, int], ...]
    territories: tuple[tuple[str, int], ...]
    sample: tuple[datetime, ...]

    @property
    def signatures(self) -> int:
        """How many in all."""
        return sum(count for _, count in self.channels)


async def allow_long_statements(conn: Connection, most: str = LONG_STATEMENT) -> None:
    """Lets the statements of this transaction take long: those that read a petition's signatures one by one."""
    await conn.execute("SELECT set_config('statement_timeout', %(most)s, true)", {"most": most})


async def cutoff(conn: Connection) -> datetime:
    """A time before which no signature is counted any more.

    A signature bears the time at which its transaction began, so it is the time at which the oldest of those that are
    under way began. Signatures of this service are all written under one role of the database.
    """
    cursor = await conn.execute(
        "SELECT least(now(), min(xact_start)) FROM pg_stat_activity WHERE datname = current_database()"
        " AND usename = current_user AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    row = await cursor.fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


async def preview(conn: Connection, petition_id: UUID, which: SignatureFilter, cutoff_at: datetime) -> Preview:
    """What a filter means."""
    query = sql.SQL(
        "SELECT s.channel, s.territory_code, count(*), (array_agg(s.created_at))[1:%(sample)s] FROM {} GROUP BY 1, 2"
    ).format(meant(which))
    cursor = await conn.execute(query, values(petition_id, which, cutoff_at))
    rows = await cursor.fetchall()
    sample = sorted(at for row in rows for at in row[3])
    return Preview(
        _summed((row[0], row[2]) for row in rows),
        _summed((row[1], row[2]) for row in rows),
        tuple(sample[:: max(1, len(sample) // _SAMPLE)][:_SAMPLE]),
    )


async def by_path(conn: Connection, petition_id: UUID, which: SignatureFilter, cutoff_at: datetime) -> dict[str, int]:
    """What a filter means by territory, each with all below it."""
    cursor = await conn.execute(_PATHS.format(_as_table(which)), values(petition_id, which, cutoff_at))
    return {row[0]: row[1] for row in await cursor.fetchall()}


def meant(which: SignatureFilter) -> sql.Composed:
    """Signatures ``s`` that still count and that a filter means, with :func:`values`."""
    return _MEANT.format(
        signatures=TABLES[which.side].signatures,
        on_paper=_ON_PAPER if which.paper_batch_id else sql.SQL(""),
        traced=_TRACED if which.network or which.mail_domain else sql.SQL(""),
    )


def _as_table(which: SignatureFilter) -> sql.Composed:
    return sql.SQL("(SELECT s.territory_code FROM {}) AS meant").format(meant(which))


def values(petition_id: UUID, which: SignatureFilter, cutoff_at: datetime) -> dict[str, Any]:
    """What :func:`meant` refers to."""
    return {
        "petition_id": petition_id, "cutoff_at": cutoff_at, "channel": which.channel,
        "territories": list(which.territory_codes) if which.territory_codes else None, "since": which.since,
        "until": which.until, "paper_batch_id": which.paper_batch_id,
        "signature_ids": list(which.signature_ids) if which.signature_ids else None, "network": which.network,
        "mail_domain": which.mail_domain, "sample": _SAMPLE,
    }  # fmt: skip


def _summed(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for name, count in pairs:
        sums[name] = sums.get(name, 0) + count
    return tuple(sorted(sums.items(), key=lambda each: (-each[1], each[0])))
