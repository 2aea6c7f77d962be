"""The embedded server takes all that `viche up` and `viche bench` open beside it."""

from __future__ import annotations

from viche_chassis.config import describe
from viche_cli.bench import pgbench
from viche_cli.infra.postgres import SETTINGS
from viche_cli.services import SERVICES
from viche_petitions.config import Settings

KEPT_FOR_THE_SUPERUSER = 3
"""superuser_reserved_connections, as PostgreSQL has it by itself."""


def test_pools_and_the_benchmark_fit_into_the_embedded_server() -> None:
    pool = next(each["default"] for each in describe(Settings) if each["variable"] == "VICHE_DATABASE_POOL")
    assert len(SERVICES) * pool + pgbench.CLIENTS + KEPT_FOR_THE_SUPERUSER <= int(SETTINGS["max_connections"])
