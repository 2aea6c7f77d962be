"""Where an installation has no engines of its own, or cannot run services, one sentence says what to do."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import NoReturn

import pytest

from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.infra import binaries, nats
from viche_cli.up import options


def _none(name: str) -> NoReturn:
    raise PackageNotFoundError(name)


@pytest.fixture(autouse=True)
def without_engines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No distribution is installed, and PATH has one empty folder."""
    for module in (binaries, nats):
        monkeypatch.setattr(module, "distribution", _none)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_server_of_postgresql_is_asked_for_by_extra_or_address() -> None:
    with pytest.raises(Fault, match=r"viche-cli\[engines\].*VICHE_POSTGRES_URL"):
        binaries.installation()


def test_nats_is_asked_for_by_extra_or_address() -> None:
    with pytest.raises(Fault, match=r"viche-cli\[engines\].*VICHE_NATS_URL"):
        nats.server_binary()


def test_services_are_asked_for_before_anything_starts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(options, "COMPUTED_WITH", ("duckdb", "sklearn_that_is_missing"))
    with pytest.raises(Fault, match=r"viche-cli\[services\]"):
        options.check(options.Options(Home(tmp_path), "127.0.0.1", 8080, with_demo=False, environment={}))


def test_client_programs_are_those_of_the_system(without_engines: Path) -> None:
    with pytest.raises(Fault, match=r"pg_dump is missing: install .*postgresql-client"):
        binaries.client("pg_dump")
    program = without_engines / "pg_dump"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert binaries.client("pg_dump") == program
