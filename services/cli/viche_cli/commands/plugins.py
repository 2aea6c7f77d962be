"""`viche plugins`."""

from __future__ import annotations

import logging
import os
from dataclasses import asdict

import click

from viche_cli.commands.shared import json_option, print_json


@click.group()
def plugins() -> None:
    """What plugins there are."""


@plugins.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the plugins of this installation, what they bring, and why one is not used (VICHE_PLUGINS counts)."""
    from viche_chassis.plugins import load_plugins

    logging.disable(logging.CRITICAL)  # the list says it all
    allowed = [name.strip() for name in os.environ.get("VICHE_PLUGINS", "").split(",") if name.strip()]
    reports = load_plugins(allowed).reports()
    if as_json:
        print_json([asdict(report) for report in reports])
        return
    for report in reports:
        brings = ", ".join(report.brings) or report.reason
        click.echo(f"{report.name} {report.version}  {report.state}  {brings}")
    if not reports:
        click.echo("No plugin is installed.")
