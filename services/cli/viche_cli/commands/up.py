"""`viche up`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from viche_cli.home import Home, default_home
from viche_cli.up.options import Options
from viche_cli.up.progress import Progress
from viche_cli.up.runner import Runner


@click.command()
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="Data folder; made when missing.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address that the portal listens on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Port of the portal.")
@click.option("--no-demo", is_flag=True, help="Begin without the demo region; only the first start asks.")
def up(home: Path | None, host: str, port: int, no_demo: bool) -> None:
    """Start everything on this machine and run until Ctrl-C.

    PostgreSQL, NATS and a mail catcher are started too, unless VICHE_POSTGRES_URL, VICHE_NATS_URL or VICHE_SMTP_URL
    name others. Files are kept in the folder, too, unless VICHE_S3_URL names a bucket. Data stays there for the next
    start.
    """
    folder = Home((home or default_home()).absolute())
    Runner(Options(folder, host, port, not no_demo, dict(os.environ)), Progress()).run()
