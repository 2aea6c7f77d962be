"""What is put into the database: the table that pgbench fills, and titles and signatures in great number."""

from __future__ import annotations

from typing import Literal

import psycopg
from psycopg import sql

# petition and pseudonym decide, as when a citizen signs; every row is new, as every citizen is
INSERT_SIGNER = """\
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
        connection.execute("VACUUM ANALYZE petitions, listed_counts")


# as if people had signed for a month, in the tables that a signature goes to
INSERT_SIGNATURES = (
    """\
INSERT INTO signatures (id, petition_id, channel, territory_code, assurance, created_at)
SELECT gen_random_uuid(), %(id)s, 'person', 'UA' || place %% 25, 'substantial',
    now() - interval '29 days' * (1 - place::float / %(number)s) FROM generate_series(1, %(number)s) AS place
""",
    """\
INSERT INTO signers (petition_id, signer, signature_id)
SELECT petition_id, sha256(id::text::bytea), id FROM signatures WHERE petition_id = %(id)s
""",
    """\
INSERT INTO signature_transitions (signature_id, step, state, at)
SELECT id, 0, 'validated', created_at FROM signatures WHERE petition_id = %(id)s
""",
    """\
INSERT INTO tallies (petition_id, territory_code, channel, shard, count)
SELECT petition_id, territory_code, channel, abs(hashtext(id::text)) %% 8, count(*) FROM signatures
WHERE petition_id = %(id)s GROUP BY 1, 2, 3, 4
""",
    """\
INSERT INTO count_minutes (petition_id, minute, shard, count)
SELECT petition_id, date_trunc('minute', created_at), abs(hashtext(id::text)) %% 8, count(*) FROM signatures
WHERE petition_id = %(id)s GROUP BY 1, 2, 3
""",
    """\
INSERT INTO count_hours (petition_id, hour, count)
SELECT m.petition_id, date_trunc('hour', m.minute), sum(m.count) FROM count_minutes m, count_hours_until u
WHERE m.petition_id = %(id)s AND m.minute < u.until GROUP BY 1, 2
""",
    """\
UPDATE petitions SET created_at = now() - interval '31 days', opened_at = now() - interval '30 days'
WHERE id = %(id)s
""",
)


def add_signatures(url: str, petition_id: str, number: int) -> None:
    """So many signatures of an empty petition, over a month."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in INSERT_SIGNATURES:
            connection.execute(statement, {"id": petition_id, "number": number})
        connection.execute("VACUUM ANALYZE signatures, signers, signature_transitions, tallies, count_minutes")


def make_copy(url: str, table: Literal["signers", "responses", "items"]) -> None:
    """An empty copy of a table with its keys and checks, in a schema of its own."""
    name = sql.Identifier(table)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bench CASCADE")
        connection.execute("CREATE SCHEMA bench")
        connection.execute(sql.SQL("CREATE TABLE bench.{0} (LIKE public.{0} INCLUDING ALL)").format(name))


def drop_copy(url: str) -> None:
    """Drops it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA bench CASCADE")
