"""`viche brand`."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from viche_cli.commands.shared import json_option, print_json

FAILED = 3


@click.group()
def brand() -> None:
    """The region's own name, colours, logo and hosts."""


@brand.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def check(file: Path, as_json: bool) -> None:
    """Say all that is wrong with FILE, and the contrasts of its colours.

    Needs no running instance. VICHE_LANGUAGES and VICHE_PUBLIC_URL count as for `viche up`. Ends with 3 where the
    portal would refuse the file.
    """
    from viche_cli.check.brand import around, check_file
    from viche_cli.check.findings import Level

    findings = list(check_file(file, around(os.environ)))
    if as_json:
        print_json([asdict(each) for each in findings])
    else:
        for each in findings:
            way_out = f": {each.way_out}" if each.way_out else ""
            click.echo(f"{each.level:<4}  {each.subject}: {each.said}{way_out}")
    if any(each.level == Level.FAIL for each in findings):
        sys.exit(FAILED)
