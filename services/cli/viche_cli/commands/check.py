"""`viche check`."""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from viche_cli.commands.shared import home_option, json_option, print_json, silence_logs
from viche_cli.home import Home, default_home
from viche_cli.preparing.given import database_urls

FAILED = 3


@click.command()
@home_option
@json_option
@click.option("--dns", default="", metavar="HOST[:PORT]", help="Name server to ask; default: the system's.")
@click.option("--dkim-selector", "selectors", multiple=True, help="Name of the DKIM key; default: the usual ones.")
@click.option("--all", "show_all", is_flag=True, help="Show what is well, too.")
def check(home: Path | None, as_json: bool, dns: str, selectors: tuple[str, ...], show_all: bool) -> None:
    """Look at everything that the instance needs and say what to do.

    Give it the same VICHE_* settings as `viche up`; without --home and with VICHE_IDENTITY_DATABASE_URL,
    VICHE_IDENTITY_NATS_URL and so on it looks at the engines of services that run elsewhere. Nothing is changed and no
    mail is sent. Ends with 3 where something fails, else with 0.
    """
    from viche_cli.check.everything import Asked
    from viche_cli.check.everything import check as check_all
    from viche_cli.check.findings import Level

    silence_logs()  # the findings say it all
    folder = Home((home or default_home()).absolute())
    is_elsewhere = home is None and bool(database_urls(os.environ))
    findings = list(check_all(Asked(folder, os.environ, dns, selectors, is_elsewhere)))
    if as_json:
        print_json([asdict(each) for each in findings])
    else:
        for each in findings:
            if show_all or each.level != Level.OK:
                way_out = f": {each.way_out}" if each.way_out else ""
                click.echo(f"{each.level:<4}  {each.subject}: {each.said}{way_out}")
        counts = Counter(each.level for each in findings)
        click.echo(f"{counts[Level.OK]} ok, {counts[Level.WARN]} to look at, {counts[Level.FAIL]} to mend")
    if any(each.level == Level.FAIL for each in findings):
        sys.exit(FAILED)
