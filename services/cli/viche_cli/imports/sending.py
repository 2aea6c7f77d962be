"""Takes the rows of a file over into an instance, batch by batch, and tells what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from viche.petitions.v1 import petitions_pb2 as pb
from viche.petitions.v1 import petitions_pb2_grpc

from viche_chassis.errors import InvalidFields
from viche_chassis.status import from_status
from viche_cli.commands.shared import calling
from viche_cli.imports.rows import Refusal, Row
from viche_cli.instance import reach

BATCH = 100
BATCH_BYTES = 200_000  # the gateway takes 256 KiB from afar
TIMEOUT_S = 60.0
SENTENCES = {
    "NUMBER_TAKEN": "its public number {number} belongs to another petition",
    "PETITION_NOT_FOUND": "the archive has no petition {key}: import the file with the petitions first",
    "BAD_ROW": "the petitions service does not take it: {fields}",
}


@dataclass(slots=True)
class Report:
    """What became of the rows of one file. Where it holds counts by the day, each of them is a row."""

    file: str
    format: str
    rows: int = 0
    is_check: bool = False
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    interrupted: bool = False
    refused: list[Refusal] = field(default_factory=list)

    def line(self) -> str:
        """The report as a sentence."""
        refused = sum(refusal.rows for refusal in self.refused)
        if self.is_check:
            return f"{self.file} ({self.format}): {self.rows} rows; {self.rows - refused} can go in, {refused} cannot."
        told = (
            f"{self.file} ({self.format}): {self.rows} rows; {self.added} new, {self.updated} brought up to date, "
            f"{self.unchanged} there already, {refused} refused."
        )
        if self.interrupted:
            told += " Stopped before the rest: the same command goes on."
        return told


def send(rows: Sequence[Row], report: Report, home: Path | None, show: bool) -> None:
    """Sends rows to the instance and notes what became of them. An interrupt ends it after a whole batch.

    Raises Fault when the instance does not answer or refuses altogether.
    """
    try:
        with calling(f"The rest of {report.file} was not taken over"), reach(home).channel("petitions") as channel:
            stub = petitions_pb2_grpc.PetitionsServiceStub(channel)
            for batch in _shown(rows, report.file, show):
                request = pb.BatchImportPetitionsRequest(items=[row.item for row in batch])
                response = stub.BatchImportPetitions(request, timeout=TIMEOUT_S)
                for row, result in zip(batch, response.results, strict=True):
                    _note(report, row, result)
    except KeyboardInterrupt:
        report.interrupted = True


def batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Rows that travel together: so many, and so many bytes, but at least one."""
    start = size = 0
    for place, row in enumerate(rows):
        bytes_ = row.item.ByteSize()
        if place > start and (place - start >= BATCH or size + bytes_ > BATCH_BYTES):
            yield rows[start:place]
            start, size = place, 0
        size += bytes_
    if rows:
        yield rows[start:]


def _shown(rows: Sequence[Row], title: str, show: bool) -> Iterator[Sequence[Row]]:
    """Batches, with a progress bar on stderr where somebody looks."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not show or not console.is_terminal) as progress:
        task = progress.add_task(Path(title).name, total=sum(row.size for row in rows))
        for batch in batches(rows):
            yield batch
            progress.advance(task, sum(row.size for row in batch))


def _note(report: Report, row: Row, result: pb.ImportResult) -> None:
    if result.status.code:
        report.refused.append(_refusal(row, result))
    elif row.item.counts_only:
        report.added += result.counts_added
        report.updated += result.counts_changed
        report.unchanged += row.size - result.counts_added - result.counts_changed
    elif result.changed:
        report.updated += 1
    elif result.existed:
        report.unchanged += 1
    else:
        report.added += 1


def _refusal(row: Row, result: pb.ImportResult) -> Refusal:
    error = from_status(result.status)
    if isinstance(error, InvalidFields):
        fields = ", ".join(f"{each.field} {each.reason}" for each in error.violations)
        return Refusal(row.place, "BAD_ROW", SENTENCES["BAD_ROW"].format(fields=fields), rows=row.size)
    sentence = SENTENCES.get(error.reason, "the petitions service refused it: " + error.reason)
    message = sentence.format(number=row.item.number, key=row.item.source_key)
    return Refusal(row.place, error.reason, message, rows=row.size)
