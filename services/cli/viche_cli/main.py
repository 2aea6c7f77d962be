"""The `viche` command: a table of commands, each in a module of its own that is read when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import NoReturn

import click

from viche_cli.faults import Fault

# name: (module, attribute, one line of help); a new command is a module and a row
COMMANDS = {
    "up": ("viche_cli.commands.up", "up", "Start everything on this machine."),
    "keys": ("viche_cli.commands.keys", "keys", "Make the keys of an instance, and rotate them."),
    "prepare": ("viche_cli.commands.prepare", "prepare", "Prepare PostgreSQL, NATS and S3 of your own."),
    "migrate": ("viche_cli.commands.migrate", "migrate", "Bring databases up to date."),
    "demo": ("viche_cli.commands.demo", "demo", "Load the demo region into a running instance."),
    "import": (
        "viche_cli.commands.import_petitions",
        "import_",
        "Take over petitions, surveys, answers, accounts and figures.",
    ),
    "presence": ("viche_cli.commands.presence", "presence", "How authorities stand on networks, on any day."),
    "operator": ("viche_cli.commands.operator", "operator", "Accounts of those who run the instance."),
    "recount": (
        "viche_cli.commands.recount",
        "recount",
        "Count signatures one by one and compare with what is published.",
    ),
    "check": ("viche_cli.commands.check", "check", "Look at everything and say what to do."),
    "bounces": ("viche_cli.commands.bounces", "bounces", "Take mail that came back."),
    "backup": ("viche_cli.commands.backup", "backup", "Write everything of an instance into one file."),
    "erasures": ("viche_cli.commands.erasures", "erasures", "Keep who was erased, for a restore."),
    "restore": ("viche_cli.commands.restore", "restore", "Put a backup back."),
    "grant": ("viche_cli.commands.grant", "grant", "Roles: who may do what for which authority."),
    "pause": ("viche_cli.commands.pause", "pause", "Stop signing or opening for a time."),
    "notice": ("viche_cli.commands.notice", "notice", "A banner on all pages."),
    "maintenance": (
        "viche_cli.commands.notice",
        "maintenance",
        "Refuse what people send, while all can be read.",
    ),
    "audit": ("viche_cli.commands.audit", "audit", "What officers and operators did."),
    "brand": ("viche_cli.commands.brand", "brand", "The region's own name, colours, logo and hosts."),
    "plugins": ("viche_cli.commands.plugins", "plugins", "What plugins there are."),
    "new-connector": ("viche_cli.commands.new", "new_connector", "Begin a connector to a platform."),
    "new-workflow": ("viche_cli.commands.new", "new_workflow", "Begin the rules of a kind of petition."),
    "workflow": ("viche_cli.commands.workflow", "workflow", "The rules of petitions, and what would become of one."),
    "bench": ("viche_cli.commands.bench", "bench", "Measure this machine."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that `viche up` stays small."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        return getattr(importlib.import_module(module), attribute)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table itself, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="viche-cli", prog_name="viche")
def viche() -> None:
    """Viche: petitions and more, for a region that runs them itself."""


def main() -> None:
    """Runs the command; a fault is one sentence on stderr and exit code 1."""
    try:
        viche(prog_name="viche")
    except Fault as fault:
        _end(str(fault))
    except OSError as error:
        if error.filename is None:
            raise
        _end(f"{error.filename}: {error.strerror}. Mend that, or start with another --home.")


def _end(sentence: str) -> NoReturn:
    print(f"viche: {sentence}", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
