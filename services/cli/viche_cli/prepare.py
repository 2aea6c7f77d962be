"""A short-lived process of `viche up`: makes keys, databases, roles and the place for files, and migrates.

A process of its own, so that what it imports does not stay in the supervisor's memory. Reads `{"home", "postgres_url",
"s3_url"}` as JSON on stdin, writes `{"databases": {service: url}, "applied": [...]}` on stdout; a fault is `{"fault":
sentence}`.
"""

from __future__ import annotations

import json
import sys
from functools import partial
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
    from viche_cli.preparing.migrating import migrate_one
    from viche_cli.preparing.waiting import patiently

    ensure_keys(home)
    ensure_objects(home, s3_url)
    databases = ensure_databases(home, postgres_url)
    # the server is there: one that does not answer now is a fault
    applied = [
        name
        for service, url in databases.items()
        for name in patiently(f"the database of {service}", partial(migrate_one, service, url), 0.0)
    ]
    return {"databases": databases, "applied": applied}


def ensure_objects(home: Home, s3_url: str) -> None:
    """The bucket, or the folder that only its owner enters. Raises Fault."""
    if not s3_url:
        home.objects.mkdir(exist_ok=True, mode=0o700)
        return
    from viche_cli.preparing.objects import ensure_bucket

    ensure_bucket(s3_url)


def ensure_databases(home: Home, postgres_url: str) -> dict[str, str]:
    """One database and one role for each service; gives their URLs. Raises Fault."""
    import psycopg

    from viche_cli.infra import store
    from viche_cli.preparing.postgres import first_line

    try:
        return {
            service: store.ensure_database(postgres_url, f"viche_{service}", home.secret(f"{service}.password"))
            for service in SERVICES
        }
    except psycopg.OperationalError as error:
        raise Fault(
            f"PostgreSQL does not let viche in ({first_line(error)}): correct VICHE_POSTGRES_URL; without it, bring "
            f"{home.keys} back from a backup, or start with another --home."
        ) from error
    except store.Unsuitable as error:
        raise Fault(f"{error}.") from error
    except psycopg.Error as error:
        raise Fault(
            f"PostgreSQL does not let viche make its databases ({first_line(error)}): give VICHE_POSTGRES_URL a role "
            "that may create databases and roles."
        ) from error


if __name__ == "__main__":
    main()
