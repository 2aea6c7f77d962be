"""A database goes out of a dump into servers that are older than the programs, too, and all or nothing."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from viche_chassis import db
from viche_cli.backup import databases
from viche_cli.backup.databases import Snapshot
from viche_cli.faults import Fault
from viche_cli.infra import binaries


@pytest.fixture
def dump(database: Callable[..., str], tmp_path: Path) -> Path:
    url = database("notifications")
    db.migrate(url, "viche_notifications")
    made = tmp_path / "notifications.dump"
    with psycopg.connect(url) as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        row = conn.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        databases.dump(Snapshot(url, row[0], {}), made)
    return made


def tables(url: str) -> int:
    with psycopg.connect(url) as conn:
        row = conn.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert row is not None
    return row[0]


def test_a_dump_fills_an_empty_database_alone(database: Callable[..., str], dump: Path) -> None:
    url = database()
    databases.refuse_filled({"notifications": url})
    with dump.open("rb") as content:
        databases.restore(url, content)
    assert tables(url) > 10
    with pytest.raises(Fault, match="notifications has tables already"):
        databases.refuse_filled({"notifications": url})
    with dump.open("rb") as content, pytest.raises(Fault, match=r"psql failed: ERROR: .+ already exists"):
        databases.restore(url, content)


@pytest.mark.parametrize("part", [0.0, 0.5, 0.9])
def test_a_dump_that_breaks_off_leaves_nothing(database: Callable[..., str], dump: Path, part: float) -> None:
    url, whole = database(), dump.read_bytes()
    with pytest.raises(Fault, match="pg_restore failed"):
        databases.restore(url, io.BytesIO(whole[: int(len(whole) * part)]))
    assert tables(url) == 0


class Unreadable(io.BytesIO):
    """A file on a disk that fails after its first bytes."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError("Input/output error")
        return super().read(100)


def test_a_dump_that_cannot_be_read_ends_the_restore(database: Callable[..., str], dump: Path) -> None:
    url = database()
    with pytest.raises(OSError, match="Input/output error"):
        databases.restore(url, Unreadable(dump.read_bytes()))
    assert tables(url) == 0


def test_a_database_that_lets_nobody_in_is_said(database: Callable[..., str], dump: Path) -> None:
    url = database() + "_gone"
    with pytest.raises(Fault, match="make it with `viche prepare postgres`"):
        databases.refuse_filled({"notifications": url})
    with dump.open("rb") as content, pytest.raises(Fault, match="psql failed"):
        databases.restore(url, content)


def test_older_servers_know_every_setting(dump: Path) -> None:
    script = subprocess.run([binaries.client("pg_restore"), "--file=-", dump], capture_output=True, check=True).stdout
    written = io.BytesIO()
    databases.portable(io.BytesIO(script), written)
    assert b"SET transaction_timeout" not in written.getvalue()
    assert len(written.getvalue().splitlines()) == len(script.splitlines())
