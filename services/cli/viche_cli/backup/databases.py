"""The services' databases in and out of dumps, by PostgreSQL's own programs."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
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
# pg_restore sets it whatever the server knows; the head of its script is shorter than these lines
NEW_SETTING = b"SET transaction_timeout = 0;\n"
KNOWN_SETTING = b"SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'transaction_timeout';\n"
HEAD_LINES = 40
_TABLES = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"


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
    """Fills an empty database from a dump, all or nothing; the server may be older than the dump. Raises Fault."""
    # COMMIT is the last line of the script: one that breaks off leaves nothing
    options = ("--single-transaction", "--no-owner", "--no-acl", "--file=-")
    with (
        tempfile.TemporaryFile() as unread,
        tempfile.TemporaryFile() as unfilled,
        _started(["pg_restore", *options], os.environ, unread, stdout=subprocess.PIPE) as reading,
        _started(*_at(url, "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"), unfilled) as filling,
        ThreadPoolExecutor(1) as thread,
    ):
        fed = thread.submit(_feed, reading, partial(shutil.copyfileobj, content, length=CHUNK_BYTES))
        assert reading.stdout is not None
        try:
            _feed(filling, partial(portable, reading.stdout))
        finally:
            reading.stdout.close()  # lets it end where psql has ended early
        fed.result()
        # what psql says comes first: without it pg_restore only finds nobody to write to
        _refuse_failed("psql", filling, unfilled)
        _refuse_failed("pg_restore", reading, unread)


def refuse_filled(databases: Mapping[str, str]) -> None:
    """Raises Fault when one of the databases does not answer, or has tables already."""
    for service, url in databases.items():
        try:
            with psycopg.connect(url, connect_timeout=store.CONNECT_WITHIN_S) as connection:
                row = connection.execute(_TABLES).fetchone()
        except psycopg.Error as error:
            raise Fault(
                f"The database of {service} does not let viche in ({_first_line(str(error))}): correct its address, or "
                "make it with `viche prepare postgres`."
            ) from error
        if row is not None and row[0]:
            raise Fault(f"The database of {service} has tables already: name an empty one.")


def portable(script: IO[bytes], target: IO[bytes]) -> None:
    """Copies what pg_restore wrote, with a setting of its head that servers before PostgreSQL 17 do not know."""
    for line in islice(script, HEAD_LINES):
        target.write(KNOWN_SETTING if line == NEW_SETTING else line)
    shutil.copyfileobj(script, target, CHUNK_BYTES)


def _snapshot(url: str, connection: psycopg.Connection) -> Snapshot:
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    assert row is not None
    schema = connection.execute("SELECT name, checksum FROM schema_migrations ORDER BY name").fetchall()
    return Snapshot(url, row[0], dict(schema))


def _run(program: str, *options: str, url: str) -> None:
    with tempfile.TemporaryFile() as said, _started(*_at(url, program, *options), said) as running:
        _refuse_failed(program, running, said)


def _at(url: str, program: str, *options: str) -> tuple[list[str], Mapping[str, str]]:
    """The command and its environment; there the password goes, since arguments are seen by everybody."""
    given = conninfo_to_dict(url)
    password = str(given.pop("password", ""))
    return [program, f"--dbname={make_conninfo('', **given)}", *options], {**os.environ, "PGPASSWORD": password}


def _started(
    command: Sequence[str], environment: Mapping[str, str], said: IO[bytes], stdout: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    program, *options = command
    return subprocess.Popen(
        [str(binaries.client(program)), *options],
        env={**environment, "LC_ALL": "C.UTF-8"}, stdin=subprocess.PIPE, stdout=stdout, stderr=said,
    )  # fmt: skip


def _feed(running: subprocess.Popen[bytes], copy: Callable[[IO[bytes]], None]) -> None:
    """Copies something to the program's stdin, and ends it."""
    assert running.stdin is not None
    try:
        with contextlib.suppress(BrokenPipeError):  # a program that ended early says why on stderr
            copy(running.stdin)
            running.stdin.flush()
    finally:  # it waits for more until then
        with contextlib.suppress(BrokenPipeError):
            running.stdin.close()


def _refuse_failed(program: str, running: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    """Waits for its end. Raises Fault, with what it said, where that was no good one."""
    if running.wait() != 0:
        said.seek(0)
        raise Fault(f"{program} failed: {_first_line(said.read().decode('utf-8', 'replace'))}.")


def _first_line(said: str) -> str:
    return (said.strip().splitlines() or ["no reason given"])[0].rstrip(".")
