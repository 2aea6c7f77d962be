"""`viche migrate` brings one database up to date, whole or phase by phase."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence

from tests.suite import viche


def migrate(url: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        viche("migrate", *options),
        env={**os.environ, "VICHE_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def applied(url: str, *options: str) -> Sequence[str]:
    done = migrate(url, "--service", "identity", "--json", *options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["applied"]["identity"]


def test_each_phase_applies_its_own_migrations_once(database: Callable[..., str]) -> None:
    url = database("identity")
    before = applied(url, "--phase", "pre")
    assert before
    assert all("_pre_" in name for name in before)
    assert all("_post_" in name for name in applied(url, "--phase", "post"))
    assert applied(url) == []


def test_the_second_phase_alone_is_refused_and_says_what_comes_first(database: Callable[..., str]) -> None:
    done = migrate(database("identity"), "--service", "identity", "--phase", "post")
    assert done.returncode == 1
    assert "run `viche migrate --phase pre`" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_without_its_service_is_asked_for_in_one_sentence(database: Callable[..., str]) -> None:
    done = migrate(database("identity"))
    assert done.returncode == 1
    assert "say with --service" in done.stderr
