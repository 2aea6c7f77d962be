"""`viche plugins`."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from viche_cli.commands.shared import json_option, print_json, reach_option, silence_logs
from viche_cli.faults import Fault

if TYPE_CHECKING:
    from viche_chassis.connectors.runner import ConnectorReport


@click.group()
def plugins() -> None:
    """What plugins there are."""


@plugins.command("list")
@reach_option
@json_option
def list_(home: Path | None, as_json: bool) -> None:
    """List the plugins of this installation, what they bring, and why one is not used (VICHE_PLUGINS counts).

    Connectors are started for that as the service social runs them (VICHE_CONNECTOR_WAYS counts); each line says where
    one runs and how it is.
    """
    from viche_cli import plugin_reports

    silence_logs()  # the list says it all
    listed = plugin_reports.listed(home, os.environ)
    if as_json:
        print_json([{**asdict(plugin), "connectors": [asdict(each) for each in found]} for plugin, found in listed])
        return
    for plugin, found in listed:
        brings = ", ".join(plugin.brings) or plugin.reason
        click.echo(f"{plugin.name} {plugin.version}  {plugin.state}  {brings}")
        for each in found:
            if each.connector:
                click.echo(f"  {each.connector}  {each.way}  {each.health}  {_said(each)}")
    if not listed:
        click.echo("No plugin is installed.")


@plugins.command("check")
@click.argument("name")
@json_option
def check(name: str, as_json: bool) -> None:
    """Hold the plugin NAME against all that Viche asks of plugins; its code runs for that.

    Each connector is held against the platform that the plugin imitates, and its level is said.
    """
    from viche_cli import plugin_reports

    silence_logs()
    checked = plugin_reports.checked(name)
    if as_json:
        print_json([asdict(each) for each in checked])
    else:
        for each in checked:
            click.echo(f"{each.subject}: {each.level}" if each.level else each.subject)
            for line in each.checks:
                click.echo(f"  ok    {line.claim}" if line.passed else f"  FAIL  {line.claim}: {line.fault}")
    if not all(line.passed for each in checked for line in each.checks):
        raise Fault(f"{name} does not conform.")


@plugins.command("serve")
@click.argument("name")
@click.option("--listen", required=True, metavar="HOST:PORT", help="Where calls are taken; unix:PATH is possible.")
@click.option(
    "--keys",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    envvar="VICHE_SERVICE_KEYS",
    required=True,
    help="Folder with the public keys NAME.pub of the services that may call; default: VICHE_SERVICE_KEYS.",
)
@click.option(
    "--network",
    "networks",
    multiple=True,
    metavar="CIDR",
    help="A network that is not public and where the connectors may go all the same; may be given several times.",
)
def serve(name: str, listen: str, keys: Path, networks: tuple[str, ...]) -> None:
    """Run the connectors of the plugin NAME as a service of their own, until it is told to end.

    social finds it with VICHE_CONNECTOR_WAYS=NAME=host:port. It needs no database and keeps nothing; secrets come with
    the calls, so let only social reach it.
    """
    import asyncio

    from viche_chassis import telemetry
    from viche_chassis.app import AddressInUse
    from viche_chassis.connectors.loading import PluginUnusable
    from viche_cli import plugin_reports

    level, metrics_listen = os.environ.get("VICHE_LOG_LEVEL", "INFO"), os.environ.get("VICHE_METRICS_LISTEN", "")
    telemetry.set_up("connectors", log_level=level, metrics_listen=metrics_listen)
    try:
        asyncio.run(plugin_reports.serve_plugin(name, listen, keys, networks))
    except (PluginUnusable, AddressInUse, ValueError) as fault:
        raise Fault(f"{name} cannot be served: {fault}.") from fault


@plugins.command("fetch")
@click.argument("addresses", nargs=-1, required=True, metavar="URL#sha256=HASH…")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder where they are unpacked, and that PYTHONPATH names afterwards.",
)
def fetch(addresses: tuple[str, ...], into: Path) -> None:
    """Fetch plugins as wheels into a folder, for images that have no installer.

    Nothing else is fetched: name the wheels that a plugin needs and that Viche does not have, too.
    """
    from viche_cli import wheels

    wanted = [wheels.parse(address) for address in addresses]
    added = wheels.fetch(wanted, into)
    for each in wanted:
        click.echo(f"{each.name}: {'unpacked' if each.name in added else 'was there'}")


def _said(report: ConnectorReport) -> str:
    return report.reason or ", ".join(report.capabilities)
