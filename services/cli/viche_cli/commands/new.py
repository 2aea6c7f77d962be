"""`viche new-connector` and `viche new-workflow`: a package to start from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from viche_cli.faults import Fault

if TYPE_CHECKING:
    from viche_sdk.scaffold import Kind

into_option = click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Folder in which the package's folder is made; the present one by default.",
)


@click.command("new-connector")
@click.argument("name")
@into_option
def new_connector(name: str, into: Path) -> None:
    """Write a connector to a platform that passes the conformance kit at once: NAME is for instance "my-network"."""
    from viche_sdk.scaffold import Kind

    _begin(Kind.CONNECTOR, name, into)


@click.command("new-workflow")
@click.argument("name")
@into_option
def new_workflow(name: str, into: Path) -> None:
    """Write rules of petitions that pass the conformance kit at once: NAME is for instance "my-town"."""
    from viche_sdk.scaffold import Kind

    _begin(Kind.WORKFLOW, name, into)


def _begin(kind: Kind, name: str, into: Path) -> None:
    from viche_sdk.scaffold import BadName, begin

    try:
        begun = begin(kind, name, into)
    except BadName as fault:
        raise Fault(str(fault)) from fault
    for path in begun.paths:
        click.echo(path)
    click.echo(f"\nNext: install {begun.folder} into Viche's environment (uv pip install --editable {begun.folder}),")
    click.echo(f"then pytest {begun.folder} and viche plugins list. {begun.folder / 'README.md'} says how to go on.")
