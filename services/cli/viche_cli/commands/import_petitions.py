"""`viche import`."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from viche_cli.commands.shared import json_option, reach_option
from viche_cli.faults import Fault
from viche_cli.imports.content import Content, load
from viche_cli.imports.formats import FORMATS, NAMES, Format, format_of
from viche_cli.imports.sending import Report, send

EXIT_REFUSED = 1
EXIT_INTERRUPTED = 130

FORMATS_HELP = "\b\nFormats:\n" + "\n".join(f"  {each.name:<15} {each.title}" for each in FORMATS)


# name: (module, attribute); petitions are below
OTHERS = {
    "accounts": ("viche_cli.commands.import_accounts", "accounts"),
    "answers": ("viche_cli.commands.import_answers", "answers"),
    "figures": ("viche_cli.commands.import_accounts", "figures"),
    "survey": ("viche_cli.commands.import_survey", "survey"),
}


class Imports(click.Group):
    """What can be taken over; what is not called is not imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return [*super().list_commands(ctx), *OTHERS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None when there is none."""
        if cmd_name not in OTHERS:
            return super().get_command(ctx, cmd_name)
        module, attribute = OTHERS[cmd_name]
        return getattr(importlib.import_module(module), attribute)


@click.group("import", cls=Imports)
def import_() -> None:
    """Take over petitions, surveys and answers of other systems, registers of accounts and their figures."""


@import_.command(epilog=FORMATS_HELP)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@reach_option
@json_option
@click.option("--format", "name", type=click.Choice(NAMES), help="Format of the files; default: as their content says.")
@click.option("--check", is_flag=True, help="Only read the files and say what is wrong with them.")
def petitions(files: tuple[Path, ...], home: Path | None, as_json: bool, name: str | None, check: bool) -> None:
    """Take over petitions of other systems as a read-only archive.

    A petition keeps its public number, its state and its count as its source states them; one without a number gets
    the next one here. What is there already is left alone or brought up to date. Rows that cannot go in are named, the
    others go in; the exit code is 0 when all rows of all files went in, else 1.
    """
    failed = False
    for path, read in _in_order(files, name or ""):
        if isinstance(read, Fault):
            if len(files) == 1 and not as_json:
                raise read
            failed = True
            _tell_fault(path, read, as_json)
            continue
        try:
            report = _take_over(*read, home, check, show=not as_json)
        except Fault as fault:
            if len(files) == 1 and not as_json:
                raise
            failed = True
            _tell_fault(path, fault, as_json)
            continue
        failed |= bool(report.refused)
        _tell(report, as_json)
        if report.interrupted:
            sys.exit(EXIT_INTERRUPTED)
    if failed:
        sys.exit(EXIT_REFUSED)


def _in_order(files: Sequence[Path], name: str) -> Iterator[tuple[Path, tuple[Content, Format] | Fault]]:
    """Files as they were given, but those with nothing but counts after the petitions that they are of."""
    later: list[tuple[Path, tuple[Content, Format] | Fault]] = []
    for path in files:
        try:
            content = load(path)
            read = (content, format_of(content, name))
        except Fault as fault:
            yield path, fault
            continue
        if read[1].counts_only:
            later.append((path, read))
        else:
            yield path, read
    yield from later


def _take_over(content: Content, format: Format, home: Path | None, check: bool, show: bool) -> Report:
    found = format.read(content)
    report = Report(str(content.path), format.name, found.total, is_check=check, refused=list(found.refusals))
    if not check:
        read = sum(row.size for row in found.rows)
        report.unchanged = found.total - read - len(found.refusals)  # rows that the file has twice
        if found.rows:
            send(found.rows, report, home, show)
    report.refused.sort(key=lambda refusal: refusal.place)
    return report


def _tell(report: Report, as_json: bool) -> None:
    if as_json:
        _print(asdict(report))
        return
    for refusal in report.refused:
        click.echo(f"{report.file}, {refusal.where}: {refusal.message}.", err=True)
    click.echo(report.line())


def _tell_fault(path: Path, fault: Fault, as_json: bool) -> None:
    if as_json:
        _print({"file": str(path), "error": str(fault)})
    else:
        click.echo(f"viche: {fault}", err=True)


def _print(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False))
