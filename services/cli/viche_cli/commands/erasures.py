"""`viche erasures`."""

from __future__ import annotations

from pathlib import Path

import click

from viche_cli.commands.shared import calling, home_option
from viche_cli.instance import connect


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@home_option
@click.option("--again", is_flag=True, help="Erase those in FILE again: a restore has brought them back.")
def erasures(file: Path, home: Path | None, again: bool) -> None:
    """Keep in FILE who was erased, so that a restore erases them again.

    The file names nobody. What is in it stays; what is new is added. Run it often, and keep the file apart from the
    instance. `viche up` erases them again by itself; with --again that is done at an instance which others run.
    """
    from viche_cli.backup.erasures import fetch, keep, read, replay

    if again:
        known = read(file)
        with calling("They could not be erased again"), connect(home).channel("identity") as channel:
            click.echo(f"{replay(channel, known):,} of {len(known):,} were back, and are erased again.")
        return
    with calling("The erasures were not read"), connect(home).channel("identity") as channel:
        number = keep(file.absolute(), fetch(channel))
    click.echo(f"{file}: {number:,} erasures.")
