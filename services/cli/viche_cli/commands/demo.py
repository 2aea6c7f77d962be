"""`viche demo`."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import click

from viche_cli.commands.shared import home_option
from viche_cli.faults import Fault
from viche_cli.home import Home, default_home

LOADED_WITHIN_S = 300.0


@click.command()
@home_option
@click.confirmation_option(
    prompt="This adds a region that does not exist, with its people and petitions, to the instance. Go on?"
)
def demo(home: Path | None) -> None:
    """Load the demo region into the running instance over --home.

    The instance does it itself: it starts identity anew for a moment, so that the demo's people need no mail.

    Without --home and with VICHE_IDENTITY_ADDRESS, VICHE_PETITIONS_ADDRESS and so on: into the services that answer
    there. identity must run with VICHE_IDENTITY_ALLOW_DIRECT_SESSIONS=true for as long as it takes, VICHE_SERVICE_KEY
    be cli.pem with gateway.pem beside it, and VICHE_S3_URL or VICHE_OBJECTS_DIR say where files are kept.
    """
    from viche_cli.instance import is_named_by_environment, read

    if home is None and is_named_by_environment():
        _load_from_here()
        return
    folder = Home((home or default_home()).absolute())
    details = read(folder)
    if folder.state().get("demo") == "loaded":
        click.echo("The demo is there already.")
        return
    os.kill(details["pid"], signal.SIGUSR1)
    deadline_s = time.monotonic() + LOADED_WITHIN_S
    while folder.state().get("demo") != "loaded":
        if time.monotonic() > deadline_s or not folder.is_locked():
            raise Fault(f"The demo was not loaded: see {folder.logs / 'demo.log'} and what `viche up` says.")
        time.sleep(0.2)
    click.echo("The demo is loaded; pages of the portal show its authorities within a minute.")


def _load_from_here() -> None:
    """Loads the demo over the network. Raises Fault."""
    from viche_cli.backup.making import store_at
    from viche_cli.demo.load import load
    from viche_cli.demo.zone import zone_of
    from viche_cli.instance import connect

    loaded = load(connect(), store_at(os.environ), zone_of(os.environ))
    click.echo(
        f"The demo is loaded: {loaded.people} people, {loaded.petitions} petitions, {loaded.signatures} signatures, "
        f"{loaded.surveys} surveys. Start identity anew without VICHE_IDENTITY_ALLOW_DIRECT_SESSIONS now."
    )
