"""Nobody opens more connections to PostgreSQL than docs/operating.md says, and the embedded server takes them."""

from __future__ import annotations

import re
from pathlib import Path

from viche_chassis.config import describe
from viche_cli.backup import databases
from viche_cli.bench import pgbench
from viche_cli.infra.postgres import SETTINGS
from viche_cli.services import SERVICES
from viche_petitions.config import Settings

KEPT_FOR_THE_SUPERUSER = 3
"""superuser_reserved_connections, as PostgreSQL has it by itself."""


def test_pools_and_the_benchmark_fit_into_the_embedded_server() -> None:
    pool = next(each["default"] for each in describe(Settings) if each["variable"] == "VICHE_DATABASE_POOL")
    assert len(SERVICES) * pool + pgbench.CLIENTS + KEPT_FOR_THE_SUPERUSER <= int(SETTINGS["max_connections"])


SERVICES_FOLDER = Path(__file__).parents[2] / "services"
OPENS = re.compile(r"psycopg\.connect\(|AsyncConnection\.connect\(|ConnectionPool\(|\bopen_pool\(")
# a look before the pool opens, the pool itself, and migrations, which no service runs
CHASSIS = {"schema.py": 1, "db.py": 3}
AT_MOST = {"migrate": 1, "prepare": 1, "check": 1, "backup": len(databases.ORDER) + 1}


def test_a_service_opens_its_pool_and_nothing_else() -> None:
    for service in (*SERVICES, "gateway"):
        package = SERVICES_FOLDER / service / f"viche_{service}"
        opening = {file: OPENS.findall(file.read_text(encoding="utf-8")) for file in package.rglob("*.py")}
        found = {file.name: calls for file, calls in opening.items() if calls}
        assert found == ({} if service == "gateway" else {"__main__.py": ["open_pool("]})


def test_the_chassis_opens_what_is_known() -> None:
    chassis = SERVICES_FOLDER / "chassis" / "viche_chassis"
    opening = {file.name: len(OPENS.findall(file.read_text(encoding="utf-8"))) for file in chassis.rglob("*.py")}
    assert {name: count for name, count in opening.items() if count} == CHASSIS


def test_the_page_says_how_many_connections_commands_open() -> None:
    page = (SERVICES_FOLDER.parent / "docs" / "operating.md").read_text(encoding="utf-8")
    for command, count in AT_MOST.items():
        assert f"| `viche {command}` | {count} |" in page
    assert f"| a replica of {', '.join(SERVICES)} | `VICHE_DATABASE_POOL` |" in page
