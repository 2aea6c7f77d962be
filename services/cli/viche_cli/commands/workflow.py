"""`viche workflow`: the rules that plugins bring, and what would become of a petition under them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from viche_cli.commands.shared import Pair, json_option, print_json, silence_logs
from viche_cli.commands.workflow_settings import set_
from viche_cli.faults import Fault

if TYPE_CHECKING:
    from viche_chassis.plugins import Plugins
    from viche_sdk.types import Happening, Workflow

LEVELS = ("union", "national", "region", "municipality")
OPENS_AT = time(12)
"""When imagined petitions open and imagined events happen; only their days count."""


class Day(click.ParamType[date]):
    """A day of the calendar."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day that was written."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            self.fail(f"{value!r} is not a day; write it like 2026-03-01.", param, ctx)


class Zone(click.ParamType[ZoneInfo]):
    """A time zone."""

    name = "ZONE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        """The zone of that name."""
        if isinstance(value, ZoneInfo):
            return value
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fail(f"{value!r} is not a time zone; write its IANA name, such as Europe/Kyiv.", param, ctx)


_on_option: Callable[[Any], Any] = click.option(
    "--on", "on", type=Day(), help="The version in force on that day; default: today."
)


@click.group()
def workflow() -> None:
    """The rules of petitions, and what would become of one under them. Only `set` needs an instance."""


workflow.add_command(set_)


@workflow.command("list")
@_on_option
@json_option
def list_(on: date | None, as_json: bool) -> None:
    """List the workflows of the installed plugins (VICHE_PLUGINS counts)."""
    found = _plugins().workflows(on)
    if as_json:
        print_json([_head(each) for each in found.values()])
        return
    for each in found.values():
        click.echo(f"{each.name} {each.version}  {each.title.text_in('en')}  (valid from {each.valid_from})")
    if not found:
        click.echo("There is no workflow; `viche plugins list` says why.")


@workflow.command()
@click.argument("name")
@_on_option
@json_option
def show(name: str, on: date | None, as_json: bool) -> None:
    """Show the rules of a workflow: thresholds, terms, settings, facts that it needs."""
    from viche_cli.commands import workflow_text

    found = _workflow(name, on or _today())
    if as_json:
        print_json(_head(found) | workflow_text.content(found))
        return
    click.echo("\n".join(workflow_text.described(found)))


@workflow.command()
@click.argument("name")
@click.option("--population", type=click.IntRange(1), metavar="N", help="Inhabitants of the authority's territory.")
@click.option("--level", type=click.Choice(LEVELS), help="Level of the authority.")
@click.option("--territory", default="", metavar="CODE", help="Code of the authority's territory.")
@click.option("--from", "opens_on", type=Day(), help="First day on which it is open; default: today.")
@click.option("--registered", "registered_on", type=Day(), help="Day of registration; default: the day of opening.")
@click.option(
    "--set", "settings", type=Pair("name=value"), multiple=True, help="A setting of the authority; several times."
)
@click.option(
    "--at",
    "happenings",
    type=Pair("event=DATE"),
    multiple=True,
    help="The day of an event that does not wait for the end of its term: answered=2026-05-01; several times.",
)
@click.option(
    "--timezone",
    "zone",
    type=Zone(),
    default="Europe/Kyiv",
    envvar="VICHE_TIMEZONE",
    show_default=True,
    help="Where days begin and end.",
)
@json_option
def simulate(
    name: str,
    population: int | None,
    level: str | None,
    territory: str,
    opens_on: date | None,
    registered_on: date | None,
    settings: tuple[tuple[str, str], ...],
    happenings: tuple[tuple[str, str], ...],
    zone: ZoneInfo,
    as_json: bool,
) -> None:
    """Say which thresholds and dates a petition would get, and why; nothing is stored.

    What does not happen by --at happens on the last day of its term. For instance:

    \b
        viche workflow simulate petition-ua-president --from 2026-03-02
        viche workflow simulate petition-local --set threshold=250 \\
            --set open_days=45 --set residents_only=false
    """
    from viche_cli.commands import workflow_text
    from viche_sdk import types

    opened = opens_on or datetime.now(zone).date()
    facts = types.Situation(
        territory, types.Level(level) if level else None, population, opened, registered_on or opened
    )
    found = _workflow(name, facts.ruled_on or opened)
    until = _until(found, happenings, zone)
    try:
        simulation = types.simulate(
            found, facts, dict(settings), opened_at=datetime.combine(opened, OPENS_AT, zone), zone=zone, until=until
        )
    except types.SettingsRefused as refused:
        raise Fault("\n".join(workflow_text.refused(found, refused))) from refused
    except (OverflowError, ValueError) as fault:  # the calendar ends with the year 9999
        raise Fault(f"The dates cannot be counted from {opened} on: {fault}.") from fault
    if as_json:
        click.echo(simulation.to_json())
        return
    click.echo("\n".join(workflow_text.simulated(found, simulation)))


def _plugins() -> Plugins:
    from viche_chassis.plugins import load_plugins

    silence_logs()  # `viche plugins list` says what failed
    return load_plugins([name.strip() for name in os.environ.get("VICHE_PLUGINS", "").split(",") if name.strip()])


def _workflow(name: str, on: date) -> Workflow:
    plugins = _plugins()
    found = plugins.workflow(name, on)
    if found is not None:
        return found
    newest = plugins.workflows(date.max)
    if name in newest:
        raise Fault(f"No version of {name} is in force on {on}; the newest is valid from {newest[name].valid_from}.")
    there_are = ", ".join(newest) or "none; see `viche plugins list`"
    raise Fault(f"There is no workflow {name!r}; there are: {there_are}.")


def _until(found: Workflow, happenings: tuple[tuple[str, str], ...], zone: ZoneInfo) -> Mapping[Happening, datetime]:
    from viche_cli.commands import workflow_text
    from viche_sdk.events import event_named

    known = workflow_text.events_of(found)
    until: dict[Happening, datetime] = {}
    for name, text in happenings:
        if name == "opened":
            raise Fault("--at opened: say with --from when it opens.")
        if name not in known:
            raise Fault(f"--at {name}: {found.name} has no such event; there are: {', '.join(known)}.")
        try:
            day = Day().convert(text, None, None)
        except click.BadParameter as bad:
            raise Fault(f"--at {name}: {bad.message}") from bad
        until[event_named(name)] = datetime.combine(day, OPENS_AT, zone)
    return until


def _head(found: Workflow) -> dict[str, object]:
    return {
        "name": found.name,
        "version": found.version,
        "valid_from": found.valid_from.isoformat(),
        "title": dict(found.title),
    }


def _today() -> date:
    return datetime.now().astimezone().date()
