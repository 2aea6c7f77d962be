"""Holds a service's schema.sql equal to what its migrations make.

`UPDATE_SCHEMA=1 pytest -k schema` writes the files anew after a migration was added.
"""

from __future__ import annotations

import os
import re
import subprocess
from importlib.resources import files
from pathlib import Path

from viche_chassis.db import migrate
from viche_cli.infra.postgres import PostgresServer

HEADER = """\
-- What the migrations make, for reading: tables of the chassis and of the service.
-- Written by `UPDATE_SCHEMA=1 pytest -k schema`; a test holds it equal.
"""
# lines of a dump that say nothing of the schema
NOISE = re.compile(r"--|SET |SELECT pg_catalog|\\(un)?restrict")


def assert_schema_is_that_of_migrations(server: PostgresServer, url: str, package: str) -> None:
    """Migrates the empty database at `url` and compares its dump with `package`/schema.sql."""
    migrate(url, package)
    path = Path(str(files(package) / "schema.sql"))
    dumped = dump(server, url)
    if os.environ.get("UPDATE_SCHEMA"):
        path.write_text(dumped, encoding="utf-8")
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    assert written == dumped, f"{path.name} of {package} is not what its migrations make: UPDATE_SCHEMA=1 writes it"


def dump(server: PostgresServer, url: str) -> str:
    """The schema at `url` without what differs between servers: owners, rights, settings, versions."""
    done = subprocess.run(
        [server.bin / "pg_dump", "--schema-only", "--no-owner", "--no-privileges", "--no-comments", url],
        capture_output=True,
        text=True,
        check=True,
    )
    kept = [line for line in done.stdout.splitlines() if not NOISE.match(line)]
    return HEADER + re.sub(r"\n{2,}", "\n\n", "\n".join(kept)).rstrip() + "\n"
