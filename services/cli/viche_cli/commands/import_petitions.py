"""`viche import`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from viche_cli.commands.shared import calling, json_option, reach_option
from viche_cli.faults import Fault
from viche_cli.uk_petitions import LANGUAGE, Refusal, Row, read_list

if TYPE_CHECKING:
    from viche.petitions.v1 import petitions_pb2 as pb

BATCH = 100
TIMEOUT_S = 60.0
EXIT_REFUSED = 1
SENTENCES = {
    "NUMBER_TAKEN": "its public number {number} belongs to another petition",
    "BAD_ROW": "the petitions service does not take it: {fields}",
}


@dataclass
class Report:
    """What became of the rows of one file."""

    file: str
    rows: int = 0
    is_check: bool = False
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)

    def line(self) -> str:
        """The report as a sentence."""
        if self.is_check:
            return (
                f"{self.file}: {self.rows} rows; {self.rows - len(self.refused)} can go in, {len(self.refused)} cannot."
            )
        return (
            f"{self.file}: {self.rows} rows; {self.added} new, {self.updated} brought up to date, "
            f"{self.unchanged} there already, {len(self.refused)} refused."
        )


@click.group("import")
def import_() -> None:
    """Take over petitions of another system."""


@import_.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@reach_option
@json_option
@click.option("--check", is_flag=True, help="Only read the files and say what is wrong with them.")
def petitions(files: tuple[Path, ...], home: Path | None, as_json: bool, check: bool) -> None:
    """Take over lists of petitions of the UK Parliament as a read-only archive.

    A petition keeps its public number, its state and its count. What is there already is left alone or brought up to
    date. Rows that cannot go in are named, the others go in; the exit code is 0 when all rows of all files went in,
    else 1.
    """
    failed = False
    for path in files:
        try:
            report = _take_over(path, home, check, show=not as_json)
        except Fault as fault:
            if len(files) == 1 and not as_json:
                raise
            failed = True
            _tell_fault(path, fault, as_json)
            continue
        failed |= bool(report.refused)
        _tell(report, as_json)
    if failed:
        sys.exit(EXIT_REFUSED)


def _take_over(path: Path, home: Path | None, check: bool, show: bool) -> Report:
    found = read_list(path)
    report = Report(str(path), found.total, is_check=check, refused=list(found.refusals))
    report.unchanged = found.total - len(found.rows) - len(found.refusals)  # rows that the file has twice
    if not check and found.rows:
        _send(found.rows, report, home, show)
    report.refused.sort(key=lambda refusal: refusal.place)
    return report


def _send(rows: Sequence[Row], report: Report, home: Path | None, show: bool) -> None:
    from viche.petitions.v1 import petitions_pb2, petitions_pb2_grpc

    from viche_cli.instance import reach

    with calling(f"The rest of {report.file} was not taken over"), reach(home).channel("petitions") as channel:
        stub = petitions_pb2_grpc.PetitionsServiceStub(channel)
        for batch in _batches(rows, report.file, show):
            request = petitions_pb2.BatchImportPetitionsRequest(items=[_item(row) for row in batch])
            response = stub.BatchImportPetitions(request, timeout=TIMEOUT_S)
            for row, result in zip(batch, response.results, strict=True):
                _note(report, row, result)


def _batches(rows: Sequence[Row], title: str, show: bool) -> Iterator[Sequence[Row]]:
    """Batches, with a progress bar on stderr where somebody looks."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not show or not console.is_terminal) as progress:
        task = progress.add_task(Path(title).name, total=len(rows))
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            yield batch
            progress.advance(task, len(batch))


def _item(row: Row) -> pb.ImportItem:
    from viche.petitions.v1 import petitions_pb2

    item = petitions_pb2.ImportItem(
        number=row.number, title=row.title, language=LANGUAGE, source_state=row.state, signature_count=row.signatures,
        source_url=row.url,
    )  # fmt: skip
    item.created_at.FromDatetime(row.created_at)
    return item


def _note(report: Report, row: Row, result: pb.ImportResult) -> None:
    if result.status.code:
        report.refused.append(_refusal(row, result))
    elif result.changed:
        report.updated += 1
    elif result.existed:
        report.unchanged += 1
    else:
        report.added += 1


def _refusal(row: Row, result: pb.ImportResult) -> Refusal:
    from viche_chassis.errors import InvalidFields
    from viche_chassis.status import from_status

    error = from_status(result.status)
    if isinstance(error, InvalidFields):
        fields = ", ".join(f"{each.field} {each.reason}" for each in error.violations)
        return Refusal(row.place, "BAD_ROW", SENTENCES["BAD_ROW"].format(fields=fields))
    sentence = SENTENCES.get(error.reason, "the petitions service refused it: " + error.reason)
    return Refusal(row.place, error.reason, sentence.format(number=row.number))


def _tell(report: Report, as_json: bool) -> None:
    if as_json:
        _print(asdict(report))
        return
    for refusal in report.refused:
        click.echo(f"{report.file}, row {refusal.place}: {refusal.message}.", err=True)
    click.echo(report.line())


def _tell_fault(path: Path, fault: Fault, as_json: bool) -> None:
    if as_json:
        _print({"file": str(path), "error": str(fault)})
    else:
        click.echo(f"viche: {fault}", err=True)


def _print(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False))
