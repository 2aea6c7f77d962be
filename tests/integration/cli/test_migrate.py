"""`viche migrate` brings one database up to date, whole or phase by phase."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from typing import Any

from tests.suite import viche


def migrate(url: str, *options: str) -> dict[str, Any]:
    done = subprocess.run(
        viche("migrate", "--service", "identity", "--json", *options),
        env={**os.environ, "VICHE_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)["applied"]["identity"]


def test_each_phase_applies_its_own_migrations_once(database: Callable[..., str]) -> None:
    url = database("identity")
    assert migrate(url, "--phase", "post") == []
    before = migrate(url, "--phase", "pre")
    assert before
    assert all("_pre_" in name for name in before)
    assert migrate(url) == []


def test_a_database_without_its_service_is_asked_for_in_one_sentence(database: Callable[..., str]) -> None:
    done = subprocess.run(
        viche("migrate"),
        env={**os.environ, "VICHE_DATABASE_URL": database("identity")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "say with --service" in done.stderr
