"""A short-lived process of `viche up`: makes keys, databases and roles, and migrates.

A process of its own, so that what it imports does not stay in the supervisor's memory. Reads `{"home", "postgres_url"}`
as JSON on stdin, writes `{"databases": {service: url}, "applied": [...]}` on stdout; a fault is `{"fault": sentence}`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.services import SERVICES


def main() -> None:
    """Does the work and says what came of it."""
    asked = json.load(sys.stdin)
    home = Home(Path(asked["home"]))
    try:
        answer = prepare(home, asked["postgres_url"])
    except Fault as fault:
        answer = {"fault": str(fault)}
    except OSError as error:
        answer = {"fault": f"{error.filename}: {error.strerror}. Mend that, or start with another --home."}
    json.dump(answer, sys.stdout)


def prepare(home: Home, postgres_url: str) -> dict[str, object]:
    """Makes what is missing and migrates; doing it again changes nothing. Raises Fault."""
    from viche_cli.keys import ensure_keys

    ensure_keys(home)
    databases = ensure_databases(home, postgres_url)
    applied = [name for service, url in databases.items() for name in migrate_one(service, url)]
    return {"databases": databases, "applied": applied}


def ensure_databases(home: Home, postgres_url: str) -> dict[str, str]:
    """One database and one role for each service; gives their URLs. Raises Fault."""
    import psycopg

    from viche_cli.infra import store

    try:
        return {
            service: store.ensure_database(postgres_url, f"viche_{service}", home.secret(f"{service}.password"))
            for service in SERVICES
        }
    except psycopg.OperationalError as error:
        raise Fault(
            f"PostgreSQL does not let viche in ({_first_line(error)}): correct VICHE_POSTGRES_URL; without it, bring "
            f"{home.keys} back from a backup, or start with another --home."
        ) from error
    except psycopg.Error as error:
        raise Fault(
            f"PostgreSQL does not let viche make its databases ({_first_line(error)}): give VICHE_POSTGRES_URL a role "
            "that may create databases and roles."
        ) from error


def migrate_one(service: str, url: str, phases: tuple[str, ...] = ("pre", "post")) -> list[str]:
    """Brings one service's database up to date; gives the names of the migrations applied. Raises Fault."""
    import psycopg

    from viche_chassis.db import MigrationChanged, migrate

    try:
        return migrate(url, f"viche_{service}", phases=phases)
    except MigrationChanged as error:
        raise Fault(
            f"The database of {service} was made by another version of viche ({error}): install that version, or start "
            "with another --home."
        ) from error
    except psycopg.Error as error:
        raise Fault(f"The database of {service} could not be brought up to date: {_first_line(error)}.") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


if __name__ == "__main__":
    main()
