"""The services' databases in and out of dumps, by PostgreSQL's own programs."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.infra import binaries, store
from viche_cli.infra.postgres import PostgresServer
from viche_cli.services import SERVICES

# Identity's snapshot is taken last, so that whoever is named elsewhere is there; that of notifications first: what it
# misses is still in the outboxes of the others, which fill the empty streams of a restored instance again.
ORDER = ("notifications", "social", "surveys", "petitions", "identity")
LOCK_WAIT = "30s"
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A moment of one database that stays visible while the block of `snapshots` runs."""

    url: str
    name: str
    # checksums of the applied migrations by name
    schema: Mapping[str, str]


@contextmanager
def own_server(home: Home) -> Iterator[str]:
    """Our server over the folder of an instance that does not run; gives the superuser's URL. Raises Fault."""
    server = PostgresServer(home.postgres, password=home.secret("postgres.password"), log=home.logs / "postgresql.log")
    server.prepare()
    server.launch()
    try:
        server.wait_ready()
        yield server.url
    finally:
        server.stop()


def urls(home: Home, admin_url: str) -> dict[str, str]:
    """The services' databases on a server, as their owners."""
    return {
        name: store.url_for(admin_url, f"viche_{name}", f"viche_{name}", home.secret(f"{name}.password"))
        for name in SERVICES
    }


@contextmanager
def snapshots(databases: Mapping[str, str]) -> Iterator[dict[str, Snapshot]]:
    """Moments of all databases, milliseconds apart, in the order that ORDER gives. Raises Fault."""
    with ExitStack() as stack:
        try:
            connections = {
                name: stack.enter_context(psycopg.connect(databases[name], connect_timeout=10)) for name in ORDER
            }
            yield {name: _snapshot(databases[name], connection) for name, connection in connections.items()}
        except psycopg.OperationalError as error:
            said = _first_line(str(error))
            raise Fault(f"The databases do not answer ({said}): start them, then try again.") from error


def dump(snapshot: Snapshot, target: Path) -> None:
    """Writes the whole database as of the snapshot, compressed, in pg_dump's custom format. Raises Fault."""
    _run(
        "pg_dump",
        *("--format=custom", "--no-owner", "--no-acl", f"--lock-wait-timeout={LOCK_WAIT}"),
        *(f"--snapshot={snapshot.name}", f"--file={target}"),
        url=snapshot.url,
    )


def restore(url: str, content: IO[bytes]) -> None:
    """Fills an empty database from a dump, all or nothing. Raises Fault."""
    _run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-acl", url=url, content=content)


def _snapshot(url: str, connection: psycopg.Connection) -> Snapshot:
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    assert row is not None
    schema = connection.execute("SELECT name, checksum FROM schema_migrations ORDER BY name").fetchall()
    return Snapshot(url, row[0], dict(schema))


def _run(program: str, *options: str, url: str, content: IO[bytes] | None = None) -> None:
    """The password goes by the environment: arguments are seen by everybody on the machine."""
    given = conninfo_to_dict(url)
    password = str(given.pop("password", ""))
    command = [str(binaries.client(program)), f"--dbname={make_conninfo('', **given)}", *options]
    environment = {**os.environ, "PGPASSWORD": password, "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryFile() as said:
        returncode = _feed(command, environment, content, said)
        said.seek(0)
        if returncode != 0:
            raise Fault(f"{program} failed: {_first_line(said.read().decode('utf-8', 'replace'))}.")


def _feed(command: list[str], environment: Mapping[str, str], content: IO[bytes] | None, said: IO[bytes]) -> int:
    """Runs a program with the content on its stdin; gives its exit code."""
    stdin = subprocess.PIPE if content else subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdin=stdin, stdout=subprocess.DEVNULL, stderr=said) as running:
        if content is not None and running.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # a program that ended early says why on stderr
                shutil.copyfileobj(content, running.stdin, CHUNK_BYTES)
                running.stdin.flush()
            with contextlib.suppress(BrokenPipeError):
                running.stdin.close()
        return running.wait()


def _first_line(said: str) -> str:
    return (said.strip().splitlines() or ["no reason given"])[0].rstrip(".")
