"""`viche migrate`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from viche_cli.commands.shared import home_option, json_option, print_json
from viche_cli.faults import Fault
from viche_cli.home import Home, default_home
from viche_cli.services import SERVICES

PHASES = ("pre", "post")


@click.command()
@home_option
@click.option("--service", type=click.Choice(SERVICES), help="Only this one; its database from VICHE_DATABASE_URL.")
@click.option(
    "--phase",
    type=click.Choice(PHASES),
    help="Only what runs before the new version starts (pre), or after the old one is gone (post). Default: both.",
)
@json_option
def migrate(home: Path | None, service: str | None, phase: str | None, as_json: bool) -> None:
    """Bring the databases of the services up to date. `viche up` does it by itself.

    With --service and VICHE_DATABASE_URL: that database, as its owner. Else the databases of the running instance over
    --home. Migrations that were applied before are left alone.
    """
    from viche_cli.prepare import migrate_one

    databases = _databases(home, service)
    applied = {name: migrate_one(name, url, (phase,) if phase else PHASES) for name, url in databases.items()}
    if as_json:
        print_json({"applied": applied})
        return
    for name, migrations in applied.items():
        click.echo(f"{name}: {', '.join(migrations) if migrations else 'up to date'}")


def _databases(home: Path | None, service: str | None) -> dict[str, str]:
    url = os.environ.get("VICHE_DATABASE_URL", "")
    if url and home is None:
        if service is None:
            raise Fault("VICHE_DATABASE_URL names one database: say with --service whose it is.")
        return {service: url}
    from viche_cli.instance import read

    details = read(Home((home or default_home()).absolute()))
    return {name: address for name, address in details["databases"].items() if service in (None, name)}
