"""What was taken over before petitions had a source's key."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from viche_chassis.db import read_migrations

ADDRESS = "http://data.parliament.uk/resources/464795"


def test_address_of_what_was_taken_over_becomes_its_key(database: Callable[..., str]) -> None:
    migrations = {each.name: each.sql for each in read_migrations("viche_petitions")}
    before = [name for name in migrations if name < "viche_petitions/0003"]
    assert len(before) == 2
    with psycopg.connect(database("petitions")) as conn:
        for name in before:
            conn.execute(migrations[name].encode())
        conn.execute(
            "INSERT INTO petitions (id, number, state, title, language, created_at, opened_at, searchable, is_archived,"
            " source_url, source_state, stated_count) VALUES ('018f0000-0000-7000-8000-000000000001', 104309, 'closed',"
            " 'A title', 'en', '2015-07-20', '2015-07-20', '', true, %s, 'closed', 22)",
            [ADDRESS],
        )
        conn.execute(migrations["viche_petitions/0004_pre_imports.sql"].encode())
        row = conn.execute("SELECT source_key, source_url, source_name, imported_at FROM petitions").fetchone()
    assert row == (ADDRESS, ADDRESS, "", None)
