"""Petitions from before lists had rows of their own are listed as before."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from viche_chassis import db

LAST = "viche_petitions/0015"
BEFORE = """
INSERT INTO petitions (id, number, state, title, language, authority_id, author, terms, created_at, opened_at,
    searchable, is_archived, source_key, stated_count, updated_at)
SELECT ('018f0000-0000-7000-8000-00000000000' || n)::uuid, n, state, '', 'en', '018f0000-0000-7000-8000-0000000000ff',
    CASE WHEN n = 4 THEN NULL ELSE ''::bytea END, CASE WHEN n < 3 THEN '{}'::jsonb END, now() - interval '5 days',
    CASE WHEN n < 3 THEN now() - interval '3 days' END, '', n = 4, CASE WHEN n = 4 THEN 'key' END,
    CASE WHEN n = 4 THEN 70 END, now() - interval '2 days'
FROM (VALUES (1, 'open'), (2, 'closed'), (3, 'rejected'), (4, 'closed'), (5, 'submitted')) AS made (n, state);
INSERT INTO listed_counts (petition_id, count) VALUES ('018f0000-0000-7000-8000-000000000001', 12);
"""


def test_petitions_of_the_version_before_are_listed(
    database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, read = database("petitions"), db.read_migrations

    def older(package: str) -> list[db.Migration]:
        return [each for each in read(package) if not each.name.startswith("viche_petitions/") or each.name < LAST]

    monkeypatch.setattr(db, "read_migrations", older)
    db.migrate(url, "viche_petitions")
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(BEFORE)
        monkeypatch.setattr(db, "read_migrations", read)
        db.migrate(url, "viche_petitions")
        rows = conn.execute(
            "SELECT p.number, l.state, l.count, l.is_archived, l.listed_at = coalesce(p.opened_at, p.created_at),"
            " l.changed_at > p.updated_at FROM listed_counts l JOIN petitions p ON p.id = l.petition_id ORDER BY 1"
        ).fetchall()
        # a process of the version before notes counts so
        conn.execute(
            "INSERT INTO listed_counts (petition_id, count) VALUES ('018f0000-0000-7000-8000-000000000002', 5)"
            " ON CONFLICT (petition_id) DO UPDATE SET count = excluded.count"
        )
        assert conn.execute("SELECT state FROM listed_counts WHERE count = 5").fetchall() == [("closed",)]
    assert rows == [
        (1, "open", 12, False, True, True), (2, "closed", 0, False, True, False),
        (3, "rejected", 0, False, True, False), (4, "closed", 70, True, True, False),
    ]  # fmt: skip
