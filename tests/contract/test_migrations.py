"""A version runs over the tables of its successor (docs/adr/0028): `pre` migrations only add, `post` adds nothing.

Whether a new constraint refuses what the version before writes, and whether that version still reads what `post` takes
away, the files do not show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from viche_chassis.db import read_migrations
from viche_cli.services import SERVICES

# of the first version, before which there was none; never longer
OF_THE_FIRST_VERSION = {
    "viche_petitions/0004_pre_imports.sql",
    "viche_petitions/0010_pre_integrity.sql",
    "viche_petitions/0013_pre_signature_order.sql",
    "viche_petitions/0015_pre_listing.sql",
}
# comments, bodies of functions, texts
ASIDE = re.compile(r"--[^\n]*|\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'", re.DOTALL)
INNERMOST = re.compile(r"\([^()]*\)")
ALTERED = re.compile(r"ALTER TABLE (?:IF EXISTS )?(?:ONLY )?[\w.]+ ", re.IGNORECASE)
TAKES = re.compile(
    # a constraint may go, but for a key, which ON CONFLICT names
    r"DROP (?!CONSTRAINT\b)|DROP CONSTRAINT (IF EXISTS )?\w+_p?key\b|TRUNCATE\b|DELETE\b|(.* )?RENAME\b"
    r"|ALTER (COLUMN )?\w+ (SET NOT NULL|DROP DEFAULT|(SET DATA )?TYPE\b)"
    # who does not know of the column leaves it out
    r"|ADD (COLUMN )?(?!CONSTRAINT\b)(?=.*\bNOT NULL\b)(?!.*\b(DEFAULT|GENERATED)\b)",
    re.IGNORECASE,
)
ADDS = re.compile(
    r"CREATE (?!(UNIQUE )?INDEX\b|OR REPLACE\b)|ADD (?!CONSTRAINT\b|CHECK\b|EXCLUDE\b|FOREIGN\b|PRIMARY\b|UNIQUE\b)",
    re.IGNORECASE,
)
AGAINST = {"pre": TAKES, "post": ADDS}


def steps(sql: str) -> Iterator[str]:
    """What a migration does, each change of a table by itself."""
    text = ASIDE.sub(" ", sql)
    while INNERMOST.search(text):
        text = INNERMOST.sub(" ", text)
    for statement in text.split(";"):
        said = " ".join(statement.split())
        altered = ALTERED.match(said)
        yield from re.split(r" ?, ?", said[altered.end() :]) if altered else [said]


def faults(phase: str, sql: str) -> list[str]:
    """What the phase must not do."""
    return [step for step in steps(sql) if AGAINST[phase].match(step)]


@pytest.mark.parametrize("package", ["chassis", *SERVICES])
def test_migrations_leave_the_version_beside_them_working(package: str) -> None:
    found = {each.name: faults(each.phase, each.sql) for each in read_migrations(f"viche_{package}")}
    assert {name: said for name, said in found.items() if said and name not in OF_THE_FIRST_VERSION} == {}


@pytest.mark.parametrize(
    ("phase", "sql"),
    [
        ("pre", "DROP TABLE a;"),
        ("pre", "-- why\nDROP INDEX a;"),
        ("pre", "ALTER TABLE a ADD COLUMN b int NOT NULL DEFAULT 0, DROP COLUMN c;"),
        ("pre", "alter table a drop c;"),
        ("pre", "ALTER TABLE ONLY a DROP CONSTRAINT a_pkey;"),
        ("pre", "ALTER TABLE a RENAME COLUMN b TO c;"),
        ("pre", "ALTER TABLE a ALTER COLUMN b TYPE text;"),
        ("pre", "ALTER TABLE a ALTER b SET NOT NULL;"),
        ("pre", "ALTER TABLE a ADD COLUMN b int NOT NULL CHECK (b > 0);"),
        ("pre", "DELETE FROM a;"),
        ("post", "CREATE TABLE a (b int);"),
        ("post", "ALTER TABLE a ADD b int;"),
    ],
)
def test_what_belongs_to_the_other_phase_is_seen(phase: str, sql: str) -> None:
    assert faults(phase, sql)


@pytest.mark.parametrize(
    ("phase", "sql"),
    [
        ("pre", "CREATE TABLE a (b text NOT NULL, c text CHECK (c IN ('DROP', 'x;')));"),
        ("pre", "ALTER TABLE a ADD COLUMN b int, ADD COLUMN c text NOT NULL DEFAULT '', ALTER d DROP NOT NULL;"),
        ("pre", "ALTER TABLE a ADD b bigint NOT NULL GENERATED ALWAYS AS IDENTITY;"),
        ("pre", "ALTER TABLE a DROP CONSTRAINT a_check, ADD CONSTRAINT a_check CHECK (b IS NOT NULL OR c > 1);"),
        ("pre", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM a; END $$;"),
        ("post", "ALTER TABLE a DROP COLUMN b, ALTER c SET NOT NULL, ADD CONSTRAINT a_c CHECK (c > 0);"),
        ("post", "CREATE INDEX a_b ON a (b); DROP INDEX a_c;"),
    ],
)
def test_what_the_phase_is_for_may_be(phase: str, sql: str) -> None:
    assert faults(phase, sql) == []
