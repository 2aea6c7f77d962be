"""`viche migrate`."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

import click

from viche_cli.commands.shared import home_option, json_option, print_json
from viche_cli.faults import Fault
from viche_cli.home import Home, default_home
from viche_cli.preparing.given import database_urls, database_variable
from viche_cli.preparing.waiting import patiently, wait_option
from viche_cli.services import SERVICES

PHASES = ("pre", "post")
PENDING = 3


@click.command()
@home_option
@click.option("--service", type=click.Choice(SERVICES), help="Only this one; its database from VICHE_DATABASE_URL.")
@click.option(
    "--phase",
    type=click.Choice(PHASES),
    help="Only what runs before the new version starts (pre), or after the old one is gone (post). Default: both.",
)
@click.option("--check", is_flag=True, help="Change nothing, say what is pending; ends with 3 where something is.")
@wait_option
@json_option
def migrate(
    home: Path | None, service: str | None, phase: str | None, check: bool, wait_s: float, as_json: bool
) -> None:
    """Bring the databases of the services up to date. `viche up` does it by itself.

    With --service and VICHE_DATABASE_URL: that database, as its owner. With VICHE_IDENTITY_DATABASE_URL,
    VICHE_PETITIONS_DATABASE_URL and so on: all that are set. Else the databases of the running instance over --home.
    Migrations that were applied before are left alone, and of two calls at once one waits.
    """
    from viche_cli.preparing.migrating import migrate_one, pending_of

    phases, step = (phase,) if phase else PHASES, pending_of if check else migrate_one
    found = {
        name: patiently(f"the database of {name}", partial(step, name, url, phases), wait_s)
        for name, url in _databases(home, service).items()
    }
    if as_json:
        print_json({"pending" if check else "applied": found})
    else:
        for name, migrations in found.items():
            click.echo(f"{name}: {', '.join(migrations) if migrations else 'up to date'}")
    if check and any(found.values()):
        sys.exit(PENDING)


def _databases(home: Path | None, service: str | None) -> dict[str, str]:
    if home is None and (named := _named(service)):
        return named
    from viche_cli.instance import read

    details = read(Home((home or default_home()).absolute()))
    return {name: address for name, address in details["databases"].items() if service in (None, name)}


def _named(service: str | None) -> dict[str, str]:
    """The databases that the environment names."""
    one, several = os.environ.get("VICHE_DATABASE_URL", "").strip(), database_urls(os.environ)
    if service is not None:
        url = one or several.get(service, "")
        return {service: url} if url else {}
    if one and not several:
        raise Fault("VICHE_DATABASE_URL names one database: say with --service whose it is.")
    if several and (missing := [database_variable(name) for name in SERVICES if name not in several]):
        raise Fault(f"{', '.join(missing)} not set: name every database, or one with --service.")
    return several
