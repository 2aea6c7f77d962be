"""Migrations run once each, in order, in phases, and never change after they were applied."""

import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from viche_chassis import db


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An importable package with a folder of migrations."""
    folder = tmp_path / "viche_example" / "migrations"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop("viche_example", None)
    return folder


def test_each_migration_is_applied_once(database: Callable[..., str], package: Path) -> None:
    url = database()
    (package / "0001_pre_towns.sql").write_text("CREATE TABLE towns (name text)")
    assert db.migrate(url, "viche_example") == [
        "viche_chassis/0001_pre_messages.sql",
        "viche_chassis/0002_pre_officer_actions.sql",
        "viche_example/0001_pre_towns.sql",
    ]
    assert db.migrate(url, "viche_example") == []


def test_a_phase_leaves_the_other_for_later(database: Callable[..., str], package: Path) -> None:
    url = database()
    (package / "0001_pre_towns.sql").write_text("CREATE TABLE towns (name text)")
    (package / "0002_post_towns.sql").write_text("ALTER TABLE towns ADD COLUMN code text")
    assert "viche_example/0002_post_towns.sql" not in db.migrate(url, "viche_example", phases=("pre",))
    assert db.migrate(url, "viche_example", phases=("post",)) == ["viche_example/0002_post_towns.sql"]


def test_the_second_phase_waits_for_the_first(database: Callable[..., str], package: Path) -> None:
    url = database()
    (package / "0001_pre_towns.sql").write_text("CREATE TABLE towns (name text)")
    db.migrate(url, "viche_example")
    (package / "0002_pre_towns.sql").write_text("ALTER TABLE towns ADD COLUMN code text")
    (package / "0003_post_towns.sql").write_text("ALTER TABLE towns DROP COLUMN name")
    with pytest.raises(db.MigrationMissing, match="0002_pre_towns"):
        db.migrate(url, "viche_example", phases=("post",))
    with psycopg.connect(url) as conn:
        conn.execute("SELECT name FROM towns")  # what the version before works with is still there


def test_an_edited_migration_is_refused(database: Callable[..., str], package: Path) -> None:
    url = database()
    (package / "0001_pre_towns.sql").write_text("CREATE TABLE towns (name text)")
    db.migrate(url, "viche_example")
    (package / "0001_pre_towns.sql").write_text("CREATE TABLE towns (name text, code text)")
    with pytest.raises(db.MigrationChanged, match="0001_pre_towns"):
        db.migrate(url, "viche_example")


def test_a_failing_migration_leaves_nothing_behind(database: Callable[..., str], package: Path) -> None:
    url = database()
    (package / "0001_pre_towns.sql").write_text("CREATE TABLE towns (name text); SELECT 1 / 0")
    with pytest.raises(psycopg.errors.DivisionByZero):
        db.migrate(url, "viche_example")
    with psycopg.connect(url) as conn:
        assert conn.execute("SELECT to_regclass('towns')").fetchone() == (None,)


@pytest.mark.parametrize("names", [["1_pre_a.sql"], ["0001_a.sql"], ["0001_pre_a.sql", "0001_post_b.sql"]])
def test_names_are_numbered_and_unique(package: Path, names: list[str]) -> None:
    for name in names:
        (package / name).write_text("SELECT 1")
    with pytest.raises(ValueError, match="name it NNNN"):
        db.read_migrations("viche_example")
