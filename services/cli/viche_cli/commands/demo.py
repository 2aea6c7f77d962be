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
    """
    from viche_cli.instance import read

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
