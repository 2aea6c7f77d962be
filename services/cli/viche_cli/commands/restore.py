"""`viche restore`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from viche_cli.commands.shared import home_option, passphrase_option, read_passphrase
from viche_cli.home import Home, default_home
from viche_cli.preparing.given import database_urls

if TYPE_CHECKING:
    from viche_cli.backup.archive import Archive
    from viche_cli.backup.restoring import KeySource

DIFFERS = 3


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@home_option
@passphrase_option
@click.option(
    "--keys", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Your own copy of HOME/keys."
)
@click.option(
    "--erasures",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="What `viche erasures` kept; default: erasures.jsonl beside FILE, where there is one.",
)
@click.option("--replace", is_flag=True, help="Move what is there aside first; nothing is deleted.")
@click.option("--check", is_flag=True, help="Only read the file and say whether it is whole.")
@click.option(
    "--rehearse",
    is_flag=True,
    help="Restore beside FILE into a server of its own, count, and remove it. Ends with 3 where something differs.",
)
def restore(
    file: Path,
    home: Path | None,
    passphrase_file: Path | None,
    keys: Path | None,
    erasures: Path | None,
    replace: bool,
    check: bool,
    rehearse: bool,
) -> None:
    """Put a backup back into an empty folder.

    VICHE_POSTGRES_URL and VICHE_S3_URL name a database server and a bucket of your own, as for `viche up`. With
    VICHE_IDENTITY_DATABASE_URL, VICHE_PETITIONS_DATABASE_URL and so on those databases are filled, which must be empty;
    the folder holds keys then, and files unless VICHE_S3_URL is set.
    """
    from viche_cli.backup.archive import Archive
    from viche_cli.backup.erasures import BESIDE
    from viche_cli.backup.restoring import KeySource, Target, check_schemas
    from viche_cli.backup.restoring import restore as put_back

    folder = Home((home or default_home()).absolute())
    with Archive(file) as archive:
        if check:
            archive.verify()
            check_schemas(archive.manifest.schemas)
            click.echo(f"{file} is whole: made by viche {archive.manifest.version} at {archive.manifest.began_at}.")
            return
        passphrase = None
        if keys is None and archive.manifest.has_keys:
            passphrase = read_passphrase(passphrase_file, confirm=False)
        beside = file.with_name(BESIDE)
        erased = erasures or (beside if beside.exists() else None)
        if rehearse:
            _rehearse(archive, KeySource(passphrase, keys), erased, file.parent)
            return
        moved = put_back(archive, KeySource(passphrase, keys), Target(folder, os.environ, replace), erased)
    for name in moved:
        click.echo(f"Moved aside: {name}. Remove it when you do not need it any more.")
    if erased is None:
        click.echo("Nobody is erased again: no file of erasures was there. `viche erasures` keeps one.")
    if database_urls(os.environ):
        _say_what_is_elsewhere(folder)
        return
    click.echo(f"Restored into {folder.path}. Start it with `viche up --home {folder.path}`, then run `viche recount`.")


def _say_what_is_elsewhere(folder: Home) -> None:
    click.echo(
        f"The databases are filled. Start the services with the keys in {folder.keys}, then run `viche recount`."
    )
    if folder.erasures.exists():
        click.echo(f"Before anybody gets in, erase again who was erased: `viche erasures {folder.erasures} --again`.")


def _rehearse(archive: Archive, keys: KeySource, erased: Path | None, beside: Path) -> None:
    from viche_cli.backup.rehearsing import rehearse

    lines = rehearse(archive, keys, erased, beside)
    click.echo(f"made by viche {archive.manifest.version} at {archive.manifest.began_at}")
    for line in lines:
        click.echo(f"  {line.number:>12,}  {line.what}{f', {line.differs:,} of them wrong' if line.differs else ''}")
    if any(line.differs for line in lines):
        click.echo("Something differs: look at the instance with `viche recount`, and keep older backups.")
        sys.exit(DIFFERS)
    click.echo("The backup is good. What was restored is removed again.")
