"""The table that pgbench fills, the same as the one in which petitions keeps who signed; and titles in great number."""

from __future__ import annotations

import psycopg

# petition and pseudonym decide, as when a citizen signs; every row is new, as every citizen is
INSERT_SCRIPT = """\
\\set citizen random(1, 9000000000000000000)
INSERT INTO bench.signers (petition_id, signer, signature_id, request_id)
VALUES ('01890000-0000-7000-8000-000000000001', sha256(int8send(:citizen)), gen_random_uuid(), gen_random_uuid())
ON CONFLICT (petition_id, signer) DO NOTHING;
"""


# archived petitions, as an import leaves them
INSERT_TITLES = """\
INSERT INTO petitions (id, number, state, title, language, created_at, searchable, is_archived, source_key,
    stated_count)
SELECT gen_random_uuid(), place + (SELECT coalesce(max(number), 0) FROM petitions), 'closed', title, 'uk', now(),
    setweight(to_tsvector('simple', title), 'A'), true, 'bench/' || place, 0
FROM unnest(%s::text[]) WITH ORDINALITY AS item (title, place)
"""


def add_titles(url: str, titles: list[str]) -> None:
    """Petitions with these titles and nothing else."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(INSERT_TITLES, [titles])
        connection.execute("VACUUM ANALYZE petitions")


def make_signers(url: str) -> None:
    """An empty copy of the table with its keys and checks, in a schema of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bench CASCADE")
        connection.execute("CREATE SCHEMA bench")
        connection.execute("CREATE TABLE bench.signers (LIKE public.signers INCLUDING ALL)")


def drop_signers(url: str) -> int:
    """Drops it; gives how many rows it had."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT count(*) FROM bench.signers").fetchone()
        connection.execute("DROP SCHEMA bench CASCADE")
    return row[0] if row else 0
