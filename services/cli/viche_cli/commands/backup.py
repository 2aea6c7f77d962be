"""`viche backup`."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import click

from viche_cli.commands.shared import calling, home_option, json_option, passphrase_option, print_json, read_passphrase
from viche_cli.faults import Fault
from viche_cli.home import Home, default_home
from viche_cli.instance import connect


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@home_option
@passphrase_option
@click.option("--without-keys", is_flag=True, help="Leave HOME/keys out; you keep a copy of them elsewhere.")
@json_option
def backup(file: Path, home: Path | None, passphrase_file: Path | None, without_keys: bool, as_json: bool) -> None:
    """Write everything of an instance into FILE: databases, files, keys and state.

    People go on using the instance meanwhile; what it had acknowledged when the backup began is in it. The keys are
    encrypted with a passphrase, from a file or asked for.

    Of services that run elsewhere: with VICHE_IDENTITY_DATABASE_URL, VICHE_PETITIONS_DATABASE_URL and so on, and
    VICHE_S3_URL. --home is then a folder whose folder `keys` holds their keys.
    """
    from viche_cli.backup import making

    if without_keys and passphrase_file:
        raise Fault("--without-keys and --passphrase-file exclude each other: leave one out.")
    passphrase = None if without_keys else read_passphrase(passphrase_file, confirm=True)
    if passphrase is None and not without_keys:
        raise Fault("The keys need a passphrase: give --passphrase-file, or leave them out with --without-keys.")
    folder = Home((home or default_home()).absolute())
    with making.source(folder, os.environ) as origin:
        manifest = making.make(file.absolute(), origin, passphrase)
    if folder.is_locked():
        _keep_erasures(file, folder)
    size_bytes = file.stat().st_size
    if as_json:
        print_json({"file": str(file), "size_bytes": size_bytes, **asdict(manifest)})
        return
    keys = "with keys" if manifest.has_keys else "WITHOUT keys"
    click.echo(
        f"{file}: {size_bytes / 1e6:,.1f} MB, {len(manifest.schemas)} databases, {manifest.objects:,} files, {keys}; "
        f"read again and found good. All that was acknowledged by {manifest.began_at} is in it."
    )


def _keep_erasures(file: Path, home: Home) -> None:
    """Beside the backup, where a restore looks for them."""
    from viche_cli.backup.erasures import BESIDE, fetch, keep

    with calling("The erasures were not read"), connect(home.path).channel("identity") as channel:
        keep(file.absolute().with_name(BESIDE), fetch(channel))
