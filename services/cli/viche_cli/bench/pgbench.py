"""What PostgreSQL alone can do: bare prepared INSERTs of the row that a signature or an answer leaves."""

from __future__ import annotations

import os
import re
import subprocess
from typing import Literal
from urllib.parse import unquote, urlsplit

from viche_cli.bench import store
from viche_cli.faults import Fault
from viche_cli.infra import binaries

CLIENTS = 32
THREADS = 2
_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
_FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)


def inserts_per_s(url: str, table: Literal["signers", "responses", "items"], script: str, seconds: float) -> float:
    """Rows a second that pgbench writes into an empty copy of a table. Raises Fault when a row fails.

    Args:
        url: of the database that has the table.
        script: of pgbench, inserting one row into `bench.TABLE`.
    """
    store.make_copy(url, table)
    try:
        report = _run(url, script, seconds)
    finally:
        store.drop_copy(url)
    return parse(report)


def parse(report: str) -> float:
    """Transactions a second as pgbench reports them. Raises Fault when some failed or none are reported."""
    failed, tps = _FAILED.search(report), _TPS.search(report)
    if tps is None or (failed and int(failed[1])):
        raise Fault(f"pgbench did not do its work: {' '.join(report.split())[-500:]}")
    return float(tps[1])


def _run(url: str, script: str, seconds: float) -> str:
    duration = str(max(1, round(seconds)))
    options = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", str(THREADS), "-T", duration, "-f", "/dev/stdin"]
    done = subprocess.run(
        [binaries.client("pgbench"), *options],
        input=script,
        env={**os.environ, **_environment(url)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Fault(f"pgbench failed: {' '.join(done.stderr.split())[-500:]}")
    return done.stdout


def _environment(url: str) -> dict[str, str]:
    """The URL in pieces, so that the password is in no list of processes."""
    parts = urlsplit(url)
    return {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
    }
