"""What operators have switched on for a time, a banner, maintenance, pauses: said, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import psycopg

from viche_cli.check.findings import Finding, ok, warn

_NOTICES = (
    "SELECT kind, at, until_at FROM notices AS said WHERE NOT is_end"
    " AND position = (SELECT max(position) FROM notices AS last WHERE last.kind = said.kind)"
    " AND (kind = 'maintenance' OR until_at IS NULL OR until_at > now()) ORDER BY kind"
)
_PAUSES = (
    "SELECT id, authority_id, from_at, until_at FROM pauses x WHERE from_at <= now() AND until_at > now()"
    " AND NOT EXISTS (SELECT 1 FROM pause_ends e WHERE e.pause_id = x.id) ORDER BY from_at, id"
)
_SLUGS = "SELECT id, slug FROM authorities"
_WAYS_OUT = {"banner": "`viche notice clear` takes it down", "maintenance": "`viche maintenance off` ends it"}
_SAID = {"banner": "up", "maintenance": "on: nothing that people send is taken"}


def check_standing(databases: Mapping[str, str]) -> Iterator[Finding]:
    """A finding for each that is on; a database that does not answer is said elsewhere."""
    found = [*_notices(databases["identity"]), *_pauses(databases)]
    yield from found or [ok("notices and pauses", "none is on")]


def _notices(url: str) -> Iterator[Finding]:
    for kind, at, until_at in _rows(url, _NOTICES):
        until = f", until {_instant(until_at)}" if until_at else ""
        yield warn(kind, f"{_SAID[kind]}, since {_instant(at)}{until}", _WAYS_OUT[kind])


def _pauses(databases: Mapping[str, str]) -> Iterator[Finding]:
    slugs = dict(_rows(databases["identity"], _SLUGS))
    for id, authority_id, from_at, until_at in _rows(databases["petitions"], _PAUSES):
        said = f"of {slugs.get(authority_id, authority_id)}, since {_instant(from_at)}, until {_instant(until_at)}"
        yield warn("pause", said, f"`viche pause end {id}` ends it")


def _rows(url: str, query: str) -> list[Any]:
    try:
        with psycopg.connect(url, connect_timeout=5) as conn:
            return conn.execute(query.encode()).fetchall()
    except psycopg.Error:  # it does not answer, or is not migrated yet
        return []


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="minutes").replace("+00:00", "Z")
