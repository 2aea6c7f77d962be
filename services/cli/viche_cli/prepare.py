"""A short-lived process of `viche up`: makes keys, databases, roles and the place for files, and migrates.

A process of its own, so that what it imports does not stay in the supervisor's memory. Reads `{"home", "postgres_url",
"s3_url"}` as JSON on stdin, writes `{"databases": {service: url}, "applied": [...]}` on stdout; a fault is `{"fault":
sentence}`.
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
        answer = prepare(home, asked["postgres_url"], asked["s3_url"])
    except Fault as fault:
        answer = {"fault": str(fault)}
    except OSError as error:
        answer = {"fault": f"{error.filename}: {error.strerror}. Mend that, or start with another --home."}
    json.dump(answer, sys.stdout)


def prepare(home: Home, postgres_url: str, s3_url: str = "") -> dict[str, object]:
    """Makes what is missing and migrates; doing it again changes nothing. Raises Fault."""
    from viche_cli.keys import ensure_keys

    ensure_keys(home)
    ensure_objects(home, s3_url)
    databases = ensure_databases(home, postgres_url)
    applied = [name for service, url in databases.items() for name in migrate_one(service, url)]
    return {"databases": databases, "applied": applied}


def ensure_objects(home: Home, s3_url: str) -> None:
    """The bucket, or the folder that only its owner enters. Raises Fault."""
    if not s3_url:
        home.objects.mkdir(exist_ok=True, mode=0o700)
        return
    from viche_chassis.config import ConfigError
    from viche_chassis.errors import Unavailable
    from viche_chassis.objects import parse_s3_url
    from viche_chassis.objects_s3 import S3Store

    try:
        S3Store(parse_s3_url(s3_url)).ensure_bucket()
    except ConfigError as error:
        raise Fault(str(error)) from error
    except Unavailable as error:
        cause = error.__cause__ or error
        why = getattr(cause, "code", None) or _first_line(cause)
        raise Fault(
            f"The S3 server does not let viche in ({why}): correct VICHE_S3_URL, or start the server."
        ) from error


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


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


if __name__ == "__main__":
    main()
