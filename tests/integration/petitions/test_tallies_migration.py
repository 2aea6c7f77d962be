"""Tallies that were made before they knew channels are made anew from the signatures."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from viche_chassis import db

BEFORE = """
INSERT INTO signatures (id, petition_id, channel, territory_code, assurance)
SELECT ('018f0000-0000-7000-8000-00000000000' || n)::uuid, '018f0000-0000-7000-8000-0000000000ff',
    CASE WHEN n < 4 THEN 'person' ELSE 'email' END, 'UA05', 'email' FROM generate_series(1, 5) n;
INSERT INTO signature_transitions (signature_id, step, state) SELECT id, 1, 'validated' FROM signatures;
INSERT INTO signature_transitions (signature_id, step, state)
VALUES ('018f0000-0000-7000-8000-000000000001', 2, 'expired');
INSERT INTO tallies (petition_id, territory_code, shard, count)
VALUES ('018f0000-0000-7000-8000-0000000000ff', 'UA05', 3, 9);
"""


def test_tallies_are_made_anew_by_channel(database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    url, read = database("petitions"), db.read_migrations

    def older(package: str) -> list[db.Migration]:
        return [each for each in read(package) if not each.name.startswith("viche_petitions/") or each.name < LAST]

    monkeypatch.setattr(db, "read_migrations", older)
    db.migrate(url, "viche_petitions")
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(BEFORE)
        monkeypatch.setattr(db, "read_migrations", read)
        db.migrate(url, "viche_petitions")
        rows = conn.execute("SELECT territory_code, channel, count FROM tallies ORDER BY channel").fetchall()
    assert rows == [("UA05", "email", 2), ("UA05", "person", 2)]


LAST = "viche_petitions/0010"
