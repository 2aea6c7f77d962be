"""A service ends when it meets a fault beside its requests, and when it is told to: nothing goes on half alive."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg

from viche_chassis.testing import make_key_pair

ENDS_WITHIN_S = 60.0


def test_a_service_whose_outbox_cannot_be_read_ends_and_says_why(
    migrated: Callable[[str], str], tmp_path: Path
) -> None:
    url = migrated("identity")
    with psycopg.connect(url) as conn:
        conn.execute("ALTER TABLE outbox RENAME TO elsewhere")

    ended = subprocess.run(
        [sys.executable, "-m", "viche_identity"],
        env=environment(url, tmp_path),
        stderr=subprocess.PIPE,
        timeout=ENDS_WITHIN_S,
        check=False,
    )

    assert ended.returncode == 1
    last = json.loads(ended.stderr.splitlines()[-1])
    assert (last["message"], last["level"]) == ("the service ends", "ERROR")
    (within,) = last["error"]["within"]
    assert within["type"] == "psycopg.errors.UndefinedTable"
    assert any("outbox.py" in place for place in within["at"])


def test_a_service_that_waits_for_its_database_ends_when_it_is_told(tmp_path: Path) -> None:
    nobody = "postgresql://nobody:x@127.0.0.1:1/nothing"
    argv = [sys.executable, "-m", "viche_identity"]
    with subprocess.Popen(argv, env=environment(nobody, tmp_path), stderr=subprocess.PIPE) as waiting:
        try:
            assert waiting.stderr is not None
            assert json.loads(waiting.stderr.readline())["message"].startswith("waits for its database")
            waiting.terminate()
            assert waiting.wait(ENDS_WITHIN_S) == 0
            assert waiting.stderr.read() == b""
        finally:
            waiting.kill()


def environment(url: str, folder: Path) -> dict[str, str]:
    """Of identity, with nobody at the address of NATS."""
    make_key_pair(folder, "identity")
    make_key_pair(folder / "signing", "k1")
    (folder / "data.key").write_text(secrets.token_hex(32))
    return {
        **os.environ,
        "VICHE_LISTEN": "127.0.0.1:0",
        "VICHE_DATABASE_URL": url,
        "VICHE_NATS_URL": "nats://127.0.0.1:1",
        "VICHE_DATA_KEY": str(folder / "data.key"),
        "VICHE_IDENTITY_SIGNING_KEYS": str(folder / "signing"),
        "VICHE_SERVICE_KEYS": str(folder),
        "VICHE_SERVICE_KEY": str(folder / "identity.pem"),
        "VICHE_PUBLIC_URL": "https://petitions.dibrova.example",
    }
