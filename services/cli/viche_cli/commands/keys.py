"""`viche keys`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from viche_cli.commands.shared import namespace_option, prefix_option
from viche_cli.faults import Fault
from viche_cli.kubernetes import Secret, as_yaml, patch
from viche_cli.services import CALLERS

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNING_OVERLAP = "ten minutes"  # tokens hold for five, and services ask for keys every five

folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of keys, as HOME/keys of `viche up` is one.",
)


@click.group(invoke_without_command=True)
@folder_option
@click.option("--kubernetes", is_flag=True, help="Print all keys as Secrets for Kubernetes: they are readable there.")
@prefix_option
@namespace_option
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="With --kubernetes: not new keys but those of this folder, or of the instance over this HOME that moves.",
)
@click.pass_context
def keys(
    ctx: click.Context, folder: Path | None, kubernetes: bool, prefix: str, namespace: str, source: Path | None
) -> None:
    """Make all keys of an instance that does not run by `viche up`.

    Either into --folder, where keys that are there stay, or with --kubernetes as Secrets on stdout. Keep a copy of them
    apart from the databases: without data keys personal data cannot be read.
    """
    if ctx.invoked_subcommand is not None:
        return
    if (folder is None) == (not kubernetes):
        raise click.UsageError("Say where the keys go: --folder FOLDER, or --kubernetes.")
    if folder is not None:
        _into(folder)
    else:
        _print_secrets(prefix, namespace, source)


@keys.command("rotate-signing")
@folder_option
@click.option("--kid", default="", help="Name of the new key; it signs at once if it sorts last. Default: see --after.")
@click.option(
    "--after",
    "after_min",
    type=click.IntRange(0, 7 * 24 * 60),
    default=15,
    show_default=True,
    metavar="MINUTES",
    help="When it begins to sign: by then all replicas of identity must have been started anew.",
)
@click.option("--kubernetes", is_flag=True, help="Print a patch for the Secret with the signing keys.")
@prefix_option
def rotate_signing(folder: Path | None, kid: str, after_min: int, kubernetes: bool, prefix: str) -> None:
    """Give identity a new key to sign with; the old one stays, so that its tokens hold until they end.

    Identity publishes the new key as soon as it was started anew, and signs with it from the moment in its name on, so
    that several replicas may be started one after another.
    """
    from viche_cli.keys import new_signing_key

    if (folder is None) == (not kubernetes):
        raise click.UsageError("Say where the key goes: --folder FOLDER, or --kubernetes.")
    signs_from = datetime.now(UTC) + timedelta(minutes=after_min)
    when = f"{signs_from:%H:%M} UTC"
    if folder is None:
        name, private = new_signing_key((), signs_from)
        secret = Secret(f"{prefix}-signing-keys", {f"{kid or name}.pem": private})
        click.echo(
            f"# kubectl patch secret {secret.name} --patch-file=THIS, then restart identity before {when}.\n"
            f"{patch(secret)}",
            nl=False,
        )
        return
    known = [path.stem for path in (folder / "signing").glob("*.pem")]
    if not known:
        raise Fault(f"{folder} has no signing/KID.pem: name the folder of keys with --folder, HOME/keys for instance.")
    name, private = new_signing_key(() if kid else known, signs_from)
    _write_new(folder / "signing" / f"{kid or name}.pem", private)
    click.echo(
        f"Start all of identity anew before {when}: it signs with {kid or name} from then on. "
        f"Remove {', '.join(sorted(known))} {SIGNING_OVERLAP} after that."
    )


@keys.command("rotate-service")
@click.argument("name", type=click.Choice(CALLERS))
@folder_option
@click.option("--kubernetes", is_flag=True, help="Read the Secrets from stdin and print those that change.")
@prefix_option
@click.option("--finish", is_flag=True, help="Forget the old public key, once the new private one is in use.")
def rotate_service(name: str, folder: Path | None, kubernetes: bool, prefix: str, finish: bool) -> None:
    """Give the service NAME a new key in three steps, without a gap.

    The first call puts the new public key beside the old one and keeps the new private key beside the one in use; let
    all processes start anew. The second call puts the new private key in place of the old; let NAME start anew. The
    third, with --finish, removes the old public key.

    On a cluster each of them is: kubectl get secret viche-public-keys viche-keys-NAME -o json | viche keys
    rotate-service NAME --kubernetes | kubectl replace -f -
    """
    from viche_cli.rotating import in_folder, in_secrets

    if (folder is None) == (not kubernetes):
        raise click.UsageError("Say where the keys are: --folder FOLDER, or --kubernetes.")
    if folder is not None:
        click.echo(in_folder(name, folder, finish=finish))
        return
    changed, said = in_secrets(name, "" if sys.stdin.isatty() else sys.stdin.read(), prefix, finish=finish)
    click.echo(changed, nl=False)
    click.echo(said, err=True)


def _into(folder: Path) -> None:
    from viche_cli.keys import complete, missing_keys, read_keys

    known = read_keys(folder)
    if strange := sorted(known.keys() & missing_keys(known).keys()):
        raise Fault(f"{folder / strange[0]} is not the public half of its private key: bring it back, or remove it.")
    made = complete(folder)
    for path in made:
        click.echo(f"made {folder / path}")
    click.echo(f"{len(made)} keys were made; those that were there stay as they are.")


def _print_secrets(prefix: str, namespace: str, source: Path | None) -> None:
    from viche_cli.keys import as_secrets, missing_keys, read_keys

    known: Mapping[str, str] = {}
    if source is not None:
        folder = source / "keys" if (source / "keys").is_dir() else source
        known = read_keys(folder)
        if missing := sorted(missing_keys(known)):
            raise Fault(f"{folder} lacks {', '.join(missing)}: complete it with `viche keys --folder {folder}`.")
    click.echo(as_yaml(as_secrets(known or missing_keys({}), prefix), namespace), nl=False)


def _write_new(path: Path, text: str) -> None:
    from viche_cli.home import write_private

    if path.exists():
        raise Fault(f"{path} is there already, and keys are never overwritten: choose another name.")
    write_private(path, text)
